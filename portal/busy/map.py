"""When somebody is busy, in cells of five minutes and nothing else: always one size, however full or empty."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

WEEKS = 28
CELL = timedelta(minutes=5)
CELLS = WEEKS * timedelta(weeks=1) // CELL
#: In bytes, one bit for each cell.
SIZE = CELLS // 8

_BUSY = re.compile("1+")


class BusyMap:
    """`CELLS` cells from midnight UTC of the day `first`; whatever lies before or after them is not busy.

    Moments are aware. What is marked and what is asked for are both rounded outward to whole cells. A span that does
    not end after it starts takes no time.
    """

    def __init__(self, first: date) -> None:
        self.first = first
        self._starts = datetime.combine(first, time(), UTC)
        self._cells = 0

    @classmethod
    def blank(cls, first: date) -> "BusyMap":
        return cls(first)

    @classmethod
    def from_bytes(cls, first: date, raw: bytes) -> "BusyMap":
        """The map that `to_bytes` gave.

        Raises:
            ValueError: when `raw` is not `SIZE` bytes long.
        """
        if len(raw) != SIZE:
            raise ValueError(f"A map of busy times has {SIZE} bytes.")
        found = cls(first)
        found._cells = int.from_bytes(raw, "little")
        return found

    def to_bytes(self) -> bytes:
        """`SIZE` bytes, without the day on which they begin."""
        return self._cells.to_bytes(SIZE, "little")

    @property
    def starts(self) -> datetime:
        return self._starts

    @property
    def ends(self) -> datetime:
        return self._starts + CELLS * CELL

    def mark(self, starts: datetime, ends: datetime) -> None:
        self._cells |= self._mask(starts, ends)

    def clear(self, starts: datetime, ends: datetime) -> None:
        """Make every cell that the span touches free, whoever marked it."""
        self._cells &= ~self._mask(starts, ends)

    def is_busy(self, starts: datetime, ends: datetime) -> bool:
        """Whether any moment of the span lies in a busy cell."""
        return bool(self._cells & self._mask(starts, ends))

    def spans(self) -> Iterator[tuple[datetime, datetime]]:
        """From when until when, in UTC, in order; no two of them touch."""
        text = f"{self._cells:b}"[::-1]
        for found in _BUSY.finditer(text):
            yield self._starts + found.start() * CELL, self._starts + found.end() * CELL

    def _mask(self, starts: datetime, ends: datetime) -> int:
        if ends <= starts:
            return 0
        first = max((starts - self._starts) // CELL, 0)
        last = min(-((self._starts - ends) // CELL), CELLS)
        return ((1 << last - first) - 1) << first if first < last else 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BusyMap) and (self.first, self._cells) == (other.first, other._cells)

    def __hash__(self) -> int:
        return hash((self.first, self._cells))
