"""Ola cannot be there: one step takes her free times, moves who is booked, or changes nothing at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.desk import away
from portal.desk.away import Blocked
from portal.desk.moving import part_of
from portal.intake import returning
from portal.intake import service as intake
from portal.intake.rules import State
from portal.intake.service import Receipt
from portal.notices.rules import Part
from portal.office.rules import DeskKeys
from portal.scheduling import opening, store
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode
from portal.scheduling.spans import Span
from portal.sealing import words
from portal.volatile import Publication
from tests.cast import TOMAS, World
from tests.desk.arranging import DAY, TYPED, Arranging, soon
from tests.intake.sealed import ask, ask_desk, put_boxes, taken_slots, used_lockers

TOMAS_TYPED = "gadget habitat iceberg jackal kennel laptop"
KEEP = timedelta(days=30)
#: Where all offices of these tests stand.
UTC = ZoneInfo("UTC")


@pytest.fixture
def ola(world: World, own: DeskKeys) -> Arranging:
    return Arranging(world, own)


def in_days(count: int) -> date:
    return clock.now().date() + count * DAY


def afternoon(days: int = 3) -> Span:
    return part_of(in_days(days), Part.AFTERNOON, UTC)


def ids_of(ola: Arranging, span: Span) -> list[bytes]:
    return [slot.id for slot in ola.free() if span[0] <= slot.starts < span[1]]


def block(ola: Arranging, span: Span, now: datetime | None = None) -> Blocked:
    done = away.block(ola.world.at_desk(ola.own, now), span)
    assert isinstance(done, Blocked)
    return done


def test_an_afternoon_goes_in_one_step_and_who_is_booked_is_offered_the_next_time(ola: Arranging) -> None:
    span = afternoon()
    inside, next_one = ids_of(ola, span), next(slot for slot in ola.free() if slot.starts >= span[1])
    ola.book(inside[1], mode=Mode.in_person)
    listed = soon(ola.world)

    assert block(ola, span) == Blocked(moved=1, unplaced=0, times=len(inside) - 1)

    assert ola.states() == [State.CALLED_OFF, State.PROPOSED]
    (proposed,) = ola.proposed()
    assert (proposed.slot, proposed.mode) == (next_one.id, "in-person")
    assert proposed.venue.door
    assert ola.holds_exactly(*inside, next_one.id)
    assert soon(ola.world) == listed, "the list changes at the next publication only"
    assert isinstance(ask(ola.world, slots=[inside[0]]), scheduling.AllGone)
    assert ola.accept(proposed.uid).meeting == ola.matter().find_meeting(proposed.uid)


def test_the_time_offered_is_met_in_the_same_way(ola: Arranging) -> None:
    span = afternoon()
    after = [slot.id for slot in ola.free() if slot.starts >= span[1]]
    for slot in after[:4]:
        ask_desk(ola.world, "UPDATE slot SET modes = 'v--' WHERE id = ?", slot)
    ola.book(ids_of(ola, span)[0], mode=Mode.phone)

    block(ola, span)

    assert ola.proposed()[0].slot == after[4]


def test_a_proposal_inside_is_withdrawn_and_proposed_anew(ola: Arranging) -> None:
    span = afternoon()
    ola.book(soon(ola.world)[0])
    ola.arrange(ids_of(ola, span)[:2])
    before = ola.proposed()

    assert block(ola, span).moved == 1

    now = ola.proposed()
    assert not {each.uid for each in before} & {each.uid for each in now}
    assert all(each.starts >= span[1] for each in now)
    assert {each.choice for each in now} == {before[0].choice}, "they are still ways to one meeting"
    assert ola.states()[0] is State.BOOKED


def test_who_can_be_offered_nothing_stands_in_the_queue_with_the_way_to_reach_them(ola: Arranging) -> None:
    span = part_of(in_days(3), Part.DAY, UTC)[0], part_of(in_days(90), Part.DAY, UTC)[1]
    ola.book(ids_of(ola, span)[0], contact="+1 555 0199")
    at = ola.world.at_desk(ola.own)

    done = block(ola, span)
    assert (done.moved, done.unplaced) == (0, 1)
    (found,) = away.stranded(at)
    assert (found.contact, found.meeting.state) == ("+1 555 0199", State.CALLED_OFF)

    ola.arrange([ola.free()[0].id])
    assert away.stranded(at) == []


def test_a_long_leave_reaches_beyond_what_is_open_and_keeps_open_matters_alive(ola: Arranging) -> None:
    ola.book(soon(ola.world)[0])
    last = in_days(100)
    span = part_of(in_days(10), Part.DAY, UTC)[0], part_of(last, Part.DAY, UTC)[1]

    block(ola, span)
    later = clock.now() + 40 * DAY
    with ola.world.stores.desk.writing() as desk:
        opening.open_slots(desk, ola.world.settings, later)

    free = {slot.starts.date() for slot in ola.free()}
    assert not [day for day in free if in_days(10) <= day <= last], "the daily job opens nothing in a leave"
    assert ola.matter().ends >= last + KEEP
    (month,) = {str(row[0]) for row in ask_desk(ola.world, "SELECT DISTINCT destroy_on FROM locker")}
    assert month > ola.matter().ends.isoformat()


def test_a_short_leave_makes_nothing_live_longer(ola: Arranging) -> None:
    ola.book(soon(ola.world)[0])
    before = ola.matter()

    block(ola, (part_of(in_days(10), Part.DAY, UTC)[0], part_of(in_days(12), Part.DAY, UTC)[1]))

    assert ola.matter() == before


def test_decoys_move_as_visitors_do_and_are_not_told_of(ola: Arranging) -> None:
    """Else the times that go would tell how many were real; and a decoy that left later would open its time."""
    world, span = ola.world, part_of(in_days(3), Part.DAY, UTC)
    keep = ids_of(ola, span)
    others = [slot.id for slot in ola.free() if slot.id not in keep]
    with world.stores.desk.writing() as desk:
        assert all(store.take_slot(desk, slot) for slot in others)
    decoy = intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
    assert decoy is not None
    with world.stores.desk.writing() as desk:
        for slot in others:
            scheduling.give_back(desk, slot)
    before = taken_slots(world)

    assert block(ola, span).moved == 0

    assert len(taken_slots(world) - before - set(keep)) == 1
    publication = world.publication
    returning.cancel_with(world.stores, decoy.keys, publication=publication, now=clock.now())
    assert set(keep) <= taken_slots(world), "its time stays blocked"
    returning.erase_with(world.stores, decoy.keys, publication=publication, now=clock.now())
    assert taken_slots(world) == set(keep)


def test_blocked_times_open_again_at_the_next_publication_and_booked_ones_never(ola: Arranging) -> None:
    world, span = ola.world, afternoon()
    inside = ids_of(ola, span)
    ola.book(inside[0])
    tomas = [slot for slot in ola.free() if slot.starts >= span[1]][3].id
    ola.book(tomas, person=TOMAS, typed=TOMAS_TYPED)
    block(ola, span)
    at = world.at_desk(ola.own)

    found = away.blocked_times(at)
    assert found.is_sure
    assert {slot.id for slot in found.slots} == set(inside), "also the one that was called off"
    assert away.open_again(at, {tomas, *inside[:3], b"?"}, world.publication) == 3

    assert set(inside[:3]).isdisjoint(taken_slots(world))
    assert tomas in taken_slots(world)
    assert isinstance(ask(world, slots=[inside[1]]), scheduling.AllGone)
    world.publication = Publication()
    assert isinstance(ask(world, slots=[inside[1]]), Receipt)


def test_a_time_of_a_later_month_waits_for_its_day_when_it_is_opened_again(ola: Arranging) -> None:
    far = part_of(in_days(60), Part.DAY, UTC)
    assert block(ola, far).times == 8
    at = ola.world.at_desk(ola.own)

    assert away.open_again(at, {slot.id for slot in away.blocked_times(at).slots}, ola.world.publication) == 8
    assert ask_desk(ola.world, "SELECT count(*) FROM slot WHERE starts >= ?", int(far[0].timestamp())) == [(0,)]


def test_a_matter_that_was_tampered_with_makes_the_list_of_blocked_times_doubtful(ola: Arranging) -> None:
    locker = ola.book(soon(ola.world)[3])
    put_boxes(ola.world, locker, to_ombuds=b"x" * 13868)

    found = away.blocked_times(ola.world.at_desk(ola.own))

    assert not found.is_sure
    assert block(ola, afternoon()).moved == 0


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(21) as pool:
        yield pool


def test_visitors_who_book_and_cancel_while_ola_blocks_end_up_on_one_side(
    ola: Arranging, crowd: ThreadPoolExecutor
) -> None:
    """Whoever got a receipt for that afternoon is called off and offered another time; nobody shares one."""
    world, span = ola.world, afternoon()
    inside = ids_of(ola, span)
    ola.book(inside[0])
    typed = [words.draw() for _ in range(6)]
    asked = [
        crowd.submit(ask, world, slots=[slot], typed=each)
        for each, slot in zip(typed, [*inside[1:], *inside[1:]], strict=False)
    ]
    cancelled = crowd.submit(
        returning.cancel, world.stores, TYPED, publication=world.publication, settings=world.settings, now=clock.now()
    )
    done = crowd.submit(away.block, world.at_desk(ola.own), span).result()
    booked = [each for each, answer in zip(typed, asked, strict=True) if isinstance(answer.result(), Receipt)]
    cancelled.result()

    if not isinstance(done, Blocked):
        assert not any(ola.proposed(each) for each in booked)
        return
    assert set(inside) <= taken_slots(world)
    assert [ola.states(each) for each in booked] == [[State.CALLED_OFF, State.PROPOSED]] * len(booked)
    held = [ola.proposed(each)[0].slot for each in (*booked, *([TYPED] if ola.proposed() else []))]
    assert len(held) == len(set(held)) == done.moved
    assert len(used_lockers(world)) == 1 + len(booked)
