"""A server that notes which files it opens and which folders it lists, in a file of its own, as Python itself tells it.

The stores are not among them: SQLite opens its files past Python, and they have a noise of their own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cast import Server, World, serve

_WATCH = """
import os, sys
_notes = os.open(os.environ["NOTES"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
def _note(event, args):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(args[0], (str, bytes)):
        os.write(_notes, os.fsencode(args[0]) + b"\\n")
sys.addaudithook(_note)
"""
#: Seconds of rest after which what a server makes by itself at its start is made.
_REST = 3


@contextmanager
def watched(world: World, folder: Path) -> Iterator[tuple[Server, Path]]:
    """The real server, and the file in which each path stands on a line, once it has made its first pages."""
    (folder / "sitecustomize.py").write_text(_WATCH)
    notes = folder / "notes"
    server = serve(world, environment={"PYTHONPATH": str(folder), "NOTES": str(notes)})
    try:
        _rests(notes)
        yield server, notes
    finally:
        server.kill()


def opened(notes: Path, since: int = 0) -> set[str]:
    """The files below none of the folders in which everything changes all the time."""
    lines = notes.read_text()[since:].splitlines()
    return {line for line in lines if not line.startswith(("/proc/", "/dev/"))}


def _rests(notes: Path) -> None:
    size, since = -1, time.monotonic()
    while time.monotonic() - since < _REST:
        if (now := notes.stat().st_size) != size:
            size, since = now, time.monotonic()
        time.sleep(0.1)
