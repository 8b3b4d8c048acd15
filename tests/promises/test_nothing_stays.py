"""S3, S4, S5, S7, S11: the roster lies untouched, all boxes weigh the same, and what was erased is gone."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from portal.db import Stores, open_stores
from portal.intake import reading, returning
from portal.intake import service as intake
from portal.office.rules import desk_keys
from portal.sealing.keys import visitor_keys
from portal.seizure import residue
from portal.seizure.files import Loot, contents, looking
from portal.seizure.footprint import stamp
from portal.seizure.order import lengths, moments
from tests.promises.day_of_visits import Day

pytestmark = pytest.mark.xdist_group("seizure")
ENDED = ("Mei, cancelled", "Vera, erased")
VISITED = {"desk.db": {"locker", "slot"}, "keys.db": {"lock", "keyring", "ledger"}}


@pytest.fixture
def copied(day: Day, tmp_path: Path) -> Loot:
    assert day.loot
    shutil.copytree(day.loot.instance, tmp_path / "copy")
    return replace(day.loot, instance=tmp_path / "copy")


def test_the_roster_is_as_it_was_before_anybody_came(day: Day) -> None:
    assert stamp(day.world.settings.roster) == day.roster


def test_no_look_up_dates_itself_where_the_disk_notes_no_reading(day: Day, tmp_path: Path) -> None:
    probe = tmp_path / "probe"
    probe.write_bytes(b"read me")
    os.utime(probe, ns=(0, probe.stat().st_mtime_ns))
    probe.read_bytes()
    if probe.stat().st_atime_ns:
        pytest.skip("this disk notes when a file was read; operators mount it with noatime")
    roster = day.world.settings.roster
    assert roster.stat().st_atime_ns <= day.began.timestamp() * 1e9


def test_a_touched_roster_shows(copied: Loot, day: Day) -> None:
    roster = copied.instance / "roster.db"
    with closing(sqlite3.connect(roster)) as connection, connection:
        connection.execute('UPDATE person SET "group" = randomblob(length("group"))')
    assert day.roster
    assert stamp(roster).digest != day.roster.digest


def test_every_box_of_a_column_has_one_length_used_or_free(day: Day) -> None:
    assert day.loot
    for name in ("desk.db", "keys.db", "site.db", "roster.db"):
        found = lengths(day.loot.instance / name)
        assert found, name
        assert {column: sizes for column, sizes in found.items() if len(sizes) != 1} == {}


def test_every_value_that_a_visit_can_change_is_stored_in_one_width(day: Day) -> None:
    """As SQLite stores it: 0 and 1 take no byte, small numbers one."""
    assert day.loot
    for name, tables in VISITED.items():
        for table in tables:
            assert _widths(day.loot.instance / name, table) == 1, table


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE locker SET notes = substr(notes, 2) WHERE id = (SELECT max(id) FROM locker)",
        "UPDATE locker SET to_visitor = zeroblob(16) WHERE state = 8",
        "UPDATE locker SET lookup = NULL WHERE state = 9",
    ],
)
def test_a_changed_length_shows(statement: str, copied: Loot) -> None:
    desk = copied.instance / "desk.db"
    with closing(sqlite3.connect(desk)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'locker'")
    with closing(sqlite3.connect(desk)) as connection, connection:
        connection.execute(statement)
    assert _widths(desk, "locker") > 1


def test_no_cell_tells_when_somebody_came(day: Day) -> None:
    assert day.loot
    assert day.ended
    assert moments(day.loot.instance, day.began, day.ended) == []


@pytest.mark.parametrize("kind", ["TEXT", "INTEGER", "milliseconds"])
def test_a_planted_time_shows(kind: str, copied: Loot, day: Day) -> None:
    assert day.ended
    seconds = day.ended.timestamp()
    value = {"TEXT": day.ended.isoformat(), "INTEGER": int(seconds), "milliseconds": int(seconds * 1000)}[kind]
    with closing(sqlite3.connect(copied.instance / "site.db")) as site, site:
        site.execute("CREATE TABLE page_view (page TEXT PRIMARY KEY, last) WITHOUT ROWID")
        site.execute("INSERT INTO page_view VALUES ('times', ?)", (value,))
    assert [cell.column for cell in moments(copied.instance, day.began, day.ended)] == ["last"]


def test_no_page_or_journal_keeps_anything_back(day: Day) -> None:
    assert day.loot
    assert set(residue.free_pages(day.loot.instance).values()) == {0}
    assert residue.leftovers(day.loot.instance) == []


def test_no_piece_of_a_cancelled_or_erased_box_is_left(day: Day) -> None:
    assert day.loot
    assert len(day.old_boxes) == 6
    assert residue.remains(day.old_boxes, contents(day.loot)) == []


def test_a_piece_that_stayed_in_a_journal_shows(copied: Loot, day: Day) -> None:
    old = next(iter(day.old_boxes.values()))
    (copied.instance / "desk.db-journal").write_bytes(b"\0" * 21 + old[100:116])
    assert residue.leftovers(copied.instance) == ["desk.db-journal"]
    assert residue.remains(day.old_boxes, contents(copied))


def test_a_piece_that_stayed_in_a_free_page_shows(copied: Loot, day: Day) -> None:
    with closing(sqlite3.connect(copied.instance / "desk.db")) as desk, desk:
        desk.execute("PRAGMA secure_delete = OFF")
        desk.execute("CREATE TABLE old (box BLOB)")
        desk.executemany("INSERT INTO old VALUES (?)", [(box,) for box in day.old_boxes.values()])
        desk.execute("DROP TABLE old")
    assert residue.free_pages(copied.instance)["desk.db"]
    assert residue.remains(day.old_boxes, contents(copied))


def test_an_old_copy_of_the_desk_opens_with_the_old_keys(day: Day, tmp_path: Path) -> None:
    """The control: what follows fails because of the lock, not because the attack is wrong."""
    stores = _mixed(tmp_path, desk=day.before, keys=day.before)
    assert [matter.stub.share.value for matter in _opened_by_ola(stores, day) if matter.stub.contact] == ["name"] * 3
    assert isinstance(
        returning.come_back(stores, day.words["Vera, erased"], settings=day.world.settings), returning.Opened
    )


def test_an_old_copy_of_an_erased_matter_opens_to_nobody(day: Day, tmp_path: Path) -> None:
    """Neither Ola's recovery code nor the six words open it: its lock was overwritten, and locks have no old copy."""
    assert day.loot
    stores = _mixed(tmp_path, desk=day.before, keys=day.loot.instance)
    settings = day.world.settings
    assert isinstance(returning.come_back(stores, day.words["Vera, erased"], settings=settings), returning.NothingThere)
    shut = {locker for locker, opened in _all_for_ola(stores, day).items() if opened is None}
    # Mei's is shut as well: Ola has seen a newer version of it than the old copy holds.
    assert shut == {_locker_of(day, who) for who in ENDED}


def test_the_six_words_of_an_erased_matter_open_nothing_on_the_seized_disk(day: Day) -> None:
    for who in day.words:
        found = returning.come_back(day.world.stores, day.words[who], settings=day.world.settings)
        assert isinstance(found, returning.NothingThere) == (who == "Vera, erased")


def _mixed(folder: Path, *, desk: Path, keys: Path) -> Stores:
    """A desk store and a keys store of different days in one folder."""
    shutil.copy(desk / "desk.db", folder / "desk.db")
    shutil.copy(keys / "keys.db", folder / "keys.db")
    shutil.copy(desk / "site.db", folder / "site.db")
    return open_stores(folder)


def _all_for_ola(stores: Stores, day: Day) -> dict[bytes, returning.Opened | None]:
    own = desk_keys(day.world.ombuds, day.world.kit.recovery, None)
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        return reading.open_used(desk, keys, own)


def _locker_of(day: Day, who: str) -> bytes:
    lookup = visitor_keys(day.words[who], day.world.settings.secrets.words).lookup
    with closing(looking(day.before / "desk.db")) as desk:
        (locker,) = desk.execute("SELECT id FROM locker WHERE lookup = ?", (lookup,)).fetchone()
    return bytes(locker)


def _opened_by_ola(stores: Stores, day: Day) -> Iterator[intake.Matter]:
    return (opened.matter for opened in _all_for_ola(stores, day).values() if opened)


def _widths(path: Path, table: str) -> int:
    """How many different row shapes a table has, as types and lengths of its values."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - one of our own names
    return len({tuple(_shape(value) for value in row) for row in rows})


def _shape(value: object) -> object:
    if isinstance(value, int):
        return "nothing" if value in {0, 1} else (abs(value).bit_length() + 8) // 8
    return len(value) if isinstance(value, str | bytes) else value
