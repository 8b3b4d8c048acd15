"""Somebody leaves a note: sealed to an ombuds who has room, and never in the way of those who book."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal import clock
from portal.bounds import NoteRoom
from portal.desk import remarks as at_desk
from portal.desk import service
from portal.intake import remarks
from portal.intake.remarks import BoxFull, Kept, Leaving
from portal.intake.rules import About, Remark
from portal.office.rules import DeskKeys
from portal.scheduling.rules import last_publication
from portal.volatile import SentNotes
from tests.cast import World
from tests.colleagues import NOT_OTTO, OTTO, with_otto
from tests.intake.sealed import ask_desk, bytes_of, taken_slots, times, used_lockers

NOTE = Remark(About.EXPERIENCE, "I was heard.", easy="yes")


def leave(
    world: World, room: NoteRoom | None = None, sent: SentNotes | None = None, *, form: bytes = b"", **changes: object
) -> Kept | BoxFull:
    asked = Leaving(form or remarks.new_form(), NOTE, **changes)  # type: ignore[arg-type]
    return remarks.leave(
        world.stores,
        asked,
        room=room or NoteRoom(),
        sent=sent or SentNotes(),
        settings=world.settings,
        now=clock.now(),
    )


def roomy(world: World, **rooms: int) -> NoteRoom:
    """As if chance had drawn this much at the last publication."""
    room, settings = NoteRoom(), world.settings
    drawn = {world.ombuds: rooms.get("ola", 0), OTTO: rooms.get("otto", 0)}
    room.left(last_publication(clock.now(), settings.publish_at, settings.zone), lambda: drawn)
    return room


def opened(world: World, ola: DeskKeys) -> list[Remark | None]:
    return [each.matter.remark for each in service.open_all(world.at_desk(ola)).values() if each]


def test_a_note_lies_in_a_mailbox_and_ola_opens_it(world: World, ola: DeskKeys) -> None:
    assert leave(world) == Kept()

    assert opened(world, ola) == [NOTE]
    assert len(used_lockers(world)) == 1
    assert taken_slots(world) == set()


def test_it_ends_like_any_other_matter(world: World, ola: DeskKeys) -> None:
    leave(world)
    later = clock.now() + timedelta(days=world.settings.keep_days + 7)
    service.unlock(world.at_desk(ola, later))

    assert used_lockers(world) == set()


def test_sent_twice_it_is_kept_once_also_where_the_box_is_full_by_now(world: World) -> None:
    form, room, sent = remarks.new_form(), roomy(world, ola=1), SentNotes()

    assert leave(world, room, sent, form=form) == Kept()
    assert leave(world, room, sent) == BoxFull()
    assert leave(world, room, sent, form=form) == Kept()
    assert len(used_lockers(world)) == 1


@pytest.mark.parametrize("more", [0, 1])
def test_sent_again_after_ola_destroyed_it_the_answer_is_the_same_and_it_does_not_come_back(
    world: World, ola: DeskKeys, more: int
) -> None:
    """Or whoever sends a form again and again sees when a named ombuds worked: with room for one more, and without."""
    form, room, sent = remarks.new_form(), roomy(world, ola=1 + more), SentNotes()
    assert leave(world, room, sent, form=form) == Kept()
    (note,) = used_lockers(world)
    assert at_desk.destroy(world.at_desk(ola), [note], world.publication) == 1
    before = bytes_of(world)

    assert leave(world, room, sent, form=form) == Kept()
    assert bytes_of(world) == before
    assert used_lockers(world) == set()


def test_a_form_that_found_no_room_may_be_sent_again(world: World) -> None:
    form, sent = remarks.new_form(), SentNotes()

    assert leave(world, roomy(world), sent, form=form) == BoxFull()
    assert leave(world, roomy(world, ola=1), sent, form=form) == Kept()
    assert len(used_lockers(world)) == 1


def test_one_form_from_many_hands_at_once_is_one_note(world: World) -> None:
    form, room, sent = remarks.new_form(), roomy(world, ola=4), SentNotes()
    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(lambda _: leave(world, room, sent, form=form), range(4)))

    assert answers == [Kept()] * 4
    assert len(used_lockers(world)) == 1


def test_half_of_the_mailboxes_stay_free_however_many_notes_come(world: World) -> None:
    for _ in range(30):
        leave(world)

    assert len(used_lockers(world)) == 4
    assert leave(world) == BoxFull()


@pytest.mark.parametrize("booked", [4, 8])
def test_where_visitors_use_half_of_them_there_is_no_room_for_notes(world: World, booked: int) -> None:
    for offer in times(world)[:booked]:
        world.book(None, slots=[offer.id])

    assert leave(world) == BoxFull()


def test_between_two_lists_no_booking_changes_how_many_notes_are_taken(world: World) -> None:
    """Or whoever fills the box and tries again would see when somebody books, and when somebody erases."""
    answers = []
    for bookings in (0, 3):
        office, room = world.copy(world.instance.parent / str(bookings)), roomy(world, ola=3)
        for offer in times(office)[:bookings]:
            office.book(None, slots=[offer.id])
        answers.append([leave(office, room) for _ in range(5)])

    assert answers[0] == answers[1] == [Kept()] * 3 + [BoxFull()] * 2


def test_how_many_fit_until_the_next_list_is_drawn_anew_by_chance(world: World) -> None:
    with world.stores.desk.reading() as desk:
        drawn = {remarks._draw_room(desk)[world.ombuds] for _ in range(200)}

    assert drawn == {2, 3, 4}


def test_a_note_goes_to_nobody_who_was_left_out(world: World) -> None:
    with_otto(world)
    ask_desk(world, "UPDATE locker SET ombuds = ? WHERE id IN (SELECT id FROM locker LIMIT 4)", OTTO)

    assert leave(world, roomy(world, otto=4), whom=[NOT_OTTO]) == BoxFull()
    assert leave(world, roomy(world, otto=4)) == Kept()
    assert leave(world, roomy(world, otto=4), whom=["not-x"]) == BoxFull(), "what cannot be read allows nobody"


def test_chance_draws_who_gets_it(world: World) -> None:
    with_otto(world)
    ask_desk(world, "UPDATE locker SET ombuds = ? WHERE id IN (SELECT id FROM locker LIMIT 4)", OTTO)
    got = set()
    for number in range(12):
        office = world.copy(world.instance.parent / f"drawn{number}")
        assert leave(office, roomy(office, ola=4, otto=4)) == Kept()
        got |= {row[0] for row in ask_desk(office, "SELECT ombuds FROM locker WHERE state = 9")}

    assert got == {world.ombuds, OTTO}


def _closed(world: World) -> None:
    ask_desk(world, "UPDATE ombuds SET state = 6")


def _stays_away(world: World) -> None:
    soon = clock.now() + timedelta(days=10)
    ask_desk(world, "UPDATE locker SET destroy_on = ?", soon.date().isoformat())


def _full(world: World) -> None:
    ask_desk(world, "UPDATE locker SET state = 9")


@pytest.mark.parametrize("cannot", [_closed, _stays_away, _full])
def test_where_nobody_can_take_it_nothing_is_written(world: World, cannot: object) -> None:
    assert callable(cannot)
    cannot(world)
    before = bytes_of(world)

    assert leave(world, roomy(world, ola=4)) == BoxFull()
    assert bytes_of(world) == before
