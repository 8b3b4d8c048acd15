"""What presses on a server: lines that hardly speak, and how much memory the server takes meanwhile."""

import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.cast import Server

MIB = 1024 * 1024


def port_of(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def memory(server: Server) -> int:
    """Bytes that the server's processes take, with what they share counted once (Pss)."""
    return sum(_proportional(path.parent) for path in Path("/proc").glob("[0-9]*/stat") if _is_of(path, server))


def _is_of(stat: Path, server: Server) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return int(stat.read_text().rpartition(")")[2].split()[2]) == server.process.pid
    return False


def _proportional(process: Path) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def allow_files(count: int) -> None:
    """Raise this process' own limit; a laptop may forbid it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        said = f"Only {hard} files may be open here: raise `ulimit -Hn` to {count} to run this test."
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


@contextmanager
def slow_lines(server: Server, count: int, begin: bytes, *, again: bool = True) -> Iterator[list[socket.socket]]:
    """So many lines that begin to speak, then say one letter a second, and come again when they are hung up.

    Not `again` where the server has all it needs to answer: that would be a flood of requests and no slow line.
    """
    over, lines = Event(), [_call(server, begin) for _ in range(count)]

    def drip() -> None:
        while not over.wait(1):
            for place, line in enumerate(lines):
                try:
                    line.send(b"x")
                except OSError:
                    line.close()
                    lines[place] = _call(server, begin) if again else line

    dripping = Thread(target=drip)
    dripping.start()
    try:
        yield lines
    finally:
        over.set()
        dripping.join()
        for line in lines:
            line.close()


def _call(server: Server, begin: bytes) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(20)
    line.connect(("127.0.0.1", port_of(server)))
    line.sendall(begin)
    line.settimeout(0)
    return line


def is_hung_up(line: socket.socket, seconds: float) -> bool:
    """Whether the other side ends the call within so many seconds."""
    line.settimeout(0)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(BlockingIOError):
            try:
                if not line.recv(4096):
                    return True
            except ConnectionError:
                return True
        time.sleep(0.1)
    return False
