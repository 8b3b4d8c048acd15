"""From what a clock on the wall shows to real instants: gaps and folds of clock changes are said, never guessed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.scheduling.spans import Span, merge, walk

MIDNIGHT = time(0)
_MINUTE = timedelta(minutes=1)


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """When a civil date begins, in UTC; where the clocks skip midnight, the moment of the change."""
    return datetime.combine(day, MIDNIGHT, zone).astimezone(UTC)


def instants(wall: Span, zone: ZoneInfo) -> list[Span]:
    """The instants at which the clock on the wall shows a time inside `wall` (naive), as spans in UTC.

    A time that the clocks skip is no instant; of an hour that comes twice, both are.
    """
    (starts, starts_again), (ends, ends_again) = _readings(wall[0], zone), _readings(wall[1], zone)
    if starts == starts_again and ends == ends_again and ends - starts == wall[1] - wall[0]:
        return [(starts, ends)]
    # The clocks change here. Asking them every minute is slow and cannot be wrong.
    minutes = walk((starts, ends_again), _MINUTE, _MINUTE)
    shown = (minute for minute in minutes if wall[0] <= _shown(minute, zone) < wall[1])
    return merge((minute, minute + _MINUTE) for minute in shown)


def _readings(wall: datetime, zone: ZoneInfo) -> Span:
    """The earliest and the latest instant that a wall time may mean: one instant on all days but two of a year."""
    earlier, later = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return earlier, later


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
