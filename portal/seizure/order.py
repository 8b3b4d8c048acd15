"""Whether rows, keys or cells tell in what order or when somebody came."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import combinations
from pathlib import Path

from portal.seizure.files import Cell, cells, databases, looking, tables

#: Tables of one row each, which cannot have an order.
SINGLE_ROWS = frozenset({"alembic_version", "meta"})
_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
#: SQLite's own count of days, at the beginning of 1970.
_JULIAN_1970 = 2_440_587.5
_DAY = 86_400
_MOST_DIGITS = 25


def kendall(first: Sequence[int], second: Sequence[int]) -> float:
    """Kendall's tau of two rankings without ties: 1 the same order, -1 the reverse, near 0 none."""
    pairs = list(combinations(range(len(first)), 2))
    agree = sum((first[a] < first[b]) == (second[a] < second[b]) for a, b in pairs)
    return 2 * agree / len(pairs) - 1


def critical(count: int, deviations: float = 3.5) -> float:
    """What |tau| of unrelated rankings hardly ever reaches (normal approximation; 3.5 deviations: 1 in 2,000)."""
    return deviations * float((2 * (2 * count + 5) / (9 * count * (count - 1))) ** 0.5)


def kept_in_order_of_arrival(instance: Path) -> list[str]:
    """Tables that number their rows as they come, and indexes, which keep an order of their own."""
    found = []
    for path in databases(instance):
        made_here = {name: made for name, made in tables(path).items() if not name.startswith("sqlite_")}
        numbered = [name for name, made in made_here.items() if "WITHOUT ROWID" not in made.upper()]
        found += [f"{path.name}: {name}" for name in numbered if name not in SINGLE_ROWS]
        with closing(looking(path)) as connection:
            query = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            found += [f"{path.name}: {name}" for (name,) in connection.execute(query)]
    return found


def lengths(path: Path) -> dict[tuple[str, str], set[int]]:
    """The lengths that each column's bytes have; text that a visit writes counts as bytes."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for cell in cells(path):
        if isinstance(cell.value, bytes):
            found[cell.table, cell.column].add(len(cell.value))
    return dict(found)


def moments(instance: Path, since: datetime, until: datetime) -> list[Cell]:
    """Cells that read as a moment between two others.

    Seconds to nanoseconds since 1970, Julian days, ISO 8601 and the dates of mails.
    """
    found = (cell for path in databases(instance) for cell in cells(path))
    return [cell for cell in found if any(since <= moment <= until for moment in _readings(cell.value))]


def _readings(value: object) -> Iterator[datetime]:
    if isinstance(value, int | float):
        seconds = [value / unit for unit in _UNITS]
        if isinstance(value, float):
            seconds.append((value - _JULIAN_1970) * _DAY)
        for each in seconds:
            with suppress(ValueError, OverflowError, OSError):
                yield datetime.fromtimestamp(each, UTC)
    elif isinstance(value, str):
        if value.strip().isdecimal() and len(value) < _MOST_DIGITS:
            yield from _readings(int(value))
        # A bare day is no moment: the roster says on which day it was imported.
        if len(value) > len("2026-11-22"):
            for read in (datetime.fromisoformat, parsedate_to_datetime):
                with suppress(ValueError, TypeError):
                    moment = read(value)
                    yield moment if moment.tzinfo else moment.replace(tzinfo=UTC)
