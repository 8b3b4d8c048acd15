"""What is on: under its day, in the visitor's zone, with a file for a calendar that is the same for everybody."""

import gzip
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import ics
import pytest
import vobject
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from portal import clock, create_app
from portal.outreach.event_file import Happening, write
from portal.site import event_rules, words
from tests.cast import World
from tests.scheduling.test_calendar_file import ATTACKS, misfolded, names, read_by_ics, read_by_vobject
from tests.site.happenings import KEY, on, plan

OTHER = "00112233445566bb"
BUDGET = 14 * 1024
OF_THE_FILE = {"BEGIN", "END", "VERSION", "PRODID", "METHOD"}
OF_AN_EVENT = {
    *("BEGIN", "END", "UID", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "SEQUENCE"),
    *("DESCRIPTION", "LOCATION", "URL"),
}
TALK = Happening(
    KEY,
    "A talk",
    "Come in.",
    datetime(2027, 10, 12, 14, tzinfo=UTC),
    datetime(2027, 10, 12, 15, tzinfo=UTC),
    "Hall 2",
    "https://video.example.org/talk",
)


@pytest.fixture
def client(world: World) -> Iterator[FlaskClient]:
    yield create_app(world.instance).test_client()
    world.refresh()


def soon(days: int = 3) -> date:
    return clock.now().date() + timedelta(days=days)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_event_stands_under_its_day_with_its_words(client: FlaskClient, world: World) -> None:
    plan(world, on(soon(4)), "A *late* talk", key=OTHER)
    plan(world, on(soon(3), link=""), "Tea & cake", "Come **in**.")
    page = client.get("/week").text
    said = text_of(page)

    assert said.index("Tea &amp; cake") < said.index("A *late* talk")
    assert len(re.findall(r"<h3>\w+,? \d+ \w+ \d+</h3>", page)) == 2
    assert "14:00 to 15:00" in said
    assert "Come <strong>in</strong>." in page
    assert said.count("Join online") == 1


def test_an_event_is_shown_on_the_visitors_clock_and_says_so(client: FlaskClient, world: World) -> None:
    plan(world, on(soon(3), 14))
    said = text_of(client.get("/week?tz=Pacific/Kiritimati").text)

    assert "04:00 to 05:00" in said
    there = soon(4)
    assert re.search(rf"{there:%A},? {there.day} {there:%B}", said), "it is the day after already"
    assert "Kiritimati" in said


def test_an_event_for_an_audience_stands_on_its_page_too(client: FlaskClient, world: World) -> None:
    plan(world, on(soon(), audience="students"))
    with world.stores.site.writing() as site:
        mark = words.standing(site, "week/students", "en").mark
        words.keep(site, "week/students", "en", "# You study here\n\nCome.", mark=mark)

    assert "A talk" in client.get("/week/students").text
    assert re.search(r'Made for:</span> <a href="/week/students">You study here</a>', client.get("/week").text)


def test_an_event_without_a_page_for_its_audience_is_shown_without_a_name(client: FlaskClient, world: World) -> None:
    plan(world, on(soon(), audience="nobody"))

    assert "A talk" in client.get("/week").text
    assert "Made for:" not in client.get("/week").text


def test_what_is_over_is_nowhere(client: FlaskClient, world: World) -> None:
    plan(world, on(soon(-1)))

    assert "A talk" not in client.get("/week").text
    assert client.get(f"/week/events/{KEY}.ics").status_code == 404
    assert read_by_ics(client.get("/week/events.ics").data) == []


def test_a_file_is_the_same_for_everybody_and_named_like_any_other(client: FlaskClient, world: World) -> None:
    plan(world, on(soon()))
    plan(world, on(soon(4)), "Tea", key=OTHER)
    one, everything = client.get(f"/week/events/{KEY}.ics"), client.get("/week/events.ics")

    assert one.mimetype == everything.mimetype == "text/calendar"
    assert one.headers["Content-Disposition"] == "attachment; filename=event.ics"
    assert one.data == client.get(f"/week/events/{KEY}.ics?tz=Asia/Tokyo&x=1", headers={"User-Agent": "x"}).data
    assert [title for _uid, title, _starts, _ends in read_by_ics(everything.data)] == ["A talk", "Tea"]
    assert "Set-Cookie" not in one.headers


@pytest.mark.parametrize("reader", [read_by_ics, read_by_vobject])
def test_other_programs_read_an_event(reader: Callable[[bytes], object]) -> None:
    assert reader(write([TALK])) == [(f"{KEY}@events", "A talk", TALK.starts, TALK.ends)]


def test_other_programs_read_place_words_and_link() -> None:
    file = write([TALK]).decode()
    (read,) = ics.Calendar(file).events
    (again,) = vobject.readOne(file).vevent_list

    assert (read.location, read.description, read.url) == ("Hall 2", "Come in.", TALK.link)
    assert (again.location.value, again.description.value, again.url.value) == ("Hall 2", "Come in.", TALK.link)


WORDS = """Come *in*, there is
tea.

- Bring a mug
- or [borrow one](https://mugs.example.org/a)

Ask [Eve](mailto:eve@example.org), or read [who we are](/about/ombuds)."""
AS_LINES = (
    "Come in, there is tea.\n- Bring a mug\n- or borrow one (https://mugs.example.org/a)\n"
    "Ask Eve (eve@example.org), or read who we are."
)


def test_a_file_holds_all_words_of_an_event_as_plain_lines(client: FlaskClient, world: World) -> None:
    plan(world, on(soon()), text=WORDS)
    file = client.get(f"/week/events/{KEY}.ics").text
    (read,) = ics.Calendar(file).events
    (again,) = vobject.readOne(file).vevent_list

    assert (read.description, again.description.value) == (AS_LINES, AS_LINES)
    assert misfolded(file.encode()) == []


def test_a_file_of_a_changed_event_has_a_higher_number(client: FlaskClient, world: World) -> None:
    plan(world, on(soon()))
    before = client.get(f"/week/events/{KEY}.ics").data
    plan(world, on(soon(), 16))
    after = client.get(f"/week/events/{KEY}.ics").data

    assert b"SEQUENCE:0\r\n" in before
    assert b"SEQUENCE:1\r\n" in after


def test_a_file_says_nothing_of_when_it_was_asked_for_and_rings_nothing() -> None:
    file = write([TALK])

    assert names(file) == (OF_THE_FILE, OF_AN_EVENT)
    assert b"DTSTAMP:20000101T000000Z" in file
    assert misfolded(file) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_words_of_an_event_add_a_line(attack: str) -> None:
    file = write([Happening(KEY, f"x{attack}", attack, TALK.starts, TALK.ends, attack)])

    assert names(file)[0] == OF_THE_FILE
    assert names(file)[1] <= OF_AN_EVENT
    assert misfolded(file) == []


@tried(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=80), st.text(max_size=400), st.text(max_size=200))
def test_any_words_give_a_file_that_can_be_read(title: str, said: str, place: str) -> None:
    file = write([Happening(KEY, f"A {title}", said, TALK.starts, TALK.ends, place)])

    assert names(file)[1] <= OF_AN_EVENT
    assert len(read_by_vobject(file)) == len(read_by_ics(file)) == 1


def test_a_week_full_of_events_fits_into_one_flight(client: FlaskClient, world: World) -> None:
    """Words of all kinds, because a text that repeats itself packs too well."""
    chance = random.Random(7)  # noqa: S311 - no secret
    letters = "etaoinshrdlucmfwypvbgk"
    for number in range(event_rules.MOST):
        said = " ".join("".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(100))
        text, title = said[: event_rules.TEXT_LIMIT].strip(), said[-event_rules.TITLE_LIMIT :].strip()
        facts = on(soon(3 + number), place=said[90:130], link=f"https://video.example.org/{said[:12].replace(' ', '')}")
        plan(world, facts, title, text, key=f"{number:016x}")
    page = client.get("/week")
    sheet = client.get(re.findall(r'href="(/static/[^"]+\.css)"', page.text)[0])

    assert page.text.count("<h4>") == event_rules.MOST
    assert len(gzip.compress(page.data)) + len(gzip.compress(sheet.data)) <= BUDGET
