"""How well times tell two kinds of answers apart: the area under the curve (AUC), where 0.5 is guessing.

The area is the chance that an answer of the one kind took longer than one of the other (Mann and Whitney 1947).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_WINDOW = 20


@dataclass(frozen=True)
class Timed:
    """An answer in the order in which it came: whether it is of the second kind, and its seconds."""

    is_second: bool
    seconds: float


def area(second: Sequence[float], first: Sequence[float]) -> float:
    """The chance that a value of `second` is greater than one of `first`; ties count half."""
    ordered = sorted(first)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in second)
    return below / (2 * len(first) * len(second))


def by_time(answers: Sequence[Timed]) -> float:
    """The area of the bare seconds."""
    return _area(answers, [each.seconds for each in answers])


def by_guesser(answers: Sequence[Timed]) -> float:
    """What a guesser reaches who learns on one half of the answers what tells most, and is tried on the other.

    Both halves take their turn, so that every answer is tried once, and nothing is tried on what it was learned from.
    """
    features = _features(answers)
    halves = [range(start, len(answers), 2) for start in (0, 1)]
    return sum(_tried(answers, features, *pair) for pair in pairwise([*halves, halves[0]])) / 2


def smallest_seen(answers: Sequence[Timed], delays: Sequence[float], most: float) -> float | None:
    """The smallest delay (seconds) in answers of the second kind that would lift the area above `most`."""
    for delay in delays:
        later = [Timed(each.is_second, each.seconds + delay * each.is_second) for each in answers]
        if by_guesser(later) > most:
            return delay
    return None


def _features(answers: Sequence[Timed]) -> list[list[float]]:
    """What a patient asker has of an answer: its seconds, and how it stands among those around it."""
    seconds = [each.seconds for each in answers]
    around = [seconds[max(0, place - _WINDOW // 2) : place + _WINDOW // 2 + 1] for place in range(len(seconds))]
    rank = [sum(other < own for other in others) / len(others) for own, others in zip(seconds, around, strict=True)]
    above = [own - median(others) for own, others in zip(seconds, around, strict=True)]
    since = [own - before for before, own in pairwise([seconds[0], *seconds])]
    return [seconds, rank, above, since]


def _tried(
    answers: Sequence[Timed], features: Sequence[Sequence[float]], learned_from: Sequence[int], tried_on: Sequence[int]
) -> float:
    learned = [_area([answers[each] for each in learned_from], [f[each] for each in learned_from]) for f in features]
    best = max(range(len(features)), key=lambda number: abs(learned[number] - 0.5))
    found = _area([answers[each] for each in tried_on], [features[best][each] for each in tried_on])
    return found if learned[best] >= 0.5 else 1 - found


def _area(answers: Sequence[Timed], values: Sequence[float]) -> float:
    kinds: tuple[list[float], list[float]] = ([], [])
    for answer, value in zip(answers, values, strict=True):
        kinds[answer.is_second].append(value)
    return area(kinds[True], kinds[False])
