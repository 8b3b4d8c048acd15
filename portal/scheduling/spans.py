"""Stretches of time and their algebra: pure, half-open, on whatever can be compared."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

#: From the first instant to the one after the last.
Span = tuple[datetime, datetime]


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as few spans, in order; spans that overlap or touch become one, and empty ones go."""
    merged: list[Span] = []
    for starts, ends in sorted(spans):
        if merged and starts <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(ends, merged[-1][1])
        elif starts < ends:
            merged.append((starts, ends))
    return merged


def widen(spans: Iterable[Span], margin: timedelta) -> list[Span]:
    """Each span with so much more on both sides; merged and in order."""
    return merge((starts - margin, ends + margin) for starts, ends in spans)


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    """Whether a span shares an instant with one of the others, which may come in any order."""
    starts, ends = span
    return any(starts < other_ends and other_starts < ends for other_starts, other_ends in others)


def hits(span: Span, merged: Sequence[Span]) -> bool:
    """The same as `overlaps` with others that are merged and in order; found by halving."""
    at = _first_after(merged, span[0])
    return at < len(merged) and merged[at][0] < span[1] and span[0] < span[1]


def walk(span: Span, length: timedelta, step: timedelta) -> list[datetime]:
    """Starts of as many stretches of `length`, one every `step`, as the span holds."""
    starts, ends = span
    return [starts + n * step for n in range((ends - starts - length) // step + 1)] if ends - starts >= length else []


def _first_after(merged: Sequence[Span], instant: datetime) -> int:
    """Which of merged spans is the first that ends after an instant."""
    return bisect_right(merged, instant, key=_ends)


def _ends(span: Span) -> datetime:
    return span[1]
