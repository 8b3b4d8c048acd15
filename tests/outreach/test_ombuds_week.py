"""Which week the site speaks of, when the first page does, and what stands on its pages."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from portal import clock, create_app
from portal.outreach.rules import AHEAD, week_of
from portal.scheduling import opening
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode
from portal.site import choices, voices, words
from portal.site.choices import Campaign, Choices
from portal.site.voices import Kind, Voice
from tests.cast import EVERY_DAY, PRACTICE, World
from tests.colleagues import OTTO, OTTO_NAME, add_ombuds

DAY = timedelta(days=1)
OWN = (date(2027, 3, 1), date(2027, 3, 5))


@pytest.fixture
def client(world: World) -> Iterator[FlaskClient]:
    yield create_app(world.instance).test_client()
    world.refresh()


def choose(world: World, **wishes: object) -> None:
    with world.stores.site.writing() as site:
        choices.keep(site, Choices(**wishes))  # type: ignore[arg-type]


def write(world: World, key: str, text: str) -> None:
    with world.stores.site.writing() as site:
        words.keep(site, key, "en", text, mark=words.standing(site, key, "en").mark)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("year", range(2018, 2041))
def test_ombuds_day_is_the_second_thursday_of_october(year: int) -> None:
    thursdays = [week[calendar.THURSDAY] for week in calendar.monthcalendar(year, 10) if week[calendar.THURSDAY]]
    found = week_of(date(year, 7, 1))

    assert found.day == date(year, 10, thursdays[1])
    assert (found.first, found.last) == (found.day - 3 * DAY, found.day + DAY)


@pytest.mark.parametrize("year", range(2018, 2041))
def test_a_week_is_near_from_three_weeks_before_to_its_last_day(year: int) -> None:
    first, last = week_of(date(year, 7, 1)).first, week_of(date(year, 7, 1)).last
    near = [day for number in range(366) if week_of(day := date(year, 1, 1) + number * DAY).is_near]

    assert (near[0], near[-1]) == (first - AHEAD, last)
    assert len(near) == (last - first + AHEAD).days + 1
    assert week_of(last + DAY).first.year == year + 1


def test_an_own_week_stands_for_its_year() -> None:
    before, during, after = (week_of(day, OWN) for day in (date(2027, 2, 8), OWN[1], OWN[1] + DAY))

    assert (before.first, before.last, before.day) == (*OWN, None)
    assert (before.is_near, before.has_begun, during.is_near, during.has_begun) == (True, False, True, True)
    assert not week_of(date(2027, 2, 7), OWN).is_near
    assert after.first.year == 2028, "the week of October 2027 was held in March"


def test_an_own_week_over_new_year_is_followed_by_that_of_a_later_year() -> None:
    own = (date(2026, 12, 28), date(2027, 1, 1))

    assert week_of(date(2027, 1, 1), own).first == own[0]
    assert week_of(date(2027, 1, 2), own).first.year == 2028


def test_ombuds_day_is_named_where_it_lies_in_an_own_week() -> None:
    assert week_of(date(2026, 9, 1), (date(2026, 10, 8), date(2026, 10, 8))).day == date(2026, 10, 8)
    assert week_of(date(2026, 9, 1), (date(2026, 10, 9), date(2026, 10, 12))).day is None


def test_an_office_may_speak_of_it_always_or_never() -> None:
    far, near = date(2026, 1, 1), date(2026, 10, 5)

    assert week_of(far, is_on=True).is_near
    assert not week_of(near, is_on=False).is_near


def test_the_first_page_speaks_of_a_week_that_is_near(client: FlaskClient, world: World) -> None:
    today = clock.now().date()
    choose(world, week=(today + 2 * DAY, today + 4 * DAY))
    home = client.get("/").text

    assert "Ombuds Week is near" in text_of(home)
    assert home.index('class="button"') < home.index("Ombuds Week is near") < home.index('id="exceptions"')


def test_during_the_week_the_first_page_says_until_when(client: FlaskClient, world: World) -> None:
    today = clock.now().date()
    choose(world, week=(today - DAY, today + DAY))

    assert "It is Ombuds Week, until" in text_of(client.get("/").text)


@pytest.mark.parametrize("wishes", [{"campaign": Campaign.OFF}, {"week": (date(2199, 1, 1), date(2199, 1, 2))}])
def test_a_week_that_is_far_or_off_is_a_quiet_page_and_no_line(
    client: FlaskClient, world: World, wishes: dict[str, object]
) -> None:
    choose(world, **wishes)

    assert "week-line" not in client.get("/").text
    assert "The next one:" in text_of(client.get("/week").text)


def test_pages_for_audiences_are_listed_by_their_titles(client: FlaskClient, world: World) -> None:
    write(world, "week/students", "# You study here\n\nCome in.")
    write(world, "week/myths", "# Myths and facts\n\nCome in.")
    with world.stores.site.writing() as site:
        words.show(site, "week/volunteers", shown=True)
    write(world, "week/volunteers", "# You help out\n\nCome in.")
    page = client.get("/week").text

    for name, title in (("students", "You study here"), ("myths", "Myths and facts"), ("volunteers", "You help out")):
        assert re.search(rf'<a href="/week/{name}">{title}</a>', page)
        assert f"<h1>{title}</h1>" in client.get(f"/week/{name}").text


def test_the_text_of_the_office_welcomes(client: FlaskClient, world: World) -> None:
    write(world, "week/welcome", "# Open doors\n\nWe bake cake.")

    assert "<h1>Open doors</h1>" in client.get("/week").text
    assert client.get("/week/welcome").headers["Location"] == "/week"


def test_words_to_copy_hold_the_bare_address(client: FlaskClient, world: World) -> None:
    write(world, "week/kit", "# Words to copy\n\n> Book at {address}")

    assert f"Book at {urlsplit(world.settings.address).netloc}" in client.get("/week/kit").text


@pytest.mark.parametrize("path", ["/week/nobody", "/week/kit/x", "/week/..%2fabout", "/week/events/00.ics"])
def test_what_is_no_page_of_the_week_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_two_voices_stand_on_the_page_of_the_week_and_no_question(client: FlaskClient, world: World) -> None:
    said = [Voice(f"{n:016x}", Kind.EXPERIENCE, "2026-Q3", "en", f"It helped, {n}.") for n in range(3)]
    with world.stores.site.writing() as site:
        for each in (*said, Voice("f" * 16, Kind.QUESTION, "2026-Q3", "en", "Who pays you?", "The council.")):
            voices.publish(site, each)

    page = client.get("/week").text
    assert page.count("It helped, ") == 2
    assert "Who pays you?" not in page
    assert "/about/voices" in page


def set_ways(world: World, *modes: Mode, without_code: int = 100) -> None:
    """Ola's hours; what is free today stays as it is."""
    with world.stores.desk.writing() as desk:
        hours = [replace(each, modes=modes) for each in EVERY_DAY]
        opening.set_hours(desk, world.ombuds, hours, replace(PRACTICE, without_code=without_code))


def test_the_week_names_the_ways_that_are_set_and_not_what_is_free_today(world: World, client: FlaskClient) -> None:
    set_ways(world, Mode.video)
    with world.stores.desk.writing() as desk:
        for offer in world.offers():
            scheduling.take(desk, [offer], offer.modes[0], True, settings=world.settings, now=clock.now())  # noqa: FBT003 - as it is
    said = text_of(client.get("/week").text)

    assert "No time is free on the list right now" in said
    assert "in your browser" in said
    assert "You call us" not in said


def test_the_week_tells_of_the_ways_of_those_whom_the_visitor_would_meet(world: World, client: FlaskClient) -> None:
    add_ombuds(world, OTTO, OTTO_NAME, replace(PRACTICE, modes=(Mode.phone,)))

    assert "in your browser" in text_of(client.get("/week").text)
    assert "in your browser" not in text_of(client.get(f"/week?ombuds={OTTO.hex()}").text)


@pytest.mark.parametrize(("without_code", "is_said"), [(0, False), (25, True), (100, True)])
def test_that_times_need_no_code_is_said_only_where_some_do_not(
    world: World,
    client: FlaskClient,
    without_code: int,
    is_said: bool,  # noqa: FBT001 - a table
) -> None:
    set_ways(world, *Mode, without_code=without_code)

    assert ("Many times need none" in client.get("/week").text) is is_said


def test_the_week_names_only_ways_that_somebody_offers(world: World, client: FlaskClient) -> None:
    every = text_of(client.get("/week").text)
    assert all(way in every for way in ("You call us", "in your browser", "You will see which door"))

    by_phone = [replace(each, modes=(Mode.phone,)) for each in EVERY_DAY]
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, world.ombuds, by_phone, PRACTICE)
        opening.open_slots(desk, world.settings, clock.now(), world.ombuds)
    said = text_of(create_app(world.instance).test_client().get("/week").text)

    assert "You call us" in said
    assert "in your browser" not in said
    assert "You will see which door" not in said
