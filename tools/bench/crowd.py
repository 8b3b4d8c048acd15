"""Everybody sends a finished form for one time at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.cast import VERA, World
from tests.visiting import Visitor
from tools.bench.figures import Figure, exactly
from tools.bench.serving import running

CROWD = 200


def crowd_on_one_slot(world: World) -> Iterator[Figure]:
    booked, broken = bookings_of_one_slot(world, CROWD)
    yield exactly(f"{CROWD} clients on one slot: bookings", booked, 1)
    yield exactly(f"{CROWD} clients on one slot: 5xx", broken, 0)


def bookings_of_one_slot(world: World, clients: int) -> tuple[int, int]:
    """How many receipts, and how many answers that say that something broke."""
    with running(world) as (server, own):
        key = own.offers()[-1].key
        forms = [_filled_form(server.url, own, key) for _ in range(clients)]
        start = threading.Barrier(clients)
        with ThreadPoolExecutor(clients) as pool:
            answers = list(pool.map(lambda fields: _send(server.url, fields, start), forms))
    booked = sum("Keep these six words" in body for _status, body in answers)
    return booked, sum(status >= 500 for status, _body in answers)


def _filled_form(url: str, world: World, key: str) -> list[tuple[str, str]]:
    visitor = Visitor(url)
    given = {"mode": "phone", "proof": "code", "email": VERA.email, "code": world.code_of(VERA)}
    return visitor.fill(visitor.choose([key]), **given)


def _send(url: str, fields: list[tuple[str, str]], start: threading.Barrier) -> tuple[int, str]:
    start.wait()
    answer = Visitor(url).post("/book", fields)
    return answer.status, answer.body
