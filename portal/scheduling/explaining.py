"""Why a moment is offered to visitors or is not: the first true reason, from what makes and gives times. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.scheduling.rules import Conditions, Kind, SlotFacts, is_offerable
from portal.scheduling.spans import Span, overlaps
from portal.scheduling.timetable import Time, Timetable, Why
from portal.scheduling.walls import instants

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Because(StrEnum):
    """Why a moment is offered to visitors, or is not, in no order; each has one sentence at the desk."""

    OFFERED = "offered"
    WITH_CODE = "with-code"
    NEXT_LIST = "next-list"
    GIVEN_BACK = "given-back"
    NO_MAILBOX = "no-mailbox"
    CLOSED = "closed"
    PAST = "past"
    SKIPPED = "skipped"
    TAKEN = "taken"
    BUSY = "busy"
    SOON = "soon"
    SOON_BY_THEN = "soon-by-then"
    FAR = "far"
    BESIDE = "beside"
    NOT_OPENED = "not-opened"
    A_DAY = "a-day"
    ONLINE = "online"
    PLACE = "place"
    PAUSE = "pause"
    BETWEEN = "between"
    OPEN_DOOR = "open-door"
    AWAY = "away"
    OWN_DATE = "own-date"
    HOLIDAY = "holiday"
    OUTSIDE = "outside"


#: Whoever chooses such a time gets it.
BOOKABLE = frozenset({Because.OFFERED, Because.WITH_CODE})
#: Such a time can be booked now, or from the next list on.
COMING = BOOKABLE | {Because.NEXT_LIST, Because.GIVEN_BACK}
_NOT_OPENED = {Why.a_day: Because.A_DAY, Why.online: Because.ONLINE, Why.place: Because.PLACE}


@dataclass(frozen=True)
class Outlook:
    """All that decides on one ombuds' own times, read at one moment.

    `slots` are all of theirs to come, by their start; `taken` and `resting` are ids, `listed` the ids of theirs on the
    list that visitors see, by their start. `planned` are the times that their hours make, `opens` the starts of those
    that the daily job is going to open, and `ends` is where the times that may be open now end. All moments are aware.
    """

    table: Timetable
    conditions: Conditions
    now: datetime
    next_list: datetime
    ends: datetime
    slots: Mapping[datetime, SlotFacts] = field(default_factory=dict)
    taken: frozenset[bytes] = frozenset()
    resting: frozenset[bytes] = frozenset()
    listed: Mapping[datetime, bytes] = field(default_factory=dict)
    planned: Sequence[Time] = ()
    opens: frozenset[datetime] = frozenset()
    is_open: bool = True
    has_mailbox: bool = True
    calendar_read: datetime | None = None

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.table.zone).date()


@dataclass(frozen=True)
class Answer:
    """The first true reason. `is_listed` also for a time that was taken since the list was made.

    `near` are the starts, in UTC, of the nearest times that hours make on the same day, where the moment is none.
    """

    moment: datetime
    because: Because
    is_listed: bool = False
    slot: SlotFacts | None = None
    near: tuple[datetime, ...] = ()


def explain(moment: datetime, outlook: Outlook) -> Answer:
    """Say why an appointment at `moment` (aware) is offered, or why not. Every moment has an answer."""
    slot = outlook.slots.get(moment)
    planned = next((each for each in outlook.planned if each.starts == moment), None)
    near: tuple[datetime, ...] = ()
    if not outlook.is_open:
        because = Because.CLOSED
    elif moment <= outlook.now:
        because = Because.PAST
    elif slot:
        because = _of_slot(slot, outlook)
    elif planned:
        because = _of_planned(planned, outlook)
    else:
        because, near = _of_moment(moment, outlook), _nearest(moment, outlook)
    return Answer(moment, because, moment in outlook.listed, slot, near)


def explain_wall(day: date, clock: time, outlook: Outlook) -> Answer:
    """The same for what a clock on the wall shows where the hours are; of one that comes twice, the one on the list."""
    wall = datetime.combine(day, clock)
    found = [starts for starts, _ends in instants((wall, wall + _MINUTE), outlook.table.zone)]
    if not found:
        return Answer(wall.replace(tzinfo=outlook.table.zone), Because.SKIPPED)
    answers = [explain(moment, outlook) for moment in found]
    return next((each for each in answers if each.is_listed), answers[0])


def few_left(outlook: Outlook, weeks: Sequence[date], enough: int) -> list[tuple[date, int]]:
    """Those of the weeks, by their Monday, with fewer than `enough` times to book although hours make more of them.

    Each with how many are left: on the list, or on it with the next one. A week that is not open to its end is none.
    """
    found = []
    for monday in weeks:
        made = sum(each.why is None for each in outlook.planned if _is_in(each.starts, monday, outlook))
        left = sum(explain(each, outlook).because in COMING for each in outlook.slots if _is_in(each, monday, outlook))
        if left < min(enough, made) and outlook.day(outlook.ends) >= monday + 7 * _DAY:
            found.append((monday, left))
    return found


def left_on_list(outlook: Outlook) -> int:
    """How many of the times that visitors see they could still get."""
    slots = {slot.id: slot for slot in outlook.slots.values()}
    free = set(outlook.listed.values()) - outlook.taken - outlook.resting if outlook.is_open else set()
    return sum(each in slots and outlook.conditions.allow(slots[each], outlook.now) for each in free)


def _is_in(moment: datetime, monday: date, outlook: Outlook) -> bool:
    return monday <= outlook.day(moment) < monday + 7 * _DAY


def _of_slot(slot: SlotFacts, outlook: Outlook) -> Because:
    """What keeps visitors from a time that is there; in the order in which a booking meets it."""
    if slot.id in outlook.taken:
        return Because.TAKEN
    if not is_offerable(slot.starts, outlook.now, outlook.conditions.notice_hours):
        return Because.SOON
    if outlook.conditions.are_busy(slot):
        return Because.BUSY
    if slot.id in outlook.resting or outlook.listed.get(slot.starts) != slot.id:
        return _with_the_next_list(slot, outlook)
    if not outlook.has_mailbox:
        return Because.NO_MAILBOX
    return Because.WITH_CODE if slot.proof_needed else Because.OFFERED


def _with_the_next_list(slot: SlotFacts, outlook: Outlook) -> Because:
    if not outlook.conditions.allow(slot, outlook.next_list):
        return Because.SOON_BY_THEN
    return Because.GIVEN_BACK if slot.id in outlook.resting else Because.NEXT_LIST


def _of_planned(planned: Time, outlook: Outlook) -> Because:
    """What keeps a time that hours make from being opened."""
    if planned.why is not None:
        return _NOT_OPENED[planned.why]
    if planned.starts >= outlook.ends:
        return Because.FAR
    if not is_offerable(planned.starts, outlook.now, outlook.conditions.notice_hours):
        return Because.SOON
    return Because.NOT_OPENED if planned.starts in outlook.opens else Because.BESIDE


def _of_moment(moment: datetime, outlook: Outlook) -> Because:
    """What a moment is at which no time begins."""
    table = outlook.table
    if _is_within(moment, table, Kind.appointments):
        pause = table.practice.buffer * _MINUTE
        pauses: list[Span] = [(each.span[1], each.span[1] + pause) for each in outlook.planned]
        return Because.PAUSE if overlaps((moment, moment + _MINUTE), pauses) else Because.BETWEEN
    if any(_is_within(moment, table, kind) for kind in (Kind.drop_in, Kind.calls)):
        return Because.OPEN_DOOR
    usual = replace(table, special={}, holidays=frozenset(), away=frozenset())
    kept_by = next((day for day in _days(moment, table.zone) if _holds(usual, day, Kind.appointments, moment)), None)
    if kept_by in table.away:
        return Because.AWAY
    if kept_by in table.special:
        return Because.OWN_DATE
    return Because.HOLIDAY if kept_by in table.holidays else Because.OUTSIDE


def _is_within(moment: datetime, table: Timetable, kind: Kind) -> bool:
    return any(_holds(table, day, kind, moment) for day in _days(moment, table.zone))


def _holds(table: Timetable, day: date, kind: Kind, moment: datetime) -> bool:
    return any(starts <= moment < ends for starts, ends in table.spans_on(day, kind))


def _days(moment: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The dates whose hours a moment may lie in: hours that run overnight are those of the day before."""
    day = moment.astimezone(zone).date()
    return day, day - _DAY


def _nearest(moment: datetime, outlook: Outlook) -> tuple[datetime, ...]:
    """The last start before a moment and the first after it, of the times that are opened on the same day."""
    day = outlook.day(moment)
    starts = sorted(each.starts for each in outlook.planned if each.why is None and outlook.day(each.starts) == day)
    before, after = [each for each in starts if each < moment], [each for each in starts if each > moment]
    return (*before[-1:], *after[:1])
