"""Which hours of a week, or of a date, say two things at one time: pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from portal.scheduling.rules import Kind, WeeklyRange
from portal.scheduling.spans import Span, overlaps
from portal.scheduling.walls import MIDNIGHT

#: A Monday, and the week that a Sunday's night runs into.
_MONDAY = date(2001, 1, 1)
_WEEK = timedelta(days=7)
#: An open door and a phone are watched side by side; whoever has an appointment does neither.
_SIDE_BY_SIDE = {Kind.drop_in, Kind.calls}
#: Somebody who typed "9:00 to 5:00" meant the afternoon; no night at a desk is as long.
LONGEST_NIGHT = timedelta(hours=16)


def clashes(ranges: Sequence[WeeklyRange]) -> list[tuple[int, int]]:
    """Which two of these hours overlap, by their places in the list; each that comes later once, with the first one.

    The week is a ring: what runs over Sunday's midnight meets Monday. Hours that touch do not overlap.
    """
    found = []
    for later, each in enumerate(ranges):
        other = next((n for n in range(later) if _clash(ranges[n], each)), None)
        if other is not None:
            found.append((other, later))
    return found


def is_overnight(each: WeeklyRange) -> bool:
    """Whether hours run into the next day; an end at midnight does not."""
    return MIDNIGHT < each.ends < each.starts


def runs_too_long(each: WeeklyRange) -> bool:
    """Whether hours run overnight for so long that it must be a slip."""
    starts, ends = each.on(_MONDAY)
    return is_overnight(each) and ends - starts >= LONGEST_NIGHT


def runs_of(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days in order as stretches without a gap, each with its first and its last day."""
    breaks = [n + 1 for n, (day, after) in enumerate(pairwise(days)) if (after - day).days > 1]
    bounds = [0, *breaks, len(days)]
    return [(days[first], days[last - 1]) for first, last in pairwise(bounds) if last > first]


def _clash(one: WeeklyRange, other: WeeklyRange) -> bool:
    if {one.kind, other.kind} == _SIDE_BY_SIDE:
        return False
    (starts, ends), span = _on_the_ring(one), _on_the_ring(other)
    if starts == ends or span[0] == span[1]:
        return False
    again = [(starts + n * _WEEK, ends + n * _WEEK) for n in (-1, 0, 1)]
    return overlaps(span, again)


def _on_the_ring(each: WeeklyRange) -> Span:
    return each.on(_MONDAY + timedelta(days=each.weekday))
