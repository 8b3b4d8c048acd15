"""The portal against bare pages on the same server, in turn; and a booking against its one slow derivation."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from portal.sealing import words
from portal.sealing.keys import visitor_keys
from tests.cast import VERA, Server, World
from tools.bench.figures import Figure, at_most, exactly, spread, two_digits
from tools.bench.load import requests_a_second, seconds_of
from tools.bench.serving import Bare, floor, floor_of_memory, has_proc, resident, running, workers

ROUNDS = 9
REQUESTS = 400
BOOKINGS = 40


def speed_and_memory(world: World) -> Iterator[Figure]:
    """`/times` and two floors in turn, so that whatever else the machine does meets all three alike."""
    with running(world) as (server, _own), floor() as bare:
        urls = {"times": f"{server.url}/times", "row": f"{bare.url}/row", "bare": f"{bare.url}/"}
        rounds = [{name: requests_a_second(url, REQUESTS) for name, url in urls.items()} for _ in range(ROUNDS)]
        yield from _speed(rounds)
    with running(world) as (server, _own), floor_of_memory() as light:
        yield from _memory(server, light)


def _speed(rounds: list[dict[str, float]]) -> Iterator[Figure]:
    to_row, to_bare = ([each["times"] / each[name] for each in rounds] for name in ("row", "bare"))
    rates = ", ".join(f"{median(each[name] for each in rounds):,.0f}" for name in ("times", "row", "bare"))
    what = "/times, of the requests/s of a bare Flask page"
    yield Figure(f"{what} with one row", spread(to_row), "≥ 0.60", median(to_row) >= 0.6)
    yield Figure(what, spread(to_bare))
    yield Figure("requests/s: /times, page with one row, bare page", rates)


def _memory(server: Server, light: Bare) -> Iterator[Figure]:
    if not has_proc():
        yield Figure("memory, times bare Flask + SQLAlchemy", "skipped: it is read from Linux's /proc")
        return
    for url in (f"{server.url}/times", f"{light.url}/row"):
        requests_a_second(url, REQUESTS)
    memory = resident(server.process.pid) / resident(light.process.pid)
    yield at_most("memory, times bare Flask + SQLAlchemy", memory, 1.5, two_digits)
    yield exactly("processes that answer", len(workers(server.process.pid)), 1)


def cost_of_a_booking(world: World) -> Iterator[Figure]:
    """A whole booking against the one Argon2id call inside it, in turn."""
    with TemporaryDirectory() as folder:
        own = world.copy(Path(folder) / "instance")
        pepper, ratios = own.settings.secrets.words, []
        for offer in own.offers()[:BOOKINGS]:
            derivation = seconds_of(lambda: visitor_keys(words.draw(), pepper))
            booking = seconds_of(partial(own.book, VERA, slots=[offer.id]))
            ratios.append(booking / derivation)
        own.stores.close()
    cost = median(ratios)
    yield Figure("a booking, times its one Argon2id call", two_digits(cost), "≤ 2.00", cost <= 2)
