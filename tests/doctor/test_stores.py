"""Stores as they lie on the disk: each with a fault that somebody could have left in it."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portal import clock
from portal.doctor import stores
from portal.doctor.pages import read_header
from portal.doctor.stores import Look, about_pragmas, look_at
from portal.sqlite import PRAGMAS
from tests.cast import World
from tests.doctor.healthy import DAY, said
from tests.intake.sealed import FILES, ask_file

SECRET = b"what Vera said " * 600
RIGHT = {
    "journal_mode": "truncate",
    "secure_delete": "1",
    "synchronous": "2",
    "temp_store": "2",
    "busy_timeout": "20000",
    "page_size": "8192",
    "auto_vacuum": "0",
}


@pytest.fixture
def desk(healthy: World) -> Path:
    return healthy.instance / "desk.db"


def look(path: Path) -> Look:
    """Look, and see that looking changed nothing."""
    before = {each.name: each.read_bytes() for each in path.parent.glob("*.db*")}
    found = look_at(path, clock.now(), patience=0.2)
    assert {each.name: each.read_bytes() for each in path.parent.glob("*.db*")} == before
    return found


def beside(path: Path, ending: str, content: bytes, *, is_old: bool = True) -> Path:
    left = path.with_name(path.name + ending)
    left.write_bytes(content)
    if is_old:
        then = (clock.now() - DAY).timestamp()
        os.utime(left, (then, then))
    return left


@pytest.mark.parametrize("name", FILES)
def test_a_store_as_the_portal_makes_it_is_well(healthy: World, name: str) -> None:
    assert look(healthy.instance / name) == Look((), is_whole=True)


@pytest.mark.parametrize("name", FILES)
def test_a_store_with_a_write_ahead_log_is_found_and_left_alone(healthy: World, name: str) -> None:
    path = healthy.instance / name
    ask_file(path, "PRAGMA journal_mode=WAL")
    found = look(path)

    assert said(found.findings) == [f"{path} keeps a write-ahead log (WAL), in which overwritten texts stay."]
    assert (found.findings[0].is_grave, found.is_whole) == (True, False)


def test_a_write_ahead_log_that_was_left_behind_is_found(desk: Path) -> None:
    beside(desk, "-wal", SECRET)
    assert said(look(desk).findings) == [f"{desk}-wal was left behind, with 9,000 bytes of what was written."]

    beside(desk, "-wal", b"")
    assert look(desk).findings == ()


def test_a_journal_that_was_left_behind_is_found_and_one_at_work_is_not(desk: Path) -> None:
    beside(desk, "-journal", bytes(28) + SECRET)
    found = look(desk)
    assert said(found.findings) == [f"{desk}-journal was left behind, with 9,028 bytes of what was overwritten."]
    assert found.is_whole

    beside(desk, "-journal", bytes(28) + SECRET, is_old=False)
    assert look(desk).findings == ()


@pytest.fixture
def cut_short(tmp_path: Path) -> Path:
    """A store with the journal of a change that was cut short half-way onto the disk."""
    path, copy = tmp_path / "site.db", tmp_path / "copy" / "site.db"
    copy.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for command in ("page_size=8192", "journal_mode=TRUNCATE", "cache_size=2"):
            connection.execute(f"PRAGMA {command}")
        connection.execute("CREATE TABLE face (name TEXT)")
        connection.executemany("INSERT INTO face VALUES (?)", [("Ola" * 3000,)] * 40)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE face SET name = 'Theo'")
        for ending in ("", "-journal"):
            shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
        connection.execute("ROLLBACK")
    then = (clock.now() - DAY).timestamp()
    os.utime(f"{copy}-journal", (then, then))
    return copy


def test_a_change_that_was_cut_short_is_found_and_not_undone(cut_short: Path) -> None:
    found = look(cut_short)

    assert [what.split(",")[0] for what in said(found.findings)] == [f"{cut_short}-journal was left behind"]
    assert not found.is_whole


def fill_and_empty(path: Path, *, is_secure: bool) -> None:
    ask_file(path, "CREATE TABLE planted (text BLOB)")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA secure_delete={'ON' if is_secure else 'OFF'}")
        connection.executemany("INSERT INTO planted VALUES (?)", [(SECRET,)] * 50)
        connection.execute("DROP TABLE planted")


def test_deleted_texts_in_free_pages_are_found(desk: Path) -> None:
    fill_and_empty(desk, is_secure=False)
    (found,) = look(desk).findings

    assert "free pages in which deleted texts still lie" in found.what
    assert found.is_grave


def test_blank_free_pages_are_worth_a_remark(desk: Path) -> None:
    fill_and_empty(desk, is_secure=True)
    (found,) = look(desk).findings

    assert found.what.endswith("free pages, all blank.")
    assert not found.is_grave


def test_free_pages_are_counted_as_sqlite_counts_them(desk: Path) -> None:
    fill_and_empty(desk, is_secure=False)
    ((free,),) = ask_file(desk, "PRAGMA freelist_count")

    # The trunk that lists the others held a text too; SQLite overwrites only its beginning.
    assert said(look(desk).findings)[0].startswith(f"{desk} has {free} free pages")


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_store_is_found(healthy: World, name: str) -> None:
    path = healthy.instance / name
    content = bytearray(path.read_bytes())
    content[8192 : 8192 + 64] = b"\xff" * 64
    path.write_bytes(content)
    found = look(path)

    assert said(found.findings) == [f"{path} is damaged."]
    assert not found.is_whole


@pytest.mark.parametrize("content", [b"", b"not a store", b"SQLite format 3\0"])
def test_what_is_no_store_is_found(desk: Path, content: bytes) -> None:
    desk.write_bytes(content)
    found = look(desk)

    assert said(found.findings) == [f"{desk} is no store: its beginning is missing or was overwritten."]
    assert not found.is_whole


def rebuilt(path: Path, *pragmas: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("VACUUM")


@pytest.mark.parametrize("size", [4096, 65536])
def test_pages_of_another_size_are_worth_a_remark(desk: Path, size: int) -> None:
    rebuilt(desk, f"page_size={size}")

    assert said(look(desk).findings) == [f"{desk} has pages of {size:,} bytes, where others have 8,192."]


def test_a_store_that_moves_its_pages_is_found(desk: Path) -> None:
    rebuilt(desk, "auto_vacuum=FULL")

    assert [what.split(",")[0] for what in said(look(desk).findings)] == [f"{desk} moves its pages about (auto_vacuum)"]


def test_a_store_of_another_version_is_found_and_not_brought_up_to_date(desk: Path) -> None:
    for change in ("UPDATE alembic_version SET version_num = 'other'", "DROP TABLE alembic_version"):
        ask_file(desk, change)
        found = look(desk)
        assert [what for what in said(found.findings) if "free" not in what] == [
            f"{desk} has the shape of another version of the portal."
        ]
        assert not found.is_whole


def test_a_store_in_use_all_the_time_is_said_to_be(desk: Path) -> None:
    with closing(sqlite3.connect(desk, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        found = look(desk)

    assert [what.split(" and ")[0] for what in said(found.findings)] == [f"{desk} was in use all the time"]
    assert (found.findings[0].is_grave, found.is_whole) == (False, False)


@pytest.mark.parametrize("name", ["journal_mode", "secure_delete", "synchronous", "temp_store", "busy_timeout"])
def test_a_connection_that_is_not_as_it_was_asked_to_be_is_found(desk: Path, name: str) -> None:
    (found,) = about_pragmas(desk, RIGHT | {name: "7"})

    assert f"{name}=7, not {RIGHT[name]}" in found.what
    assert found.is_grave
    assert list(about_pragmas(desk, RIGHT)) == []


def test_every_pragma_of_the_portal_is_looked_at() -> None:
    assert RIGHT.keys() == {each.partition("=")[0] for each in PRAGMAS}
    assert stores._WANTED == RIGHT


def test_a_beginning_is_read_as_the_format_has_it() -> None:
    assert read_header(b"SQLite format 3\0" + bytes(83)) is None
    assert read_header(b"x" * 100) is None
