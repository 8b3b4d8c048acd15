"""S5, S19: with the noise on, the time of a file tells when the server stirred, not when somebody came."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import VERA, World, serve
from tests.promises.restless import serve_restless
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("times")
#: Five a second, in a store where a booking takes a tenth of one: as far between as once in ten minutes and a booking.
NOISE_A_DAY = 5 * 86_400
#: Seconds. So long without noise happens once in a billion times, even where it comes as seldom as once in half a
#: second because the machine does much else; the keys move with every other noise.
PATIENCE = 20 / 2
FILES = ("desk.db", "keys.db")
BOOKINGS = 3


def test_a_file_tells_when_the_server_stirred_and_not_when_vera_booked(first_world: World, tmp_path: Path) -> None:
    """Three times Vera books and Theo takes the disk a little later: its newest time is never that of the booking."""
    world = first_world.copy(tmp_path / "instance")
    keys = [offer.key for offer in world.offers()][1 : 1 + BOOKINGS]
    server = serve_restless(world, NOISE_A_DAY)
    try:
        told = [_told(world, Visitor(server.url), key) for key in keys]
    finally:
        server.kill()
    assert told == [False] * BOOKINGS


def test_both_stores_move_without_a_visit(first_world: World, tmp_path: Path) -> None:
    world = first_world.copy(tmp_path / "instance")
    server = serve_restless(world, NOISE_A_DAY)
    try:
        moved = {name: list(_moves(world.instance / name, 3)) for name in FILES}
    finally:
        server.kill()
    assert {name: len(times) for name, times in moved.items()} == dict.fromkeys(FILES, 3)


def test_without_noise_the_file_tells_when_vera_booked(first_world: World, tmp_path: Path) -> None:
    """The control: the same look at an office whose operator switched the noise off."""
    world = first_world.copy(tmp_path / "instance")
    key = world.offers()[1].key
    server = serve(world)
    try:
        assert _told(world, Visitor(server.url), key)
    finally:
        server.kill()


def _told(world: World, visitor: Visitor, key: str) -> bool:
    """Whether the newest time on the disk is that of Vera's booking, when the disk is taken a little later."""
    began = time.time_ns()
    visitor.words(visitor.book(world, VERA, [key]))
    ended = time.time_ns()
    next(_moves(world.instance / "desk.db", 1), None)
    return began <= (world.instance / "desk.db").stat().st_mtime_ns <= ended


def _moves(path: Path, count: int) -> Iterator[int]:
    """The next times that a file shows; fewer when it rests."""
    last, until = path.stat().st_mtime_ns, time.monotonic() + PATIENCE * count
    while count and time.monotonic() < until:
        now = path.stat().st_mtime_ns
        if now != last:
            last, count = now, count - 1
            yield now
        time.sleep(0.01)
