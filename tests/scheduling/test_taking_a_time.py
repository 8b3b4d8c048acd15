from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Store
from portal.scheduling import opening, service, store
from portal.scheduling.rules import Mode, Offer, Reason, SlotFacts, WeeklyRange
from portal.scheduling.service import AllGone, NotOffered, Taken
from portal.volatile import Publication
from tests.scheduling.calendar_cast import MILL, MONDAY, MORNINGS, OLA, OTTO, PRACTICE

VISITORS = 16


def free(opened: Store) -> list[SlotFacts]:
    with opened.reading() as desk:
        return store.free_slots(desk)


def listed(desk: Session, settings: Settings) -> Sequence[Offer]:
    """The list of this moment."""
    return service.published(desk, Publication(), {OLA: "Ola", OTTO: "Otto"}, settings=settings, now=MONDAY)


def take(
    opened: Store, settings: Settings, wanted: list[SlotFacts], mode: Mode = Mode.video, **others: object
) -> Taken | AllGone | NotOffered:
    asked = {"has_proof": True, "now": MONDAY} | others
    with opened.writing() as desk:
        return service.take(desk, wanted, mode, settings=settings, **asked)


def test_the_first_choice_is_taken_when_it_is_free(opened: Store, settings: Settings) -> None:
    first, second, *_ = free(opened)
    assert take(opened, settings, [second, first]) == Taken(second.id, OLA, second.starts, 60, second.modes, MILL.id)
    assert second not in free(opened)
    assert first in free(opened)


def test_the_next_choice_is_taken_when_the_first_is_gone(opened: Store, settings: Settings) -> None:
    first, second, *_ = free(opened)
    take(opened, settings, [first])
    assert take(opened, settings, [first, second]) == Taken(second.id, OLA, second.starts, 60, second.modes, MILL.id)


def test_when_all_choices_are_gone_nothing_is_taken(opened: Store, settings: Settings) -> None:
    first, second, *others = free(opened)
    take(opened, settings, [first])
    take(opened, settings, [second])
    assert take(opened, settings, [first, second]) == AllGone()
    assert free(opened) == others


def test_a_time_that_was_withdrawn_is_gone(opened: Store, settings: Settings) -> None:
    first, *_ = free(opened)
    with opened.writing() as desk:
        opening.set_hours(desk, OLA, [], PRACTICE)
        opening.open_slots(desk, settings, MONDAY)
    assert take(opened, settings, [first]) == AllGone()


def test_no_choice_takes_nothing(opened: Store, settings: Settings) -> None:
    assert take(opened, settings, []) == AllGone()


def test_a_way_to_meet_that_is_not_offered_is_refused(opened: Store, settings: Settings) -> None:
    assert take(opened, settings, free(opened)[:3], Mode.phone) == NotOffered(Reason.mode)


def test_a_time_that_needs_a_code_waits_for_one(opened: Store, settings: Settings) -> None:
    with opened.writing() as desk:
        opening.set_hours(desk, OLA, MORNINGS, replace(PRACTICE, without_code=0))
        opening.open_slots(desk, settings, MONDAY)
    wanted = free(opened)[:1]
    assert take(opened, settings, wanted, has_proof=False) == NotOffered(Reason.proof)
    assert isinstance(take(opened, settings, wanted, has_proof=True), Taken)


@pytest.mark.usefixtures("server_zone")
def test_a_time_inside_the_notice_is_refused_and_one_at_its_edge_is_not(opened: Store, settings: Settings) -> None:
    first, *_ = free(opened)
    edge = first.starts - timedelta(hours=settings.notice_hours)
    assert take(opened, settings, [first], now=edge + timedelta(seconds=1)) == NotOffered(Reason.past)
    assert isinstance(take(opened, settings, [first], now=edge), Taken)


def test_a_choice_that_does_not_suit_is_passed_over_for_one_that_does(opened: Store, settings: Settings) -> None:
    with opened.writing() as desk:
        by_phone = replace(PRACTICE, modes=(Mode.phone,))
        opening.set_hours(desk, OTTO, [WeeklyRange(3, time(15), time(16))], by_phone)
        opening.open_slots(desk, settings, MONDAY, OTTO)
    ottos = next(slot for slot in free(opened) if slot.ombuds == OTTO)
    olas = free(opened)[0]
    assert take(opened, settings, [olas, ottos], Mode.phone) == Taken(ottos.id, OTTO, ottos.starts, 60, ottos.modes)


@pytest.mark.parametrize("times_taken", [0, 1])
def test_theo_learns_nothing_by_asking_for_what_does_not_suit(
    opened: Store, settings: Settings, times_taken: int
) -> None:
    first, *_ = free(opened)
    for _ in range(times_taken):
        take(opened, settings, [first])
    assert take(opened, settings, [first], Mode.phone) == NotOffered(Reason.mode)


def test_a_time_given_back_can_be_taken_again(opened: Store, settings: Settings) -> None:
    first, *_ = free(opened)
    take(opened, settings, [first])
    with opened.writing() as desk:
        service.give_back(desk, first.id)
        service.give_back(desk, first.id)
    assert isinstance(take(opened, settings, [first]), Taken)


def test_giving_back_a_time_that_is_past_and_gone_is_no_error(opened: Store) -> None:
    with opened.writing() as desk:
        service.give_back(desk, b"long-gone-16-byt")
    assert len(free(opened)) == 26


def test_of_many_visitors_who_want_one_time_exactly_one_gets_it(opened: Store, settings: Settings) -> None:
    wanted = free(opened)[:1]
    with ThreadPoolExecutor(VISITORS) as visitors:
        answers = list(visitors.map(lambda _: take(opened, settings, wanted), range(VISITORS)))
    assert sum(isinstance(answer, Taken) for answer in answers) == 1
    assert answers.count(AllGone()) == VISITORS - 1


def test_many_visitors_with_the_same_three_choices_fill_exactly_three(opened: Store, settings: Settings) -> None:
    wanted = free(opened)[:3]
    with ThreadPoolExecutor(VISITORS) as visitors:
        answers = list(visitors.map(lambda _: take(opened, settings, wanted), range(VISITORS)))
    taken = {answer.id for answer in answers if isinstance(answer, Taken)}
    assert taken == {slot.id for slot in wanted}
    assert answers.count(AllGone()) == VISITORS - 3


def test_a_decoy_takes_a_time_as_a_visitor_does(opened: Store, settings: Settings) -> None:
    with opened.writing() as desk:
        taken = service.take_random(desk, listed(desk, settings), settings=settings, now=MONDAY)
    assert taken is not None
    assert taken.id not in {slot.id for slot in free(opened)}


def test_decoys_leave_every_ombuds_enough_times(opened: Store, settings: Settings) -> None:
    with opened.writing() as desk:
        opening.set_hours(desk, OTTO, [WeeklyRange(3, time(15), time(16))], PRACTICE)
        opening.open_slots(desk, settings, MONDAY, OTTO)
        while service.take_random(desk, listed(desk, settings), settings=settings, now=MONDAY, keep_free=4):
            pass
    left = [slot.ombuds for slot in free(opened)]
    assert left.count(OLA) == 4
    assert left.count(OTTO) == 2


def test_decoys_take_nearer_times_more_often(opened: Store, settings: Settings) -> None:
    middle = free(opened)[13].starts
    drawn = []
    for _ in range(60):
        with opened.writing() as desk:
            taken = service.take_random(desk, listed(desk, settings), settings=settings, now=MONDAY)
            assert taken is not None
            service.give_back(desk, taken.id)
        drawn.append(taken.starts)
    assert sum(starts < middle for starts in drawn) > 30


def test_decoys_take_nothing_that_is_not_on_the_list(opened: Store, settings: Settings) -> None:
    """After a change of hours all free times are new, and the list still shows the old ones."""
    with opened.writing() as desk:
        before = listed(desk, settings)
        opening.set_hours(desk, OLA, MORNINGS, replace(PRACTICE, minutes=25))
        opening.open_slots(desk, settings, MONDAY)
    ids = {offer.id for offer in before}
    assert sum(slot.id not in ids for slot in free(opened)) > service.KEEP_FREE
    with opened.writing() as desk:
        assert service.take_random(desk, before, settings=settings, now=MONDAY) is None
        assert service.take_random(desk, listed(desk, settings), settings=settings, now=MONDAY)


def test_decoys_never_take_what_no_visitor_could(opened: Store, settings: Settings) -> None:
    late = free(opened)[-1].starts
    with opened.writing() as desk:
        assert service.take_random(desk, listed(desk, settings), settings=settings, now=late, keep_free=0) is None
