"""Stores on SQLite: one file each, one writer at a time, every change durable before anybody is told."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session

from portal.sqlite import STORES, prepare, store_path


class DeskBase(DeclarativeBase):
    """Tables of the desk store: ombuds, hours, slots, lockers."""


class KeysBase(DeclarativeBase):
    """Tables of the keys store: wrapped keys and locks, of which only the newest copy is ever kept."""


class SiteBase(DeclarativeBase):
    """Tables of the site store: what the public is told."""


BASES: dict[str, type[DeclarativeBase]] = dict(zip(STORES, (DeskBase, KeysBase, SiteBase), strict=True))


class Store:
    """One store: readings side by side, one writing at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A unit of work: commits at the end, undoes everything on an exception.

        BEGIN IMMEDIATE takes the write lock before the first look: a deferred BEGIN lets two writers both see a
        free slot, and one of them then fails. The lock of the process keeps our own threads in a fair queue, where
        SQLite would let them poll.
        """
        with (
            self._writing,
            self.engine.connect().execution_options(writes=True) as connection,
            Session(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session


@dataclass(frozen=True)
class Stores:
    desk: Store
    keys: Store
    site: Store

    def close(self) -> None:
        """Close every file. SQLite must not be carried into a forked process: its locks would not go along."""
        for store in (self.desk, self.keys, self.site):
            store.engine.dispose()


def open_stores(instance: Path) -> Stores:
    """The three stores that are changed in place; the roster is opened anew for every look-up."""
    return Stores(*(Store(open_engine(store_path(instance, name))) for name in BASES))


def open_engine(path: Path) -> Engine:
    # Without hide_parameters a failing statement would print what somebody typed.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, pool_size=10, max_overflow=20, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    prepare(connection)


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
