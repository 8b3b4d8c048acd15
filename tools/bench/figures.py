"""A line of the table, and the table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

NO_BUDGET = "\N{EN DASH}"


@dataclass(frozen=True)
class Figure:
    """One line of the table. Without a budget a figure is there to compare with, and is always kept."""

    what: str
    measured: str
    budget: str = NO_BUDGET
    is_kept: bool = True

    @property
    def verdict(self) -> str:
        if self.budget == NO_BUDGET:
            return ""
        return "ok" if self.is_kept else "OVER"


def at_most(what: str, value: float, most: float, show: Callable[[float], str] = str) -> Figure:
    return Figure(what, show(value), f"≤ {show(most)}", value <= most)


def exactly(what: str, value: int, wanted: int) -> Figure:
    return Figure(what, str(value), str(wanted), value == wanted)


def two_digits(value: float) -> str:
    return f"{value:.2f}"


def spread(values: Sequence[float], show: Callable[[float], str] = two_digits) -> str:
    """The middle one of several rounds, and how far the others lie apart."""
    return f"{show(median(values))} ({show(min(values))} to {show(max(values))})"


def table(figures: Sequence[Figure]) -> str:
    rows = [
        ("what", "measured", "budget", ""),
        *((each.what, each.measured, each.budget, each.verdict) for each in figures),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
