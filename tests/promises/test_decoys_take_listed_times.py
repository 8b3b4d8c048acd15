"""P6, S17: a decoy takes a time of the list that everybody sees, as a visitor does, whatever else is free."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.intake import service as intake
from portal.scheduling import elsewhere, opening, own, store
from portal.scheduling.service import KEEP_FREE
from tests.cast import World
from tests.intake.sealed import taken_slots

Book = Callable[[World], object]
DECOYS = 4
#: Listed times that stay free: enough for the decoys, and few beside those that are free and not listed.
LISTED = KEEP_FREE + DECOYS


@pytest.fixture
def changed(world: World) -> World:
    """Since the list was made, times came that are not on it: Ola's calendar freed some, and her hours grew."""
    now = clock.now()
    busy = elsewhere.BusyMap(now.date())
    offers = world.offers()
    busy.mark(offers[LISTED].starts, offers[-1].starts + timedelta(days=1))
    with world.stores.desk.writing() as desk:
        elsewhere.keep(desk, world.ombuds, busy, settings=world.settings, now=now)
    world.refresh()
    assert len(world.offers()) == LISTED
    with world.stores.desk.writing() as desk:
        elsewhere.forget(desk, world.ombuds)
        ranges, practice = opening.get_hours(desk, world.ombuds)
        assert practice
        more = [replace(each, weekday=(each.weekday + 1) % 7) for each in ranges]
        opening.set_hours(desk, world.ombuds, list({*ranges, *more}), practice)
        opening.open_slots(desk, world.settings, now)
    return world


def ours(world: World) -> object:
    return intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())


def draws_from_the_free_ones(world: World) -> object:
    """The planted fault: whatever is free and far enough ahead."""
    with world.stores.desk.writing() as desk:
        return store.take_slot(desk, own.offerable(desk, world.ombuds, world.settings, clock.now())[-1].id)


def tells(world: World, book: Book) -> set[bytes]:
    """Times that went although nobody could see them: no visitor had them."""
    listed = {offer.id for offer in world.offers()}
    for _ in range(DECOYS):
        assert book(world)
    return taken_slots(world) - listed


def test_no_decoy_takes_what_is_not_on_the_list(changed: World) -> None:
    assert tells(changed, ours) == set()
    assert len(taken_slots(changed)) == DECOYS


def test_when_few_listed_times_are_left_the_unlisted_ones_make_up_for_nothing(changed: World) -> None:
    assert tells(changed, ours) == set()
    assert not ours(changed)


def test_a_planted_decoy_that_draws_from_all_free_times_is_caught(changed: World) -> None:
    assert tells(changed, draws_from_the_free_ones)
