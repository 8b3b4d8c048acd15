"""Ola reads notes from visitors, and nowhere else do they look like people who wait."""

import pytest

from portal import clock
from portal.bounds import NoteRoom
from portal.desk import closing, counting, linking, remarks, service
from portal.desk.closing import NotThere
from portal.desk.service import Gone
from portal.intake.remarks import Kept, Leaving, leave, new_form, tally
from portal.intake.rules import About, Remark
from portal.office.rules import DeskKeys
from portal.reporting.rules import Count
from portal.volatile import SentNotes
from tests.cast import VERA, World
from tests.intake.sealed import bytes_of, put_boxes, used_lockers

WISH, ANSWERS = Remark(About.WISH, "Open later."), Remark(About.SURVEY, easy="yes", heard="person")


def left(world: World, remark: Remark = WISH) -> bytes:
    """The locker in which a new note lies."""
    before = used_lockers(world)
    asked = Leaving(new_form(), remark)
    room, sent = NoteRoom(), SentNotes()
    found = leave(world.stores, asked, room=room, sent=sent, settings=world.settings, now=clock.now())
    assert found == Kept()
    (locker,) = used_lockers(world) - before
    return locker


def test_ola_finds_all_notes_by_the_locker_they_lie_in(world: World, ola: DeskKeys) -> None:
    world.write(VERA, "A letter is no note.")
    wish, answers = left(world), left(world, ANSWERS)

    assert remarks.found(world.at_desk(ola)) == {wish.hex(): WISH, answers.hex(): ANSWERS}


def test_no_list_page_search_or_link_knows_of_a_note(world: World, ola: DeskKeys) -> None:
    key, at = left(world), world.at_desk(ola)
    queue = service.queue(at)

    assert not any(vars(queue).values()), "not even among those who wait"
    assert (service.matters(at), service.views(at), linking.choices(at, b"0" * 16)) == ({}, [], [])
    assert service.open_matter(at, key) == Gone()


def test_a_note_is_never_closed_or_counted(world: World, ola: DeskKeys) -> None:
    key, at = left(world), world.at_desk(ola)

    answer = closing.close(at, key, Count(outcome="coached", mode="phone"), version=1, publication=world.publication)
    assert answer == NotThere()
    assert remarks.destroy(at, [key], world.publication) == 1
    books = counting.books(at)
    assert books.waiting == []
    assert not any(table.counts for table in books.tables.values())


def test_destroying_ends_this_note_alone(world: World, ola: DeskKeys) -> None:
    key, other = left(world), left(world, ANSWERS)
    world.write(VERA, "My hours changed.")
    at, before = world.at_desk(ola), bytes_of(world)

    assert remarks.destroy(at, [key], world.publication) == 1
    assert remarks.found(at) == {other.hex(): ANSWERS}
    assert len(service.matters(at)) == 1
    assert bytes_of(world) != before


def test_pressed_twice_it_is_gone_and_nothing_else_is(world: World, ola: DeskKeys) -> None:
    key, at = left(world), world.at_desk(ola)
    remarks.destroy(at, [key], world.publication)

    assert remarks.destroy(at, [key], world.publication) == 0


def test_no_matter_of_a_visitor_is_destroyed_that_way(world: World, ola: DeskKeys) -> None:
    world.write(VERA, "My hours changed.")
    (matter,) = used_lockers(world)

    assert remarks.destroy(world.at_desk(ola), [matter, b"", b"0" * 16], world.publication) == 0
    assert used_lockers(world) == {matter}


def test_the_next_sign_in_misses_no_note_that_ola_destroyed(world: World, ola: DeskKeys) -> None:
    key, at = left(world), world.at_desk(ola)
    service.unlock(at)
    remarks.destroy(at, [key], world.publication)

    assert service.unlock(at).visit.gone == 0


def test_a_note_that_was_tampered_with_is_told_as_any_matter(world: World, ola: DeskKeys) -> None:
    key = left(world)
    put_boxes(world, key, to_ombuds=b"x" * 100)

    assert remarks.found(world.at_desk(ola)) == {}
    assert [each.key for each in service.queue(world.at_desk(ola)).tampered] == [key.hex()]


@pytest.mark.parametrize(
    ("question", "answers", "sums"),
    [
        ("easy", ["yes", "partly", "no"], [("yes", 2), ("no", 1)]),
        ("heard", ["person"], [("person", 1)]),
        ("felt", ["yes", "no"], []),
    ],
)
def test_answers_are_added_up_and_what_the_form_does_not_know_is_left_out(
    question: str, answers: list[str], sums: list[tuple[str, int]]
) -> None:
    notes = [ANSWERS, Remark(About.WISH, "Tea.", easy="yes"), Remark(About.SURVEY, easy="no", felt="forged")]
    assert tally(notes, question, answers) == sums
