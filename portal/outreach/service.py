"""What the public is told beside the times."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.outreach.tables import Trial

_ONLY = 1


@dataclass(frozen=True)
class Tried:
    """When the seizure test last ran, and whether nobody was found."""

    day: date
    found_nobody: bool


def keep_trial(site: Session, tried: Tried) -> None:
    """Remember the newest run; the one before is forgotten."""
    site.merge(Trial(id=_ONLY, day=tried.day.isoformat(), found_nobody=tried.found_nobody))
    site.flush()


def last_trial(site: Session) -> Tried | None:
    found = site.get(Trial, _ONLY)
    with suppress(ValueError):  # somebody wrote there what is no day
        return None if found is None else Tried(date.fromisoformat(found.day), found.found_nobody)
    return None
