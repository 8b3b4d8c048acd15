"""How the queue is ordered and what a matter shows on the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from portal.intake.rules import Matter, Meeting, State


@dataclass(frozen=True)
class QueueLine:
    """One appointment in the queue; a tampered one has only its key."""

    key: str
    starts: datetime | None = None
    minutes: int = 0
    mode: str = ""
    topic: str = ""
    level: str = ""
    call_name: str = ""
    state: str = ""
    is_waiting: bool = False
    tampered: bool = False


@dataclass(frozen=True)
class Queue:
    """What the ombuds sees first.

    What waits for an answer, coming days, past and not yet marked, tampered with, and what is in writing and answered.
    """

    waiting: list[QueueLine]
    days: list[tuple[date, list[QueueLine]]]
    past: list[tuple[date, list[QueueLine]]]
    tampered: list[QueueLine]
    written: list[QueueLine]


_MARKABLE = {State.BOOKED, State.MET, State.MISSED}


def can_mark(meeting: Meeting, now: datetime) -> bool:
    """Met or missed can be said once a meeting has begun, and be corrected; a cancelled one is neither."""
    return meeting.starts <= now and meeting.state in _MARKABLE


def line(key: str, matter: Matter) -> QueueLine:
    """One line for a matter, with the meeting that counts now; without one it is a matter in writing."""
    meeting = matter.meeting
    return QueueLine(
        key=key,
        starts=meeting.starts if meeting else None,
        minutes=meeting.minutes if meeting else 0,
        mode=meeting.mode if meeting else "write",
        topic=matter.stub.topic,
        level=matter.level,
        call_name=matter.stub.call_name,
        state=meeting.state.value if meeting else "",
        is_waiting=matter.is_waiting_for_ombuds,
    )


def arrange(lines: Iterable[QueueLine], tampered: list[QueueLine], *, now: datetime, zone: ZoneInfo) -> Queue:
    """Days in order; an appointment is past when its time is over, and stays until it is marked."""
    every = list(lines)
    dated = sorted(((found.starts, found) for found in every if found.starts), key=lambda pair: pair[0])
    undated = [found for found in every if found.starts is None]
    coming = [found for starts, found in dated if starts + timedelta(minutes=found.minutes) > now]
    past = [
        found
        for starts, found in dated
        if starts + timedelta(minutes=found.minutes) <= now and found.state == State.BOOKED
    ]
    waiting = [found for found in (*(found for _starts, found in dated), *undated) if found.is_waiting]
    written = [found for found in undated if not found.is_waiting]
    return Queue(waiting, _by_day(coming, zone), _by_day(past, zone), tampered, written)


def _by_day(lines: list[QueueLine], zone: ZoneInfo) -> list[tuple[date, list[QueueLine]]]:
    def day(found: QueueLine) -> date:
        assert found.starts is not None
        return found.starts.astimezone(zone).date()

    return [(key, list(group)) for key, group in groupby(lines, key=day)]
