"""What the times in a calendar file mean: days, times without a zone, and ends of every kind.

A whole day and a time without a zone (RFC 5545, 3.3.5, form 1) mean the clock of one zone, which the caller gives.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Time = datetime | date
Span = tuple[datetime, datetime]
#: An event or a value of icalendar, whose own types say that it may be anything.
Loose = Any

_DAY = timedelta(days=1)
_ZONE_NAME = re.compile(r';TZID=(?:"[^"]*"|[^;:]*)', re.IGNORECASE)
#: Whole days and times in UTC have no zone; the library would move them into one that is named all the same.
_NEEDS_NO_ZONE = re.compile(r"\d{8}(?:,\d{8})*|[0-9TZ,]*Z")


def without_idle_zone(line: str) -> str:
    """The line without a zone's name that its own value contradicts."""
    head, _, value = line.rpartition(":")
    return f"{_ZONE_NAME.sub('', head)}:{value}" if head and _NEEDS_NO_ZONE.fullmatch(value.strip()) else line


def is_day(when: Time) -> bool:
    return not isinstance(when, datetime)


def moment(when: Time, zone: ZoneInfo) -> datetime:
    """In UTC; a day is its first moment, and a time that a clock change leaves out is taken as before the change."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def span(event: Loose, zone: ZoneInfo) -> Span:
    """From when until when one event that does not repeat takes; both are the same when it takes no time.

    Days of a DURATION follow the clock and the rest is exact, which is what RFC 5545, 3.3.6 asks for but for a
    duration of a day or more that is written in hours.

    Raises:
        Exception: whatever a broken event makes the library or us say; the text may quote it.
    """
    starts = event["DTSTART"].dt
    if "DTEND" in event:
        return stretch(starts, event["DTEND"].dt, zone)
    if "DURATION" in event:
        length = event["DURATION"].dt
        ends = moment(starts + timedelta(days=length.days), zone) + timedelta(seconds=length.seconds)
        return _in_order(moment(starts, zone), ends)
    return stretch(starts, starts, zone)


def stretch(starts: Time, ends: Time, zone: ZoneInfo) -> Span:
    """Between two times of an event. A day that ends where it starts, as some programs write, is that one day.

    Raises:
        ValueError: when it ends before it starts.
    """
    if is_day(starts) and starts == ends:
        return moment(starts, zone), moment(starts + _DAY, zone)
    first, last = moment(starts, zone), moment(ends, zone)
    if last < first and isinstance(starts, datetime) and isinstance(ends, datetime):
        # Where the clock jumps forward, 2:30 to 3:15 seems to end before it starts.
        last = first + max(ends.replace(tzinfo=None) - starts.replace(tzinfo=None), timedelta(0) - _DAY)
    return _in_order(first, last)


def _in_order(first: datetime, last: datetime) -> Span:
    if last < first:
        raise ValueError("It ends before it starts.")
    return first, last


def settle(event: Loose, zone: ZoneInfo, clock: ZoneInfo | None) -> None:
    """Gives all times of an event that repeats a zone, in place, so that the library compares like with like.

    `zone` is that of times without one. `clock` is the zone that the calendar names as its own: a meeting written in
    UTC repeats by that zone's clock, as the calendar's own program shows it.
    """
    for value in _values(event):
        value.dt = _settled(value.dt, zone, clock)
    starts = event["DTSTART"].dt
    for rule in _listed(event.get("RRULE")):
        if "UNTIL" in rule:
            rule["UNTIL"] = [_until(rule["UNTIL"][0], starts, zone)]


def _until(until: Time, starts: Time, zone: ZoneInfo) -> Time:
    """The last moment of a rule, in the kind of its start: a day means all of it, a time without a zone the start's."""
    if not isinstance(starts, datetime):
        return until.astimezone(zone).date() if isinstance(until, datetime) and until.tzinfo else _day_of(until)
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    return (until if until.tzinfo else until.replace(tzinfo=starts.tzinfo)).astimezone(UTC)


def _day_of(when: Time) -> date:
    return when.date() if isinstance(when, datetime) else when


def _values(event: Loose) -> Iterator[Loose]:
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"):
        for listed in _listed(event.get(name)):
            yield from listed.dts


def _settled(when: Loose, zone: ZoneInfo, clock: ZoneInfo | None) -> Loose:
    if isinstance(when, tuple):
        return tuple(_settled(each, zone, clock) for each in when)
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None:
        return when.replace(tzinfo=zone)
    return when.astimezone(clock) if clock and when.tzname() == "UTC" else when


def _listed(value: Loose) -> list[Loose]:
    return value if isinstance(value, list) else [] if value is None else [value]
