"""Which days a notice may speak of, and what a PIN is."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

PIN_DIGITS = 8
MOST_AHEAD = timedelta(days=60)


class Part(StrEnum):
    """Which part of each day, in the order in which pages offer them."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"


@dataclass(frozen=True)
class Days:
    """The days on which appointments are moved, the last one included, in the office's zone."""

    first: date
    last: date
    part: Part = Part.DAY


@dataclass(frozen=True)
class Notice:
    """What the public is told: an ombuds' name and the days; never a word of their own."""

    name: str
    days: Days


@dataclass(frozen=True)
class PastDay:
    """The first day is over."""


@dataclass(frozen=True)
class LastBeforeFirst:
    """The last day comes before the first."""


@dataclass(frozen=True)
class TooFarAhead:
    """The last day is more than `MOST_AHEAD` away: a slip, which would stand there for months."""


Refused = PastDay | LastBeforeFirst | TooFarAhead


@dataclass(frozen=True)
class Pinned:
    """A PIN as the keys store holds it: salt (16 bytes) and slow hash (32 bytes)."""

    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)


def refuse(days: Days, today: date) -> Refused | None:
    """Why no notice can speak of these days; None when one can."""
    if days.first < today:
        return PastDay()
    if days.last < days.first:
        return LastBeforeFirst()
    return TooFarAhead() if days.last - today > MOST_AHEAD else None


def draw_pin() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def read_pin(typed: str) -> str | None:
    """A typed PIN as eight digits of whatever script, spaces left out; None when it is none."""
    digits = "".join(str(int(symbol)) for symbol in typed if symbol.isdecimal())
    return digits if len(digits) == PIN_DIGITS else None


def write_pin(pin: str) -> str:
    """A PIN in two groups, as it is read aloud."""
    half = PIN_DIGITS // 2
    return f"{pin[:half]} {pin[half:]}"
