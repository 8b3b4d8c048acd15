"""Measures the budgets side by side in one run, and prints one table; run it with `make bench`.

Every time is a ratio against a floor measured in the same run on the same machine: single times of a shared machine
say little. Loads stay on loopback, and are bounded in number.
"""

import argparse
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from portal.sealing import words  # noqa: E402 - the project's folder must be known first
from portal.sealing.keys import visitor_keys  # noqa: E402
from tests.cast import VERA, Server, World, make_world, serve  # noqa: E402
from tests.visiting import Visitor  # noqa: E402

FLOOR = ROOT / "tools" / "bench_floor.py"
ROUNDS = 5
REQUESTS = 300
CLIENTS = 4
CROWD = 200
BOOKINGS = 40
KIB = 1024


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    measured: str
    budget: str
    is_kept: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the roster that is imported")
    options = parser.parse_args()
    figures = [distributions()]
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder) / "instance", lockers=CROWD + BOOKINGS + 20)
        for measure in (page_weights, speed_and_memory, cost_of_a_booking, crowd_on_one_slot):
            print(f"measuring {measure.__name__.replace('_', ' ')} …", file=sys.stderr)
            figures += measure(world)
        print(f"measuring the import of {options.rows} people …", file=sys.stderr)
        figures += import_of_a_roster(Path(folder), options.rows)
    print(table(figures))
    return 0 if all(figure.is_kept for figure in figures) else 1


def distributions() -> Figure:
    count = len(re.findall(r"(?m)^[a-z0-9-]+==", (ROOT / "requirements.txt").read_text("utf-8")))
    return Figure("distributions at run time", str(count), "≤ 32", count <= 32)


def page_weights(world: World) -> Iterator[Figure]:
    """The heaviest visitor page with all that it loads, compressed."""
    with running(world) as server:
        visitor = Visitor(server.url)
        form = visitor.choose([offer.key for offer in world.offers()[:3]])
        pages = {path: visitor.get(path).body for path in ("/", "/times", "/week", "/about/limits", "/return")}
        pages["the form"] = form.body
        weights = {path: _weight(visitor, body) for path, body in pages.items()}
    heaviest = max(weights, key=lambda path: weights[path][0])
    size, requests = weights[heaviest]
    yield Figure(
        f"heaviest visitor page ({heaviest}), compressed", f"{size / KIB:.1f} KiB", "≤ 14 KiB", size <= 14 * KIB
    )
    yield Figure("requests for a visitor page", str(requests), "≤ 3", requests <= 3)


def _weight(visitor: Visitor, body: str) -> tuple[int, int]:
    loaded = sorted(set(re.findall(r'<link[^>]+href="(/static/[^"]+)"', body)))
    parts = [body, *(visitor.get(path).body for path in loaded)]
    return sum(len(gzip.compress(part.encode(), 6)) for part in parts), len(parts)


def speed_and_memory(world: World) -> Iterator[Figure]:
    """`/times` against a bare Flask page that reads one SQLite row, on the same server with the same settings."""
    with running(world) as server, floor() as bare:
        portal_url = f"{server.url}/times"
        rates = [requests_a_second(portal_url) / requests_a_second(bare.url) for _ in range(ROUNDS)]
        memory = resident(server.process.pid) / resident(bare.process.pid)
    share = median(rates)
    spread = f"{share:.2f} ({min(rates):.2f} to {max(rates):.2f})"
    yield Figure("/times, of a bare Flask page's requests/s", spread, "≥ 0.60", share >= 0.6)
    yield Figure("memory, times bare Flask + SQLAlchemy", f"{memory:.2f}", "≤ 1.50", memory <= 1.5)


def cost_of_a_booking(world: World) -> Iterator[Figure]:
    """A whole booking against the one Argon2id call inside it, in turn."""
    pepper, ratios = world.settings.secrets.words, []
    for offer in world.offers()[:BOOKINGS]:
        derivation = seconds_of(lambda: visitor_keys(words.draw(), pepper))
        booking = seconds_of(partial(world.book, VERA, slots=[offer.id]))
        ratios.append(booking / derivation)
    cost = median(ratios)
    yield Figure("a booking, times its one Argon2id call", f"{cost:.2f}", "≤ 2.00", cost <= 2)


def crowd_on_one_slot(world: World) -> Iterator[Figure]:
    """Everybody sends a finished form for one time at once."""
    with running(world) as server:
        key = world.offers()[-1].key
        forms = [_filled_form(server.url, world, key) for _ in range(CROWD)]
        start = threading.Barrier(CROWD)
        with ThreadPoolExecutor(CROWD) as pool:
            answers = list(pool.map(lambda fields: _send(server.url, fields, start), forms))
    booked = sum("Keep these six words" in body for _status, body in answers)
    broken = sum(status >= 500 for status, _body in answers)
    yield Figure(f"{CROWD} clients on one slot: bookings", str(booked), "1", booked == 1)
    yield Figure(f"{CROWD} clients on one slot: 5xx", str(broken), "0", broken == 0)


def _filled_form(url: str, world: World, key: str) -> list[tuple[str, str]]:
    visitor = Visitor(url)
    given = {"mode": "phone", "proof": "code", "email": VERA.email, "code": world.code_of(VERA)}
    return visitor.fill(visitor.choose([key]), **given)


def _send(url: str, fields: list[tuple[str, str]], start: threading.Barrier) -> tuple[int, str]:
    start.wait()
    answer = Visitor(url).post("/book", fields)
    return answer.status, answer.body


def import_of_a_roster(folder: Path, rows: int) -> Iterator[Figure]:
    """The import against bare hashing, encryption and insertion of as many rows; each in a process of its own."""
    few = run_floor("import", folder, rows // 4)
    bare, whole = run_floor("bare", folder, rows), run_floor("import", folder, rows)
    times, growth = whole["seconds"] / bare["seconds"], whole["mib"] / few["mib"]
    yield Figure(f"import of {rows:,} people, times bare work", f"{times:.2f}", "≤ 3.00", times <= 3)
    yield Figure("its peak memory, times that of a quarter", f"{growth:.2f}", "≤ 1.20", growth <= 1.2)


def run_floor(what: str, folder: Path, rows: int) -> dict[str, float]:
    command = [sys.executable, str(FLOOR), what, str(folder), str(rows)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    assert isinstance(found, dict)
    return found


@contextmanager
def running(world: World) -> Iterator[Server]:
    server = serve(world)
    try:
        yield server
    finally:
        server.kill()


@dataclass
class Bare:
    url: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def floor() -> Iterator[Bare]:
    """The bare page, by the same server in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, str(FLOOR), "serve", folder, "0"], stdout=subprocess.PIPE, start_new_session=True
        )
        assert process.stdout is not None
        bare = Bare(f"http://localhost:{int(process.stdout.readline())}/", process)
        try:
            _wait_for(bare.url)
            yield bare
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            if Visitor(url.rstrip("/")).get("/").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the bare page did not start")


def requests_a_second(url: str) -> float:
    """A few keep-alive clients, a fixed number of requests each."""

    def ask(_client: int) -> None:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port)
        for _ in range(REQUESTS // CLIENTS):
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = seconds_of(lambda: list(pool.map(ask, range(CLIENTS))))
    return REQUESTS / taken


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def resident(pid: int) -> float:
    """Resident memory, in KiB, of a process and its children, shared pages counted once (Pss)."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    texts = (Path(f"/proc/{each}/smaps_rollup").read_text() for each in pids)
    return float(sum(int(found.group(1)) for text in texts if (found := re.search(r"Pss:\s+(\d+)", text))))


def table(figures: list[Figure]) -> str:
    rows = [
        ("what", "measured", "budget", ""),
        *((f.what, f.measured, f.budget, "ok" if f.is_kept else "OVER") for f in figures),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
