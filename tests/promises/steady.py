"""Comparing two offices, when the clock must not come between them."""

from collections.abc import Callable
from typing import TypeVar

from portal import clock

T = TypeVar("T")


def within_one_hour(build: Callable[[], T]) -> T:
    """What `build` gives; begun anew when an hour struck meanwhile, because then the list of times changes."""
    for _ in range(3):
        hour = clock.now().hour
        built = build()
        if clock.now().hour == hour:
            return built
    raise AssertionError("no two offices could be compared within an hour")
