"""Removes a folder when its owner is gone. Started as a process of its own, by path, with Python alone.

It holds one end of a pipe; the other end closes with the owner, however that ends.
"""

import shutil
import signal
import sys
from pathlib import Path

_STEP = 1 << 20


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
