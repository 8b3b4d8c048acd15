"""A visitor elsewhere: one choice on the list of times, and every page of the visit shows that clock and says so."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from portal import language
from portal.scheduling.rules import Offer
from tests.cast import VERA, Server
from tests.intake.pages_cast import free, kind, special, text_of
from tests.visiting import Answer, Visitor, fields_of

CHATHAM, OFFICE = ZoneInfo("Pacific/Chatham"), ZoneInfo("UTC")
QUERY = "?tz=Pacific/Chatham"
FIELD = ("tz", "Pacific/Chatham")
#: Addresses that a page gives: links, and where its forms go.
ADDRESS = re.compile(r'(?:href|action)="(/[^"]*)"')
POSTED = re.compile(r'(?s)<form\b[^>]*method="post".*?</form>')


def said(offer: Offer, zone: ZoneInfo) -> str:
    return f"{language.day(offer.starts, zone)}, {language.clock(offer.starts, zone)}"


def booked(vera: Visitor, offer: Offer, mode: str = "in-person") -> dict[str, Answer]:
    """Every page of Mei's visit, each reached from the one before as a browser would."""
    pages = {"times": vera.get(f"/times{QUERY}")}
    pages["no time"] = vera.post("/book", [FIELD])
    chosen = vera.post("/book", [FIELD, ("slot", offer.key)])
    pages["form"] = vera.get(chosen.header("Location") or "")
    pages["mistake"] = vera.post("/book", vera.fill(pages["form"], mode=mode, proof="code"))
    pages["receipt"] = vera.post("/book", vera.fill(pages["mistake"], mode=mode, proof="none"))
    pages["return"] = vera.get(f"/return{QUERY}")
    words = vera.words(pages["receipt"])
    pages["matter"] = vera.post("/return", vera.fill(pages["return"], words=words))
    for action in ("calendar", "stored", "reveal", "cancel", "erase"):
        pages[action] = vera.post("/return", [*ticket(pages["matter"]), ("action", action)])
    pages["sure?"] = vera.post("/return", [*ticket(pages["matter"]), *meeting(pages["matter"]), ("action", "cancel")])
    return pages


def ticket(page: Answer) -> list[tuple[str, str]]:
    return [pair for pair in dict(fields_of(page.body)).items() if pair[0] in {"ticket", "tz"}]


def meeting(page: Answer) -> list[tuple[str, str]]:
    return [pair for pair in fields_of(page.body) if pair[0] == "meeting"][:1]


@pytest.fixture(scope="module")
def offer(office: Server) -> Offer:
    return free(office)[0]


@pytest.fixture(scope="module")
def pages(office: Server, offer: Offer) -> dict[str, Answer]:
    return booked(Visitor(office.url), offer)


@pytest.mark.parametrize("name", ["form", "mistake", "receipt", "matter", "cancel", "sure?"])
def test_a_page_shows_the_chosen_clock_and_names_its_zone(name: str, pages: dict[str, Answer], offer: Offer) -> None:
    text = text_of(pages[name])

    assert language.clock(offer.starts, CHATHAM) in text
    assert language.day(offer.starts, CHATHAM) in text
    assert re.search(rf"{language.clock(offer.starts, CHATHAM)} \(?Chatham Time", text)


def test_the_list_shows_the_chosen_clock_and_names_its_zone_beside_every_time(pages: dict[str, Answer]) -> None:
    for name in ("times", "no time"):
        rows = re.findall(r'(?s)<label class="pick">(.*?)</label>', pages[name].body)
        assert rows
        assert all("Chatham Time" in row for row in rows)
        assert ":45" in rows[0]
        assert not any("Coordinated Universal Time" in row for row in rows)


def test_every_link_and_every_form_of_every_page_takes_the_choice_along(pages: dict[str, Answer]) -> None:
    for name, page in pages.items():
        for address in map(unescape, ADDRESS.findall(re.sub(r"(?s)<form\b.*?>", "", page.body))):
            path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
            if not path.startswith(("/static", "/leave")):
                assert query.get("tz") == ["Pacific/Chatham"], (name, address)
            assert set(query) <= {"mode", "ombuds", "tz", "week"}, (name, address)
        for form in POSTED.findall(page.body):
            assert FIELD in fields_of(form), (name, form[:120])


def test_the_place_keeps_its_own_clock(pages: dict[str, Answer], offer: Offer) -> None:
    at_the_place = f"{said(offer, OFFICE)} (Coordinated Universal Time)"

    for name in ("form", "receipt", "matter"):
        assert at_the_place in text_of(pages[name]), name
    assert "the clock at the place then shows" in text_of(pages["form"])


def test_whoever_calls_says_the_time_that_the_office_knows(office: Server, vera: Visitor) -> None:
    offer = free(office)[0]

    page = text_of(booked(vera, offer, "phone")["receipt"])

    assert f"Say that you have this time: {said(offer, OFFICE)} (Coordinated Universal Time)." in page
    assert "clock at the place" not in page


def test_without_a_choice_addresses_and_forms_are_as_they_always_were(office: Server, vera: Visitor) -> None:
    offer = free(office)[0]
    receipt = vera.book(office.world, None, [offer.key], mode="in-person")
    matter = vera.post("/return", {"words": vera.words(receipt)})

    for page in (vera.get("/"), vera.get("/times"), vera.choose([offer.key]), receipt, matter, vera.get("/week")):
        assert "tz=" not in page.body
        assert 'name="tz" value="' not in page.body
        assert "clock at the place" not in text_of(page)
        assert " selected" not in page.body.partition('id="tz"')[2].partition("</select>")[0]


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC", "Mars/Olympus", "../../etc/passwd", "%00", "a" * 900, ""])
def test_the_offices_own_zone_and_a_name_that_means_nothing_choose_nothing(name: str, vera: Visitor) -> None:
    assert vera.get(f"/times?tz={name}").body == vera.get("/times").body


def test_an_old_name_is_carried_on_under_its_present_one(vera: Visitor) -> None:
    assert vera.get("/times?tz=Australia/NSW").body == vera.get("/times?tz=Australia/Sydney").body


def test_the_address_of_a_form_is_equally_long_whatever_zone_was_chosen(office: Server, vera: Visitor) -> None:
    key = free(office)[0].key
    asked = [
        [("slot", key)],
        *([("slot", key), ("tz", name)] for name in ("Pacific/Apia", "America/Argentina/Buenos_Aires")),
    ]
    asked += [[*pairs[1:], ("mode", "write"), ("ombuds", office.world.ombuds.hex())] for pairs in asked]

    found = [vera.post("/book", pairs).header("Location") or "" for pairs in asked]

    assert len({len(each) for each in found}) == 1
    assert not any("tz" in urlsplit(each).query or "Apia" in each for each in found)


def test_the_answers_to_a_form_are_equally_long_whatever_zone_was_chosen(office: Server, vera: Visitor) -> None:
    words = vera.words(vera.book(office.world, VERA, [free(office)[0].key]))

    found = [
        vera.post(path, [*pairs, ("tz", name)]).length
        for name in ("", "Pacific/Apia", "America/Argentina/Buenos_Aires")
        for path, pairs in (("/book", []), ("/return", [("words", words)]), ("/return", [("words", "zoom " * 6)]))
    ]

    assert len(set(found)) == 1


def test_a_zone_is_chosen_on_the_page_of_words_and_changed_on_the_opened_page(office: Server, vera: Visitor) -> None:
    offer = free(office)[0]
    words = vera.words(vera.book(office.world, None, [offer.key]))
    asked = vera.get("/return")
    assert '<select id="tz" name="tz"' in asked.body

    matter = vera.post("/return", [("words", words), FIELD])
    assert f"{language.clock(offer.starts, CHATHAM)} Chatham Time" in text_of(matter)

    home = vera.post("/return", [("ticket", dict(ticket(matter))["ticket"]), ("tz", "")])
    assert kind(home) == "matter"
    assert f"{language.clock(offer.starts, OFFICE)} Coordinated Universal Time" in text_of(home)


def test_wrong_words_and_pages_of_errors_keep_the_choice(vera: Visitor) -> None:
    wrong = vera.post("/return", [("words", "zoom " * 6), FIELD])
    lost = vera.get(f"/nowhere{QUERY}")
    refused = vera.post("/book", [FIELD], Origin="https://example.net")

    assert FIELD in fields_of(wrong.body)
    assert [page.status for page in (lost, refused)] == [404, 403]
    assert all('href="/times?tz=Pacific/Chatham"' in page.body for page in (lost, refused))


def test_a_form_too_long_to_be_read_is_refused_as_before(vera: Visitor) -> None:
    assert vera.post("/book", [FIELD, ("message", "x" * 70_000)]).status == 413


def test_the_desk_knows_only_the_offices_zone(vera: Visitor) -> None:
    page = vera.get(f"/desk/sign-in{QUERY}")

    assert page.status == 200
    assert "Chatham" not in page.body
    assert "tz=" not in page.body


def test_near_times_are_shown_on_the_chosen_clock(office: Server, vera: Visitor) -> None:
    offer = free(office)[0]
    form = vera.get(vera.post("/book", [FIELD, ("slot", offer.key)]).header("Location") or "")
    office.world.book(None, slots=[offer.id])

    page = vera.post("/book", vera.fill(form, mode="phone", proof="none"))

    rows = re.findall(
        r'(?s)<label class="pick">(.*?)</label>', page.body.partition('id="another"')[2].partition("</section>")[0]
    )
    assert rows
    assert all("Chatham Time" in row for row in rows)


def test_a_list_without_a_place_speaks_of_no_place(office: Server, vera: Visitor) -> None:
    by_phone = special(office)[0]

    form = vera.get(vera.post("/book", [FIELD, ("slot", by_phone.key)]).header("Location") or "")

    assert "clock at the place" not in text_of(form)


def test_a_step_that_takes_a_time_at_once_shows_the_places_clock_beside_each(office: Server, vera: Visitor) -> None:
    offer = free(office)[0]
    form = vera.get(vera.post("/book", [FIELD, ("slot", offer.key)]).header("Location") or "")
    office.world.book(None, slots=[offer.id])
    near = vera.post("/book", vera.fill(form, mode="in-person", proof="none"))
    receipt = booked(vera, free(office)[0])["receipt"]
    matter = vera.post("/return", [FIELD, ("words", vera.words(receipt))])
    move = vera.post("/return", [*ticket(matter), *meeting(matter), ("action", "move")])

    for page in (near, move):
        rows = re.findall(r'(?s)<label class="pick">\s*<input type="radio" name="slot"(.*?)</label>', page.body)
        assert rows
        assert all("At the place: " in row and "(Coordinated Universal Time)" in row for row in rows)
        assert "Its time stands beside each time." in text_of(page)
    assert "You read which door after you move." in text_of(move)
    assert "after you book" not in text_of(move)
    assert "At the place: " not in text_of(vera.get(f"/times{QUERY}"))
