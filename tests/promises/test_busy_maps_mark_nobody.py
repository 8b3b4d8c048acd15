"""P4, P6, S17: what the store keeps of an ombuds' own calendar is the same whether visits are noted in it or not."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from portal import clock
from portal.busy.map import BusyMap
from portal.intake import service as intake
from portal.scheduling import elsewhere, reading, store
from portal.scheduling.spans import Span
from portal.volatile import Volatile
from tests.cast import VERA, World
from tests.own_calendar import OwnCalendar, allow, own_calendar

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
Keep = Callable[[World, OwnCalendar, datetime], None]


@pytest.fixture
def calendar() -> Iterator[OwnCalendar]:
    with own_calendar() as found:
        yield found


@pytest.fixture
def visited(world: World, calendar: OwnCalendar) -> World:
    """Vera booked, and so did two decoys; Ola connected her calendar."""
    assert isinstance(world.book(VERA, slots=[world.offers()[0].id], typed=TYPED), intake.Receipt)
    how = {"publication": world.publication, "settings": world.settings, "now": clock.now()}
    assert intake.book_decoy(world.stores, **how)
    assert intake.book_decoy(world.stores, **how)
    allow(world, calendar)
    with world.stores.keys.writing() as keys:
        elsewhere.set_address(keys, world.ombuds, calendar.url, settings=world.settings)
    world.stores.close()
    return world


def ours(world: World, _calendar: OwnCalendar, now: datetime) -> None:
    tried = reading.read(world.stores, Volatile().calendars, world.ombuds, settings=world.settings, now=now)
    assert tried
    assert tried.problem == ""


def all_that_it_says(world: World, calendar: OwnCalendar, now: datetime) -> None:
    """The planted leak: a map with the visits in it."""
    busy = BusyMap(now.date())
    for starts, ends in calendar.busy:
        busy.mark(starts, ends)
    with world.stores.desk.writing() as desk:
        elsewhere.keep(desk, world.ombuds, busy, settings=world.settings, now=now)


def kept(visited: World, folder: Path, calendar: OwnCalendar, noted: int, keep: Keep) -> BusyMap:
    """What one of two equal offices keeps, whose ombuds noted so many of her taken times beside an errand."""
    world, now = visited.copy(folder), clock.now()
    calendar.busy = [errand(world), *taken(world)[:noted]]
    keep(world, calendar, now)
    with world.stores.desk.reading() as desk:
        return elsewhere.last_read(desk, world.settings)[world.ombuds].busy


def taken(world: World) -> list[Span]:
    with world.stores.desk.reading() as desk:
        return [(slot.starts, slot.ends) for slot in store.taken_of(desk, world.ombuds)]


def errand(world: World) -> Span:
    with world.stores.desk.reading() as desk:
        free = store.free_slots(desk)[-1]
    return free.starts, free.ends


def differs(visited: World, folder: Path, calendar: OwnCalendar, keep: Keep) -> bool:
    maps = [kept(visited, folder / str(noted), calendar, noted, keep) for noted in (0, 1, 3)]
    assert all(any(True for _ in each.spans()) for each in maps), "the errand is in all of them"
    return any(each != maps[0] for each in maps)


def test_a_map_is_the_same_whichever_taken_times_are_in_the_calendar(
    visited: World, tmp_path: Path, calendar: OwnCalendar
) -> None:
    assert not differs(visited, tmp_path, calendar, ours)


def test_a_planted_map_of_all_that_the_calendar_says_is_caught(
    visited: World, tmp_path: Path, calendar: OwnCalendar
) -> None:
    assert differs(visited, tmp_path, calendar, all_that_it_says)
