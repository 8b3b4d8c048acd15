"""Which meetings a block moves, and where to: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.intake.rules import HOLDING, MOST_MEETINGS, Matter, Meeting, State
from portal.notices.rules import Part
from portal.scheduling.rules import SlotFacts
from portal.scheduling.spans import Span, overlaps
from portal.scheduling.walls import first_instant

#: A leave of more days makes open matters wait for it.
LONG_LEAVE_DAYS = 7
#: So long a matter lives at least after a long leave: its visitor must be able to come back and be answered.
KEPT_AFTER_LEAVE = timedelta(days=30)
LONGEST_AHEAD_DAYS = 120
DAYS_SHOWN = 6
#: A meeting in one of these says that a declined one was answered by another.
_WENT_ON = frozenset({State.BOOKED, State.MET, State.MISSED})
_NOON = time(12)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Move:
    """A meeting or a proposal that a block hits, and the time that is proposed instead; None where there is none."""

    locker: bytes
    meeting: Meeting
    to: SlotFacts | None


@dataclass(frozen=True, repr=False)
class Stranded:
    """A visitor whose time is lost: called off, or they said no to the one that was proposed; `key` in hexadecimal."""

    key: str
    call_name: str
    contact: str
    meeting: Meeting


def part_of(day: date, part: Part, zone: ZoneInfo) -> Span:
    """A part of a civil date, in UTC; the morning ends at noon."""
    noon = first_instant_at(day, _NOON, zone)
    starts = noon if part is Part.AFTERNOON else first_instant(day, zone)
    return starts, noon if part is Part.MORNING else first_instant(day + _DAY, zone)


def first_instant_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time on the wall, in UTC; of one that comes twice, the first."""
    return datetime.combine(day, clock, zone).astimezone(first_instant(day, zone).tzinfo)


def is_long(span: Span) -> bool:
    return span[1] - span[0] > LONG_LEAVE_DAYS * _DAY


def can_call_off(meeting: Meeting, now: datetime) -> bool:
    return meeting.state is State.BOOKED and meeting.starts > now


def has_place_for(matter: Matter, count: int) -> bool:
    """Whether so many meetings more can stand in a matter: those that hold a time never make room."""
    return sum(each.state in HOLDING for each in matter.meetings) + count <= MOST_MEETINGS


def has_coming(matter: Matter, now: datetime) -> bool:
    return any(each.state in HOLDING and each.starts > now for each in matter.meetings)


def needs_a_time(matter: Matter, now: datetime) -> Meeting | None:
    """The newest meeting, if it was called off or declined and nothing else is to come: somebody has to offer a time.

    A called-off one counts although it is over, because nobody tells its visitor before they come back.
    """
    newest = max(matter.meetings, key=lambda each: each.starts, default=None)
    if newest is None or has_coming(matter, now):
        return None
    is_declined = newest.state is State.DECLINED and not any(each.state in _WENT_ON for each in matter.meetings)
    return newest if newest.state is State.CALLED_OFF or is_declined else None


def find_stranded(matters: Mapping[str, Matter], now: datetime) -> list[Stranded]:
    """Whom nobody could offer a time yet, in order of the time they lost; with the way to be reached that they left."""
    return _in_order(
        Stranded(key, matter.stub.call_name, matter.stub.contact, lost)
        for key, matter in matters.items()
        if (lost := needs_a_time(matter, now))
    )


def find_moved(matters: Mapping[str, Matter], now: datetime) -> list[Stranded]:
    """Whose coming meeting was called off, with another time to come: they read it only when they come back."""
    return _in_order(
        Stranded(key, matter.stub.call_name, matter.stub.contact, each)
        for key, matter in matters.items()
        for each in matter.meetings
        if each.state is State.CALLED_OFF and each.ends > now and has_coming(matter, now)
    )


def _in_order(found: Iterable[Stranded]) -> list[Stranded]:
    return sorted(found, key=lambda each: each.meeting.starts)


def hit(matters: Mapping[bytes, Matter], span: Span, now: datetime) -> list[tuple[bytes, Meeting]]:
    """What lies in a span and is to come: visitors' meetings in order of time, then those of decoys."""
    found = [
        (key, meeting)
        for key, matter in matters.items()
        for meeting in matter.meetings
        if meeting.state in HOLDING and meeting.starts > now and overlaps((meeting.starts, meeting.ends), [span])
    ]
    return sorted(found, key=lambda pair: (matters[pair[0]].is_decoy, pair[1].starts))


def moves(
    found: Iterable[tuple[bytes, Meeting]], free: Sequence[SlotFacts], decoys: frozenset[bytes], spare: int
) -> list[Move]:
    """For each the earliest free time that is met in the same way; each time once.

    A decoy moves as a visitor would, or the number of times that vanish would say how many of the blocked ones were
    real; only while more than `spare` are left, as a decoy must never be what keeps a visitor out.
    """
    left, planned, wanted = list(free), [], list(found)
    if len(left) >= len(wanted) + spare:  # enough for all: nobody need come first, and the order tells nothing
        wanted.sort(key=lambda pair: pair[1].starts)
    for key, meeting in wanted:
        may = key not in decoys or len(left) > spare
        to = next((slot for slot in left if may and meeting.mode in slot.modes), None)
        left = [slot for slot in left if slot is not to]
        planned.append(Move(key, meeting, to))
    return planned
