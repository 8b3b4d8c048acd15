"""How people can be met here, by what the ombuds set for months to come: never by what is free today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.scheduling.rules import Kind, Mode, Practice, WeeklyRange


@dataclass(frozen=True)
class Ways:
    """The ways to meet that some appointment has, in their order, and whether some of these need no code."""

    modes: tuple[Mode, ...] = ()
    has_some_without_code: bool = False


def offered(usual: Iterable[tuple[Practice, Sequence[WeeklyRange]]]) -> Ways:
    """What these practices, each with its hours, offer together; whoever opens nothing here offers no way."""
    kept = [(practice, modes) for practice, ranges in usual if (modes := _modes(practice, ranges))]
    met = {mode for _practice, modes in kept for mode in modes}
    return Ways(tuple(mode for mode in Mode if mode in met), any(each.without_code > 0 for each, _modes in kept))


def _modes(practice: Practice, ranges: Sequence[WeeklyRange]) -> set[Mode]:
    own = {mode for each in ranges if each.kind is Kind.appointments for mode in each.modes}
    return own.intersection(practice.modes) if practice.online > 0 else set()
