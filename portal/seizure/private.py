"""A private folder for the copy, which goes away with the test, also when the test is killed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from portal import leftovers
from portal.errors import NotReady
from portal.leftovers import MEMORY, PREFIX

#: The copy, one to work on, and one to compare it with.
COPIES = 3


@contextmanager
def private_folder(instance: Path, size: int) -> Iterator[Path]:
    """An empty folder of mode 0700 with room for three copies of an instance of `size` bytes.

    Raises:
        NotReady: when there is no room for them.
    """
    folder, held = _make(_place(instance, COPIES * size))
    try:
        with _watched(folder, held):
            yield folder
    finally:
        leftovers.erase(folder)
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
            held = leftovers.hold(folder, wait=True)
            if folder.exists():
                return folder, held
            os.close(held)


@contextmanager
def _watched(folder: Path, held: int) -> Iterator[None]:
    """A process in a session of its own, which no Ctrl-C reaches, removes the folder when this process ends.

    It holds the folder too: until it is done, nobody takes the folder for a leftover.
    """
    process = subprocess.Popen(  # noqa: S603 - Python itself, with a file of ours
        [sys.executable, "-I", "-S", leftovers.__file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=(held,),
        cwd="/",
    )
    try:
        yield
    finally:
        leftovers.erase(folder)
        process.communicate()
