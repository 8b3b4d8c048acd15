"""Whether two heaps of numbers are of one make, or chance alone cannot have made them so different."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from random import SystemRandom
from statistics import NormalDist, fmean, pstdev

_RANDOM = SystemRandom()


def ranks_differ(one: Sequence[float], other: Sequence[float]) -> float:
    """Mann and Whitney's U in deviations of its chance, with ties; 0 when one is as often the larger as the smaller."""
    ranks, every = _ranks([*one, *other]), Counter([*one, *other])
    n, m = len(one), len(other)
    u = sum(ranks[: len(one)]) - n * (n + 1) / 2
    ties = sum(count**3 - count for count in every.values()) / ((n + m) * (n + m - 1))
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties))
    return (u - n * m / 2) / spread if spread else 0.0


def shares_differ(one: Iterable[bool], other: Iterable[bool]) -> float:
    """Two proportions in deviations of their chance."""
    first, second = list(one), list(other)
    both = (sum(first) + sum(second)) / (len(first) + len(second))
    spread = math.sqrt(both * (1 - both) * (1 / len(first) + 1 / len(second)))
    return (fmean(first) - fmean(second)) / spread if spread else 0.0


def kinds_differ(one: Iterable[object], other: Iterable[object]) -> float:
    """The chi-square of homogeneity, brought to deviations (Wilson and Hilferty, 1931); large when they differ."""
    first, second = Counter(one), Counter(other)
    kinds = first.keys() | second.keys()
    if len(kinds) < 2:
        return 0.0
    up, down = math.sqrt(second.total() / first.total()), math.sqrt(first.total() / second.total())
    value = sum((up * first[kind] - down * second[kind]) ** 2 / (first[kind] + second[kind]) for kind in kinds)
    freedom = len(kinds) - 1
    return float(((value / freedom) ** (1 / 3) - 1 + 2 / (9 * freedom)) / math.sqrt(2 / (9 * freedom)))


def guesses_differ(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> float:
    """What a logistic regression learned from one half says of the other half: ranks of its guesses, in deviations."""
    marked = [(row, 1.0) for row in one] + [(row, 0.0) for row in other]
    _RANDOM.shuffle(marked)
    learned, asked = marked[::2], marked[1::2]
    scale = [(fmean(values), pstdev(values) or 1.0) for values in zip(*(row for row, _ in learned), strict=True)]
    weights = _learn([(_scaled(row, scale), mark) for row, mark in learned])
    said = [(_guess(weights, _scaled(row, scale)), mark) for row, mark in asked]
    return ranks_differ([guess for guess, mark in said if mark], [guess for guess, mark in said if not mark])


def deviations(once_in: float) -> float:
    """What a normal value passes so rarely, on either side."""
    return NormalDist().inv_cdf(1 - 1 / (2 * once_in))


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(values)
    first: dict[float, int] = {}
    for place, value in enumerate(order):
        first.setdefault(value, place)
    count = Counter(values)
    return [first[value] + (count[value] + 1) / 2 for value in values]


def _scaled(row: Sequence[float], scale: Sequence[tuple[float, float]]) -> list[float]:
    return [1.0, *((value - middle) / spread for value, (middle, spread) in zip(row, scale, strict=True))]


def _learn(rows: Sequence[tuple[Sequence[float], float]], rounds: int = 100, step: float = 0.5) -> list[float]:
    weights = [0.0] * len(rows[0][0])
    for _ in range(rounds):
        errors = [(mark - _guess(weights, row), row) for row, mark in rows]
        for place in range(len(weights)):
            weights[place] += step * fmean(error * row[place] for error, row in errors)
    return weights


def _guess(weights: Sequence[float], row: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, row, strict=True))))
