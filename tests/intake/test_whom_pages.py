"""Vera chooses whom to meet: what is about Otto is never sealed to Otto, by no way that leads through the pages."""

import gzip
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import assets, clock, create_app, jobs
from portal.intake.choice import Choice, write_choice
from portal.intake.rules import Share, Stub
from portal.intake.service import Request, Writing, request_meeting, request_writing
from portal.scheduling import whom
from portal.scheduling.rules import Mode, Offer, Reason
from portal.scheduling.service import NotOffered
from portal.sealing import words
from tests.cast import OLA_NAME, World, change_settings
from tests.colleagues import IRISH, NOT_OTTO, OTTO, OTTO_NAME, many, speak, with_otto
from tests.intake.sealed import NONE_AT_HAND, bytes_of, taken_slots, used_lockers
from tests.visiting import fields_of
from tools.bench.pages import MOST_WORDS, words_above

FLIGHT = 14 * 1024
IN_IRISH = "lang-ga"


@pytest.fixture
def client(world: World) -> FlaskClient:
    with_otto(world)
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    return create_app(world.instance).test_client()


def get(client: FlaskClient, *parts: str, more: str = "") -> str:
    answer = client.get("/times?" + "&".join([*(f"ombuds={part}" for part in parts), more]))
    assert answer.status_code == 200
    return answer.text


def slots(text: str) -> list[str]:
    return re.findall(r'type="radio" name="slot" value="([0-9a-f]{32})"', text)


def rows(text: str) -> str:
    """The times to pick from, and the lists of second and third choices."""
    return " ".join(
        re.findall(r'(?s)<label class="pick">\s*<input type="radio".*?</label>|<select id="choice.*?</select>', text)
    )


def of(world: World, ombuds: bytes) -> list[Offer]:
    return [offer for offer in world.offers()[1:] if offer.ombuds == ombuds]


def choose(client: FlaskClient, keys: list[str], *parts: str) -> TestResponse:
    return client.post("/book", data={"slot": keys, "whom": list(parts)})


def form_of(client: FlaskClient, keys: list[str], *parts: str) -> TestResponse:
    answer = choose(client, keys, *parts)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"])


def send(client: FlaskClient, page: TestResponse, **values: object) -> TestResponse:
    filled: dict[str, object] = {}
    for name, value in fields_of(page.text):
        filled.setdefault(name, []).append(value)  # type: ignore[attr-defined]
    return client.post("/book", data=filled | {"mode": "phone", "proof": "none"} | values)


def is_receipt(page: TestResponse) -> bool:
    return 'class="words"' in page.text


def problem(page: TestResponse) -> str:
    box = re.search(r'(?s)<section class="problem".*?</section>', page.text)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", box[0]).split())) if box else ""


def test_the_list_offers_everybody_a_way_round_anybody_and_what_tells_them_apart(
    client: FlaskClient, world: World
) -> None:
    speak(world, OTTO, replace(IRISH, languages=("en",), region="North"))
    text = get(client)
    select = text.partition('<select id="with"')[2].partition("</select>")[0]

    assert re.findall(r'optgroup label="([^"]+)"', select) == [
        "One person", "Leave somebody out", "A language", "A region",
    ]  # fmt: skip
    assert re.findall(r'<option value="([^"]*)"', select) == [
        "", world.ombuds.hex(), OTTO.hex(), f"not-{world.ombuds.hex()}", NOT_OTTO, IN_IRISH,
        f"in-{whom.region_key('North')}",
    ]  # fmt: skip
    assert "Irish" in select
    assert "English" not in select, "both speak it"


def test_with_one_ombuds_there_is_nothing_to_choose(world: World) -> None:
    page = create_app(world.instance).test_client().get("/times").text

    assert 'id="with"' not in page
    assert "With anyone" not in page


def test_of_times_that_differ_in_nobody_but_the_ombuds_one_is_shown(client: FlaskClient, world: World) -> None:
    shown = slots(get(client))
    starts = [offer.starts for offer in world.offers() if offer.key in shown]

    assert len(starts) == len(set(starts))
    assert {offer.ombuds for offer in world.offers() if offer.key in slots(get(client, more="mode=phone"))} == {
        world.ombuds,
        OTTO,
    }


@pytest.mark.parametrize("part", [NOT_OTTO, "ola"])
def test_who_is_left_out_is_on_no_page_of_the_list(part: str, client: FlaskClient, world: World) -> None:
    part = world.ombuds.hex() if part == "ola" else part
    ottos, seen, address = {offer.key for offer in of(world, OTTO)}, list[str](), f"/times?ombuds={part}"
    while address:
        text = client.get(address).text
        assert OTTO_NAME not in rows(text)
        assert f'value="{OTTO.hex()}"' not in text.partition('id="write"')[2]
        seen += slots(text)
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        address = unescape(onward[1]) if onward else ""
    assert not ottos & set(seen)
    assert set(seen) >= {offer.key for offer in of(world, world.ombuds)}


def test_every_link_to_the_times_and_every_form_takes_the_choice_along(client: FlaskClient, world: World) -> None:
    first, second = of(world, world.ombuds)[:2]
    asked = (NOT_OTTO, IN_IRISH)
    form = form_of(client, [first.key], *asked)
    world.book(None, slots=[first.id])
    pages = {
        "times": get(client, *asked, more="tz=Pacific/Chatham&week=1"),
        "home": client.get(f"/?ombuds={NOT_OTTO}&ombuds={IN_IRISH}").text,
        "nothing chosen": choose(client, [], *asked).text,
        "form": form.text,
        "near": send(client, form).text,
        "letter": client.get(
            client.post("/book", data={"mode": "write", "ombuds": world.ombuds.hex(), "whom": list(asked)}).headers[
                "Location"
            ]
        ).text,
    }
    for name, text in pages.items():
        links = [unescape(each) for each in re.findall(r'href="(/times[^"]*)"', text)]
        assert links, name
        assert all(sorted(parse_qs(urlsplit(each).query)["ombuds"]) == sorted(asked) for each in links), name
        for posted in re.findall(r'(?s)<form\b[^>]*method="post".*?</form>', text):
            assert [value for key, value in fields_of(posted) if key == "whom"] == list(asked), name
        assert OTTO_NAME not in rows(text), name
    assert is_receipt(send(client, form_of(client, [second.key], *asked)))


def test_another_choice_keeps_who_was_left_out_until_they_are_ticked_off(client: FlaskClient) -> None:
    text = get(client, NOT_OTTO)
    asking = text.partition('<form method="get"')[2].partition("</form>")[0]

    assert re.search(rf'<input type="checkbox" name="ombuds" value="{NOT_OTTO}" checked', asking)
    assert "Still not with Otto Falk" in asking
    assert "With anyone except Otto Falk, in Irish. Change" in get(client, NOT_OTTO, IN_IRISH)
    zone = text.partition('<form id="tz-form"')[2].partition("</form>")[0]
    assert f'name="ombuds" value="{NOT_OTTO}"' in zone


@pytest.mark.parametrize("part", ["not-", "not-x", f"not-{'e' * 31}", f"not-{'0' * 32}", f"NOT-{'e' * 32}", "nota"])
def test_an_exclusion_that_nobody_can_read_shows_nobody_and_says_so(part: str, client: FlaskClient) -> None:
    text = get(client, part)

    assert slots(text) == []
    assert 'id="write"' not in text
    assert "We could not read whom you want to leave out" in text
    assert 'id="with"' in text
    onward = {unescape(each) for each in re.findall(r'href="(/times[^"]*)"', text)}
    assert all(slots(client.get(each).text) == [] for each in onward), (
        "no link forgets that somebody was to be left out"
    )


@pytest.mark.parametrize("part", ["", "x", "0" * 32, "lang-", "lang-zzz", "in-", "in-" + "0" * 16, "%00", "ombuds"])
def test_any_other_value_that_nobody_can_mean_is_anyone(part: str, client: FlaskClient) -> None:
    assert get(client, part) == get(client)


def test_a_form_that_leaves_out_otto_and_brings_a_time_of_his_is_refused(client: FlaskClient, world: World) -> None:
    his, hers = of(world, OTTO)[0], of(world, world.ombuds)[0]
    before = bytes_of(world)

    assert "left out" in problem(choose(client, [hers.key, his.key], NOT_OTTO))
    honest = form_of(client, [hers.key], NOT_OTTO)
    for keys in ([his.key], [hers.key, his.key], [his.key, hers.key]):
        page = send(client, honest, slot=keys)
        assert "with somebody you left out" in problem(page)
        assert not is_receipt(page)
        assert OTTO_NAME not in rows(page.text)
    assert "with somebody you left out" in problem(
        send(client, form_of(client, [hers.key]), slot=[hers.key], whom="not-")
    )
    assert bytes_of(world) == before


@pytest.mark.parametrize("gone", ["taken", "forged"])
def test_the_near_times_after_a_refusal_hold_nobody_who_was_left_out(
    gone: str, client: FlaskClient, world: World
) -> None:
    his, hers = of(world, OTTO)[0], of(world, world.ombuds)[0]
    form = form_of(client, [hers.key], NOT_OTTO)
    world.book(None, slots=[hers.id])
    page = send(client, form, **({"slot": [his.key]} if gone == "forged" else {}))

    offered = set(slots(page.text))
    assert offered
    assert not offered & {offer.key for offer in of(world, OTTO)}
    # Only a list made anew would show that hers is taken: it may stand there, and would be refused once more.
    assert is_receipt(send(client, page, slot=[min(offered - {hers.key})]))


def test_near_times_without_a_choice_hold_both(client: FlaskClient, world: World) -> None:
    hers = of(world, world.ombuds)[0]
    form = form_of(client, [hers.key])
    world.book(None, slots=[hers.id])

    offered = set(slots(send(client, form).text))
    assert offered & {offer.key for offer in of(world, OTTO)}


def test_the_receipt_says_with_whom(client: FlaskClient, world: World) -> None:
    receipt = send(client, form_of(client, [of(world, world.ombuds)[2].key], NOT_OTTO))

    assert is_receipt(receipt)
    assert f"You meet {OLA_NAME}." in receipt.text
    assert OTTO_NAME not in receipt.text


def test_the_letter_honours_the_choice(client: FlaskClient, world: World) -> None:
    before = bytes_of(world)
    door = {"mode": "write", "whom": NOT_OTTO}
    assert problem(client.post("/book", data=door | {"ombuds": OTTO.hex()}))
    form = client.get(client.post("/book", data=door | {"ombuds": world.ombuds.hex()}).headers["Location"])
    assert OTTO_NAME not in form.text
    forged = send(client, form, mode="write", ombuds=OTTO.hex(), message="It is about Otto.")
    assert "You left out Otto Falk" in problem(forged)
    assert "It is about Otto." in forged.text
    assert bytes_of(world) == before

    sent = send(client, form, mode="write", message="It is about Otto.")
    assert is_receipt(sent)
    assert OLA_NAME in sent.text


def test_the_service_itself_refuses_whatever_the_pages_let_through(world: World) -> None:
    with_otto(world)
    his = of(world, OTTO)[0]
    said = {"words": words.draw(), "claim": NONE_AT_HAND, "stub": Stub(share=Share.NOTHING), "whom": [NOT_OTTO]}
    now = clock.now()

    meeting = Request(slots=[his.id], mode=Mode.phone, **said)  # type: ignore[arg-type]
    letter = Writing(ombuds=OTTO, text="about Otto", form="00" * 8, **said)  # type: ignore[arg-type]
    refused = NotOffered(Reason.whom)
    assert (
        request_meeting(world.stores, meeting, publication=world.publication, settings=world.settings, now=now)
        == refused
    )
    assert request_writing(world.stores, letter, settings=world.settings, now=now) == refused
    assert (taken_slots(world), used_lockers(world)) == (set(), set())


def test_who_closed_stays_left_out(client: FlaskClient, world: World) -> None:
    with world.stores.desk.writing() as desk:
        desk.connection().exec_driver_sql("UPDATE ombuds SET state = 6 WHERE id = ?", (OTTO,))

    text = get(client, NOT_OTTO)
    assert slots(text)
    assert "except Otto Falk" in text


def test_where_nobody_is_left_the_page_says_what_one_can_do(client: FlaskClient, world: World) -> None:
    change_settings(
        world.instance,
        overseen_by='overseen_by = "The chair of the council oversees this office, since 2019: +353 1 555 0177."',
        formal_report='formal_report = "A formal report goes to the People Office."',
    )
    client = create_app(world.instance).test_client()
    both = (NOT_OTTO, f"not-{world.ombuds.hex()}")
    for parts in (both, ("lang-nl",), (world.ombuds.hex(), f"not-{world.ombuds.hex()}")):
        text = get(client, *parts)
        assert slots(text) == []
        assert 'id="write"' not in text
        for told in ("What you can do now", "chair of the council", "People Office", "union", "in danger now"):
            assert told in text, parts
        assert re.search(r'<bdi>The chair .*2019: <a class="tel" href="tel:\+35315550177">', text), parts


def test_an_address_of_a_form_that_is_too_old_still_leaves_otto_out(client: FlaskClient, world: World) -> None:
    chosen = Choice([of(world, OTTO)[0].id], zone="Pacific/Chatham", whom=[NOT_OTTO])
    with client.application.app_context():
        token = write_choice(chosen, clock.now() - timedelta(hours=3))
    text = client.get(f"/book/{token}").text

    assert "open too long" in text
    assert "except Otto Falk" in text
    assert "Choose again whom" not in text
    assert OTTO_NAME not in rows(text)
    assert not set(slots(text)) & {offer.key for offer in of(world, OTTO)}
    assert "Chatham Time" in rows(text)


def test_an_address_of_a_form_that_does_not_open_says_that_the_choice_of_people_is_lost(client: FlaskClient) -> None:
    text = client.get("/book/from-before-a-restart").text

    assert "Please choose again. Choose again whom you would not meet." in text


def test_the_address_of_the_answers_says_so_too_unless_it_holds_a_choice(client: FlaskClient) -> None:
    assert "whom you would not meet" in client.get("/book").text
    assert "whom you would not meet" not in client.get(f"/book?ombuds={NOT_OTTO}").text


def test_where_one_ombuds_works_no_lost_choice_of_people_is_spoken_of(world: World) -> None:
    text = create_app(world.instance).test_client().get("/book/from-before-a-restart").text

    assert "open too long" in text
    assert "whom you would not meet" not in text


@pytest.mark.parametrize("parts", [[], [NOT_OTTO], [IN_IRISH], [NOT_OTTO, IN_IRISH, f"not-{'1' * 32}"]])
def test_the_address_of_a_form_is_as_long_whatever_is_chosen(
    parts: list[str], client: FlaskClient, world: World
) -> None:
    hers = of(world, world.ombuds)
    lengths = {
        len(choose(client, [offer.key for offer in hers[:count]], *given).headers.get("Location", ""))
        for count in (1, 3)
        for given in ([], parts[:2])
    }
    assert len(lengths) == 1
    assert 0 not in lengths


def test_with_twenty_ombuds_every_page_fits_into_one_flight(world: World) -> None:
    many(world, 19)
    client = create_app(world.instance).test_client()
    shared = sum(
        len(gzip.compress(each))
        for each in (assets.bundle(assets.SITE_SHEETS)[0], (assets.FOLDER / "icon.svg").read_bytes())
    )
    address, weights = "/times", list[int]()
    while address:
        text = client.get(address).text
        weights.append(shared + len(gzip.compress(text.encode())))
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        address = unescape(onward[1]) if onward else ""
    print(f"twenty ombuds: {len(weights)} pages, of {min(weights)} to {max(weights)} bytes")
    assert max(weights) <= FLIGHT
    assert len(words_above(client.get("/times").text)) <= MOST_WORDS
    for part in (f"not-{world.ombuds.hex()}", IN_IRISH, f"in-{whom.region_key('North')}"):
        assert len(words_above(get(client, part))) <= MOST_WORDS
        assert shared + len(gzip.compress(get(client, part).encode())) <= FLIGHT


def test_the_week_of_open_doors_shows_no_time_of_who_is_left_out(client: FlaskClient, world: World) -> None:
    with world.stores.desk.writing() as desk:
        desk.connection().exec_driver_sql("UPDATE slot SET state = 1 WHERE ombuds = ?", (world.ombuds,))

    assert "<time datetime" in client.get("/week").text, "Otto's are left"
    for part in (NOT_OTTO, "not-"):
        text = client.get(f"/week?ombuds={part}").text
        assert "<time datetime" not in text
        assert "No time is free with those you chose" in text


def test_the_choice_goes_with_the_six_words_and_back_to_the_times(client: FlaskClient, world: World) -> None:
    receipt = send(client, form_of(client, [of(world, world.ombuds)[2].key], NOT_OTTO))
    words_typed = " ".join(re.findall(r"<li>\s*([a-z]+)\s*</li>", receipt.text.partition('class="words"')[2])[:6])
    back = re.search(r'href="(/return[^"]*)"', receipt.text)
    assert back
    asked = client.get(unescape(back[1]))

    opened = client.post("/return", data=dict(fields_of(asked.text)) | {"words": words_typed})
    fields = {name: value for name, value in fields_of(opened.text) if name in {"ticket", "whom", "meeting"}}
    sure = client.post("/return", data=fields | {"action": "cancel"})
    gone = client.post("/return", data=dict(fields_of(sure.text)) | {"action": "cancel", "sure": "yes"})

    assert "is cancelled" in gone.text
    for page in (opened, sure, gone):
        for posted in re.findall(r'(?s)<form\b[^>]*method="post".*?</form>', page.text):
            assert ("whom", NOT_OTTO) in fields_of(posted)
        links = [unescape(each) for each in re.findall(r'href="(/times[^"]*)"', page.text)]
        assert links
        assert all(parse_qs(urlsplit(each).query)["ombuds"] == [NOT_OTTO] for each in links)
    assert "Did you leave somebody out before?" not in gone.text


def test_who_comes_back_without_a_choice_is_asked_to_make_it_again(client: FlaskClient, world: World) -> None:
    typed = words.draw()
    world.book(None, slots=[of(world, world.ombuds)[2].id], typed=typed)
    opened = client.post("/return", data={"words": typed})
    fields = {name: value for name, value in fields_of(opened.text) if name in {"ticket", "meeting"}}
    gone = client.post("/return", data=fields | {"action": "cancel", "sure": "yes"})

    assert "is cancelled" in gone.text
    assert "Did you leave somebody out before? Choose that again there." in gone.text


def test_no_paragraph_above_the_list_is_empty_and_each_week_has_its_own_title(world: World) -> None:
    many(world, 3)
    client, titles, address = create_app(world.instance).test_client(), list[str](), "/times"
    while address:
        text = client.get(address).text
        assert not re.search(r"<p[^>]*>\s*</p>", text)
        titles += re.findall(r"<title>([^<]+)</title>", text)
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        address = unescape(onward[1]) if onward else ""
    assert len(titles) > 1
    assert all(" to " in title for title in titles)
    assert len(set(titles)) > 1
