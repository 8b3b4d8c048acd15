"""The staff list from standard input: read into memory, and written nowhere."""

from dataclasses import dataclass, field
from typing import BinaryIO

from portal.config import Settings
from portal.roster.people import FIELDS
from portal.roster.reader import BadRow, Row, Table, Unreadable, read_table
from portal.roster.rules import FileRefused, normalise
from portal.seizure.files import Employee

NOBODY = "No line of the list has an e-mail address. Send the list that you import as the roster."


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
