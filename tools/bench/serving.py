"""Servers of a measurement, each in a process of its own, and what they weigh."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.cast import Server, World, serve
from tests.visiting import Visitor

ROOT = Path(__file__).parents[2]
_TRIES = 400


@dataclass(frozen=True)
class Bare:
    """A server that is not the portal."""

    url: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def running(world: World) -> Iterator[tuple[Server, World]]:
    """The portal on a copy of an office, so that no measurement finds the times of another one taken."""
    with tempfile.TemporaryDirectory() as folder:
        own = world.copy(Path(folder) / "instance")
        server = serve(own)
        try:
            yield server, own
        finally:
            server.kill()
            own.stores.close()


@contextmanager
def floor() -> Iterator[Bare]:
    """The bare pages, by the same server with the same settings."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving([sys.executable, "-m", "tools.bench.floor", "serve", folder, "0"], "/") as bare,
    ):
        yield bare


@contextmanager
def floor_of_memory() -> Iterator[Bare]:
    """The same pages with nothing of the portal loaded, which the other floor has for the sake of its server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving([sys.executable, "-m", "tools.bench.floor_site", folder], "/") as bare,
    ):
        yield bare


@contextmanager
def serving(command: Sequence[str], page: str, errors: IO[bytes] | None = None) -> Iterator[Bare]:
    """A server that prints its port on its first line; ready when `page` answers."""
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
    )
    try:
        assert process.stdout is not None
        bare = Bare(f"http://localhost:{int(process.stdout.readline())}", process)
        _wait_for(bare.url, page)
        yield bare
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(url: str, page: str) -> None:
    for _ in range(_TRIES):
        try:
            if Visitor(url).get(page).status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("a server did not start")


def workers(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident(pid: int) -> float:
    """Memory, in KiB, of a process and its children, shared pages counted once (Pss)."""
    texts = (Path(f"/proc/{each}/smaps_rollup").read_text() for each in (pid, *workers(pid)))
    return float(sum(int(found.group(1)) for text in texts if (found := re.search(r"Pss:\s+(\d+)", text))))


def has_proc() -> bool:
    """Whether this system says of a process what `resident` reads."""
    return Path(f"/proc/{os.getpid()}/smaps_rollup").exists()
