"""Which values enough people hold to be kept; rarer ones become "other"."""

from array import array
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final

from portal.roster.rules import ATTRIBUTE_FIELDS, GROUP_FIELDS, OTHER, SMALLEST_GROUP

BROAD_FIELDS = GROUP_FIELDS + ATTRIBUTE_FIELDS
_BROAD = len(BROAD_FIELDS)
#: Values seen first are counted, further ones are rare by then: an absurd column cannot fill the memory.
_MOST_VALUES = 20_000
#: Columns are counted several times as fast as single cells.
_TOGETHER = 1024
_NUMBER: Final = "H"


class _Numbers(dict[str, int]):
    """The values of one field, numbered as they come; all that come too late share the number behind the last."""

    def __missing__(self, value: str) -> int:
        number = len(self)
        if number < _MOST_VALUES:
            self[value] = number
        return number


class Tally:
    """How many people hold each value of the fields that are shared in groups, in the order of `BROAD_FIELDS`.

    `keep` is handed the people in pieces, as numbers that this object alone can read again; `finish` hands it the last.
    """

    def __init__(self, present: Container[str], keep: Callable[[bytes], None]) -> None:
        self._present = [name in present for name in BROAD_FIELDS]
        self._keep = keep
        self._numbers = [_Numbers() for _ in BROAD_FIELDS]
        self._counts: list[Counter[int]] = [Counter() for _ in BROAD_FIELDS]
        self._waiting: list[Sequence[str]] = []

    def add(self, values: Sequence[str]) -> None:
        self._waiting.append(values[:_BROAD])
        if len(self._waiting) == _TOGETHER:
            self.finish()

    def finish(self) -> None:
        if not self._waiting:
            return
        columns = [
            array(_NUMBER, map(numbers.__getitem__, column))
            for numbers, column in zip(self._numbers, zip(*self._waiting, strict=True), strict=True)
        ]
        for counts, column in zip(self._counts, columns, strict=True):
            counts.update(column)
        self._keep(b"".join(columns))
        self._waiting.clear()

    def _held(self, field: int) -> Iterator[tuple[str, int]]:
        counts = self._counts[field]
        return ((value, counts[number]) for value, number in self._numbers[field].items())

    def common(self) -> list[frozenset[str]]:
        """For each field the values that stay; an empty cell is a value too, unless the column is missing."""
        return [
            frozenset(value for value, count in self._held(field) if count >= SMALLEST_GROUP)
            if present
            else frozenset({""})
            for field, present in enumerate(self._present)
        ]

    def coarsened(self) -> dict[str, int]:
        """For each field the number of values that become "other"."""
        rare = (
            sum(count < SMALLEST_GROUP for value, count in self._held(field) if value not in {"", OTHER})
            for field in range(_BROAD)
        )
        return {name: number for name, number in zip(BROAD_FIELDS, rare, strict=True) if number}

    def groups(self) -> dict[str, int]:
        """How many people each constituency has; those of fewer than 25 are "other", all together."""
        common = {value: count for value, count in self._held(0) if count >= SMALLEST_GROUP and value != OTHER}
        return common | {OTHER: self._counts[0].total() - sum(common.values())}

    def populations(self) -> dict[str, int]:
        """What may be said aloud of the groups: "other" too is left out when it is fewer than 25."""
        return {value: count for value, count in self.groups().items() if count >= SMALLEST_GROUP}

    def profiles(self, pieces: Iterable[bytes]) -> Iterator[tuple[str, ...]]:
        """Everybody's values as they will be kept, from the pieces that `keep` was handed."""
        kept = [
            [*(value if value in common else OTHER for value in numbers), OTHER]
            for numbers, common in zip(self._numbers, self.common(), strict=True)
        ]
        for piece in pieces:
            numbers = memoryview(piece).cast(_NUMBER)
            size = len(numbers) // _BROAD
            columns = (numbers[field * size : (field + 1) * size] for field in range(_BROAD))
            yield from zip(
                *(map(values.__getitem__, column) for values, column in zip(kept, columns, strict=True)), strict=True
            )
