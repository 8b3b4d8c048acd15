"""A change of hours is shown as it will be, kept in one step, and never takes what is taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from portal.config import Settings
from portal.db import Store
from portal.scheduling import opening, plans, store
from portal.scheduling.plans import FIRST_PRACTICE, Effect, Plan
from portal.scheduling.rules import NOWHERE, Mode, Place, SlotFacts, WeeklyRange
from tests.scheduling.calendar_cast import MILL, MONDAY, MORNINGS, OLA, OTTO, PRACTICE, at

BARN = Place(b"the-white-barn-b", "The white barn", door="left")
WEDNESDAY = date(2026, 6, 3)
Keeping = Callable[..., Effect]


def changed(**what: object) -> plans.Change:
    return lambda found: replace(found, **what)


def slots(opened: Store, ombuds: bytes = OLA) -> list[SlotFacts]:
    with opened.reading() as desk:
        return sorted(store.slots_of(desk, ombuds, since=MONDAY), key=lambda slot: slot.starts)


def take(opened: Store, slot: SlotFacts) -> SlotFacts:
    with opened.writing() as desk:
        assert store.take_slot(desk, slot.id)
    return slot


@pytest.fixture
def look(opened: Store, settings: Settings) -> Keeping:
    def looked(**what: object) -> Effect:
        with opened.reading() as desk:
            return plans.look(desk, OLA, changed(**what), settings, MONDAY)

    return looked


@pytest.fixture
def keep(opened: Store, settings: Settings) -> Keeping:
    def kept(ombuds: bytes = OLA, **what: object) -> Effect:
        with opened.writing() as desk:
            return plans.keep(desk, ombuds, changed(**what), settings, MONDAY)

    return kept


def test_whoever_never_set_hours_begins_without_a_place(desk_store: Store) -> None:
    with desk_store.reading() as desk:
        begun = plans.find(desk, OLA)
    assert begun == Plan([], FIRST_PRACTICE, {})
    assert Mode.in_person not in begun.practice.modes


def test_looking_changes_nothing_and_keeping_does_what_was_shown(opened: Store, look: Keeping, keep: Keeping) -> None:
    before = slots(opened)
    shown = look(week=MORNINGS[:2])

    assert slots(opened) == before
    assert (shown.opened, shown.changed, shown.withdrawn) == (0, 0, len(before) - len(slots_on(before, {0, 1})))
    assert shown.takes_something
    assert keep(week=MORNINGS[:2]) == shown
    assert slots(opened) == slots_on(before, {0, 1})
    assert not look().takes_something


def slots_on(found: list[SlotFacts], weekdays: set[int]) -> list[SlotFacts]:
    return [slot for slot in found if slot.starts.weekday() in weekdays]


def test_hours_that_are_only_added_take_nothing(look: Keeping) -> None:
    effect = look(week=[*MORNINGS, WeeklyRange(5, time(9), time(11))])

    assert (effect.opened, effect.changed, effect.withdrawn, effect.takes_something) == (4, 0, 0, False)


def test_another_way_to_meet_changes_times_and_takes_none(opened: Store, look: Keeping) -> None:
    effect = look(practice=replace(PRACTICE, modes=(Mode.video,)))

    assert (effect.opened, effect.changed, effect.withdrawn) == (0, len(slots(opened)), 0)
    assert effect.takes_something, "whoever chose one from the list of today is shown others"


def test_a_taken_time_stays_is_named_once_and_keeps_its_pause(opened: Store, look: Keeping, keep: Keeping) -> None:
    theirs = take(opened, slots(opened)[3])

    assert [slot.id for slot in look(week=[]).stays] == [theirs.id]
    assert [slot.id for slot in keep(week=[]).stays] == [theirs.id]
    assert slots(opened) == [theirs]
    assert look(week=[]).stays == [], "the next change does not tell of it again"
    keep(week=MORNINGS, practice=replace(PRACTICE, buffer=15))
    assert theirs.starts == at("2026-06-03T10:00")
    assert [slot.starts for slot in slots_on(slots(opened)[:6], {2})] == [theirs.starts]


def test_a_pause_of_fifteen_minutes_lies_between_two_visitors(opened: Store, keep: Keeping) -> None:
    keep(practice=replace(PRACTICE, buffer=15))

    wednesday = [slot.starts for slot in slots(opened) if slot.starts.date() == WEDNESDAY]
    assert wednesday == [at("2026-06-03T09:00"), at("2026-06-03T10:15")]


def test_closed_dates_are_closed_and_given_back(opened: Store, look: Keeping, keep: Keeping) -> None:
    before = slots(opened)
    days = {date(2026, 6, day): () for day in (3, 4)}

    assert look(special=days).withdrawn == 6
    keep(special=days)
    assert {slot.starts.date() for slot in slots(opened)}.isdisjoint(days)
    keep(special={})
    assert [slot.starts for slot in slots(opened)] == [slot.starts for slot in before]


def test_a_date_keeps_its_hours_when_another_page_changes_the_week(opened: Store, keep: Keeping) -> None:
    keep(special={WEDNESDAY: [WeeklyRange(2, time(20), time(22))]})
    keep(week=MORNINGS[:1])

    assert [slot.starts for slot in slots(opened) if slot.starts.date() == WEDNESDAY] == [
        at("2026-06-03T20:00"),
        at("2026-06-03T21:00"),
    ]


def test_it_is_said_when_a_colleague_has_the_place(opened: Store, settings: Settings, keep: Keeping) -> None:
    mine = [WeeklyRange(2, time(9), time(10)), WeeklyRange(2, time(14), time(15))]
    with opened.writing() as desk:
        opening.put_place(desk, BARN)
    effect = keep(OTTO, week=mine, practice=PRACTICE)

    assert effect.shared == [at("2026-06-03T09:00"), at("2026-06-10T09:00")]
    assert [slot.modes for slot in slots(opened, OTTO)][:2] == [(Mode.video,), (Mode.video, Mode.in_person)]
    elsewhere = keep(OTTO, practice=replace(PRACTICE, place=BARN.id))
    assert elsewhere.shared == []
    assert elsewhere.changed == 4
    with opened.reading() as desk:
        assert plans.shared_times(desk, OTTO, plans.find(desk, OTTO), settings, MONDAY) == []


def test_a_place_goes_only_when_nobody_meets_there(opened: Store, keep: Keeping) -> None:
    with opened.writing() as desk:
        opening.put_place(desk, BARN)
        assert plans.remove_place(desk, BARN.id, MONDAY)
        assert not plans.remove_place(desk, BARN.id, MONDAY)
        assert not plans.remove_place(desk, NOWHERE, MONDAY)
        assert not plans.remove_place(desk, MILL.id, MONDAY), "Ola's practice names it"
    keep(week=[], practice=replace(PRACTICE, modes=(Mode.video,), place=NOWHERE))
    with opened.writing() as desk:
        # Whether or not somebody is met there: the answer would tell it.
        assert not plans.remove_place(desk, MILL.id, MONDAY)
        assert plans.remove_place(desk, MILL.id, MONDAY + timedelta(days=15)), "the times that were open are over"
        assert opening.places(desk) == {}


def test_a_place_that_a_single_date_names_stays(opened: Store, keep: Keeping) -> None:
    with opened.writing() as desk:
        opening.put_place(desk, BARN)
    keep(special={date(2026, 12, 24): [WeeklyRange(3, time(9), time(10), place=BARN.id)]})
    with opened.writing() as desk:
        assert not plans.remove_place(desk, BARN.id, MONDAY)


@pytest.mark.parametrize("minutes", [0, -60])
def test_a_length_that_somebody_wrote_into_the_store_opens_nothing_and_breaks_nothing(
    opened: Store, keep: Keeping, minutes: int
) -> None:
    keep(practice=replace(PRACTICE, minutes=minutes))
    assert slots(opened) == []
    keep(practice=PRACTICE)
    assert len(slots(opened)) == 26
