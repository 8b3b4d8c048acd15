"""An Ombuds Week near today, so that the demo office has something on."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from portal.config import Settings
from portal.db import Stores
from portal.language import SOURCE
from portal.site import choices, event_rules, events
from portal.site.event_rules import Facts

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Planned:
    """One event: on which day of the week, from when to when, where, for whom, and what it is about."""

    weekday: int
    starts: time
    ends: time
    title: str
    text: str
    place: str = ""
    link: str = ""
    audience: str = ""

    def facts(self, monday: date) -> Facts:
        day = monday + self.weekday * _DAY
        starts, ends = datetime.combine(day, self.starts), datetime.combine(day, self.ends)
        return Facts(starts, ends, self.place, self.link, self.audience)


_EVENTS = (
    _Planned(
        1,
        time(12, 30),
        time(13, 30),
        "Tea with the ombuds",
        "Come in, sit down, ask what you like. You need not say who you are.",
        place="The garden room, ground floor",
    ),
    _Planned(
        2,
        time(17),
        time(17, 45),
        "After the late shift: an open hour online",
        "Camera off is fine. We show how to book from your own phone.",
        link="https://video.example.org/open-hour",
        audience="hourly-staff",
    ),
    _Planned(
        3,
        time(10),
        time(11),
        "What an ombuds can do for a team",
        "A short talk, and time for questions.",
        place="Lecture hall 2",
        audience="managers",
    ),
)


def put_on_a_week(stores: Stores, settings: Settings, now: datetime) -> None:
    """The working week after this one, with three events."""
    monday = _monday_after(now.astimezone(settings.zone).date())
    with stores.site.writing() as site:
        choices.keep(site, replace(choices.read(site), week=(monday, monday + 4 * _DAY)))
        for planned in _EVENTS:
            key, text = secrets.token_hex(8), event_rules.as_markdown(planned.title, planned.text)
            mark = events.standing(site, key, SOURCE).mark
            facts = planned.facts(monday)
            events.keep(site, key, facts, SOURCE, text, mark=mark, zone=settings.zone, now=now)


def _monday_after(today: date) -> date:
    return today + (7 - today.weekday()) * _DAY
