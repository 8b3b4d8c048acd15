"""What hours, places and times are, and what may be offered when."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from portal.scheduling.spans import Span
from portal.scheduling.walls import MIDNIGHT, first_instant

#: The id of no place.
NOWHERE = bytes(16)
ALL = 100
#: So many times, of people, places and zones with long names, fit into an answer to a form: these are all one length.
MOST_IN_AN_ANSWER = 20
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_THURSDAY = 3


class Mode(StrEnum):
    """How a visitor and an ombuds meet."""

    video = "video"
    in_person = "in-person"
    phone = "phone"


class Kind(StrEnum):
    """What hours are for: appointments that are booked, or a door or a phone that is open to whoever comes or calls."""

    appointments = "appointments"
    drop_in = "drop-in"
    calls = "calls"


class Reason(StrEnum):
    """Why a time is not for this visitor; each is a public fact of the time, never of its being taken."""

    mode = "mode"
    proof = "proof"
    past = "past"
    whom = "whom"


@dataclass(frozen=True, order=True)
class WeeklyRange:
    """Hours on one weekday (Monday is 0), on the wall clock of the ombuds' zone.

    `ends` is exclusive. An end of 00:00 is the end of that day; an end before the start lies on the next day. `modes`
    narrows the ways of the practice; `place` is another one than the practice's, or `NOWHERE`.
    """

    weekday: int
    starts: time
    ends: time
    modes: tuple[Mode, ...] = tuple(Mode)
    place: bytes = NOWHERE
    kind: Kind = Kind.appointments

    def on(self, day: date) -> Span:
        """Start and end on the wall clock, naive."""
        runs_overnight = self.ends < self.starts or self.ends == MIDNIGHT
        return datetime.combine(day, self.starts), datetime.combine(day + _DAY * runs_overnight, self.ends)

    def place_in(self, practice: "Practice") -> bytes:
        """Where these hours are: at a place of their own, or at the practice's."""
        return self.place if self.place != NOWHERE else practice.place


@dataclass(frozen=True)
class Place:
    """Where people meet. All but the door and the way there is known before booking; those only the receipt shows."""

    id: bytes
    name: str
    access: str = ""
    door: str = ""
    directions: str = ""
    is_step_free: bool = False
    has_no_sign: bool = False
    is_apart: bool = False


@dataclass(frozen=True)
class Practice:
    """How an ombuds meets people, as the public is told it.

    `minutes` is the length of an appointment, `buffer` the minutes between two, so that no two visitors meet; `a_day`
    the most times of a day that are opened (0 is no limit). `online` is how much of a week is open here, and
    `without_code` how much of that to people without proof, both in percent. None for `notice_hours` and
    `horizon_weeks` is what the office set; `zone` and `holidays` may be empty: the office's zone, and no holidays.
    """

    minutes: int
    modes: tuple[Mode, ...]
    without_code: int
    place: bytes = NOWHERE
    buffer: int = 0
    a_day: int = 0
    online: int = ALL
    notice_hours: int | None = None
    horizon_weeks: int | None = None
    zone: str = ""
    holidays: str = ""
    languages: tuple[str, ...] = ()
    region: str = ""


@dataclass(frozen=True)
class SlotFacts:
    """What never changes about a slot: everything but whether it is taken."""

    id: bytes
    ombuds: bytes
    starts: datetime
    minutes: int
    modes: tuple[Mode, ...]
    proof_needed: bool
    place: bytes = NOWHERE

    @property
    def ends(self) -> datetime:
        return self.starts + self.minutes * _MINUTE


@dataclass(frozen=True)
class Offer:
    """A published time, with all that may be known of it before booking; `starts` is aware, in UTC.

    After `closes` nobody can book it any more: it has come too near.
    """

    id: bytes
    ombuds: bytes
    ombuds_name: str
    starts: datetime
    minutes: int
    modes: tuple[Mode, ...]
    proof_needed: bool
    closes: datetime
    place: Place | None = None

    @property
    def key(self) -> str:
        """The id as forms carry it."""
        return self.id.hex()

    @property
    def ends(self) -> datetime:
        return self.starts + self.minutes * _MINUTE


class Busy(Protocol):
    """When an ombuds is busy elsewhere."""

    def is_busy(self, starts: datetime, ends: datetime) -> bool: ...


@dataclass(frozen=True)
class Conditions:
    """On what conditions an ombuds gives times away, beyond what stands in each of them."""

    notice_hours: int
    busy: Busy | None = None

    def allow(self, slot: SlotFacts | Offer, now: datetime) -> bool:
        """Whether a time may still be given to anybody: the one question that list, booking, move and decoy ask."""
        return is_offerable(slot.starts, now, self.notice_hours) and not self.are_busy(slot)

    def are_busy(self, slot: SlotFacts | Offer) -> bool:
        return self.busy is not None and self.busy.is_busy(slot.starts, slot.ends)


def is_offerable(starts: datetime, now: datetime, notice_hours: int) -> bool:
    """Whether a time is far enough ahead that somebody can prepare for it."""
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


def one_of_each(offers: Sequence[Offer], mode: Mode | None = None) -> list[Offer]:
    """Of times that begin together and are as long, those that no other one of them can stand for, in their order.

    Twenty nines are no list. One stands for another when it can be met in all of its ways (or in `mode`), at its place
    if in person, and asks for no code that the other does not need. Among equals it is the first, so chance decides:
    offers of one moment come in the order of their random ids.
    """
    kept: dict[tuple[datetime, int], list[Offer]] = {}
    for offer in sorted(offers, key=lambda each: (0 if mode else -len(each.modes), each.proof_needed)):
        beside = kept.setdefault((offer.starts, offer.minutes), [])
        if not any(_stands_for(each, offer, mode) for each in beside):
            beside.append(offer)
    found = {offer.id for each in kept.values() for offer in each}
    return [offer for offer in offers if offer.id in found]


def in_parts(weeks: Mapping[int, Sequence[Offer]], most: int) -> dict[str, Sequence[Offer]]:
    """Weeks under their number; one of more than `most` times in parts as long as each other, "1", then "1-2"."""
    parts: dict[str, Sequence[Offer]] = {}
    for week, offers in weeks.items():
        count = -(-len(offers) // most)
        for part in range(count):
            start, end = len(offers) * part // count, len(offers) * (part + 1) // count
            parts[f"{week}-{part + 1}" if part else str(week)] = offers[start:end]
    return parts


def ombuds_week(year: int) -> tuple[date, date, date]:
    """Monday, Friday and Ombuds Day of a year's Ombuds Week: the day is the second Thursday of October."""
    october = date(year, 10, 1)
    day = october + timedelta(days=(_THURSDAY - october.weekday()) % 7 + 7)
    return _monday(day), day + _DAY, day


def next_ombuds_week(today: date) -> tuple[date, date, date]:
    """The Ombuds Week that has not ended yet."""
    this_year = ombuds_week(today.year)
    return this_year if today <= this_year[1] else ombuds_week(today.year + 1)


def _stands_for(one: Offer, other: Offer, mode: Mode | None) -> bool:
    ways = {mode} if mode else set(other.modes)
    is_there = Mode.in_person not in ways or one.place == other.place
    return ways <= set(one.modes) and is_there and (other.proof_needed or not one.proof_needed)


def _starts(offer: Offer) -> datetime:
    return offer.starts


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _publications(now: datetime, publish_at: Sequence[time], zone: ZoneInfo) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        for at in publish_at:
            yield datetime.combine(day, at, zone).astimezone(UTC)
