"""Stores: every connection with its pragmas, no booking lost between two writers, nothing half written."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text

from portal import migrations, web
from portal.db import BASES, Store, Stores, open_engine, open_stores
from portal.errors import NotReady
from portal.intake.tables import Diary
from portal.migrations.climbing import settings as settings_of
from portal.sqlite import store_path
from tests.cast import World

assert web.build  # it brings in every table
TABLES = {
    "desk": {
        "busy",
        "diary",
        "hours",
        "locker",
        "office",
        "ombuds",
        "place",
        "practice",
        "quarter",
        "room",
        "slot",
        "special",
    },
    "keys": {"calendar", "editor", "keyring", "ledger", "lock", "pin", "waiting"},
    "site": {"choice", "event", "face", "notice", "page", "trial", "voice", "words"},
}
IN_FORCE = {
    "page_size": 8192,
    "journal_mode": "truncate",
    "secure_delete": 1,
    "synchronous": 2,
    "temp_store": 2,
    "auto_vacuum": 0,
    "busy_timeout": 20_000,
}


@pytest.fixture(scope="module")
def new_stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stores")
    migrations.upgrade(folder)
    return folder


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    migrations.upgrade(tmp_path)
    return open_stores(tmp_path)


def day(store: Store) -> str | None:
    with store.reading() as desk:
        found = desk.get(Diary, 1)
        return found and found.last_day


def write_day(store: Store, last_day: str) -> None:
    with store.writing() as desk:
        desk.merge(Diary(id=1, last_day=last_day))


@pytest.mark.parametrize("name", BASES)
def test_every_connection_of_the_pool_has_the_pragmas(new_stores: Path, name: str) -> None:
    engine = open_engine(store_path(new_stores, name))
    connections = [engine.connect() for _ in range(12)]

    for connection in connections:
        found = {pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in IN_FORCE}
        assert found == IN_FORCE
    for connection in connections:
        connection.close()
    engine.dispose()


@pytest.mark.parametrize("name", BASES)
def test_migrations_make_what_the_tables_say(new_stores: Path, name: str) -> None:
    metadata = MetaData()
    for table in BASES[name].metadata.tables.values():
        table.to_metadata(metadata, schema=None)
    with open_engine(store_path(new_stores, name)).connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert metadata.tables.keys() == TABLES[name]
    assert differences == []


@pytest.mark.parametrize("name", BASES)
def test_no_table_counts_its_rows_in_order_of_their_coming(new_stores: Path, name: str) -> None:
    with sqlite3.connect(store_path(new_stores, name)) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        indexes = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()

    assert made.pop("alembic_version")
    assert made.keys() == TABLES[name]
    assert all(sql.rstrip().upper().endswith("WITHOUT ROWID") for sql in made.values())
    assert "AUTOINCREMENT" not in " ".join(made.values()).upper()
    assert indexes == []


def test_migrations_run_twice_and_change_nothing_the_second_time(world: World) -> None:
    before = {name: store_path(world.instance, name).read_bytes() for name in BASES}

    migrations.upgrade(world.instance)

    assert {name: store_path(world.instance, name).read_bytes() for name in BASES} == before


def make_older(instance: Path) -> None:
    """The desk store as the first portal made it, with nobody in it."""
    path = store_path(instance, "desk")
    path.unlink()
    engine = open_engine(path)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        command.upgrade(settings_of("desk", connection), "desk_0001")
    engine.dispose()


def free_pages(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA freelist_count").fetchone()[0])


def leave_free_pages(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("CREATE TABLE planted (text BLOB)")
        connection.execute("INSERT INTO planted VALUES (zeroblob(100000))")
        connection.execute("DROP TABLE planted")


def test_only_a_store_of_an_older_shape_is_due(world: World) -> None:
    assert migrations.due(world.instance) == []

    make_older(world.instance)
    assert migrations.due(world.instance) == ["desk"]

    migrations.upgrade(world.instance)
    assert migrations.due(world.instance) == []


def test_stores_that_are_not_there_yet_are_due_and_asking_makes_none(tmp_path: Path) -> None:
    assert migrations.due(tmp_path) == list(BASES)
    assert list(tmp_path.iterdir()) == []


def test_the_steps_of_a_store_are_those_that_alembic_would_take() -> None:
    for name in BASES:
        scripts = ScriptDirectory(str(migrations.FOLDER), version_locations=[str(migrations.FOLDER / name)])
        assert [step.revision for step in reversed([*scripts.walk_revisions()])] == migrations.steps(name)


def test_a_store_of_a_newer_portal_is_refused_and_left_alone(world: World) -> None:
    path = store_path(world.instance, "keys")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'keys_9999'")
    before = path.read_bytes()

    with pytest.raises(NotReady, match=r"keys\.db was made by a newer portal"):
        migrations.upgrade(world.instance)
    assert path.read_bytes() == before


def test_pages_that_hold_nothing_are_taken_out_after_a_step_and_at_no_other_time(world: World) -> None:
    path = store_path(world.instance, "desk")
    leave_free_pages(path)
    left = free_pages(path)
    migrations.upgrade(world.instance)
    assert free_pages(path) == left > 0

    make_older(world.instance)
    leave_free_pages(path)
    migrations.upgrade(world.instance)
    assert free_pages(path) == 0


def test_a_store_in_its_newest_shape_is_not_waited_for(world: World) -> None:
    """A command that has no step to take asks for no lock: somebody may be booking."""
    with world.stores.desk.writing():
        began = time.monotonic()
        migrations.upgrade(world.instance)
        assert time.monotonic() - began < 10, "a store that is locked is waited for twenty seconds"


def test_new_stores_are_for_their_owner_only(tmp_path: Path) -> None:
    migrations.upgrade(tmp_path)

    for name in BASES:
        assert store_path(tmp_path, name).stat().st_mode & 0o777 == 0o600


def count_up(store: Store, times: int) -> None:
    """Look, then write what follows from the look: the shape of every booking."""
    for _ in range(times):
        with store.writing() as desk:
            found = desk.get(Diary, 1)
            assert found is not None
            seen = int(found.last_day)
            time.sleep(0.001)  # long enough for another writer to look too, if it could
            found.last_day = str(seen + 1)


@pytest.mark.parametrize("are_apart", [False, True], ids=["in one process", "as two processes"])
def test_two_writers_who_look_before_they_write_lose_nothing(
    stores: Stores, tmp_path: Path, *, are_apart: bool
) -> None:
    write_day(stores.desk, "0")
    # Two stores on one file share no lock of ours, only SQLite's: that is what two processes have.
    each = [stores.desk, open_stores(tmp_path).desk if are_apart else stores.desk]
    writers = [threading.Thread(target=count_up, args=(store, 15)) for store in each * 2]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)

    assert day(stores.desk) == "60"


def test_a_writer_holds_the_store_from_its_first_look_on(stores: Stores, tmp_path: Path) -> None:
    other = sqlite3.connect(store_path(tmp_path, "desk"), timeout=0)

    with stores.desk.writing() as desk:
        assert desk.get(Diary, 1) is None
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM diary").fetchone() == (0,)

    other.execute("BEGIN IMMEDIATE")
    other.close()


def break_while_writing(store: Store) -> None:
    with store.writing() as desk:
        desk.merge(Diary(id=1, last_day="after"))
        desk.merge(Diary(id=2, last_day="half"))
        desk.flush()
        raise RuntimeError("broken")


def test_an_exception_undoes_everything_and_frees_the_store(stores: Stores) -> None:
    write_day(stores.desk, "before")

    with pytest.raises(RuntimeError, match="broken"):
        break_while_writing(stores.desk)

    assert day(stores.desk) == "before"
    with stores.desk.reading() as desk:
        assert desk.scalar(text("SELECT count(*) FROM diary")) == 1
    write_day(stores.desk, "later")
    assert day(stores.desk) == "later"


def test_a_reader_never_sees_what_is_not_committed(stores: Stores) -> None:
    write_day(stores.desk, "before")

    with stores.desk.writing() as desk:
        desk.merge(Diary(id=1, last_day="after"))
        desk.flush()
        assert day(stores.desk) == "before"

    assert day(stores.desk) == "after"


def test_a_reading_cannot_leave_anything_behind(stores: Stores) -> None:
    with stores.desk.reading() as desk:
        desk.merge(Diary(id=1, last_day="never"))
        desk.flush()

    assert day(stores.desk) is None


def test_of_two_stores_the_inner_one_is_on_disk_first(stores: Stores) -> None:
    """The end of a matter counts on it: once the lock is overwritten, the boxes may wait."""
    seen = []
    with stores.desk.writing() as desk:
        with stores.keys.writing() as keys:
            desk.merge(Diary(id=1, last_day="after"))
            desk.flush()
            keys.execute(text("INSERT INTO lock VALUES (x'00', x'01')"))
        with stores.keys.reading() as keys:
            seen.append((keys.scalar(text("SELECT count(*) FROM lock")), day(stores.desk)))

    assert seen == [(1, None)]
    assert day(stores.desk) == "after"


def test_the_journal_rests_empty(stores: Stores, tmp_path: Path) -> None:
    write_day(stores.desk, "once")

    leftovers = {path.name: path.stat().st_size for path in tmp_path.iterdir() if path.suffix != ".db"}

    assert set(leftovers.values()) <= {0}
    assert {path.name for path in tmp_path.iterdir()} <= {
        f"{name}.db{end}" for name in BASES for end in ("", "-journal")
    }
