"""What a seizure test says: one result for each check, and all of them as a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from portal.config import Settings
from portal.errors import PortalError
from portal.seizure.files import Employee


class NotPossible(PortalError):  # noqa: N818 - it says what the check is
    """A check that this office gives no occasion for; the sentence says what is missing."""


class Ending(StrEnum):
    """How a check ended."""

    fine = "fine"
    found = "found"
    not_possible = "not possible"
    broken = "broken"


@dataclass(frozen=True)
class Result:
    """What Theo tried, as a sentence about him, and how it ended; `details` name files and kinds, never people."""

    check: str
    tried: str
    ending: Ending
    details: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Scene:
    """What Theo has: a copy of the instance, the staff list, and an empty folder to work in."""

    copy: Path
    work: Path
    settings: Settings
    staff: Sequence[Employee]
    now: datetime
    say: Callable[[int], None] = field(default=lambda _people: None)


@dataclass(frozen=True)
class Check:
    """One attack: `look` gives what it found, or raises NotPossible."""

    name: str
    tried: str
    look: Callable[[Scene], Sequence[str]]


@dataclass(frozen=True)
class Outcome:
    """What may be told to everybody: when the test ran, with how many people, and whether it found nobody."""

    day: date
    people: int
    found_nobody: bool


@dataclass(frozen=True)
class Report:
    """A whole test, the control first; `seconds` is how long it took, `skipped` counts lines that are no people.

    Of the people, `named` have a name, and `strangers` are not on the roster; None when there is no roster to read.
    """

    began: datetime
    day: date
    people: int
    skipped: int
    named: int
    strangers: int | None
    seconds: float
    results: tuple[Result, ...]

    @property
    def found_somebody(self) -> bool:
        return any(each.ending is Ending.found for each in self.results)

    @property
    def is_finished(self) -> bool:
        return all(each.ending is not Ending.broken for each in self.results)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The checks that the office or the list gave no occasion for; "names" when the list tells nobody's."""
        names = () if self.named else ("names",)
        return (*names, *(each.check for each in self.results if each.ending is Ending.not_possible))

    @property
    def outcome(self) -> Outcome | None:
        """None when nobody was found and something broke or was left out: that is no answer for everybody."""
        if not self.found_somebody and (self.left_out or not self.is_finished):
            return None
        return Outcome(self.day, self.people, not self.found_somebody)
