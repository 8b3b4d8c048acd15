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


def agreed(build: Callable[[int], T], is_fine: Callable[[T], bool], tries: int = 3) -> T:
    """What `build` gives, begun anew when chance spoilt it.

    A box that ends just behind the border of a block leaves a byte or two there, and random bytes are the old ones
    now and then. A true difference is there every time.
    """
    built = build(0)
    for number in range(1, tries):
        if is_fine(built):
            break
        built = build(number)
    return built
