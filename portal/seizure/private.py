"""A private folder for the copy, which goes away with the test, also when the test is killed."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from portal.errors import NotReady
from portal.seizure import watcher

#: Memory that looks like a folder; the copy in it never comes near a disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it is open to its owner alone
PREFIX = ".seizure-"
#: The copy, one to work on, and one to compare it with.
COPIES = 3


@contextmanager
def private_folder(instance: Path, size: int) -> Iterator[Path]:
    """An empty folder of mode 0700 with room for three copies of an instance of `size` bytes.

    Raises:
        NotReady: when there is no room for them.
    """
    clear_leftovers(instance)
    folder, held = _make(_place(instance, COPIES * size))
    try:
        with _watched(folder):
            yield folder
    finally:
        watcher.erase(folder)
        os.close(held)


def clear_leftovers(instance: Path) -> None:
    """Remove folders of earlier tests whose process is gone; one that is in use is locked by its owner."""
    for place in (MEMORY, instance):
        for folder in place.glob(f"{PREFIX}*"):
            with suppress(OSError):
                if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                    continue
                held = _hold(folder, wait=False)
                try:
                    watcher.erase(folder)
                finally:
                    os.close(held)


def _place(instance: Path, size: int) -> Path:
    for place in (MEMORY, instance):
        if place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free >= size:
            return place
    raise NotReady(f"There is no room for a copy: the test needs {size // 2**20 + 1} MB in {MEMORY} or in {instance}.")


def _make(place: Path) -> tuple[Path, int]:
    """A new folder, held: another test that starts just now may take an unheld one for a leftover."""
    while True:
        folder = Path(mkdtemp(prefix=PREFIX, dir=place))
        with suppress(FileNotFoundError):
            held = _hold(folder, wait=True)
            if folder.exists():
                return folder, held
            os.close(held)


def _hold(folder: Path, *, wait: bool) -> int:
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held


@contextmanager
def _watched(folder: Path) -> Iterator[None]:
    """A process in a session of its own, which no Ctrl-C reaches, removes the folder when this process ends."""
    process = subprocess.Popen(  # noqa: S603 - Python itself, with a file of ours
        [sys.executable, "-I", "-S", watcher.__file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    try:
        yield
    finally:
        watcher.erase(folder)
        process.communicate()
