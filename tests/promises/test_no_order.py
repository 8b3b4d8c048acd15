"""S6, S18: no row, key or page of any store tells in what order visitors booked."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

import pytest

from portal import clock, jobs
from portal.db import DeskBase, KeysBase, SiteBase
from portal.intake import service as intake
from portal.seizure.files import looking
from portal.seizure.footprint import PAGE
from portal.seizure.order import critical, kendall, kept_in_order_of_arrival
from tests import cast
from tests.cast import MEI, TOMAS, VERA, World
from tests.promises.steady import agreed

BOOKINGS = 30
LETTERS_EVERY = 5
LOCKERS = 40
WORLDS = 4
TELLING = ("created", "updated", "modified", "booked_at", "seen", "timestamp", "last_used", "serial", "sequence")


def test_thirty_bookings_leave_no_order_behind(first_world: World, tmp_path: Path) -> None:
    """Each of nine rankings passes the limit by chance once in 2,000 worlds; four worlds in a row are no chance."""
    taus = agreed(
        lambda number: _taus(_booked(first_world.copy(tmp_path / str(number)))),
        lambda found: max(map(abs, found.values())) < critical(BOOKINGS),
        WORLDS,
    )
    assert len(taus) == 9
    assert {what: tau for what, tau in taus.items() if abs(tau) >= critical(BOOKINGS)} == {}


def test_numbered_bookings_show_their_order(tmp_path: Path) -> None:
    keys = [number.to_bytes(16, "big") for number in range(1, BOOKINGS + 1)]
    taus = _taus(_appended(tmp_path, keys))
    assert {abs(tau) for what, tau in taus.items() if "page" not in what} == {1.0}
    assert taus["locker, page"] == 1.0


def test_appended_bookings_show_their_order_in_the_files_even_under_random_keys(tmp_path: Path) -> None:
    taus = _taus(_appended(tmp_path, [os.urandom(16) for _ in range(BOOKINGS)]))
    assert min(taus["locker, place"], taus["locker, page"]) > critical(BOOKINGS)


def test_a_table_of_small_rows_shows_the_order_of_its_rows_too(tmp_path: Path) -> None:
    """Cells fill a page from its end, in the order in which they come, whatever their keys."""
    taus = _taus(_appended(tmp_path, [os.urandom(16) for _ in range(BOOKINGS)]))
    assert taus["lock, place"] == taus["slot, place"] == -1.0


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


@dataclass(frozen=True)
class Filled:
    """An office after its bookings: the rows of each kind, in the order in which visits came to them."""

    instance: Path
    lockers: list[bytes]
    slots: list[bytes]


def _booked(world: World) -> Filled:
    """Thirty bookings by different people, at times that chance chose, and six who only write among them."""
    cast.change_settings(world.instance, lockers=f"lockers = {LOCKERS}")
    world.refresh()
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    desk, filled = world.instance / "desk.db", list[bytes]()
    slots = SystemRandom().sample([offer.id for offer in world.offers()][1:], BOOKINGS)
    for number, slot in enumerate(slots):
        before = _used(desk)
        assert isinstance(world.book((VERA, None, TOMAS, MEI)[number % 4], slots=[slot]), intake.Receipt)
        filled += _used(desk) - before
        if number % LETTERS_EVERY == 0:
            before = _used(desk)
            assert isinstance(world.write((MEI, None)[number % 2], "In writing."), intake.Receipt)
            filled += _used(desk) - before
    assert len(filled) == BOOKINGS + BOOKINGS // LETTERS_EVERY
    world.stores.close()
    return Filled(world.instance, filled, slots)


def _used(desk: Path) -> set[bytes]:
    with closing(looking(desk)) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM locker WHERE state = 9")}


def _taus(booked: Filled) -> dict[str, float]:
    """Order of booking against key order, and against where the rows lie in the files: lockers, their locks, slots."""
    found = {}
    for kind, file, query, keys in (
        # A box's middle lies on a page of its own; its first bytes stand with the key.
        ("locker", "desk.db", "SELECT id, substr(to_ombuds, 6000, 16) FROM locker", booked.lockers),
        ("lock", "keys.db", "SELECT locker, secret FROM lock", booked.lockers),
        ("slot", "desk.db", "SELECT id, grain FROM slot", booked.slots),
    ):
        with closing(looking(booked.instance / file)) as connection:
            marks = dict(connection.execute(query))
        data, ranks = (booked.instance / file).read_bytes(), sorted(keys)
        offsets = [data.index(marks[key]) for key in keys]
        found |= {
            f"{kind}, key": kendall(range(len(keys)), [ranks.index(key) for key in keys]),
            f"{kind}, place": kendall(range(len(keys)), offsets),
            f"{kind}, page": _pages(offsets),
        }
    return found


def _pages(offsets: list[int]) -> float:
    """Order of booking against pages; within one page nobody is before another."""
    order = sorted(range(len(offsets)), key=lambda place: (offsets[place] // PAGE, SystemRandom().random()))
    return kendall(range(len(offsets)), [order.index(place) for place in range(len(offsets))])


def _appended(folder: Path, keys: list[bytes]) -> Filled:
    """What tables look like into which bookings are inserted as they come."""
    with closing(sqlite3.connect(folder / "desk.db")) as desk, closing(sqlite3.connect(folder / "keys.db")) as locks:
        for store in (desk, locks):
            store.execute(f"PRAGMA page_size = {PAGE}")
        desk.execute("CREATE TABLE locker (id BLOB PRIMARY KEY, to_ombuds BLOB) WITHOUT ROWID")
        desk.execute("CREATE TABLE slot (id BLOB PRIMARY KEY, grain BLOB) WITHOUT ROWID")
        locks.execute("CREATE TABLE lock (locker BLOB PRIMARY KEY, secret BLOB) WITHOUT ROWID")
        for key in keys:
            desk.execute("INSERT INTO locker VALUES (?, ?)", (key, os.urandom(20_000)))
            desk.execute("INSERT INTO slot VALUES (?, ?)", (key, os.urandom(16)))
            locks.execute("INSERT INTO lock VALUES (?, ?)", (key, os.urandom(32)))
            desk.commit()
            locks.commit()
    return Filled(folder, keys, keys)
