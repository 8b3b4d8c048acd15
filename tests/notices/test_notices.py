"""Ola is ill: fixed sentences tell it to everybody, for as long as it is true."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from portal import create_app
from portal.notices import sentences, service
from portal.notices.board import today
from portal.notices.rules import (
    Days,
    LastBeforeFirst,
    Notice,
    Part,
    PastDay,
    Refused,
    TooFarAhead,
    draw_pin,
    read_pin,
    refuse,
    write_pin,
)
from tests.cast import OLA_NAME, World

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
UTC = ZoneInfo("UTC")
PEPPER = b"p" * 32


def put(world: World, days: Days, day: date) -> Refused | None:
    with world.stores.site.writing() as site:
        return service.set_notice(site, world.ombuds, days, today=day)


def notices(world: World, day: date) -> list[Notice]:
    with world.stores.site.reading() as site:
        return service.find_notices(site, day)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.instance).test_client()


def now_of(client: FlaskClient) -> date:
    with client.application.test_request_context():
        return today()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (Days(MONDAY, MONDAY), "Appointments with Ola Brandt on Monday 23 November are moved."),
        (
            Days(MONDAY, MONDAY, Part.MORNING),
            "Appointments with Ola Brandt on the morning of Monday 23 November are moved.",
        ),
        (
            Days(MONDAY, MONDAY, Part.AFTERNOON),
            "Appointments with Ola Brandt on the afternoon of Monday 23 November are moved.",
        ),
        (
            Days(MONDAY, MONDAY + DAY),
            "Appointments with Ola Brandt from 23 November to 24 November are moved.",
        ),
        (
            Days(MONDAY, MONDAY + DAY, Part.MORNING),
            "Morning appointments with Ola Brandt from 23 November to 24 November are moved.",
        ),
        (
            Days(MONDAY, MONDAY + DAY, Part.AFTERNOON),
            "Afternoon appointments with Ola Brandt from 23 November to 24 November are moved.",
        ),
    ],
)
def test_a_notice_is_one_of_six_sentences(days: Days, said: str) -> None:
    assert sentences.notice(Notice(OLA_NAME, days), UTC) == said


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (Days(MONDAY, MONDAY), None),
        (Days(MONDAY + 60 * DAY, MONDAY + 60 * DAY), None),
        (Days(MONDAY, MONDAY + 61 * DAY), TooFarAhead()),
        (Days(MONDAY - DAY, MONDAY), PastDay()),
        (Days(MONDAY + DAY, MONDAY), LastBeforeFirst()),
        (Days(date.min, date.max), PastDay()),
        (Days(MONDAY, date.max), TooFarAhead()),
    ],
)
def test_days_that_cannot_be_are_refused(days: Days, why: Refused | None) -> None:
    assert refuse(days, MONDAY) == why


def test_a_refused_notice_leaves_the_one_before(world: World) -> None:
    good = Days(MONDAY, MONDAY, Part.MORNING)
    assert put(world, good, MONDAY) is None

    assert put(world, Days(MONDAY - DAY, MONDAY), MONDAY) == PastDay()

    assert notices(world, MONDAY) == [Notice(OLA_NAME, good)]


def test_a_new_notice_takes_the_place_of_the_one_before_and_one_is_taken_off(world: World) -> None:
    for length in (1, 2):
        assert put(world, Days(MONDAY, MONDAY + length * DAY), MONDAY) is None
    assert [each.days.last for each in notices(world, MONDAY)] == [MONDAY + 2 * DAY]

    with world.stores.site.writing() as site:
        service.clear_notice(site, world.ombuds)

    assert notices(world, MONDAY) == []


def test_a_notice_shows_to_the_end_of_its_last_day(world: World) -> None:
    put(world, Days(MONDAY, MONDAY + DAY), MONDAY)

    assert notices(world, MONDAY + DAY)
    assert notices(world, MONDAY + 2 * DAY) == []


@pytest.mark.parametrize("column", ["first", "last", "part"])
def test_a_row_that_somebody_spoilt_shows_nothing_and_breaks_nothing(
    world: World, client: FlaskClient, column: str
) -> None:
    put(world, Days(now_of(client), now_of(client)), now_of(client))
    with world.stores.site.writing() as site:
        site.execute(text(f"UPDATE notice SET {column} = '<b>rumour</b>'"))  # noqa: S608 - our own names

    page = client.get("/")

    assert page.status_code == 200
    assert "moved" not in page.text
    assert "rumour" not in page.text


def test_the_daily_job_deletes_what_is_over_and_keeps_the_rest(world: World) -> None:
    put(world, Days(MONDAY, MONDAY + DAY), MONDAY)

    def left_after(day: date) -> int:
        with world.stores.site.writing() as site:
            service.remove_past(site, day)
        with world.stores.site.reading() as site:
            return int(site.scalar(text("SELECT count(*) FROM notice")) or 0)

    assert [left_after(MONDAY + number * DAY) for number in (0, 1, 2)] == [1, 1, 0]


def test_the_daily_job_does_it_by_itself(world: World, client: FlaskClient) -> None:
    put(world, Days(MONDAY - 400 * DAY, MONDAY - 400 * DAY), MONDAY - 400 * DAY)

    client.get("/")  # the first page of a day runs the job

    with world.stores.site.reading() as site:
        assert site.scalar(text("SELECT count(*) FROM notice")) == 0


@pytest.mark.parametrize("path", ["/", "/times", "/times?mode=phone&week=1", "/return"])
def test_a_notice_stands_above_everything_and_goes_with_its_day(world: World, client: FlaskClient, path: str) -> None:
    assert "are moved" not in client.get(path).text
    put(world, Days(now_of(client), now_of(client)), now_of(client))
    client.application.extensions["portal"].volatile.board.forget()

    page = client.get(path)

    assert page.text.index("Appointments with Ola Brandt") < page.text.index("<h1>")
    assert ("Come back with your six words to choose." in page.text) == (path != "/return")
    assert "Set-Cookie" not in page.headers


def test_wrong_words_are_answered_below_the_notice(world: World, client: FlaskClient) -> None:
    put(world, Days(now_of(client), now_of(client)), now_of(client))

    assert "are moved" in client.post("/return", data={"words": "zoom"}).text


def test_several_notices_fold_away_the_earliest_first(world: World, client: FlaskClient) -> None:
    day = now_of(client)
    put(world, Days(day + 2 * DAY, day + 2 * DAY), day)
    with world.stores.site.writing() as site:
        site.execute(text("INSERT INTO face SELECT :ivo, 'Ivo Kraus', public_key FROM face"), {"ivo": b"i" * 16})
        service.set_notice(site, b"i" * 16, Days(day + DAY, day + DAY), today=day)
        service.set_notice(site, b"x" * 16, Days(day, day), today=day)  # nobody's

    folded = re.search(r"(?s)<summary>Some appointments are moved.*?</details>", client.get("/").text)

    assert folded
    assert re.findall(r"<li>Appointments with (\w+)", folded.group()) == ["Ivo", "Ola"]


def test_a_pin_is_eight_random_digits_in_any_script() -> None:
    drawn = {draw_pin() for _ in range(50)}

    assert len(drawn) == 50
    assert all(re.fullmatch(r"\d{8}", each) for each in drawn)
    assert all(read_pin(write_pin(each)) == each for each in drawn)
    assert read_pin("٠١٢٣ ٤٥٦٧") == "01234567"
    assert [read_pin(each) for each in ("", "1234567", "123456789", "one two")] == [None] * 4


@given(st.text(max_size=20))
def test_whatever_is_typed_as_a_pin_is_read_or_none(typed: str) -> None:
    assert re.fullmatch(r"[0-9]{8}", read_pin(typed) or "00000000")


def test_only_the_newest_pin_is_right(world: World) -> None:
    for pin in ("11112222", "33334444"):
        kept = service.pinned(pin, PEPPER)
        with world.stores.keys.writing() as keys:
            service.keep_pin(keys, world.ombuds, kept)
    with world.stores.keys.reading() as keys:
        found = service.find_pin(keys, world.ombuds)

    assert [service.is_pin(found, pin, PEPPER) for pin in ("33334444", "11112222", "")] == [True, False, False]
    assert not service.is_pin(None, "33334444", PEPPER)
    assert not service.is_pin(found, "33334444", b"q" * 32)


@pytest.mark.parametrize("column", ["salt", "hash"])
def test_a_pin_of_which_something_is_cut_off_opens_nothing(world: World, column: str) -> None:
    with world.stores.keys.writing() as keys:
        service.keep_pin(keys, world.ombuds, service.pinned("11112222", PEPPER))
        keys.execute(text(f"UPDATE pin SET {column} = x'00'"))  # noqa: S608 - our own names
        keys.expire_all()

        assert service.find_pin(keys, world.ombuds) is None
