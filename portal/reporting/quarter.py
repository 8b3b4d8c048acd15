"""The counts of a quarter, and their box of one length: what is in it shows in no size."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from portal.errors import CannotOpen
from portal.reporting.categories import CATEGORIES, CONCERNS
from portal.reporting.rules import (
    ATTRIBUTES,
    BY_CONSTITUENCY,
    CONCERN,
    CONTACT_CATEGORY,
    CONTACT_CONSTITUENCY,
    CONTACT_WAY,
    DIMENSIONS,
    MODE,
    MODES,
    NOBODY,
    OUTCOME,
    OUTCOMES,
    REFERRAL,
    REFERRALS,
    TOTAL,
    TOTALS,
    UNKNOWN,
    WAYS,
    Line,
)
from portal.roster.rules import OTHER, period_of
from portal.sealing import box
from portal.sealing.keys import expand
from portal.sealing.places import Place

SCHEMA = 1
#: Room for as many values as below, of the longest kind, and for 64 ombuds.
SIZE = 128 * 1024
#: Different values of a dimension; further ones become "other", so that a table never outgrows its box.
MOST_VALUES = 120
MOST_PAIRS = 40 * len(CATEGORIES)
#: Bytes of a value as JSON writes it, without its quotation marks; the roster's own bands have 60 before that.
LONGEST = 60
MOST = 999_999_999
#: A changed shape gets the next number, and a step here from each number to the one after it.
STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
_FIXED = {
    TOTAL: frozenset(TOTALS),
    CONCERN: CONCERNS,
    OUTCOME: frozenset(OUTCOMES),
    REFERRAL: frozenset(REFERRALS) - {NOBODY},
    MODE: frozenset(MODES),
    CONTACT_WAY: frozenset(WAYS),
    CONTACT_CATEGORY: frozenset(CATEGORIES),
}


@dataclass(frozen=True, repr=False)
class Mark:
    """How far an ombuds' waiting counts are in a table: of each month (like 2026-11) those with a lower number.

    `series` (8 bytes) names the row of numbers, `upto` is the number that would have come next.
    """

    series: bytes
    upto: int
    months: Mapping[str, int]


@dataclass(frozen=True, repr=False)
class Table:
    """Dimension and value to number; `version` grows with every writing; `marks` by ombuds."""

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    version: int = 0
    marks: Mapping[bytes, Mark] = field(default_factory=dict)

    def number(self, dimension: str, value: str) -> int:
        return self.counts.get((dimension, value), 0)

    def values(self, dimension: str) -> dict[str, int]:
        return {value: number for (name, value), number in self.counts.items() if name == dimension}

    def mark_of(self, ombuds: bytes, series: bytes) -> Mark:
        """The ombuds' mark; a fresh one when it is of another series, because those numbers began anew."""
        found = self.marks.get(ombuds)
        return found if found is not None and found.series == series else Mark(series, 0, {})


@dataclass(frozen=True)
class UnknownValue:
    """No table has such a number."""


@dataclass(frozen=True)
class BelowZero:
    """More would be taken away than there is."""

    number: int


def quarter_of(month: str) -> str:
    """The quarter (like 2026-Q4) of a month (like 2026-11)."""
    return period_of(date.fromisoformat(f"{month}-01"))


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def open_in(month: str) -> tuple[str, ...]:
    """The quarters that may be corrected: the month's own, and the one before during the month after it."""
    before = date.fromisoformat(f"{month}-01") - timedelta(days=1)
    return tuple(dict.fromkeys((period_of(before), quarter_of(month))))


def between(first: str, last: str) -> list[str]:
    """All quarters from that of one month to that of another; none when the first is later."""
    return [_written(number) for number in range(_counted(quarter_of(first)), _counted(quarter_of(last)) + 1)]


def add(table: Table, lines: Iterable[Line]) -> Table:
    counts = dict(table.counts)
    sizes = {name: len(table.values(name)) for name in DIMENSIONS}
    for line in lines:
        place = (line.dimension, _value(line))
        if place not in counts and line.value != UNKNOWN and sizes[line.dimension] >= _room(line.dimension):
            place = (line.dimension, _other(line))
        sizes[line.dimension] += place not in counts
        counts[place] = min(counts.get(place, 0) + line.number, MOST)
    return replace(table, counts=counts)


def correct(table: Table, dimension: str, value: str, by: int) -> Table | UnknownValue | BelowZero:
    """Put a number right that was counted wrong; it never falls below zero."""
    if not _is_known(table, dimension, value):
        return UnknownValue()
    have = table.number(dimension, value)
    if have + by < 0:
        return BelowZero(have)
    return add(table, [Line(dimension, value, by)])


def write(table: Table, office: bytes, quarter: str) -> bytes:
    """A locked box of one length, under a key that only the holders of the office key (96 bytes) can make.

    Sealed to the public key, a table could be written by everybody who knows it.

    Raises:
        box.TooLong: with more ombuds than any office has.
    """
    return box.lock(box.pad(_text(table), SIZE), _key(office), _place(quarter))


def read(locked: bytes, office: bytes, quarter: str) -> Table:
    """Undo `write`.

    Raises:
        CannotOpen: when no ombuds of this office wrote it for this quarter, or a newer portal did.
    """
    found: dict[str, Any] = json.loads(box.unpad(box.unlock(locked, _key(office), _place(quarter))))
    found = upgraded(found, SCHEMA, STEPS)
    counts = {(name, value): number for name, values in found["counts"].items() for value, number in values.items()}
    marks = {
        bytes.fromhex(ombuds): Mark(bytes.fromhex(series), upto, months)
        for ombuds, (series, upto, months) in found["marks"].items()
    }
    return Table(counts, found["version"], marks)


def upgraded(
    found: dict[str, Any], schema: int, steps: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]
) -> dict[str, Any]:
    """What an older portal wrote, step by step in today's shape.

    Raises:
        CannotOpen: when a newer portal wrote it.
    """
    if found["schema"] > schema:
        raise CannotOpen("A newer version of the portal wrote these counts.")
    for number in range(found["schema"], schema):
        found = steps[number](found) | {"schema": number + 1}
    return found


def _text(table: Table) -> bytes:
    counts: dict[str, dict[str, int]] = {}
    for (name, value), number in table.counts.items():
        counts.setdefault(name, {})[value] = number
    marks = {ombuds.hex(): [mark.series.hex(), mark.upto, mark.months] for ombuds, mark in table.marks.items()}
    said = {"schema": SCHEMA, "version": table.version, "counts": counts, "marks": marks}
    # Sorted, so that not even an ombuds reads from the table in which order matters were closed.
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _value(line: Line) -> str:
    if line.dimension == BY_CONSTITUENCY:
        category, _, group = line.value.partition("/")
        return f"{category}/{short(group)}"
    return short(line.value)


def short(value: str) -> str:
    """A value as a table keeps it: at most `LONGEST` bytes, however many of them are quotation marks."""
    value = value.encode(errors="ignore").decode()
    while len(json.dumps(value, ensure_ascii=False).encode()) - 2 > LONGEST:
        value = value[:-1]
    return value.rstrip()


def _room(dimension: str) -> int:
    return MOST_PAIRS if dimension == BY_CONSTITUENCY else MOST_VALUES


def _other(line: Line) -> str:
    return f"{line.value.partition('/')[0]}/{OTHER}" if line.dimension == BY_CONSTITUENCY else OTHER


def _is_known(table: Table, dimension: str, value: str) -> bool:
    has_been = (dimension, value) in table.counts
    return has_been or value in fixed_values(dimension)


def fixed_values(dimension: str) -> frozenset[str]:
    """The values of a dimension that every table may have, whether or not anybody was counted under them."""
    free = frozenset({UNKNOWN, OTHER}) if dimension in {*ATTRIBUTES, CONTACT_CONSTITUENCY} else frozenset()
    return _FIXED.get(dimension, free)


def _key(office: bytes) -> bytes:
    return expand(office, "office/quarter")


def _place(quarter: str) -> Place:
    return Place("desk", quarter.encode(), "quarter")


def _counted(quarter: str) -> int:
    year, _, number = quarter.partition("-Q")
    return int(year) * 4 + int(number) - 1


def _written(number: int) -> str:
    return f"{number // 4:04}-Q{number % 4 + 1}"
