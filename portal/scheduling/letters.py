"""Ways to meet as three letters, always as long: "vip", with "-" for each that is not offered."""

from collections.abc import Iterable
from functools import cache

from portal.scheduling.rules import Mode

_LETTERS = {Mode.video: "v", Mode.in_person: "i", Mode.phone: "p"}


def written(modes: Iterable[Mode]) -> str:
    offered = set(modes)
    return "".join(letter if mode in offered else "-" for mode, letter in _LETTERS.items())


@cache
def modes_of(letters: str) -> tuple[Mode, ...]:
    return tuple(mode for mode, letter in _LETTERS.items() if letter in letters)
