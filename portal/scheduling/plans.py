"""What an ombuds sets about their times, what a change of it would do, and the change itself in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import hours_store, opening, own, rooms
from portal.scheduling.opening import Difference
from portal.scheduling.rules import ALL, NOWHERE, Mode, Practice, SlotFacts, WeeklyRange
from portal.scheduling.timetable import Timetable, times

#: How somebody begins who never set hours: without a place, nobody is met in person.
FIRST_PRACTICE = Practice(minutes=60, modes=(Mode.video, Mode.phone), without_code=ALL)


@dataclass(frozen=True)
class Plan:
    """All that an ombuds sets: usual week, practice, and dates with hours of their own (none: closed)."""

    week: Sequence[WeeklyRange] = ()
    practice: Practice = FIRST_PRACTICE
    special: Mapping[date, Sequence[WeeklyRange]] = field(default_factory=dict)
    away: frozenset[date] = frozenset()

    @property
    def places(self) -> set[bytes]:
        """The ids of all places that occur in it."""
        ranges = [*self.week, *(each for found in self.special.values() for each in found)]
        return {self.practice.place, *(each.place for each in ranges)} - {NOWHERE}


Change = Callable[[Plan], Plan]


@dataclass(frozen=True)
class Effect:
    """What a change does to the times of an ombuds, up to the horizon.

    `opened` times were not there, `changed` ones get another length, way, place or proof, `withdrawn` ones go; all of
    them are free. `stays` are taken ones that the hours no longer make; `shared` are the starts, in UTC, of times that
    are not met in person because another ombuds has the place.
    """

    opened: int
    changed: int
    withdrawn: int
    stays: Sequence[SlotFacts]
    shared: Sequence[datetime]

    @property
    def takes_something(self) -> bool:
        """Whether its ombuds should look at it before it is kept."""
        return bool(self.changed or self.withdrawn or self.stays)


def find(desk: Session, ombuds: bytes) -> Plan:
    """What stands in the store, or how everybody begins."""
    week, practice = opening.get_hours(desk, ombuds)
    return Plan(week, practice or FIRST_PRACTICE, opening.dates(desk, ombuds), own.days_away(desk, ombuds))


def look(desk: Session, ombuds: bytes, change: Change, settings: Settings, now: datetime) -> Effect:
    """What a change would do; nothing is written."""
    before = find(desk, ombuds)
    return _effect(desk, ombuds, before, change(before), settings, now)[0]


def keep(desk: Session, ombuds: bytes, change: Change, settings: Settings, now: datetime) -> Effect:
    """Change what is set and make the times follow; planned anew from what stands in the store at this moment."""
    before = find(desk, ombuds)
    after = change(before)
    effect, difference = _effect(desk, ombuds, before, after, settings, now)
    opening.set_hours(desk, ombuds, after.week, after.practice)
    for day in before.special.keys() | after.special.keys():
        if before.special.get(day) != after.special.get(day):
            opening.set_date(desk, ombuds, day, after.special.get(day))
    opening.apply(desk, ombuds, difference, now)
    return effect


def shared_times(desk: Session, ombuds: bytes, plan: Plan, settings: Settings, now: datetime) -> list[datetime]:
    """Starts of the times that are not met in person, because another ombuds has the place then."""
    table = _table(plan, settings, now)
    first, days = opening.horizon(plan.practice, settings, now)
    wished = {each.starts for each in times(table, first, days) if Mode.in_person in each.modes and each.why is None}
    left = opening.planned(desk, ombuds, table, first, days)
    lost = (each.starts for each in left if Mode.in_person not in each.modes or each.why is not None)
    return [starts for starts in lost if starts in wished and starts > now]


def is_in_use(desk: Session, place: bytes, now: datetime) -> bool:
    """Whether somebody's hours name a place, or named it for times that are not over; then it must not go."""
    plans = (find(desk, each) for each in hours_store.practices(desk))
    return any(place in plan.places for plan in plans) or rooms.is_had(desk, place, now)


def remove_place(desk: Session, place: bytes, now: datetime) -> bool:
    """Take a place away; False where it is in use, or not there."""
    if place not in opening.places(desk) or is_in_use(desk, place, now):
        return False
    hours_store.delete_place(desk, place)
    return True


def _effect(
    desk: Session, ombuds: bytes, before: Plan, after: Plan, settings: Settings, now: datetime
) -> tuple[Effect, Difference]:
    found = opening.difference(desk, ombuds, _table(after, settings, now), settings, now)
    known = opening.difference(desk, ombuds, _table(before, settings, now), settings, now).kept
    stayed = {slot.id for slot in known}
    gone = {slot.starts for slot in found.withdrawn}
    come = {slot.starts for slot in found.opened}
    effect = Effect(
        opened=len(come - gone),
        changed=len(come & gone),
        withdrawn=len(gone - come),
        # One that stayed already, after an earlier change, is no news.
        stays=sorted((slot for slot in found.kept if slot.id not in stayed), key=lambda slot: slot.starts),
        shared=shared_times(desk, ombuds, after, settings, now),
    )
    return effect, found


def _table(plan: Plan, settings: Settings, now: datetime) -> Timetable:
    return opening.make_timetable(plan.week, plan.practice, plan.special, settings, now.date(), plan.away)
