"""Rows of a roster file as people: addresses in one spelling, values cleaned, and what is wrong with the rest."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.roster.reader import BadRow, Row, Table
from portal.roster.rules import ATTRIBUTE_FIELDS, GROUP_FIELDS, IDENTITY_FIELDS, OTHER, normalise, visible

FIELDS = GROUP_FIELDS + ATTRIBUTE_FIELDS + IDENTITY_FIELDS
FIRST, LAST, NAME = (FIELDS.index(name) for name in ("first", "last", "name"))
_EMAIL, OTHER_EMAILS = FIELDS.index("email"), FIELDS.index("other_emails")
_MOST_LISTED = 200
#: No part of a profile has room for more.
_LONGEST = 640
NO_ADDRESS = "no e-mail address"
NOT_AN_ADDRESS = "not an e-mail address"
TWICE = "the same address stands in line {}"
_TWICE_BY_REASON = "the same address stands in an earlier line"


@dataclass(frozen=True, slots=True)
class Person:
    """One line: its number, the normalised addresses without repeats, and the values in the order of `FIELDS`."""

    line: int
    addresses: list[str]
    values: list[str]


@dataclass
class Rejections:
    """Lines that are no people: the first 200 with their reasons, and how many there are of each."""

    listed: list[tuple[int, str]] = field(default_factory=list)
    by_reason: Counter[str] = field(default_factory=Counter)

    def add(self, line: int, reason: str) -> None:
        self._count(line, reason, reason)

    def add_twice(self, line: int, earlier: int) -> None:
        self._count(line, TWICE.format(earlier), _TWICE_BY_REASON)

    def _count(self, line: int, reason: str, kind: str) -> None:
        self.by_reason[kind] += 1
        if len(self.listed) < _MOST_LISTED:
            self.listed.append((line, reason))


def read_people(table: Table, aliases: Mapping[str, str], rejections: Rejections) -> Iterator[Person]:
    """The people of a file; lines that are none go to `rejections`.

    Raises:
        Unreadable: see `Table.rows`.
    """
    columns = [table.columns.of_field.get(name, -1) for name in FIELDS]
    wanted = [(place, column) for place, column in enumerate(columns) if column >= 0]
    for row in table.rows():
        if isinstance(row, BadRow):
            rejections.add(row.line, row.reason)
            continue
        addresses = _addresses(row, aliases)
        if not addresses:
            rejections.add(row.line, NOT_AN_ADDRESS if any(map(str.strip, row.emails)) else NO_ADDRESS)
            continue
        yield Person(row.line, addresses, _values(row, wanted, addresses))


def _addresses(row: Row, aliases: Mapping[str, str]) -> list[str]:
    """Every address of a line once; entries of other kinds, as directories have them, are passed over."""
    typed = (entry for cell in row.emails if cell for entry in cell.split(";"))
    return list(dict.fromkeys(normal for entry in typed if (normal := normalise(entry, aliases)) is not None))


def _values(row: Row, wanted: list[tuple[int, int]], addresses: list[str]) -> list[str]:
    values = [""] * len(FIELDS)
    for place, column in wanted:
        values[place] = _clean(row.cells[column])[:_LONGEST]
    values[0] = values[0] or OTHER
    values[_EMAIL] = addresses[0]
    values[OTHER_EMAILS] = "; ".join(addresses[1:])
    return values


def _clean(cell: str) -> str:
    """One line of visible text."""
    if cell.isascii() and cell.isprintable():
        return cell.strip() if "  " not in cell else " ".join(cell.split())
    return " ".join("".join(symbol if symbol.isprintable() else " " for symbol in visible(cell)).split())
