"""A copy of a running office: byte for byte, of one moment, and leaving no lock and no time stamp behind."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from portal.db import BASES
from portal.errors import NotReady
from portal.leftovers import is_in_use, made_in
from portal.sqlite import store_path

_STEP = 1 << 20
#: A journal that holds bytes is a change under way, or a leftover: the one is gone in a moment.
_TRIES, _PAUSE = 6, 0.4
_PATIENCE = 20.0
#: In the head of a store, 2 for a write-ahead log; looking at such a store would make files beside it.
_FORMAT, _HEAD = 18, 19
_ROLLBACK = b"\x01"


def files_of(instance: Path) -> list[Path]:
    """Every file of an instance, apart from the copy of a test that runs."""
    copies = [folder for folder in made_in(instance) if _is_in_use(folder)]
    found = (path for path in sorted(instance.rglob("*")) if path.is_file())
    return [path for path in found if not any(path.is_relative_to(copy) for copy in copies)]


def _is_in_use(folder: Path) -> bool:
    """What has gone in the meantime is in nobody's way; what cannot be opened is copied, and named when that fails."""
    with suppress(OSError):
        return is_in_use(folder)
    return False


def size_of(instance: Path) -> int:
    return sum(path.stat().st_size for path in files_of(instance))


def copy_instance(instance: Path, target: Path) -> None:
    """Copy everything. Writers wait meanwhile, which takes as long as reading the stores.

    Raises:
        NotReady: when a file cannot be read.
    """
    for _ in range(_TRIES):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(mode=0o700)
        _copy(instance, target)
        if not any(path.stat().st_size for path in target.glob("*-journal")):
            return
        time.sleep(_PAUSE)


def copy_stores(copy: Path, target: Path) -> None:
    """What the portal itself works with, out of a copy that nobody writes to: stores, settings, secrets."""
    target.mkdir(mode=0o700)
    for path in sorted(copy.iterdir()):
        if path.suffix in {".db", ".toml"} or path.name.endswith((".db-journal", ".db-wal")):
            shutil.copyfile(path, target / path.name)


def _copy(instance: Path, target: Path) -> None:
    stores = {store_path(instance, name) for name in BASES}
    with ExitStack() as stack:
        # Opened before the locks and closed after them: closing any descriptor of a file drops all its locks.
        opened = {path: stack.enter_context(_reading(path)) for path in sorted(stores) if path.exists()}
        for path, descriptor in opened.items():
            stack.enter_context(_still(path, descriptor))
            _pour(descriptor, target / path.name)
        for path in files_of(instance):
            if path not in opened:
                copied = target / path.relative_to(instance)
                copied.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with suppress(FileNotFoundError), _reading(path) as descriptor:  # gone in the meantime
                    _pour(descriptor, copied)


@contextmanager
def _reading(path: Path) -> Iterator[int]:
    """A descriptor whose reading does not date the file, where the system can do that."""
    descriptor = _open(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    with suppress(PermissionError):  # only the owner may read without a date
        return os.open(path, os.O_RDONLY | getattr(os, "O_NOATIME", 0))
    try:
        return os.open(path, os.O_RDONLY)
    except PermissionError as error:
        raise NotReady(f"{path.name} cannot be read. Run the test as the user that runs the portal.") from error


@contextmanager
def _still(path: Path, descriptor: int) -> Iterator[None]:
    """Nobody changes the store meanwhile; one that SQLite cannot read, or keeps a log beside, is copied as it lies."""
    if os.pread(descriptor, _HEAD, 0)[_FORMAT:] != _ROLLBACK:
        yield
        return
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)) as connection:
        connection.isolation_level = None
        with suppress(sqlite3.Error):
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield


def _pour(descriptor: int, copied: Path) -> None:
    place = 0
    with copied.open("wb") as file:
        while data := os.pread(descriptor, _STEP, place):
            file.write(data)
            place += len(data)
    copied.chmod(0o600)
