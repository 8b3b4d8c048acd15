"""What becomes of asking a calendar, and how the child process that asked says so."""

from dataclasses import dataclass
from datetime import date

from portal.busy.map import BusyMap
from portal.busy.problems import Problem

#: Before the two counts and the map; a Problem stands alone.
_READ = "read"


@dataclass(frozen=True)
class Reading:
    """The map, how many events name a zone that nobody knows, and how many could not be read at all."""

    map: BusyMap
    doubts: int
    skipped: int


def write(found: Reading | Problem) -> bytes:
    """One line; after that of a Reading come the bytes of its map."""
    if isinstance(found, Problem):
        return f"{found}\n".encode()
    return f"{_READ} {found.doubts} {found.skipped}\n".encode() + found.map.to_bytes()


def understand(said: bytes, first: date) -> Reading | Problem:
    """What `write` wrote. A child that broke down said nothing, and what it stumbled over is no calendar to us."""
    line, _, raw = said.partition(b"\n")
    word, *counts = line.decode("ascii", "replace").split() or [""]
    if word == _READ:
        doubts, skipped = map(int, counts)
        return Reading(BusyMap.from_bytes(first, raw), doubts, skipped)
    return Problem(word) if word in set(Problem) else Problem.no_calendar
