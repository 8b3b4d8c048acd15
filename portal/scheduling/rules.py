"""From hours on the wall clock to real instants, and what may be offered when."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
#: Hours that run overnight began earlier; more than a week back, so that a weekly pause lies in between.
_RUN_UP_DAYS = 8
_THURSDAY = 3

Span = tuple[datetime, datetime]


class Mode(StrEnum):
    """How a visitor and an ombuds meet."""

    video = "video"
    in_person = "in-person"
    phone = "phone"


class Reason(StrEnum):
    """Why a time is not for this visitor; each is a public fact of the time, never of its being taken."""

    mode = "mode"
    proof = "proof"
    past = "past"


@dataclass(frozen=True, order=True)
class WeeklyRange:
    """Hours on one weekday (Monday is 0), on the wall clock of the office's zone.

    `ends` is exclusive. An end of 00:00 is the end of that day; an end before the start lies on the next day.
    """

    weekday: int
    starts: time
    ends: time

    def on(self, day: date) -> Span:
        """Start and end on the wall clock, naive."""
        runs_overnight = self.ends < self.starts or self.ends == MIDNIGHT
        return datetime.combine(day, self.starts), datetime.combine(day + _DAY * runs_overnight, self.ends)


@dataclass(frozen=True)
class Practice:
    """How an ombuds meets people. The door and the way there are shown on the receipt only."""

    minutes: int
    modes: tuple[Mode, ...]
    without_code: bool
    place_name: str
    place_access: str
    place_door: str
    place_directions: str


@dataclass(frozen=True)
class SlotFacts:
    """What never changes about a slot: everything but whether it is taken."""

    id: bytes
    ombuds: bytes
    starts: datetime
    minutes: int
    modes: tuple[Mode, ...]
    proof_needed: bool

    @property
    def ends(self) -> datetime:
        return self.starts + self.minutes * _MINUTE


@dataclass(frozen=True)
class Offer:
    """A published time, with all that may be known of it before booking; `starts` is aware, in UTC."""

    id: bytes
    ombuds: bytes
    ombuds_name: str
    starts: datetime
    minutes: int
    modes: tuple[Mode, ...]
    place_name: str
    place_access: str
    proof_needed: bool

    @property
    def key(self) -> str:
        """The id as forms carry it."""
        return self.id.hex()


def starts_within(
    ranges: Iterable[WeeklyRange], minutes: int, zone: ZoneInfo, first: date, days: int
) -> list[datetime]:
    """Starts, in UTC, of the appointments of `minutes` that begin on one of `days` civil dates from `first` on.

    Hours are expanded on each civil date by itself, so that nine o'clock stays nine o'clock when the clocks change.
    Times that the clocks skip are never offered; of an hour that comes twice, both are.
    """
    hours, step, last = list(ranges), minutes * _MINUTE, first + days * _DAY
    dates = [first + n * _DAY for n in range(-_RUN_UP_DAYS, days + 1)]
    open_hours = [each.on(day) for day in dates for each in hours if each.weekday == day.weekday()]
    spans = merge(span for wall in open_hours for span in _real(wall, zone))
    starts = [start for span in spans for start in _walk(span, step)]
    return [start for start in starts if first <= start.astimezone(zone).date() < last]


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as few spans, in order; spans that overlap or touch become one."""
    merged: list[Span] = []
    for starts, ends in sorted(spans):
        if merged and starts <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(ends, merged[-1][1])
        elif starts < ends:
            merged.append((starts, ends))
    return merged


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    starts, ends = span
    return any(starts < other_ends and other_starts < ends for other_starts, other_ends in others)


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """When a civil date begins, in UTC; where the clocks skip midnight, the moment of the change."""
    return datetime.combine(day, MIDNIGHT, zone).astimezone(UTC)


def is_offerable(starts: datetime, now: datetime, notice_hours: int) -> bool:
    """Whether a time may still be given to anybody. The list and the booking both ask here, so they cannot differ."""
    return starts >= now + timedelta(hours=notice_hours)


def last_publication(now: datetime, publish_at: Sequence[time], zone: ZoneInfo) -> datetime:
    """The latest hour of publication that is not after `now`, in UTC."""
    return max(moment for moment in _publications(now, publish_at, zone) if moment <= now)


def next_publication(now: datetime, publish_at: Sequence[time], zone: ZoneInfo) -> datetime:
    """The earliest hour of publication after `now`, in UTC."""
    return min(moment for moment in _publications(now, publish_at, zone) if moment > now)


def by_day(offers: Iterable[Offer], zone: ZoneInfo) -> list[tuple[date, list[Offer]]]:
    """Offers, which come in order of time, under their local dates."""
    return [(day, list(group)) for day, group in groupby(offers, lambda offer: offer.starts.astimezone(zone).date())]


def by_week(offers: Sequence[Offer], zone: ZoneInfo) -> dict[int, list[Offer]]:
    """Offers, in order of time, under the number of weeks (from Monday) after the first one's; no week is empty."""
    weeks: dict[int, list[Offer]] = {}
    mondays: list[date] = []
    rest = list(offers)
    while rest:
        mondays.append(_monday(rest[0].starts.astimezone(zone).date()))
        end = bisect_left(rest, first_instant(mondays[-1] + 7 * _DAY, zone), key=_starts)
        weeks[(mondays[-1] - mondays[0]).days // 7], rest = rest[:end], rest[end:]
    return weeks


def still_offerable(offers: Sequence[Offer], now: datetime, notice_hours: int) -> list[Offer]:
    """Of offers in order of time, those that may still be given; found by halving, as every page asks for it."""
    first = bisect_left(offers, True, key=lambda offer: is_offerable(offer.starts, now, notice_hours))  # noqa: FBT003
    return list(offers[first:])


def ombuds_week(year: int) -> tuple[date, date, date]:
    """Monday, Friday and Ombuds Day of a year's Ombuds Week: the day is the second Thursday of October."""
    october = date(year, 10, 1)
    day = october + timedelta(days=(_THURSDAY - october.weekday()) % 7 + 7)
    return _monday(day), day + _DAY, day


def next_ombuds_week(today: date) -> tuple[date, date, date]:
    """The Ombuds Week that has not ended yet."""
    this_year = ombuds_week(today.year)
    return this_year if today <= this_year[1] else ombuds_week(today.year + 1)


def _starts(offer: Offer) -> datetime:
    return offer.starts


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _publications(now: datetime, publish_at: Sequence[time], zone: ZoneInfo) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        for at in publish_at:
            yield datetime.combine(day, at, zone).astimezone(UTC)


def _readings(wall: datetime, zone: ZoneInfo) -> Span:
    """The earliest and the latest instant that a wall time may mean: one instant on all days but two of a year."""
    earlier, later = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return earlier, later


def _real(wall: Span, zone: ZoneInfo) -> list[Span]:
    """The instants at which the clock on the wall shows a time inside `wall`, as spans in UTC."""
    (starts, starts_again), (ends, ends_again) = _readings(wall[0], zone), _readings(wall[1], zone)
    if starts == starts_again and ends == ends_again and ends - starts == wall[1] - wall[0]:
        return [(starts, ends)]
    # The clocks change here. Asking them every minute is slow and cannot be wrong.
    shown = (minute for minute in _walk((starts, ends_again), _MINUTE) if wall[0] <= _shown(minute, zone) < wall[1])
    return merge((minute, minute + _MINUTE) for minute in shown)


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _walk(span: Span, step: timedelta) -> Iterator[datetime]:
    """Starts of as many whole steps as the span holds."""
    starts, ends = span
    return (starts + n * step for n in range((ends - starts) // step))
