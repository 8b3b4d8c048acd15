"""The copy is of one moment, although the portal writes meanwhile, and shows on the original in nothing."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from portal.errors import NotReady
from portal.seizure.copying import copy_instance, size_of
from portal.seizure.footprint import stamps, take
from tests.cast import World

WRITES = 60


def test_a_copy_holds_every_file_byte_for_byte(world: World, tmp_path: Path) -> None:
    world.stores.close()
    (world.instance / "logs").mkdir()
    (world.instance / "logs" / "server.log").write_text("a line")
    before = stamps(world.instance)
    copy_instance(world.instance, tmp_path / "copy")
    assert take(tmp_path / "copy") == take(world.instance)
    assert stamps(world.instance) == before
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "copy").rglob("*")} == {0}
    assert size_of(tmp_path / "copy") == size_of(world.instance)


def test_reading_for_the_copy_dates_no_file(world: World, tmp_path: Path) -> None:
    if not hasattr(os, "O_NOATIME"):
        pytest.skip("this system dates every reading")
    world.stores.close()
    roster = world.settings.roster
    os.utime(roster, ns=(1, roster.stat().st_mtime_ns))
    copy_instance(world.instance, tmp_path / "copy")
    assert roster.stat().st_atime_ns == 1


def test_stores_that_are_written_to_are_copied_whole_and_no_write_is_lost(world: World, tmp_path: Path) -> None:
    """Each write changes every locker in one go; a copy with two kinds of them would be of two moments."""
    done: list[int] = []

    def write() -> None:
        for number in range(1, WRITES):
            with world.stores.desk.writing() as desk:
                desk.connection().exec_driver_sql("UPDATE locker SET destroy_on = ?", (f"2026-01-{number:02}",))
            done.append(number)

    with world.stores.desk.writing() as desk:
        desk.connection().exec_driver_sql("UPDATE locker SET destroy_on = '2026-01-00'")
    writer = threading.Thread(target=write)
    writer.start()
    moments = set()
    while writer.is_alive():
        copy_instance(world.instance, tmp_path / "copy")
        with closing(sqlite3.connect(tmp_path / "copy" / "desk.db")) as copied:
            assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ((moment,),) = copied.execute("SELECT DISTINCT destroy_on FROM locker").fetchall()
            moments.add(moment)
    writer.join()
    assert len(done) == WRITES - 1
    assert moments


def test_a_store_in_use_is_locked_no_longer_after_the_copy(world: World, tmp_path: Path) -> None:
    copy_instance(world.instance, tmp_path / "copy")
    with closing(sqlite3.connect(world.instance / "desk.db", timeout=0)) as desk, desk:
        desk.execute("BEGIN EXCLUSIVE")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_cannot_be_read_is_named(world: World, tmp_path: Path) -> None:
    (world.instance / "roster.db").chmod(0)
    with pytest.raises(NotReady, match=r"roster\.db cannot be read"):
        copy_instance(world.instance, tmp_path / "copy")
