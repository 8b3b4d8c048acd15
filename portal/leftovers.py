"""Private folders of seizure tests: which are in use, and removing them.

Also the program that removes one when its test ends. It is started by path, with Python alone, so nothing of the portal
is imported here. It holds one end of a pipe; the other end closes with the owner, however that ends.
"""

import fcntl
import os
import re
import shutil
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: Memory that looks like a folder; what lies in it never comes near a disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - the folders made in it are open to their owner alone
PREFIX = ".seizure-"
#: As `tempfile.mkdtemp` calls and opens them: nothing else in an office passes for one.
_NAME = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}")
_MODE = 0o700
_STEP = 1 << 20


def made_in(place: Path) -> Iterator[Path]:
    """Folders that lie in a place and look as a seizure test makes them, whoever owns them."""
    for folder in sorted(place.glob(f"{PREFIX}*")):
        with suppress(OSError):  # gone in the meantime
            entry = folder.lstat()
            if _NAME.fullmatch(folder.name) and stat.S_ISDIR(entry.st_mode) and stat.S_IMODE(entry.st_mode) == _MODE:
                yield folder


def hold(folder: Path, *, wait: bool) -> int:
    """A descriptor that says "in use" until it is closed.

    Raises:
        OSError: when the folder is gone or another's, or when it is in use and `wait` is false.
    """
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held


def is_in_use(folder: Path) -> bool:
    """Whether a test, or the process that removes its folder, is alive.

    Raises:
        OSError: when the folder is gone, or another user's.
    """
    try:
        os.close(hold(folder, wait=False))
    except BlockingIOError:
        return True
    return False


def clear(instance: Path) -> None:
    """Remove what tests of this user left in memory and in the instance; a test that runs keeps its own."""
    for place in (MEMORY, instance):
        for folder in made_in(place):
            with suppress(OSError):
                if folder.stat().st_uid == os.getuid():
                    _clear(folder)


def _clear(folder: Path) -> None:
    held = hold(folder, wait=False)
    try:
        erase(folder)
    finally:
        os.close(held)


def erase(folder: Path) -> None:
    """Overwrite every file with zeros, then remove the folder; what is gone already is passed over."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            _overwrite(path)
    shutil.rmtree(folder, ignore_errors=True)


def _overwrite(path: Path) -> None:
    try:
        with path.open("r+b", buffering=0) as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(bytes(min(left, _STEP)))
    except OSError:  # removing it is what counts
        return


def main() -> None:
    """Wait until standard input ends, then erase the folder named on the command line."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    folder = Path(sys.argv[1])
    while folder.exists():
        erase(folder)


if __name__ == "__main__":
    main()
