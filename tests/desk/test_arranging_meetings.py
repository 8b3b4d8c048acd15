"""Ola proposes times and sets them, withdraws and calls off; Vera takes one or says no. Never two on one time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.desk import meetings
from portal.desk.changing import change
from portal.desk.meetings import Refused, Why, Wish
from portal.intake.rules import MOST_MEETINGS, State
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode
from portal.sealing import words
from tests.cast import LIBRARY, World
from tests.desk.arranging import DAY, TYPED, Arranging, soon
from tests.intake.sealed import ask, ask_desk, taken_slots, used_lockers


@pytest.fixture
def vera(world: World, own: DeskKeys) -> Arranging:
    """Vera is booked at the first time."""
    found = Arranging(world, own)
    found.book(soon(world)[0])
    return found


def test_a_proposed_time_is_kept_for_its_visitor_and_ends_the_matter_later(vera: Arranging) -> None:
    first, last = vera.matter().meetings[0], vera.free()[-1]

    assert vera.arrange([last.id]) is None

    (proposed,) = vera.proposed()
    assert (proposed.slot, proposed.starts, proposed.mode) == (last.id, last.starts, "phone")
    assert vera.holds_exactly(first.slot, last.id)
    assert vera.matter().ends == (last.starts + vera.world.settings.keep_days * DAY).date()
    assert vera.matter().meeting == first, "a proposal is no appointment yet"


def test_a_time_agreed_aloud_is_booked_at_once_and_says_where(vera: Arranging) -> None:
    assert vera.arrange([vera.free()[3].id], mode=Mode.in_person, state=State.BOOKED) is None

    added = vera.matter().meetings[-1]
    assert (added.state, added.venue.door) == (State.BOOKED, LIBRARY.door)
    assert vera.states() == [State.BOOKED, State.BOOKED]


def test_taking_one_of_several_ways_gives_the_others_back_and_leaves_other_proposals(vera: Arranging) -> None:
    ways, other = [slot.id for slot in vera.free()[1:4]], vera.free()[8].id
    vera.arrange(ways)
    vera.arrange([other])
    wanted = vera.proposed()[1]

    after = vera.accept(wanted.uid)

    assert after.find_meeting(wanted.uid) == replace(wanted, state=State.BOOKED)
    assert [each.slot for each in vera.proposed()] == [other]
    assert vera.holds_exactly(vera.matter().meetings[0].slot, wanted.slot, other)
    assert vera.world.publication.resting == set(ways) - {wanted.slot}
    assert vera.accept(wanted.uid) == after, "twice is once"


def test_a_declined_time_comes_back_like_a_cancelled_one(vera: Arranging) -> None:
    listed = soon(vera.world)
    vera.arrange([listed[4]])
    vera.decline(vera.proposed()[0].uid)

    assert vera.states() == [State.BOOKED, State.DECLINED]
    assert listed[4] not in taken_slots(vera.world)
    assert isinstance(ask(vera.world, slots=[listed[4]]), scheduling.AllGone), "it rests until the next publication"
    assert soon(vera.world) == listed, "the list itself does not move"
    assert vera.arrange([listed[4]]) is None, "Ola may use her own time at once"


@pytest.mark.parametrize("late", [timedelta(0), 90 * DAY])
def test_a_proposal_whose_time_has_come_can_neither_be_taken_nor_given_back(vera: Arranging, late: timedelta) -> None:
    vera.arrange([vera.free()[5].id])
    (proposed,), before = vera.proposed(), vera.matter()

    for answer in (vera.accept, vera.decline):
        assert answer(proposed.uid, now=proposed.starts + late) == before
    assert proposed.slot in taken_slots(vera.world)


def test_a_withdrawn_proposal_cannot_be_taken_and_its_time_comes_back(vera: Arranging) -> None:
    vera.arrange([vera.free()[5].id])
    (proposed,) = vera.proposed()

    assert vera.withdraw(proposed.uid)

    assert vera.matter().find_meeting(proposed.uid) is None
    assert vera.accept(proposed.uid) == vera.matter()
    assert proposed.slot not in taken_slots(vera.world)
    assert not vera.withdraw(proposed.uid)
    assert not vera.withdraw(vera.matter().meetings[0].uid), "a booked one is called off, not withdrawn"


def test_a_meeting_that_is_called_off_keeps_its_time_and_another_may_be_proposed_with_it(vera: Arranging) -> None:
    (booked,), other = vera.matter().meetings, vera.free()[9].id
    at = vera.world.at_desk(vera.own)

    assert meetings.call_off(at, vera.lockers[TYPED], booked.uid, Wish([other], Mode.video)) is None

    assert vera.states() == [State.CALLED_OFF, State.PROPOSED]
    assert vera.holds_exactly(booked.slot, other)
    assert meetings.call_off(at, vera.lockers[TYPED], booked.uid) == Refused(Why.GONE)
    vera.accept(vera.proposed()[0].uid)
    assert vera.states() == [State.CALLED_OFF, State.BOOKED]


def test_nothing_is_half_done_when_it_cannot_be(vera: Arranging) -> None:
    (booked,), at, locker = vera.matter().meetings, vera.world.at_desk(vera.own), vera.lockers[TYPED]
    free = [slot.id for slot in vera.free()]
    ask_desk(vera.world, "UPDATE slot SET modes = '--p' WHERE id = ?", free[2])
    before = vera.matter()

    def off(wish: Wish) -> Refused | None:
        return meetings.call_off(at, locker, booked.uid, wish)

    assert off(Wish([free[1], booked.slot], Mode.phone)) == Refused(Why.TAKEN)
    assert off(Wish([free[1], b""], Mode.phone)) == Refused(Why.TAKEN)
    assert off(Wish([free[1], free[2]], Mode.video)) == Refused(Why.MODE)
    assert meetings.arrange(at, b"0" * 16, Wish([free[1]], Mode.phone)) == Refused(Why.GONE)
    assert vera.matter() == before
    assert vera.holds_exactly(booked.slot)


def test_no_more_than_a_matter_holds(vera: Arranging) -> None:
    done = [vera.arrange([slot.id]) for slot in vera.free()[:MOST_MEETINGS]]

    assert done == [None] * (MOST_MEETINGS - 1) + [Refused(Why.ROOM)]
    assert len(taken_slots(vera.world)) == MOST_MEETINGS


def test_a_full_matter_can_still_be_called_off_and_marked(vera: Arranging) -> None:
    at, locker = vera.world.at_desk(vera.own), vera.lockers[TYPED]
    for size in (1000, 100, 10, 1):
        while change(at, locker, lambda matter, size=size: replace(matter, room=matter.room + "r" * size)):
            pass
    (booked,) = vera.matter().meetings

    assert vera.arrange([vera.free()[0].id]) == Refused(Why.ROOM)
    assert meetings.call_off(at, locker, booked.uid) is None
    assert vera.states() == [State.CALLED_OFF]


def test_vera_takes_a_time_while_ola_withdraws_it(vera: Arranging) -> None:
    """Whoever is first; the other is told. Both cannot have happened."""
    for slot in vera.free()[:4]:
        vera.arrange([slot.id])
        uid = vera.proposed()[0].uid
        with ThreadPoolExecutor(2) as both:
            taking, withdrawing = both.submit(vera.accept, uid), both.submit(vera.withdraw, uid)
            taking.result()
        now = vera.matter().find_meeting(uid)
        assert (now is None) == withdrawing.result()
        assert (slot.id in taken_slots(vera.world)) == (now is not None)
        assert now is None or now.state is State.BOOKED


def test_a_time_that_ola_proposes_while_twenty_visitors_book_it_is_given_once(world: World, own: DeskKeys) -> None:
    vera = Arranging(world, own)
    vera.book(soon(world)[0])
    wanted = soon(world)[3]
    with ThreadPoolExecutor(21) as everybody:
        visitors = [everybody.submit(ask, world, slots=[wanted], typed=words.draw()) for _ in range(20)]
        ola = everybody.submit(vera.arrange, [wanted])

    receipts = [each for each in visitors if isinstance(each.result(), Receipt)]
    assert len(receipts) + (ola.result() is None) == 1
    assert ola.result() in (None, Refused(Why.TAKEN))
    assert len(used_lockers(world)) == 1 + len(receipts)
    assert len(vera.proposed()) == (ola.result() is None)


def test_what_is_over_is_not_offered_to_ola(vera: Arranging) -> None:
    later = clock.now() + 5 * DAY

    assert {slot.starts > later for slot in vera.free(later)} == {True}
