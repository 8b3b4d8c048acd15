"""Theo holds two copies of the disk, from before and after Ola changed her hours: he learns her hours, and no visit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from portal import clock
from portal.intake import service as intake
from portal.scheduling import plans, store
from portal.scheduling.plans import Plan
from portal.scheduling.rules import WeeklyRange
from tests.cast import MEI, TOMAS, VERA, World
from tests.intake.sealed import ask_desk, used_lockers

MORNINGS = [WeeklyRange(day, time(9), time(12)) for day in range(7)]
CHANGES: dict[str, Callable[[Plan], Plan]] = {
    "a shorter week": lambda found: replace(found, week=MORNINGS),
    "a longer pause": lambda found: replace(found, practice=replace(found.practice, buffer=15)),
    "a closed date": lambda found: replace(found, special={clock.now().date(): ()}),
    "nothing": lambda found: found,
}


@pytest.fixture
def booked(world: World) -> World:
    """Three visitors and a decoy have a time."""
    for person, offer in zip((VERA, TOMAS, MEI), world.offers()[2:], strict=False):
        world.book(person, slots=[offer.id])
    assert intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
    return world


def told(world: World, act: Callable[[], object]) -> set[str]:
    """The tables of all stores in which two copies around an act differ, and `taken` if a taken time is among it."""
    before, taken = tables(world), taken_times(world)
    act()
    after = tables(world)
    found = {name for name in before if before[name] != after[name]}
    return found | ({"taken"} if taken_times(world) != taken else set())


def tables(world: World) -> dict[str, list[Any]]:
    names = [row[0] for row in ask_desk(world, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: ask_desk(world, f"SELECT * FROM {name}") for name in names}  # noqa: S608 - names of our own
    keys = (world.instance / "keys.db").read_bytes(), (world.instance / "site.db").read_bytes()
    return found | {"keys.db": [keys[0]], "site.db": [keys[1]]}


def taken_times(world: World) -> list[Any]:
    return ask_desk(world, "SELECT * FROM slot WHERE state = 9")


def keep(world: World, change: Callable[[Plan], Plan]) -> None:
    with world.stores.desk.writing() as desk:
        plans.keep(desk, world.ombuds, change, world.settings, clock.now())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_two_copies_around_a_change_of_hours_tell_the_hours_alone(
    booked: World, change: Callable[[Plan], Plan]
) -> None:
    assert told(booked, lambda: keep(booked, change)) <= {"hours", "practice", "special", "slot"}


def test_looking_at_what_a_change_would_do_writes_nothing(booked: World) -> None:
    def look() -> None:
        with booked.stores.desk.reading() as desk:
            plans.look(desk, booked.ombuds, CHANGES["a shorter week"], booked.settings, clock.now())

    assert told(booked, look) == set()


def test_a_change_that_touches_somebodys_time_or_matter_would_be_caught(booked: World) -> None:
    """The planted faults: taken times are rewritten with the others, or matters sealed anew with them."""

    def free_a_taken_one() -> None:
        with booked.stores.desk.writing() as desk:
            slot = store.taken_of(desk, booked.ombuds)[0]
            store.free_slot(desk, slot.id)
            store.take_slot(desk, slot.id)

    def touch_a_matter() -> None:
        with booked.stores.desk.writing() as desk:
            locker = min(used_lockers(booked))
            desk.connection().exec_driver_sql("UPDATE locker SET notes = zeroblob(8) WHERE id = ?", (locker,))

    assert told(booked, free_a_taken_one) == {"slot", "taken"}
    assert told(booked, touch_a_matter) == {"locker"}
