"""What the public pages say of hours to which anybody may come or call; the same for everybody."""

from dataclasses import dataclass

from portal import clock, shown_zone
from portal.notices.board import notices
from portal.notices.board import today as office_day
from portal.office import service as office
from portal.pages import state
from portal.scheduling import today
from portal.scheduling.today import OpenHours

#: More would be a list to study, and no help for somebody who needs to talk today.
_MOST = 6


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
    zone = shown_zone.zone()
    here = now.astimezone(zone).date()
    coming = today.still_to_come(found, notices(), current.settings, now)
    return tuple(Line(each, each.starts.astimezone(zone).date() <= here) for each in coming[:_MOST])
