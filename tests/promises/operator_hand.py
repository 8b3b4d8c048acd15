"""What an operator's hand can write into the stores: every column of every table, with values that make trouble."""

import os
import secrets
import sqlite3
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

STORES = ("desk.db", "keys.db", "site.db")
#: Alembic's own note of the newest step; the portal reads it when it is started or brought up to date.
ONLY_OF_MIGRATIONS = "alembic_version"

Value = bytes | str | int
Row = dict[str, Value]


@dataclass(frozen=True)
class Column:
    file: str
    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True)
class Rows:
    """The row that is attacked, another of the same table, and the attacked one as an earlier copy has it."""

    target: Row
    other: Row | None
    earlier: Row | None


#: Gives the new values of target and other; None when there is nothing to try.
Attack = Callable[[Rows, Column], tuple[Value, Value | None] | None]


def columns(folder: Path) -> list[Column]:
    """All there are, from the files' own catalogues, so that none is forgotten."""
    return [
        Column(file, table, name)
        for file in STORES
        for table in _tables(folder / file)
        for name in _names(folder / file, table)
        if table != ONLY_OF_MIGRATIONS
    ]


def swap(rows: Rows, column: Column) -> tuple[Value, Value | None] | None:
    return None if rows.other is None else (rows.other[column.name], rows.target[column.name])


def empty(rows: Rows, column: Column) -> tuple[Value, Value | None]:
    return type(rows.target[column.name])(), _other(rows, column)


def noise(rows: Rows, column: Column) -> tuple[Value, Value | None]:
    """Random, of the same length."""
    value = rows.target[column.name]
    if isinstance(value, bytes):
        return os.urandom(len(value)), _other(rows, column)
    if isinstance(value, str):
        return "".join(secrets.choice(string.ascii_letters) for _ in value), _other(rows, column)
    # Turned about by something that is not nothing, so that it is another number each time.
    return value ^ (1 + secrets.randbelow(2 ** max(value.bit_length(), 1) - 1)), _other(rows, column)


def roll_back(rows: Rows, column: Column) -> tuple[Value, Value | None] | None:
    return None if rows.earlier is None else (rows.earlier[column.name], _other(rows, column))


def value(made: Value) -> Attack:
    """One of the attacker's own making."""
    return lambda rows, column: (made, _other(rows, column))


def write(folder: Path, earlier: Path, column: Column, wanted: Mapping[str, bytes], attack: Attack) -> bool:
    """Do it; `wanted` names the attacked row of a table by its first column. False when nothing would change."""
    rows = read(folder / column.file, column.table)
    found = _choose(rows, read(earlier / column.file, column.table), wanted.get(column.table))
    values = None if found is None else attack(found, column)
    if found is None or values is None or values[0] == found.target[column.name]:
        return False
    found.target[column.name] = values[0]
    if found.other is not None and values[1] is not None:
        found.other[column.name] = values[1]
    return _put(folder / column.file, column.table, rows)


def read(path: Path, table: str) -> list[Row]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]  # noqa: S608 - from the catalogue


def _choose(rows: list[Row], earlier: list[Row], wanted: bytes | None) -> Rows | None:
    key = next(iter(rows[0])) if rows else ""
    ordered = sorted(rows, key=lambda row: row[key] != wanted)
    if not ordered:
        return None
    target, other = ordered[0], ordered[1] if len(ordered) > 1 else None
    before = next((row for row in earlier if row[key] == target[key]), None)
    return Rows(target, other, before)


def _put(path: Path, table: str, rows: list[Row]) -> bool:
    """The table anew; False when the store itself does not take such rows."""
    marks = ", ".join("?" for _ in rows[0])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        try:
            with connection:
                connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - from the catalogue
                connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', [tuple(row.values()) for row in rows])  # noqa: S608
        except sqlite3.IntegrityError:
            return False
    return True


def _other(rows: Rows, column: Column) -> Value | None:
    return None if rows.other is None else rows.other[column.name]


def _tables(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as connection:
        yield from [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _names(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
