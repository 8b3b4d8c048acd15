"""S18: no row, key or page tells in what order visitors booked."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from portal import clock, jobs
from portal.db import DeskBase, KeysBase, SiteBase
from portal.intake import service as intake
from portal.seizure.files import looking
from portal.seizure.order import critical, kendall, kept_in_order_of_arrival
from tests import cast
from tests.cast import MEI, TOMAS, VERA, World

BOOKINGS = 30
LOCKERS = 40
WORLDS = 3
TELLING = ("created", "updated", "modified", "booked_at", "seen", "timestamp", "last_used", "serial", "sequence")


def test_thirty_bookings_leave_no_order_behind(first_world: World, tmp_path: Path) -> None:
    """Chance alone passes the limit once in 2,000 worlds; three worlds in a row are no chance."""
    worlds = (_booked(first_world.copy(tmp_path / str(number))) for number in range(WORLDS))
    taus = [_taus(world) for world in worlds_until_fine(worlds)]
    assert max(map(abs, taus[-1])) < critical(BOOKINGS), taus


def worlds_until_fine(worlds: Iterator[tuple[Path, list[bytes]]]) -> Iterator[tuple[Path, list[bytes]]]:
    for world in worlds:
        yield world
        if max(map(abs, _taus(world))) < critical(BOOKINGS):
            return


def test_numbered_bookings_show_their_order(tmp_path: Path) -> None:
    keys = [number.to_bytes(16, "big") for number in range(1, BOOKINGS + 1)]
    assert _taus((_appended(tmp_path, keys), keys)) == (1.0, 1.0)


def test_appended_bookings_show_their_order_in_the_file_even_under_random_keys(tmp_path: Path) -> None:
    keys = [os.urandom(16) for _ in range(BOOKINGS)]
    _, by_offset = _taus((_appended(tmp_path, keys), keys))
    assert by_offset > critical(BOOKINGS)


def test_no_table_numbers_its_rows_and_no_index_keeps_an_order(world: World) -> None:
    assert kept_in_order_of_arrival(world.instance) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE booking (id INTEGER PRIMARY KEY AUTOINCREMENT, box BLOB)",
        "CREATE TABLE booking (box BLOB)",
        "CREATE INDEX by_state ON locker (state)",
    ],
)
def test_a_planted_order_of_arrival_shows(statement: str, world: World) -> None:
    with closing(sqlite3.connect(world.instance / "desk.db")) as desk:
        desk.execute(statement)
    assert any("booking" in each or "by_state" in each for each in kept_in_order_of_arrival(world.instance))


def test_no_column_is_made_for_a_time_or_a_number_of_arrival() -> None:
    columns = [
        column
        for base in (DeskBase, KeysBase, SiteBase)
        for table in base.metadata.tables.values()
        for column in table.columns
    ]
    assert len(columns) > 30
    assert [str(column) for column in columns if any(word in column.name for word in TELLING)] == []
    assert [str(column) for column in columns if column.default or column.server_default or column.onupdate] == []
    assert [str(column) for column in columns if column.autoincrement is True] == []


def _booked(world: World) -> tuple[Path, list[bytes]]:
    """Thirty bookings by different people; the database, and the lockers in the order in which they were filled."""
    cast.change_settings(world.instance, lockers=f"lockers = {LOCKERS}")
    world.refresh()
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    desk, slots, filled = world.instance / "desk.db", [offer.id for offer in world.offers()][1:], list[bytes]()
    for number in range(BOOKINGS):
        before = _used(desk)
        person = (VERA, None, TOMAS, MEI)[number % 4]
        assert isinstance(world.book(person, slots=[slots[number]]), intake.Receipt)
        filled += _used(desk) - before
    assert len(filled) == BOOKINGS
    return desk, filled


def _used(desk: Path) -> set[bytes]:
    with closing(looking(desk)) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM locker WHERE state = 9")}


def _taus(booked: tuple[Path, list[bytes]]) -> tuple[float, float]:
    """Order of booking against key order, and against where the box lies in the file."""
    path, keys = booked
    with closing(looking(path)) as connection:
        boxes = dict(connection.execute("SELECT id, to_ombuds FROM locker"))
    data, order = path.read_bytes(), range(len(keys))
    # A box's middle lies on a page of its own; its first bytes stand with the key.
    offsets = [data.index(boxes[key][6000:6016]) for key in keys]
    ranks = sorted(keys)
    return kendall(order, [ranks.index(key) for key in keys]), kendall(order, offsets)


def _appended(folder: Path, keys: list[bytes]) -> Path:
    """What a table looks like into which bookings are inserted as they come."""
    path = folder / "planted.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("CREATE TABLE locker (id BLOB PRIMARY KEY, to_ombuds BLOB) WITHOUT ROWID")
        for key in keys:
            connection.execute("INSERT INTO locker VALUES (?, ?)", (key, os.urandom(20_000)))
            connection.commit()
    return path
