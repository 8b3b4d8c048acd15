"""The times that an ombuds' hours make, and for each that is not opened why: pure, and the same for every question."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from portal.scheduling.rules import ALL, NOWHERE, Kind, Mode, Practice, WeeklyRange
from portal.scheduling.spans import Span, hits, merge, walk
from portal.scheduling.walls import first_instant, instants

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEK = 7
#: Hours that run overnight began earlier; more than a week back, so that a weekly pause lies in between.
_RUN_UP_DAYS = 8


class Why(StrEnum):
    """Why a time that hours make is not opened; each is the ombuds' own setting, or another ombuds' use of a place."""

    a_day = "a-day"
    online = "online"
    place = "place"


@dataclass(frozen=True)
class Timetable:
    """All that makes an ombuds' times: the usual week, dates with hours of their own (perhaps none), and holidays.

    Dates and hours are those of `zone`, on the wall.
    """

    ranges: Sequence[WeeklyRange]
    practice: Practice
    zone: ZoneInfo
    special: Mapping[date, Sequence[WeeklyRange]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    away: frozenset[date] = frozenset()

    def ranges_on(self, day: date, kind: Kind = Kind.appointments) -> list[WeeklyRange]:
        """The hours of one civil date. A date with hours of its own keeps them, be it a holiday or not.

        On a day away there are none; but see `times`, which chooses as if nobody were away.
        """
        if day in self.away:
            found: Iterable[WeeklyRange] = ()
        elif day in self.special:
            found = self.special[day]
        else:
            found = () if day in self.holidays else (each for each in self.ranges if each.weekday == day.weekday())
        return [each for each in found if each.kind is kind]

    def spans_on(self, day: date, kind: Kind) -> list[Span]:
        """When the hours of one civil date are, in UTC."""
        return merge(span for each in self.ranges_on(day, kind) for span in instants(each.on(day), self.zone))


@dataclass(frozen=True)
class Time:
    """A time that hours make; `starts` is aware, in UTC. With `why` it is not opened."""

    starts: datetime
    minutes: int
    modes: tuple[Mode, ...]
    place: bytes
    proof_needed: bool = False
    why: Why | None = None

    @property
    def span(self) -> Span:
        return self.starts, self.starts + self.minutes * _MINUTE


def times(table: Timetable, first: date, days: int) -> list[Time]:
    """The times that begin on one of `days` civil dates from `first` on, in order; those not opened say why.

    What is chosen of a day or a week is spread evenly over it, and never depends on what is booked. It is the same
    whichever part of a week is asked for, so that no day opens or closes what another one did not.
    """
    monday, last = first - first.weekday() * _DAY, first + days * _DAY
    end = last + (-last.weekday() % _WEEK) * _DAY
    # Chosen as if nobody were away: a leave takes its days, and opens or closes no other one.
    there = replace(table, away=frozenset())
    dated = [(_date(each, table.zone), each) for each in _apart(_made(there, monday, end), table.practice)]
    weeks = groupby(
        (pair for pair in dated if monday <= pair[0] < end), lambda pair: pair[0] - pair[0].weekday() * _DAY
    )
    chosen = (pair for _week, pairs in weeks for pair in _chosen(list(pairs), table.practice))
    return [each for day, each in chosen if first <= day < last and day not in table.away]


def without_places(made: Iterable[Time], used: Mapping[bytes, Sequence[Span]], margin: timedelta) -> Iterator[Time]:
    """Nobody is met at a place while another ombuds offers it; `used` are their spans of each place, merged."""
    for each in made:
        starts, ends = each.span
        if Mode.in_person in each.modes and hits((starts - margin, ends + margin), used.get(each.place, ())):
            modes = tuple(mode for mode in each.modes if mode is not Mode.in_person)
            yield replace(each, modes=modes, place=NOWHERE, why=each.why or (None if modes else Why.place))
        else:
            yield each


def spread(count: int, keep: int) -> list[bool]:
    """Which of `count` things are kept when `keep` of them are, as evenly as can be; the same each time."""
    return [(n + 1) * keep // count > n * keep // count for n in range(count)] if keep < count else [True] * count


def _date(each: Time, zone: ZoneInfo) -> date:
    return each.starts.astimezone(zone).date()


def _made(table: Timetable, first: date, last: date) -> list[Time]:
    """All times of the hours from some days before `first`, in order; those of overlapping hours may overlap."""
    practice = table.practice
    length = practice.minutes * _MINUTE
    step = length + practice.buffer * _MINUTE
    if min(length, step) <= timedelta(0):
        return []  # somebody wrote into the store; the desk opens all the same, for its ombuds to put it right
    spans: dict[tuple[tuple[Mode, ...], bytes], list[Span]] = {}
    for n in range(-_RUN_UP_DAYS, (last - first).days + 1):
        day = first + n * _DAY
        for each in table.ranges_on(day):
            spans.setdefault(_terms(each, practice), []).extend(instants(each.on(day), table.zone))
    found = [
        Time(starts, practice.minutes, modes, place)
        for (modes, place), group in spans.items()
        if modes
        for span in _by_week(merge(group), table.zone)
        for starts in walk(span, length, step)
    ]
    return sorted(found, key=lambda each: (each.starts, -len(each.modes), each.modes, each.place))


def _by_week(spans: Iterable[Span], zone: ZoneInfo) -> Iterator[Span]:
    """Hours without any pause have no first moment to count from: they are counted anew each Monday."""
    for starts, ends in spans:
        begins = starts
        if ends - starts >= _WEEK * _DAY:
            day = starts.astimezone(zone).date()
            for n in range(1, (ends - starts).days + 2):
                monday = first_instant(day + n * _DAY, zone)
                if (day + n * _DAY).weekday() == 0 and begins < monday < ends:
                    yield begins, monday
                    begins = monday
        yield begins, ends


def _terms(each: WeeklyRange, practice: Practice) -> tuple[tuple[Mode, ...], bytes]:
    modes = tuple(mode for mode in practice.modes if mode in each.modes)
    return modes, each.place_in(practice) if Mode.in_person in modes else NOWHERE


def _apart(found: Iterable[Time], practice: Practice) -> Iterator[Time]:
    """Of times in order those that leave the one before them its end and the buffer."""
    free_from: datetime | None = None
    for each in found:
        if free_from is None or each.starts >= free_from:
            free_from = each.span[1] + practice.buffer * _MINUTE
            yield each


def _chosen(week: list[tuple[date, Time]], practice: Practice) -> Iterator[tuple[date, Time]]:
    """What is opened of a week: at most so many a day, then so much of the week, of which so much without proof."""
    left = [pair for pair in _limited(week, practice.a_day) if pair[1].why is None]
    online = _share(len(left), practice.online)
    opened = [pair for pair, is_online in zip(left, online, strict=True) if is_online]
    free = _share(len(opened), practice.without_code)
    anyone = {pair[1].starts: is_free for pair, is_free in zip(opened, free, strict=True)}
    for day, each in _limited(week, practice.a_day):
        why = each.why or (None if each.starts in anyone else Why.online)
        yield day, replace(each, why=why, proof_needed=not anyone.get(each.starts, False))


def _limited(week: list[tuple[date, Time]], a_day: int) -> Iterator[tuple[date, Time]]:
    for day, pairs in groupby(week, lambda pair: pair[0]):
        of_day = list(pairs)
        kept = spread(len(of_day), a_day or len(of_day))
        for (_day, each), is_kept in zip(of_day, kept, strict=True):
            yield day, each if is_kept else replace(each, why=Why.a_day)


def _share(count: int, percent: int) -> list[bool]:
    """A share of a few is never nothing, unless nothing is wanted."""
    return spread(count, -(-count * percent // ALL))
