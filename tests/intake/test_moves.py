"""With six words Vera moves her appointment in one step: never without one, never with two."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar

from portal import clock
from portal.desk import meetings
from portal.desk import service as desk_service
from portal.desk.meetings import Wish as DeskWish
from portal.intake import moves, proposals, returning
from portal.intake.entries import entries
from portal.intake.moves import Kept, Moved, Why, Wish
from portal.intake.returning import NothingThere, Opened
from portal.intake.rules import Matter, Meeting, State, ends_on
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.office.tables import FOREIGN
from portal.scheduling import invite, opening
from portal.scheduling.rules import Mode, Offer
from portal.scheduling.service import AllGone
from portal.sealing import words
from portal.volatile import Publication
from tests.cast import LIBRARY, TOMAS, VERA, World
from tests.intake.sealed import ask, ask_desk, bytes_of, claim_of, taken_slots, times, used_lockers

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
HOUR = timedelta(hours=1)


@pytest.fixture
def booked(world: World) -> Meeting:
    """Vera's, in the middle of a list that has earlier and later times."""
    answer = ask(world, claim_of(world, VERA), typed=TYPED, slots=[times(world)[20].id])
    assert isinstance(answer, Receipt)
    return answer.matter.meetings[0]


def move(
    world: World,
    meeting: Meeting,
    to: Sequence[Offer | bytes],
    *,
    typed: str = TYPED,
    now: datetime | None = None,
) -> Moved | Kept | NothingThere:
    slots = [each if isinstance(each, bytes) else each.id for each in to]
    return moves.move(
        world.stores,
        typed,
        Wish(meeting.uid, meeting.slot, slots),
        publication=world.publication,
        settings=world.settings,
        now=now or clock.now(),
    )


def matter_of(world: World, typed: str = TYPED) -> Matter:
    found = returning.come_back(world.stores, typed, settings=world.settings)
    assert isinstance(found, Opened)
    return found.matter


def why(found: Moved | Kept | NothingThere) -> Why:
    assert isinstance(found, Kept), found
    return found.why


@pytest.mark.parametrize("place", [3, 40])
def test_vera_moves_to_an_earlier_or_a_later_time(world: World, booked: Meeting, place: int) -> None:
    new = times(world)[place]
    before = matter_of(world)

    found = move(world, booked, [new])

    assert isinstance(found, Moved)
    (meeting,) = matter_of(world).meetings
    assert meeting == found.meeting
    assert (meeting.slot, meeting.starts, meeting.uid) == (new.id, new.starts, booked.uid)
    assert (meeting.mode, meeting.state) == (booked.mode, State.BOOKED)
    assert taken_slots(world) == {new.id}, "never two, never none"
    assert len(used_lockers(world)) == 1
    assert matter_of(world).ends >= before.ends


def test_a_later_time_makes_the_matter_live_longer_and_an_earlier_one_not_shorter(
    world: World, booked: Meeting
) -> None:
    earlier, later = times(world)[2], times(world)[-1]
    before = matter_of(world).ends

    move(world, booked, [earlier])
    assert matter_of(world).ends == before
    move(world, matter_of(world).meetings[0], [later])

    assert matter_of(world).ends == ends_on(later.starts, world.settings.keep_days) > before


def test_the_time_given_up_rests_until_the_next_list(world: World, booked: Meeting) -> None:
    assert isinstance(move(world, booked, [times(world)[3]]), Moved)

    assert ask(world, slots=[booked.slot]) == AllGone(), "its return would tell when somebody moved"
    world.publication = Publication()
    assert isinstance(ask(world, slots=[booked.slot]), Receipt)


def test_the_first_of_three_wishes_that_is_free_is_taken(world: World, booked: Meeting) -> None:
    first, second, third = times(world)[5:8]
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[first.id]), Receipt)

    found = move(world, booked, [first, second, third])

    assert isinstance(found, Moved)
    assert found.meeting.slot == second.id
    assert taken_slots(world) == {first.id, second.id}


def test_where_every_wish_is_gone_the_old_time_stands_and_not_a_byte_changes(world: World, booked: Meeting) -> None:
    wished = times(world)[5]
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[wished.id]), Receipt)
    before = bytes_of(world)

    for slots in ([wished], [wished, b"x" * 16]):
        assert why(move(world, booked, slots)) is Why.GONE

    assert matter_of(world).meetings == (booked,)
    assert bytes_of(world) == before
    assert world.publication.resting == frozenset()


def test_a_form_sent_twice_moves_once(world: World, booked: Meeting) -> None:
    first, second = times(world)[5:7]
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[first.id]), Receipt)
    once = move(world, booked, [first, second])
    before = bytes_of(world)

    again = move(world, booked, [first, second])
    assert bytes_of(world) == before
    # The first wish is free again, on a new list: the form that is still open must not take it.
    ask_desk(world, "UPDATE slot SET state = 8 WHERE id = ?", first.id)
    world.publication = Publication()
    once_more = move(world, booked, [first, second])

    assert isinstance(once, Moved)
    for found in (again, once_more):
        assert isinstance(found, Moved)
        assert found.meeting == once.meeting
    assert taken_slots(world) == {second.id}


def test_a_page_from_before_another_move_moves_nothing(world: World, booked: Meeting) -> None:
    here, there = times(world)[5:7]
    assert isinstance(move(world, booked, [here]), Moved)
    now = matter_of(world).meetings[0]
    assert isinstance(move(world, now, [there]), Moved)
    world.publication = Publication()
    before = bytes_of(world)

    assert why(move(world, booked, [here])) is Why.ELSEWHERE
    assert bytes_of(world) == before


def test_moving_to_the_time_one_has_is_no_change(world: World, booked: Meeting) -> None:
    before = bytes_of(world)

    assert why(move(world, booked, [booked.slot, times(world)[3]])) is Why.SAME
    assert bytes_of(world) == before


@pytest.mark.parametrize("late", [timedelta(0), HOUR, timedelta(days=30)])
def test_what_has_begun_is_not_moved(world: World, booked: Meeting, late: timedelta) -> None:
    before = bytes_of(world)
    new = times(world)[40]

    assert why(move(world, booked, [new], now=booked.starts + late)) is Why.OVER
    assert bytes_of(world) == before


def test_a_meeting_that_comes_soon_can_still_be_moved(world: World, booked: Meeting) -> None:
    """Too near to be booked by anybody; whoever has it may go."""
    soon = booked.starts - timedelta(minutes=5)

    assert isinstance(move(world, booked, [times(world)[40]], now=soon), Moved)


def test_a_cancelled_meeting_is_not_moved_and_words_that_open_nothing_move_nothing(
    world: World, booked: Meeting
) -> None:
    new = times(world)[3]
    returning.cancel(
        world.stores, TYPED, publication=world.publication, settings=world.settings, now=clock.now(), uid=booked.uid
    )
    before = bytes_of(world)

    assert why(move(world, booked, [new])) is Why.NOT_BOOKED
    assert why(move(world, replace(booked, uid="f" * 32), [new])) is Why.NOT_BOOKED
    assert move(world, booked, [new], typed=words.draw()) == NothingThere()
    assert bytes_of(world) == before


def test_only_times_of_the_same_way_and_proof_are_offered_and_taken(world: World) -> None:
    """The last times are met by video only, or need a code."""
    video, coded = world.offers()[-2:]
    ask_desk(world, "UPDATE slot SET modes = 'v--' WHERE id = ?", video.id)
    ask_desk(world, "UPDATE slot SET proof_needed = 1 WHERE id = ?", coded.id)
    world.publication = Publication()
    coded_words = words.draw()
    assert isinstance(ask(world, typed=TYPED, slots=[times(world)[20].id]), Receipt)
    assert isinstance(ask(world, claim_of(world, VERA), typed=coded_words, slots=[times(world)[21].id]), Receipt)

    for typed, hers in ((TYPED, False), (coded_words, True)):
        matter = matter_of(world, typed)
        offered = {offer.id for offer in moves.options(world.offers(), matter, matter.meetings[0])}
        assert (coded.id in offered) is hers
        assert video.id not in offered
        assert why(move(world, matter.meetings[0], [video], typed=typed)) is Why.GONE
        assert isinstance(move(world, matter.meetings[0], [coded], typed=typed), Moved) is hers


def test_neither_a_time_of_hers_nor_one_of_another_ombuds_is_offered(world: World, booked: Meeting) -> None:
    matter = matter_of(world)
    offers = world.offers()

    offered = moves.options([*offers, replace(offers[3], ombuds=b"i" * 16, id=b"x" * 16)], matter, booked)

    assert booked.slot in {offer.id for offer in offers}, "the list of today still shows it"
    assert {offer.id for offer in offered} == {offer.id for offer in offers} - {booked.slot}


def test_the_list_of_options_does_not_change_when_somebody_takes_one(world: World, booked: Meeting) -> None:
    before = moves.options(world.offers(), matter_of(world), booked)
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[before[5].id]), Receipt)

    assert moves.options(world.offers(), matter_of(world), booked) == before


def test_what_ola_proposed_in_the_same_matter_is_untouched(world: World, ola: DeskKeys, booked: Meeting) -> None:
    (locker,) = used_lockers(world)
    at = world.at_desk(ola)
    free = meetings.free_times(at)
    assert meetings.arrange(at, locker, DeskWish([free[-1].id, free[-2].id], Mode.phone)) is None

    assert why(move(world, booked, [free[-1].id])) is Why.GONE, "it is hers to take by the other button"
    assert isinstance(move(world, booked, [times(world)[3]]), Moved)

    proposed = [each for each in matter_of(world).meetings if each.state is State.PROPOSED]
    assert {each.slot for each in proposed} == {free[-1].id, free[-2].id}
    assert taken_slots(world) == {each.slot for each in matter_of(world).meetings}


def test_of_two_appointments_the_one_that_was_meant_is_moved(world: World, ola: DeskKeys, booked: Meeting) -> None:
    (locker,) = used_lockers(world)
    at = world.at_desk(ola)
    assert meetings.arrange(at, locker, DeskWish([times(world)[30].id], Mode.phone)) is None
    proposed = next(each for each in matter_of(world).meetings if each.state is State.PROPOSED)
    how = {"publication": world.publication, "settings": world.settings, "now": clock.now()}
    assert isinstance(proposals.accept(world.stores, TYPED, proposed.uid, **how), Opened)

    assert isinstance(move(world, proposed, [times(world)[3]]), Moved)

    found = {each.uid: each.slot for each in matter_of(world).meetings}
    assert found == {booked.uid: booked.slot, proposed.uid: times(world)[3].id}
    assert matter_of(world).meeting.uid == proposed.uid, "the earlier one comes first"


def test_ola_finds_the_new_time_in_her_queue_and_opens_the_matter(world: World, ola: DeskKeys, booked: Meeting) -> None:
    new = times(world)[3]
    desk_service.unlock(world.at_desk(ola))
    assert isinstance(move(world, booked, [new]), Moved)

    queue = desk_service.queue(world.at_desk(ola))

    assert [line.starts for line in queue.coming] == [new.starts]
    assert queue.tampered == []


def test_in_person_the_receipt_of_a_move_says_where_ola_meets_people_now(world: World) -> None:
    assert isinstance(ask(world, typed=TYPED, slots=[times(world)[20].id], mode=Mode.in_person), Receipt)
    with world.stores.desk.writing() as desk:
        opening.put_place(desk, replace(LIBRARY, door="Ground floor, room 3"))

    found = move(world, matter_of(world).meetings[0], [times(world)[3]])

    assert isinstance(found, Moved)
    assert found.meeting.venue.door == "Ground floor, room 3"


def test_a_matter_that_is_full_moves_but_not_to_a_place_that_does_not_fit(world: World) -> None:
    assert isinstance(ask(world, typed=TYPED, slots=[times(world)[20].id], mode=Mode.in_person), Receipt)
    number = 0
    for size in (900, 100, 10, 1):
        said = returning.Said("", "")
        while not isinstance(said, returning.NoRoom):
            number += 1
            said = returning.write(
                world.stores,
                TYPED,
                returning.Said(f"{number:016x}", "x" * size),
                settings=world.settings,
                now=clock.now(),
            )
    first = move(world, matter_of(world).meetings[0], [times(world)[3]])
    with world.stores.desk.writing() as desk:
        opening.put_place(desk, replace(LIBRARY, directions="Turn left. " * 25))
    before = bytes_of(world)

    assert isinstance(first, Moved)
    assert why(move(world, matter_of(world).meetings[0], [times(world)[5]])) is Why.ROOM
    assert bytes_of(world) == before


def test_a_calendar_that_took_the_old_time_is_told_the_new_one(world: World, booked: Meeting) -> None:
    """The same entry with a higher number, as RFC 5546 wants it for a change."""
    new = times(world)[3]
    before = _entry(matter_of(world))

    assert isinstance(move(world, booked, [new]), Moved)

    after = _entry(matter_of(world))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == new.starts != before["DTSTART"].dt


def _entry(matter: Matter) -> Calendar:
    text = invite.write(entries(matter, "Appointment", clock.now()), 4096)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_with_an_ombuds_whose_key_is_in_doubt_nobody_moves(world: World, booked: Meeting) -> None:
    new = times(world)[3]
    ask_desk(world, "UPDATE ombuds SET state = ?", FOREIGN)
    assert why(move(world, booked, [new])) is Why.GONE
