"""The staff list from standard input: read into memory, and written nowhere."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from portal.config import Settings
from portal.errors import PortalError
from portal.roster.people import FIELDS
from portal.roster.reader import BadRow, Row, Table, Unreadable, read_table
from portal.roster.rules import FileRefused, hash_of, normalise
from portal.seizure.files import Employee, is_database, looking

NOBODY = "No line of the list has an e-mail address. Send the list that you import as the roster."


class WrongList(PortalError):  # noqa: N818 - it says what the list is
    """Nobody of the list could have come with a code: finding none of them would prove nothing."""

    def __init__(self, people: int) -> None:
        super().__init__(
            f"Nobody of the list is on this office's roster ({people:,} people were compared), so the test would look "
            "for the wrong people. Send the list that you import as the roster, or import this one first."
        )


@dataclass(frozen=True)
class StaffList:
    """The people of a list, and how many of its lines are none."""

    people: list[Employee] = field(repr=False)
    skipped: int


def read_staff(stream: BinaryIO, settings: Settings) -> StaffList | FileRefused:
    """Everybody of a staff list: each cell with an @ is an address, names come from the columns of names."""
    table = read_table(stream)
    if isinstance(table, FileRefused):
        return table
    try:
        found = [_employee(row, table, settings) for row in table.rows()]
    except Unreadable as error:
        return FileRefused(str(error))
    people = [each for each in found if each is not None]
    return StaffList(people, len(found) - len(people)) if people else FileRefused(NOBODY)


def strangers_in(people: Sequence[Employee], roster: Path, secret: bytes) -> int | None:
    """How many of these people are on the roster with none of their addresses; None without a roster to read."""
    if not roster.exists() or not is_database(roster):
        return None
    try:
        with closing(looking(roster)) as connection:
            known = {hashed for (hashed,) in connection.execute("SELECT hash FROM person")}
    except sqlite3.Error:  # the checks will say what is wrong with it
        return None
    return sum(all(hash_of(address, secret) not in known for address in each.addresses) for each in people)


def _employee(row: Row | BadRow, table: Table, settings: Settings) -> Employee | None:
    if isinstance(row, BadRow):
        return None
    typed = (entry.strip() for cell in row.cells if "@" in cell for entry in cell.replace(",", ";").split(";"))
    spelt = {entry: normalise(entry, settings.domain_aliases) for entry in typed}
    addresses = dict.fromkeys(address for entry, normal in spelt.items() if normal for address in (normal, _old(entry)))
    return Employee(_name(row, table), tuple(filter(None, addresses))) if addresses else None


def _old(entry: str) -> str:
    """The address as it was typed: an alias of the domain, or what a program writes that normalises nothing."""
    return entry.lower() if entry.count("@") == 1 and " " not in entry and not entry.endswith(">") else ""


def _name(row: Row, table: Table) -> str:
    first, last, name = (_cell(row, table, each) for each in ("first", "last", "name"))
    if not first and not last:
        before, comma, behind = name.partition(",")
        first, last = (behind, before) if comma else (name, "")
    return " ".join(f"{first} {last}".split())


def _cell(row: Row, table: Table, field_name: str) -> str:
    assert field_name in FIELDS
    column = table.columns.of_field.get(field_name)
    return row.cells[column] if column is not None else ""
