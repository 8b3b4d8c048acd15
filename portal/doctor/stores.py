"""The stores as they lie on the disk and as the portal's connections see them; looking leaves no changed byte."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import OperationalError

from portal import migrations
from portal.db import BASES, open_engine
from portal.doctor.finding import Finding, remark
from portal.doctor.pages import Header, free_pages_with_bytes, read_header
from portal.errors import NotReady, WrongSetting
from portal.sqlite import PRAGMAS, store_path

_PATIENCE = 20.0
#: A change of a store lasts a moment; a journal that is older was left behind.
_AT_REST = timedelta(minutes=1)
_SPELT = {"ON": "1", "FULL": "2", "MEMORY": "2", "NONE": "0"}
_WANTED = {name: _SPELT.get(value, value.lower()) for name, _, value in (each.partition("=") for each in PRAGMAS)}
#: These are fixed when the file is made, so the file is asked.
_OF_THE_FILE = frozenset({"page_size", "auto_vacuum"})


@dataclass(frozen=True)
class Look:
    """What was found at one store, and whether it can be opened as usual without changing it."""

    findings: tuple[Finding, ...]
    is_whole: bool


class _Spoilt(Exception):  # noqa: N818 - it names what is wrong
    """A finding behind which nothing more can be looked at."""

    def __init__(self, what: str, what_to_do: str, *, is_grave: bool = True) -> None:
        super().__init__(what)
        self.finding = Finding(what, what_to_do, is_grave)


def refuse_missing(instance: Path) -> None:
    """Doctor makes no store anew, as other commands do in an empty folder.

    Raises:
        NotReady: naming the stores that are not there.
        WrongSetting: when this user may not read one.
    """
    lost = []
    for path in (*(store_path(instance, name) for name in BASES), store_path(instance, "roster")):
        try:
            with path.open("rb"):
                continue
        except FileNotFoundError:
            lost += [path.name] if path.stem in BASES else []
        except OSError as error:
            raise WrongSetting(f"{path} cannot be read: {error.strerror}. Run this as the portal's user.") from error
    if lost:
        raise NotReady(
            f"{', '.join(lost)} is missing in {instance}. Put it back, or read docs/operating.md on what to do when "
            "it is lost."
        )


def look_at(path: Path, now: datetime, *, patience: float = _PATIENCE) -> Look:
    """Look at one store, waiting `patience` seconds for one in use; `refuse_missing` speaks of what is not there."""
    found: list[Finding] = []
    if not path.exists():
        return Look((), is_whole=True)
    try:
        for each in _look(path, now, patience):
            found.append(each)  # noqa: PERF402 - what came before a spoilt place is kept
    except _Spoilt as spoilt:
        return Look((*found, spoilt.finding), is_whole=False)
    return Look(tuple(found), is_whole=True)


def _look(path: Path, now: datetime, patience: float) -> Iterator[Finding]:
    header = _header(path)
    _refuse_wal(path, header)
    yield from about_header(path, header)
    yield from _about_journal(path, now, patience)
    is_roster = path.stem not in BASES
    with _reading(path, patience, is_immutable=is_roster) as (file, connection):
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _Spoilt(
                f"{path} is damaged.",
                "Import the roster again." if is_roster else "Stop the server and restore the newest copy.",
            )
        yield from _about_free_pages(path, header, file, connection)
        if not is_roster:
            _refuse_other_shape(path, connection)
    if not is_roster:
        yield from about_pragmas(path, _as_connections_see(path))


def _header(path: Path) -> Header:
    with path.open("rb") as file:
        header = read_header(file.read(100))
    if header is None:
        raise _Spoilt(f"{path} is no store: its beginning is missing or was overwritten.", "Restore the newest copy.")
    return header


def _refuse_wal(path: Path, header: Header) -> None:
    """Opening such a store would change it, so nothing more of it is looked at."""
    wal = _beside(path, "-wal")
    if header.is_wal or _size(wal):
        raise _Spoilt(
            f"{path} keeps a write-ahead log (WAL), in which overwritten texts stay."
            if header.is_wal
            else f"{wal} was left behind, with {_size(wal):,} bytes of what was written.",
            "Stop the server and run portal tick: it takes the store out of this mode. Then run portal doctor again.",
        )


def about_header(path: Path, header: Header) -> Iterator[Finding]:
    again = f"With the server stopped: sqlite3 {path} 'PRAGMA page_size=8192; PRAGMA auto_vacuum=NONE; VACUUM'"
    if header.page_size != int(_WANTED["page_size"]):
        yield remark(f"{path} has pages of {header.page_size:,} bytes, where others have 8,192.", again)
    if header.is_auto_vacuum:
        yield Finding(f"{path} moves its pages about (auto_vacuum), at moments that depend on what was ended.", again)


def _about_journal(path: Path, now: datetime, patience: float) -> Iterator[Finding]:
    journal = _beside(path, "-journal")
    if not _size(journal) or now.timestamp() - journal.stat().st_mtime < _AT_REST.total_seconds():
        return
    left = f"{journal} was left behind, with {_size(journal):,} bytes of what was overwritten."
    what_to_do = "Run portal tick: it finishes or undoes what was going on, and empties the file."
    if _is_hot(path, patience):
        raise _Spoilt(left, what_to_do)
    yield Finding(left, what_to_do)


def _is_hot(path: Path, patience: float) -> bool:
    """Whether the store must first be put back from its journal; a reader that may not write finds out."""
    try:
        with closing(_open(path, patience)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorname.startswith("SQLITE_READONLY")
    return False


@contextmanager
def _reading(path: Path, patience: float, *, is_immutable: bool) -> Iterator[tuple[BinaryIO, sqlite3.Connection]]:
    """The file and a connection that keeps it still.

    The file is opened first and closed last: closing it would drop the locks that this process holds on it.
    """
    try:
        with path.open("rb") as file, closing(_open(path, patience, is_immutable=is_immutable)) as connection:
            connection.execute("BEGIN")
            yield file, connection
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise _damaged(path) from error
        raise _in_use(path) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path) from error


def _in_use(path: Path) -> _Spoilt:
    return _Spoilt(
        f"{path} was in use all the time and could not be looked at.", "Run portal doctor again.", is_grave=False
    )


def _damaged(path: Path) -> _Spoilt:
    return _Spoilt(f"{path} is damaged.", "Stop the server and restore the newest copy.")


def _open(path: Path, patience: float, *, is_immutable: bool = False) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_immutable else ''}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience)


def _about_free_pages(path: Path, header: Header, file: BinaryIO, connection: sqlite3.Connection) -> Iterator[Finding]:
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    if not free:
        return
    if with_bytes := free_pages_with_bytes(file, header.page_size):
        yield Finding(
            f"{path} has {with_bytes} free pages in which deleted texts still lie.",
            f"Stop the server, run: sqlite3 {path} 'PRAGMA secure_delete=ON; VACUUM', and look again.",
        )
    else:
        yield remark(
            f"{path} has {free} free pages, all blank.",
            f"They are used again. To take them out, with the server stopped: sqlite3 {path} VACUUM",
        )


def _refuse_other_shape(path: Path, connection: sqlite3.Connection) -> None:
    if migrations.revision(connection) != migrations.steps(path.stem)[-1]:
        raise _Spoilt(
            f"{path} has the shape of another version of the portal.",
            "Restart the server, or run portal tick: both bring it to the newest shape, or say what is in the way.",
        )


def _as_connections_see(path: Path) -> dict[str, str]:
    engine = open_engine(path)
    try:
        with engine.connect() as connection:
            return {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in _WANTED}
    except OperationalError as error:
        raise _in_use(path) from error
    finally:
        engine.dispose()


def about_pragmas(path: Path, seen: Mapping[str, str]) -> Iterator[Finding]:
    """`seen` are the pragmas of one of the portal's connections, by name."""
    for name in sorted(_WANTED.keys() - _OF_THE_FILE):
        if seen[name] != _WANTED[name]:
            yield Finding(
                f"SQLite opens {path} with {name}={seen[name]}, not {_WANTED[name]}: docs/architecture.md says why "
                "it matters.",
                "Use a Python whose SQLite was built without such a restriction, for instance the system's own.",
            )


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
