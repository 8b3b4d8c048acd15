"""Ola connects her own calendar to the real server: the list follows it, and what it says outlives its failure."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal import clock
from portal.scheduling import elsewhere
from portal.scheduling.rules import Offer
from tests.cast import Server, World, serve
from tests.own_calendar import OwnCalendar, allow, own_calendar
from tests.promises.the_desk import DeskBrowser
from tests.visiting import Answer, Visitor

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PAGE = "/desk/calendar"


@pytest.fixture
def calendar() -> Iterator[OwnCalendar]:
    with own_calendar() as found:
        yield found


@pytest.fixture
def allowing(world: World, calendar: OwnCalendar) -> Iterator[Server]:
    allow(world, calendar)
    running = serve(world)
    yield running
    running.kill()


def at_her_desk(server: Server) -> DeskBrowser:
    ola = DeskBrowser(Visitor(server.url))
    ola.sign_in(server.world)
    return ola


def block(calendar: OwnCalendar, *offers: Offer) -> None:
    calendar.busy = [(each.starts + MINUTE, each.ends - MINUTE) for each in offers]


def connect(ola: DeskBrowser, address: str) -> str:
    """What the page says then, or the next one."""
    answer = ola.send(ola.get(PAGE), PAGE, address=address)
    return answer.body if answer.status == 200 else ola.get(PAGE).body


def said(refused: Answer) -> str:
    """What a visitor reads on top of a form that was not taken."""
    assert '<ol class="words"' not in refused.body
    found = re.search(r'<section class="problem".*?</section>', refused.body, re.DOTALL)
    assert found
    return found.group()


def test_the_list_follows_the_calendar_at_the_next_publication(allowing: Server, calendar: OwnCalendar) -> None:
    world, visitor = allowing.world, Visitor(allowing.url)
    first, second, third = world.offers()[4:7]
    assert first.key in visitor.get("/times?week=0").body + visitor.get("/times?week=1").body
    block(calendar, first, second)
    assert "Connected: 127.0.0.1" in connect(at_her_desk(allowing), calendar.url)

    listed = visitor.get("/times?week=0").body + visitor.get("/times?week=1").body
    assert first.key in listed, "the list of today stands"
    gone = visitor.book(world, None, [first.key])
    taken = visitor.book(world, None, [third.key])
    assert '<ol class="words"' in taken.body
    as_taken = visitor.book(world, None, [third.key])
    assert said(gone) == said(as_taken)
    assert (gone.status, gone.length) == (as_taken.status, as_taken.length)

    allowing.stop()
    again = serve(world, allowing.log)
    try:
        listed = "".join(Visitor(again.url).get(f"/times?week={week}").body for week in range(2))
        assert not any(each.key in listed for each in (first, second, third))
        assert world.offers()[8].key in listed
    finally:
        again.kill()
    assert str(calendar.place.port) not in allowing.log.read_text()


def test_a_server_that_starts_reads_what_is_connected_by_itself(allowing: Server, calendar: OwnCalendar) -> None:
    world = allowing.world
    allowing.stop()
    block(calendar, world.offers()[4])
    with world.stores.keys.writing() as keys:
        elsewhere.set_address(keys, world.ombuds, calendar.url, settings=world.settings)
    again = serve(world, allowing.log)
    try:
        until = clock.seconds() + 30
        while not _read(world) and clock.seconds() < until:
            pass
        assert _read(world)
        assert calendar.asked == 1
    finally:
        again.kill()


def test_when_the_calendar_fails_the_last_times_stay_and_the_page_says_so(
    allowing: Server, calendar: OwnCalendar
) -> None:
    world, ola = allowing.world, at_her_desk(allowing)
    first = world.offers()[4]
    block(calendar, first)
    connect(ola, calendar.url)
    calendar.status = "500 Internal Server Error"
    page = ola.get(PAGE)
    assert ola.send(page, f"{PAGE}/read").status == 302
    said = ola.get(PAGE).body
    assert "The calendar did not answer since" in said
    assert "These busy times are from then." in said
    refused = Visitor(allowing.url).book(world, None, [first.key])
    assert '<ol class="words"' not in refused.body


def test_an_address_inside_that_is_pasted_at_the_desk_is_refused_kindly(
    allowing: Server, calendar: OwnCalendar
) -> None:
    ola = at_her_desk(allowing)
    for address in ("https://169.254.169.254/latest/meta-data/", "https://localhost/", "https://[::ffff:127.0.0.1]/"):
        assert "leads to a machine inside a network" in connect(ola, address)
    assert "Connected:" not in ola.get(PAGE).body
    assert calendar.asked == 0


def _read(world: World) -> bool:
    with world.stores.desk.reading() as desk:
        return bool(elsewhere.last_read(desk, world.settings))
