"""P6: however many times there are, and however long their names, no answer to a form is longer than the others."""

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock, create_app, language, zones
from portal.intake.service import Receipt
from portal.language import zone_words
from portal.pages import ANSWER_SIZE
from portal.scheduling import opening
from portal.scheduling.rules import MOST_IN_AN_ANSWER, Mode, Place
from tests.cast import EVERY_DAY, LIBRARY, PRACTICE, VERA, World
from tests.colleagues import add_ombuds
from tests.intake.sealed import ask, ask_desk, claim_of
from tests.speaking import in_arabic_letters, keep, offer, translated
from tests.visiting import fields_of

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
#: Twenty-minute times from nine to five.
A_WEEK = 7 * 24
ZONES = [found for name in available_timezones() if (found := zones.find(name))]
LONGEST = max(ZONES, key=lambda each: len(zone_words(each).encode())).key
NAME = "Wolfeschlegelsteinhausenbergerdorff & Sjöström-Müller-Lüdenscheidt"
ANNEX = Place(b"the-annex-aside!", f"{NAME} 12345678901234", "Stufenlos & " * 10, "Room 1")


@pytest.fixture
def client(world: World) -> FlaskClient:
    """Twenty-minute times in all ways at two places, of people with long names."""
    place = replace(LIBRARY, name=f"{NAME} 12345678901235", access="Stufenlos & " * 10)
    hours = [replace(each, place=ANNEX.id if each.weekday % 2 else place.id) for each in EVERY_DAY]
    with world.stores.desk.writing() as desk:
        opening.put_place(desk, place)
        opening.put_place(desk, ANNEX)
        opening.set_hours(desk, world.ombuds, hours, replace(PRACTICE, minutes=20))
        opening.open_slots(desk, world.settings, clock.now(), world.ombuds)
    for number in range(6):
        practice = replace(PRACTICE, minutes=(20, 30)[number % 2], modes=(tuple(Mode), (Mode.video,))[number // 3])
        add_ombuds(world, bytes([number + 1]) * 16, f"{NAME} {number}", practice)
    ask_desk(world, "UPDATE ombuds SET name = name || ' Wolfeschlegelstein'")
    world.refresh()
    slot = next(offer.id for offer in world.offers() if offer.ombuds == world.ombuds)
    assert isinstance(ask(world, claim_of(world, VERA), typed=TYPED, slots=[slot]), Receipt)
    return create_app(world.instance).test_client()


def move(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.post("/return", data={"words": TYPED, "tz": LONGEST})
    values = dict(fields_of(page.text))
    asked = {"ticket": values["ticket"], "meeting": values["meeting"], "action": "move", "tz": LONGEST}
    return client.post("/return", data=asked | fields)


def offered(page: TestResponse) -> list[str]:
    return re.findall(r'<input type="radio" name="slot" value="(\w+)"', page.text)


def length(page: TestResponse) -> int:
    assert page.status_code == 200
    return len(page.data)


def test_every_part_of_the_list_of_other_times_has_the_one_length(client: FlaskClient, world: World) -> None:
    page, seen, parts = move(client), list[str](), 0
    while True:
        parts += 1
        assert length(page) == ANSWER_SIZE
        assert 0 < len(offered(page)) <= MOST_IN_AN_ANSWER
        seen += offered(page)
        later = re.search(r'name="week" value="([\d-]+)" type="submit">Later times', page.text)
        if later is None:
            break
        page = move(client, week=later[1])
        assert "Earlier times" in page.text

    hers = [offer.key for offer in world.offers() if offer.ombuds == world.ombuds]
    assert parts > 4
    assert set(hers[1:]) <= set(seen)
    assert len(seen) == len(set(seen))


def test_what_comes_after_choosing_has_it_too(client: FlaskClient, world: World) -> None:
    first, last = offered(move(client)), offered(move(client, week="1-2"))
    ask_desk(world, "UPDATE slot SET state = 9 WHERE id = ?", bytes.fromhex(first[3]))

    answers = [move(client, sure="yes", week="1-2"), move(client, sure="yes", slot=first[3]), move(client, week="9-9")]

    assert {length(each) for each in answers} == {ANSWER_SIZE}
    assert offered(answers[0]) == last
    assert offered(answers[2]) == first


@pytest.mark.parametrize("fields", [{}, {"mode": "phone"}, {"mode": "in-person"}, {"week": "1"}, {"week": "1-2"}])
def test_the_list_that_answers_an_empty_choice_has_it(client: FlaskClient, fields: dict[str, str]) -> None:
    """The rest of a long part is one press away."""
    page = client.post("/book", data={"tz": LONGEST, "slot": "", **fields})

    assert length(page) == ANSWER_SIZE
    assert len(offered(page)) == MOST_IN_AN_ANSWER
    whole = re.search(r'<a href="([^"]+)">See all times</a>', page.text)
    assert whole
    assert offered(client.get(whole[1].replace("&amp;", "&")))[:MOST_IN_AN_ANSWER] == offered(page)


def test_the_form_that_comes_back_with_near_times_has_it(client: FlaskClient, world: World) -> None:
    slot = offered(client.get("/times"))[5]
    chosen = client.post("/book", data={"slot": slot, "tz": LONGEST})
    form = client.get(chosen.headers["Location"])
    ask_desk(world, "UPDATE slot SET state = 9 WHERE id = ?", bytes.fromhex(slot))

    page = client.post("/book", data=dict(fields_of(form.text)) | {"mode": "video", "proof": "none"})

    assert "Choose another time" in page.text
    assert length(page) == ANSWER_SIZE


@pytest.mark.parametrize("fields", [{}, {"mode": "phone"}, {"mode": "in-person"}, {"week": "1-2"}])
def test_letters_of_two_bytes_do_not_make_it_longer(
    client: FlaskClient, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]
) -> None:
    """Arabic, with as many letters as English has, and with the longest zone that it knows beside each time."""
    monkeypatch.setattr(language, "FOLDER", tmp_path / "locale")
    keep(translated("ar", in_arabic_letters), tmp_path / "locale", "ar")
    offer(world, "en", "ar")
    with language.speaking("ar"):
        longest = max(ZONES, key=lambda each: len(zone_words(each).encode())).key

    page = client.post("/book", data={"tz": longest, "lang": "ar", "slot": "", **fields})

    assert length(page) == ANSWER_SIZE
    assert 'dir="rtl"' in page.text
    assert len(offered(page)) == MOST_IN_AN_ANSWER


def test_a_list_that_is_too_long_is_found(client: FlaskClient) -> None:
    """Planted: a whole week in one answer, as it was before it came in parts."""
    page = move(client)
    rows = re.findall(r'(?s)<label class="pick">.*?</label>', page.text)
    body = page.text[: page.text.index("<!-- This empty")]

    week = (rows * A_WEEK)[:A_WEEK]
    assert len((body + "".join(week)).encode()) > ANSWER_SIZE
