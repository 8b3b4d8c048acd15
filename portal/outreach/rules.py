"""Which Ombuds Week the site speaks of, and whether it is near."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.scheduling.rules import next_ombuds_week, ombuds_week

#: So long before its first day a week is near: time enough to read, to book and to hang a poster.
AHEAD = timedelta(weeks=3)


@dataclass(frozen=True)
class Week:
    """Its first and its last day; Ombuds Day, where it lies between them; whether the first page speaks of it."""

    first: date
    last: date
    day: date | None
    is_near: bool
    has_begun: bool


def week_of(today: date, own: tuple[date, date] | None = None, *, is_on: bool | None = None) -> Week:
    """The week that is spoken of today: the office's own, else that of Ombuds Day.

    An own week that is over stood for its year, so the next is that of a later year. `is_on` says whether it is near
    whatever the date; None leaves it to the date.
    """
    first, last = _days(today, own)
    day = next(
        (each for each in (ombuds_week(first.year)[2], ombuds_week(last.year)[2]) if first <= each <= last), None
    )
    is_near = first - AHEAD <= today <= last if is_on is None else is_on
    return Week(first, last, day, is_near, has_begun=first <= today)


def _days(today: date, own: tuple[date, date] | None) -> tuple[date, date]:
    if own is None:
        return next_ombuds_week(today)[:2]
    if today <= own[1]:
        return own
    return next_ombuds_week(max(today, date(own[1].year + 1, 1, 1)))[:2]
