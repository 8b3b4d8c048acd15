"""What the public pages say of hours to which anybody may come or call; the same for everybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from portal import clock, shown_zone
from portal.notices.board import notices
from portal.notices.board import today as office_day
from portal.office import service as office
from portal.pages import state
from portal.scheduling import asked_whom, today, whom
from portal.scheduling.people import everybody
from portal.scheduling.today import OpenHours

#: More would be a list to study, and no help for somebody who needs to talk today.
_MOST = 6
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One line of the box; hours that began yesterday and are not over are today's."""

    hours: OpenHours
    is_today: bool


def open_hours() -> tuple[Line, ...]:
    """The next of them, in order of time. They are looked up once a minute, and after each change at the desk."""
    current, day, now = state(), office_day(), clock.now()

    def load() -> list[OpenHours]:
        with current.stores.desk.reading() as desk:
            return today.around(desk, office.names(desk), current.settings, day)

    found = current.volatile.open_hours.read(now.replace(second=0), load)
    if not found:
        return ()
    zone, allowed = shown_zone.zone(), _allowed()
    here = now.astimezone(zone).date()
    # In another zone the office's tomorrow may be the day after; that one is neither word.
    coming = [
        (each, each.starts.astimezone(zone).date())
        for each in today.still_to_come(found, notices(), current.settings, now)
        if allowed is None or each.ombuds in allowed
    ]
    near = [Line(each, day <= here) for each, day in coming if day <= here + _DAY]
    return tuple(near[:_MOST])


def _allowed() -> Collection[bytes] | None:
    """Whom the visitor's choice allows; None where nobody was left out."""
    if not asked_whom.carried():
        return None
    with state().stores.desk.reading() as desk:
        people = everybody(desk)
    return whom.allowed(asked_whom.among(people), people)
