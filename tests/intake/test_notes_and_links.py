"""Ola's own notes: kept whole, never overwritten unseen, and the only place where two matters meet."""

from datetime import timedelta

import pytest

from portal import clock
from portal.desk import linking, noting
from portal.desk import service as desk_service
from portal.desk.noting import Kept, NoRoom, NotThere, Stale
from portal.desk.service import MatterView, Tampered
from portal.intake import returning
from portal.intake.notes import Notes
from portal.intake.rules import State, Stub
from portal.office.rules import DeskKeys
from tests.cast import World
from tests.intake.sealed import Share, ask, boxes, put_boxes, times, used_lockers

VERAS = "amber bagpipe cabbage daybreak eagle fabric"
LATER = clock.now() + timedelta(days=60)


@pytest.fixture
def lockers(world: World) -> list[bytes]:
    """Vera's, Tomás's and Mei's."""
    found: list[bytes] = []
    for number, name in enumerate(("Vera", "Tomás", "Mei")):
        typed = VERAS if name == "Vera" else None
        ask(world, typed=typed, slots=[times(world)[number].id], stub=Stub(Share.NOTHING, call_name=name))
        found += used_lockers(world) - set(found)
    assert len(found) == 3
    return found


def kept(world: World, ola: DeskKeys, locker: bytes) -> Notes:
    found = desk_service.open_matter(world.at_desk(ola), locker)
    assert isinstance(found, MatterView)
    return found.notes


def sides(world: World, ola: DeskKeys, locker: bytes) -> list[linking.Side]:
    return linking.sides(world.at_desk(ola), locker, kept(world, ola, locker))


def erase(world: World) -> None:
    done = returning.cancel(
        world.stores, VERAS, publication=world.publication, settings=world.settings, now=clock.now()
    )
    assert isinstance(done, returning.Opened)
    returning.erase(world.stores, VERAS, publication=world.publication, settings=world.settings, now=clock.now())


def test_notes_are_kept_as_they_were_typed(world: World, ola: DeskKeys, lockers: list[bytes]) -> None:
    text = "She wants\n\nto stay <b>unnamed</b>. \u0645\u062d\u0645\u062f"

    assert noting.write(world.at_desk(ola), lockers[0], text, 0) == Kept()

    assert kept(world, ola, lockers[0]) == Notes(1, text)
    assert kept(world, ola, lockers[1]) == Notes()


def test_notes_do_not_change_the_matter_that_its_visitor_sees(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    before = returning.come_back(world.stores, VERAS, settings=world.settings)
    noting.write(world.at_desk(ola), lockers[0], "Mine.", 0)
    after = returning.come_back(world.stores, VERAS, settings=world.settings)

    assert isinstance(before, returning.Opened)
    assert isinstance(after, returning.Opened)
    assert after.matter == before.matter
    assert after.kept == Notes()


def test_a_stale_page_overwrites_nothing_and_shows_what_is_kept(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    at = world.at_desk(ola)
    noting.write(at, lockers[0], "From the first window", 0)

    assert noting.write(at, lockers[0], "From the second", 0) == Stale(Notes(1, "From the first window"))
    assert noting.write(at, lockers[0], "Both of them", 1) == Kept()
    assert noting.write(at, lockers[0], "Both of them", 0) == Kept(), "sent twice"
    assert kept(world, ola, lockers[0]) == Notes(2, "Both of them")


def test_what_does_not_fit_changes_nothing(world: World, ola: DeskKeys, lockers: list[bytes]) -> None:
    at = world.at_desk(ola)
    noting.write(at, lockers[0], "Short.", 0)
    before = boxes(world, lockers[0])

    assert noting.write(at, lockers[0], "ü" * 2048, 1) == NoRoom()
    assert noting.write(at, b"x" * 16, "Nowhere.", 0) == NotThere()
    assert boxes(world, lockers[0]) == before


def test_older_notes_put_back_by_the_operator_are_noticed(world: World, ola: DeskKeys, lockers: list[bytes]) -> None:
    at = world.at_desk(ola)
    blank = boxes(world, lockers[0])["notes"]
    noting.write(at, lockers[0], "First.", 0)
    first = boxes(world, lockers[0])["notes"]
    noting.write(at, lockers[0], "Second.", 1)
    now = boxes(world, lockers[0])["notes"]

    for old in (blank, first):
        put_boxes(world, lockers[0], notes=old)
        assert desk_service.open_matter(at, lockers[0]) == Tampered()
        assert noting.write(at, lockers[0], "Third.", 2) == NotThere()
    put_boxes(world, lockers[0], notes=now)
    assert kept(world, ola, lockers[0]).text == "Second."


def test_two_matters_know_of_each_other_and_whether_both_sides_were_heard(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    vera, tomas, mei = lockers
    noting.write(world.at_desk(ola), vera, "Mine.", 0)
    assert [each.call_name for each in linking.choices(world.at_desk(ola), vera)] == ["Mei", "Tomás"]

    assert linking.link(world.at_desk(ola), vera, tomas)

    assert [(each.call_name, each.has_met) for each in sides(world, ola, vera)] == [("Tomás", False)]
    assert [(each.call_name, each.has_met) for each in sides(world, ola, tomas)] == [("Vera", False)]
    assert sides(world, ola, mei) == []
    assert [each.call_name for each in linking.choices(world.at_desk(ola), vera)] == ["Mei"]
    assert kept(world, ola, vera).text == "Mine."
    desk_service.mark(world.at_desk(ola, LATER), tomas, State.MET)
    assert [each.has_met for each in sides(world, ola, vera)] == [True]


def test_parted_matters_forget_each_other_and_keep_their_text(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    vera, tomas, mei = lockers
    at = world.at_desk(ola)
    noting.write(at, vera, "Mine.", 0)
    assert linking.link(at, vera, tomas)
    assert linking.link(at, vera, mei)

    assert linking.part(at, tomas, vera)

    assert sides(world, ola, tomas) == []
    assert [each.call_name for each in sides(world, ola, vera)] == ["Mei"]
    assert kept(world, ola, vera).text == "Mine."


def test_a_matter_is_linked_neither_with_itself_nor_with_one_that_is_not_there(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    at = world.at_desk(ola)

    assert not linking.link(at, lockers[0], lockers[0])
    assert not linking.link(at, lockers[0], b"x" * 16)
    assert kept(world, ola, lockers[0]) == Notes()


def test_a_side_that_has_ended_is_called_so_and_leaves_with_the_next_change(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    vera, tomas, _mei = lockers
    assert linking.link(world.at_desk(ola), vera, tomas)
    erase(world)

    assert [each.is_ended for each in sides(world, ola, tomas)] == [True]
    noting.write(world.at_desk(ola), tomas, "Vera is gone.", 1)
    assert sides(world, ola, tomas) == []


def test_somebody_elses_matter_in_the_same_locker_is_no_other_side(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    """All lockers are filled again, so that hers holds somebody who has nothing to do with it."""
    vera, tomas, _mei = lockers
    assert linking.link(world.at_desk(ola), vera, tomas)
    erase(world)
    for offer in times(world)[4:10]:
        ask(world, slots=[offer.id], stub=Stub(Share.NOTHING, call_name="Ned"))
    assert vera in used_lockers(world)

    assert [(each.is_ended, each.call_name) for each in sides(world, ola, tomas)] == [(True, "")]
    assert "Ned" in {each.call_name for each in linking.choices(world.at_desk(ola), tomas)}
    assert linking.part(world.at_desk(ola), tomas, vera)
    assert kept(world, ola, vera) == Notes(), "what is somebody else's is not touched"
    assert sides(world, ola, tomas) == []


def test_a_tampered_side_is_shown_as_one_and_stays_linked(world: World, ola: DeskKeys, lockers: list[bytes]) -> None:
    vera, tomas, _mei = lockers
    assert linking.link(world.at_desk(ola), vera, tomas)
    put_boxes(world, vera, to_ombuds=bytes(len(boxes(world, vera)["to_ombuds"])))

    assert [each.is_tampered for each in sides(world, ola, tomas)] == [True]
    noting.write(world.at_desk(ola), tomas, "Odd.", 1)
    assert kept(world, ola, tomas).linked == (vera,)


def test_a_matter_that_ends_soon_is_kept_for_a_month_and_pressed_twice_no_longer(
    world: World, ola: DeskKeys, lockers: list[bytes]
) -> None:
    found = desk_service.matters(world.at_desk(ola))[lockers[0].hex()]
    near = clock.now().replace(year=found.ends.year, month=found.ends.month, day=found.ends.day) - timedelta(days=3)
    assert not desk_service.keep_longer(world.at_desk(ola), lockers[0]), "it has months left"

    assert [desk_service.keep_longer(world.at_desk(ola, near), lockers[0]) for _ in range(2)] == [True, False]

    after = desk_service.matters(world.at_desk(ola))[lockers[0].hex()]
    assert after.ends == found.ends + timedelta(days=31)
    assert after.messages == found.messages
