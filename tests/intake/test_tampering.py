"""Theo writes into the desk store: what he swaps, changes or puts back opens nothing, and Ola sees it."""

from datetime import timedelta

import pytest

from portal import clock
from portal.desk import service as desk_service
from portal.desk.service import Gone, MatterView, Tampered
from portal.intake import returning
from portal.intake.returning import NothingThere
from portal.intake.rules import Share, State, Stub
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys, KeyCheck
from tests.cast import TOMAS, VERA, World
from tests.intake.sealed import ask, ask_desk, ask_file, boxes, claim_of, put_boxes, times, used_lockers

VERAS, TOMAS_OWN = "amber bagpipe cabbage daybreak eagle fabric", "gallery habitat iceberg jackal karate ladder"
LATER = clock.now() + timedelta(days=60)
NAMES = ("to_ombuds", "to_visitor", "notes")


@pytest.fixture
def lockers(world: World) -> list[bytes]:
    """Vera's locker and Tomás's."""
    found: list[bytes] = []
    for person, typed, offer in zip((VERA, TOMAS), (VERAS, TOMAS_OWN), times(world), strict=False):
        answer = ask(world, claim_of(world, person), typed=typed, slots=[offer.id], stub=Stub(Share.NAME))
        assert isinstance(answer, Receipt)
        found += used_lockers(world) - set(found)
    return found


def opened(world: World, ola: DeskKeys) -> list[type]:
    return [type(desk_service.open_matter(world.at_desk(ola), locker)) for locker in sorted(used_lockers(world))]


def listed_as_tampered(world: World, ola: DeskKeys) -> set[bytes]:
    found = desk_service.queue(world.at_desk(ola))
    return {bytes.fromhex(line.key) for line in found.tampered}


def come_back(world: World, typed: str) -> object:
    return returning.come_back(world.stores, typed, settings=world.settings)


def test_untouched_both_matters_open_and_none_is_listed(world: World, ola: DeskKeys, lockers: list[bytes]) -> None:
    assert opened(world, ola) == [MatterView, MatterView]
    assert listed_as_tampered(world, ola) == set()
    assert set(lockers) == used_lockers(world)


@pytest.mark.parametrize("name", NAMES)
def test_a_box_swapped_between_two_rows_is_noticed(
    world: World, ola: DeskKeys, lockers: list[bytes], name: str
) -> None:
    veras, his = (boxes(world, locker) for locker in lockers)
    put_boxes(world, lockers[0], **{name: his[name]})
    put_boxes(world, lockers[1], **{name: veras[name]})

    assert opened(world, ola) == [Tampered, Tampered]
    assert listed_as_tampered(world, ola) == set(lockers)
    assert come_back(world, VERAS) == NothingThere()


def test_two_whole_rows_swapped_are_noticed(world: World, ola: DeskKeys, lockers: list[bytes]) -> None:
    """With their locks, which Theo finds in the keys store."""
    veras, his = (boxes(world, locker) for locker in lockers)
    put_boxes(world, lockers[0], **his)
    put_boxes(world, lockers[1], **veras)
    keys = world.instance / "keys.db"
    (first,), (second,) = (ask_file(keys, "SELECT secret FROM lock WHERE locker = ?", each)[0] for each in lockers)
    ask_file(keys, "UPDATE lock SET secret = ? WHERE locker = ?", second, lockers[0])
    ask_file(keys, "UPDATE lock SET secret = ? WHERE locker = ?", first, lockers[1])

    assert opened(world, ola) == [Tampered, Tampered]
    assert listed_as_tampered(world, ola) == set(lockers)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [0, 20, 2000, -1])
def test_one_changed_byte_is_noticed(world: World, ola: DeskKeys, lockers: list[bytes], name: str, place: int) -> None:
    box = bytearray(boxes(world, lockers[0])[name])
    box[place] ^= 0x80
    put_boxes(world, lockers[0], **{name: bytes(box)})

    assert desk_service.open_matter(world.at_desk(ola), lockers[0]) == Tampered()
    assert isinstance(desk_service.open_matter(world.at_desk(ola), lockers[1]), MatterView)
    assert listed_as_tampered(world, ola) == {lockers[0]}
    assert come_back(world, VERAS) == NothingThere()


@pytest.mark.parametrize("put_back", [("to_ombuds",), ("to_ombuds", "to_visitor")])
def test_an_older_version_put_back_after_ola_marked_it_is_noticed(
    world: World, ola: DeskKeys, lockers: list[bytes], put_back: tuple[str, ...]
) -> None:
    old = boxes(world, lockers[0])
    assert desk_service.mark(world.at_desk(ola, LATER), lockers[0], State.MET)
    put_boxes(world, lockers[0], **{name: old[name] for name in put_back})

    assert desk_service.open_matter(world.at_desk(ola), lockers[0]) == Tampered()
    assert listed_as_tampered(world, ola) == {lockers[0]}
    assert not desk_service.mark(world.at_desk(ola, LATER), lockers[0], State.MISSED)


def test_a_sign_in_notes_what_is_there_so_that_an_older_version_is_noticed_from_then_on(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    before = boxes(world, lockers[0])
    returning.cancel(world.stores, VERAS, publication=world.publication, settings=world.settings, now=clock.now())
    assert desk_service.unlock(world.at_desk(ola)).key is KeyCheck.OWN
    put_boxes(world, lockers[0], to_ombuds=before["to_ombuds"])

    assert desk_service.open_matter(world.at_desk(ola), lockers[0]) == Tampered()


def test_a_sign_in_seals_all_used_lockers_anew_and_leaves_the_blanks_alone(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    everything = {bytes(row[0]) for row in ask_desk(world, "SELECT id FROM locker")}  # type: ignore[call-overload]
    before = {locker: boxes(world, locker) for locker in everything}

    assert desk_service.unlock(world.at_desk(ola)).key is KeyCheck.OWN

    for locker in everything:
        after = boxes(world, locker)
        changed = {name for name in NAMES if after[name] != before[locker][name]}
        assert changed == (set(NAMES) if locker in lockers else set())
        assert {name: len(box) for name, box in after.items()} == {
            name: len(box) for name, box in before[locker].items()
        }
    assert opened(world, ola) == [MatterView, MatterView]


def test_a_sign_in_keeps_what_was_tampered_with_for_ola_to_see(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    his = boxes(world, lockers[1])
    put_boxes(world, lockers[0], to_ombuds=his["to_ombuds"])

    assert desk_service.unlock(world.at_desk(ola)).key is KeyCheck.OWN

    assert listed_as_tampered(world, ola) == {lockers[0]}
    assert isinstance(desk_service.open_matter(world.at_desk(ola), lockers[1]), MatterView)


@pytest.mark.parametrize("moved_to", ["9999-12-01", "0001-01-01"])
def test_a_moved_day_of_the_end_is_put_right_at_the_next_sign_in(
    world: World, ola: DeskKeys, lockers: list[bytes], moved_to: str
) -> None:
    """Theo wants a matter that never ends, or one that the night wipes."""
    before = ask_desk(world, "SELECT id, destroy_on FROM locker")
    ask_desk(world, "UPDATE locker SET destroy_on = ? WHERE id = ?", moved_to, lockers[0])

    assert desk_service.unlock(world.at_desk(ola)).key is KeyCheck.OWN

    assert ask_desk(world, "SELECT id, destroy_on FROM locker") == before


def test_another_ombuds_cannot_even_ask_for_a_matter(world: World, ola: DeskKeys, lockers: list[bytes]) -> None:
    otto = DeskKeys(b"t" * 16, ola.private, ola.own, ola.office)

    assert desk_service.open_matter(world.at_desk(otto), lockers[0]) == Gone()
    assert not desk_service.mark(world.at_desk(otto, LATER), lockers[0], State.MET)
    assert desk_service.open_matter(world.at_desk(ola), b"x" * 16) == Gone()


def test_a_profile_stays_shut_for_whoever_holds_no_office_key(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    alone = DeskKeys(ola.ombuds, ola.private, ola.own, None)
    found = desk_service.open_matter(world.at_desk(alone), lockers[0])

    assert isinstance(found, MatterView)
    assert found.is_profile_shut
    assert found.profile == {}
