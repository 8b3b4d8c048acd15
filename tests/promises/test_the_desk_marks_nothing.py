"""Theo has the locks too, takes the outer layer off, and looks at the files' times: no matter is marked by work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.desk import counting, meetings, noting, service, week
from portal.intake import lockers as boxes_of
from portal.intake import returning, store
from portal.intake import service as intake
from portal.intake.returning import Said
from portal.office.rules import DeskKeys
from portal.reporting.rules import Count, Kind
from portal.reporting.service import Correction, Kept
from portal.scheduling.rules import Mode
from tests.cast import MEI, TOMAS, VERA, World
from tests.intake.sealed import ask_desk, used_lockers

VERAS = "amber bagpipe cabbage daybreak eagle fabric"


@pytest.fixture
def ola(world: World) -> DeskKeys:
    for person, offer in zip((VERA, TOMAS, MEI), world.offers()[2:], strict=False):
        world.book(person, slots=[offer.id], typed=VERAS if person is VERA else None)
    own = world.desk_keys()
    service.unlock(world.at_desk(own))
    return own


def without_the_outer_layer(world: World) -> dict[bytes, boxes_of.Boxes]:
    with world.stores.desk.reading() as desk, world.stores.keys.reading() as keys:
        return {
            locker: boxes_of.unlock(locker, store.get_secret(keys, locker), store.get_boxes(desk, locker))
            for locker in used_lockers(world)
        }


def marked(world: World, own: DeskKeys, sign_in: Callable[[], object]) -> set[bytes]:
    """Lockers of which some box stayed, or alone was renewed, around a mere sign-in after Ola wrote a note on one."""
    locker = min(used_lockers(world))
    assert noting.write(world.at_desk(own), locker, "A note.", 0) == noting.Kept()
    before = without_the_outer_layer(world)
    sign_in()
    after = without_the_outer_layer(world)
    return {key for key, each in after.items() for name, box in vars(each).items() if box == vars(before[key])[name]}


def test_under_the_locks_a_sign_in_renews_every_box_of_every_matter(world: World, ola: DeskKeys) -> None:
    assert marked(world, ola, lambda: service.unlock(world.at_desk(ola))) == set()


def test_a_sign_in_that_only_locks_anew_would_be_caught(world: World, ola: DeskKeys) -> None:
    """The planted fault: new outer layers around the same boxes."""

    def lock_anew() -> None:
        with world.stores.desk.writing() as desk, world.stores.keys.reading() as keys:
            for locker in used_lockers(world):
                found, secret = store.get_boxes(desk, locker), store.get_secret(keys, locker)
                boxes = boxes_of.lock_anew(locker, secret, found)
                assert store.swap(desk, locker, seen=found.to_ombuds, boxes=boxes)

    assert marked(world, ola, lock_anew) == used_lockers(world)


def test_the_desk_store_is_always_the_newer_file(world: World, ola: DeskKeys) -> None:
    """A keys store that is newer would date the last work at the desk."""
    at = world.at_desk(ola)
    off = meetings.free_times(at)[-1].id
    acts: list[Callable[[], object]] = [
        lambda: service.unlock(at),
        lambda: service.reply(at, min(used_lockers(world)), Said("1" * 16, "Yes.")),
        lambda: counting.contact(at, Count(kind=Kind.CONTACT, mode="phone")),
        lambda: week.take_off(at, [off]),
        lambda: week.open_again(at, [off], world.publication),
    ]
    for act in acts:
        act()
        desk, keys = (Path(world.instance / name).stat().st_mtime_ns for name in ("desk.db", "keys.db"))
        assert desk >= keys


def test_a_message_changes_the_block_of_a_slot_too(world: World, ola: DeskKeys) -> None:
    """As a booking and the noise do; without it, a changed locker alone would be somebody who wrote."""
    del ola
    before = ask_desk(world, "SELECT id, grain FROM slot")
    said = Said("1" * 16, "It is me.")
    returning.write(world.stores, VERAS, said, settings=world.settings, now=clock.now())

    assert len(set(ask_desk(world, "SELECT id, grain FROM slot")) - set(before)) == 1


def test_a_decoy_is_met_in_a_way_that_its_time_offers(world: World) -> None:
    """Or a day that is blocked in an office without a phone would move visitors only."""
    ask_desk(world, "UPDATE slot SET modes = 'vi-'")
    own = world.desk_keys()
    for _ in range(4):
        assert intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
    opened = service.open_all(world.at_desk(own)).values()
    assert {meeting.mode for each in opened if each for meeting in each.matter.meetings} <= {Mode.video, Mode.in_person}


def test_a_matter_ends_on_a_monday_and_no_day_tells_when_the_last_thing_in_it_happened(
    world: World, ola: DeskKeys
) -> None:
    """Daily copies of the disk: whatever is freed is freed at the first sign-in of a week."""
    freed = set()
    for days in range(80, 140):
        before = used_lockers(world)
        now = clock.now() + timedelta(days=days)
        service.unlock(world.at_desk(ola, now))
        freed |= {now.weekday()} if used_lockers(world) != before else set()
    assert freed == {0}


def test_two_windows_that_count_at_once_block_nobody(world: World, ola: DeskKeys) -> None:
    """Corrections hold both stores; a second session beside theirs would wait for a writer who waits for them."""
    at = world.at_desk(ola)
    quarter = counting.books(at).open[-1]

    def correct(_number: int) -> object:
        return counting.correct(at, Correction(quarter, "concern", "2.f", 1))

    def count(_number: int) -> object:
        return counting.contact(at, Count(kind=Kind.CONTACT, mode="phone"))

    started = clock.seconds()
    with ThreadPoolExecutor(4) as threads:
        answers = [*threads.map(correct, range(3)), *threads.map(count, range(3))]
    assert clock.seconds() - started < 15
    assert sum(isinstance(each, Kept) for each in answers) == 3
