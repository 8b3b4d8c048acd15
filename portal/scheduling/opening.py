"""An ombuds' hours and what follows from them: which times are opened, which are taken back, which stay."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import hours_store, rooms, rules, store, ways
from portal.scheduling.holiday import public_holidays
from portal.scheduling.rules import Mode, Place, Practice, SlotFacts, WeeklyRange
from portal.scheduling.service import notice_hours
from portal.scheduling.spans import Span, hits, widen
from portal.scheduling.timetable import Time, Timetable, times, without_places
from portal.scheduling.walls import first_instant
from portal.scheduling.ways import Ways

ID_SIZE = 16
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEK = 7
#: A date of its own counts for its whole week, because what is opened of a week is chosen from all of it.
_KEPT_DATES = timedelta(days=16)


@dataclass(frozen=True)
class Difference:
    """What a change of hours does: times to open, free ones to take back, and taken ones that stay all the same.

    `rooms` is when the hours need which place, as `rooms.used_by` gives it.
    """

    opened: Sequence[SlotFacts]
    withdrawn: Sequence[SlotFacts]
    kept: Sequence[SlotFacts]
    rooms: Mapping[bytes, Sequence[Span]]


def set_hours(desk: Session, ombuds: bytes, ranges: Iterable[WeeklyRange], practice: Practice) -> None:
    """Replace an ombuds' usual week; `open_slots` then makes the slots follow."""
    hours_store.replace_hours(desk, ombuds, ranges)
    hours_store.replace_practice(desk, ombuds, practice)


def get_hours(desk: Session, ombuds: bytes) -> tuple[list[WeeklyRange], Practice | None]:
    """An ombuds' usual week in order, and the practice once it was set."""
    return hours_store.find_hours(desk, ombuds), hours_store.find_practice(desk, ombuds)


def ways_to_meet(desk: Session, ombuds: Collection[bytes], settings: Settings) -> Ways:
    """How these ombuds are met in their usual weeks; whoever has none, by the dates with hours of their own."""
    practices, weeks = hours_store.practices(desk), hours_store.usual_weeks(desk)
    return ways.offered(
        (
            reachable(practice, settings),
            weeks.get(each) or list(chain.from_iterable(hours_store.find_special(desk, each).values())),
        )
        for each, practice in practices.items()
        if each in ombuds
    )


def set_date(desk: Session, ombuds: bytes, day: date, ranges: Sequence[WeeklyRange] | None) -> None:
    """Give a date hours of its own; none at all closes it, and None gives it its usual ones back."""
    hours_store.replace_special(desk, ombuds, day, ranges)


def dates(desk: Session, ombuds: bytes) -> dict[date, list[WeeklyRange]]:
    """The dates with hours of their own, in order."""
    return hours_store.find_special(desk, ombuds)


def places(desk: Session) -> dict[bytes, Place]:
    """All places of the office, in order of their names."""
    return hours_store.places(desk)


def put_place(desk: Session, place: Place) -> None:
    """Add a place, or change the one of this id."""
    hours_store.put_place(desk, place)


def keep_hours(desk: Session) -> list[bytes]:
    """Who has set hours, in the order in which new days are opened for them."""
    return rooms.most_first(desk, hours_store.practices(desk).keys())


def timetable(desk: Session, ombuds: bytes, settings: Settings, today: date) -> Timetable | None:
    """All that makes an ombuds' times; None while they never set hours."""
    practice = hours_store.find_practice(desk, ombuds)
    if practice is None:
        return None
    return make_timetable(
        hours_store.find_hours(desk, ombuds),
        practice,
        hours_store.find_special(desk, ombuds),
        settings,
        today,
        hours_store.find_away(desk, ombuds),
    )


def make_timetable(
    ranges: Sequence[WeeklyRange],
    practice: Practice,
    special: Mapping[date, Sequence[WeeklyRange]],
    settings: Settings,
    today: date,
    away: frozenset[date] = frozenset(),
) -> Timetable:
    """The same from hours that are not kept yet, to see what they would do."""
    practice = reachable(practice, settings)
    holidays = public_holidays(practice.holidays, (today.year - 1, today.year, today.year + 1))
    return Timetable(ranges, practice, zone_of(practice, settings), special, holidays, away)


def reachable(practice: Practice, settings: Settings) -> Practice:
    """A practice without appointments by phone while the office has no number: the visitor is the one who calls."""
    if settings.phone:
        return practice
    return replace(practice, modes=tuple(mode for mode in practice.modes if mode is not Mode.phone))


def zone_of(practice: Practice, settings: Settings) -> ZoneInfo:
    """The zone of an ombuds' hours; the office's, unless they named another one that exists."""
    try:
        return ZoneInfo(practice.zone) if practice.zone else settings.zone
    except (LookupError, OSError, ValueError):
        return settings.zone


def horizon(practice: Practice, settings: Settings, now: datetime) -> tuple[date, int]:
    """The first civil date on which times are open, and how many days; never further than the office's setting."""
    weeks = min(practice.horizon_weeks or settings.horizon_weeks, settings.horizon_weeks)
    return now.astimezone(zone_of(practice, settings)).date(), weeks * _WEEK


def open_slots(desk: Session, settings: Settings, now: datetime, ombuds: bytes | None = None) -> int:
    """Make the slots of one ombuds, or of all, follow their hours up to the horizon; gives how many were opened.

    Free slots that no longer fit are withdrawn. A taken one stays, and nothing is opened that overlaps it.
    """
    count = 0
    for each in keep_hours(desk) if ombuds is None else [ombuds]:
        found = timetable(desk, each, settings, now.date())
        if found is not None:
            change = difference(desk, each, found, settings, now)
            apply(desk, each, change, now)
            count += len(change.opened)
    return count


def apply(desk: Session, ombuds: bytes, change: Difference, now: datetime) -> None:
    """Make a difference real, and note which places these hours need."""
    rooms.note(desk, ombuds, change.rooms, now)
    store.withdraw(desk, {slot.id for slot in change.withdrawn})
    store.add_slots(desk, change.opened)


def remove_past(desk: Session, settings: Settings, now: datetime) -> int:
    """Delete the slots that ended before today in the office's zone, free and taken alike; gives how many."""
    today = now.astimezone(settings.zone).date()
    hours_store.delete_special(desk, today - _KEPT_DATES)
    return store.delete_ended(desk, first_instant(today, settings.zone))


def difference(desk: Session, ombuds: bytes, table: Timetable, settings: Settings, now: datetime) -> Difference:
    """What it takes that the slots of an ombuds follow a timetable; nothing is changed."""
    existing = store.slots_of(desk, ombuds, since=now)
    taken = {slot.id for slot in store.taken_of(desk, ombuds)}
    first, days = horizon(table.practice, settings, now)
    made = planned(desk, ombuds, table, first, days)
    fitting = {_shape(slot): slot for slot in _slots(ombuds, made)}
    unfit = [slot for slot in existing if slot.starts > now and _shape(slot) not in fitting]
    # A taken one that stays has its pause too: what fits the hours, and lies too near to it, goes.
    staying = apart_from((slot for slot in unfit if slot.id in taken), table.practice)
    fits = (slot for slot in existing if slot.starts > now and _shape(slot) in fitting)
    too_near = [slot for slot in fits if hits(_span(slot), staying)]
    withdrawn = [slot for slot in (*unfit, *too_near) if slot.id not in taken]
    gone = {slot.id for slot in withdrawn}
    stay = apart_from((slot for slot in existing if slot.id not in gone), table.practice)
    notice = notice_hours(table.practice, settings)
    opened = [
        slot
        for slot in fitting.values()
        if rules.is_offerable(slot.starts, now, notice) and not hits(_span(slot), stay)
    ]
    kept = [slot for slot in unfit if slot.id in taken]
    return Difference(opened, withdrawn, kept, rooms.used_by(made, table, first, days))


def apart_from(slots: Iterable[SlotFacts], practice: Practice) -> list[Span]:
    """What other times must stay out of, so that whoever comes meets nobody; merged."""
    return widen(((slot.starts, slot.ends) for slot in slots), practice.buffer * _MINUTE)


def fit(desk: Session, ombuds: bytes, table: Timetable, first: date, days: int) -> list[SlotFacts]:
    """The slots that a timetable makes on so many days from the first on; none of them is stored by this."""
    return _slots(ombuds, planned(desk, ombuds, table, first, days))


def _slots(ombuds: bytes, made: Iterable[Time]) -> list[SlotFacts]:
    return [
        SlotFacts(os.urandom(ID_SIZE), ombuds, each.starts, each.minutes, each.modes, each.proof_needed, each.place)
        for each in made
        if each.why is None
    ]


def planned(desk: Session, ombuds: bytes, table: Timetable, first: date, days: int) -> list[Time]:
    """The times of a timetable on so many days, with why some are not opened; also for a place that is in use."""
    practices = hours_store.practices(desk).values()
    # The greater pause of any two counts, so that two visitors of two ombuds do not meet at one door either.
    margin = max((each.buffer for each in (*practices, table.practice)), default=0) * _MINUTE
    made = times(table, first, days)
    used = rooms.of_others(desk, ombuds, {each.place for each in made})
    return list(without_places(made, used, margin))


def _span(slot: SlotFacts) -> Span:
    return slot.starts, slot.ends


def _shape(slot: SlotFacts) -> tuple[object, ...]:
    return slot.starts, slot.minutes, frozenset(slot.modes), slot.proof_needed, slot.place
