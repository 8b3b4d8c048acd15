"""Writes the calendar file of public events: the same for everybody, whenever it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

from portal.scheduling.invite import one_line

_PRODUCT = "-//Appointments//EN"
_ENDING = "@events"
# Required, and meant for the moment of writing: one day for all tells nothing of who asked for the file, or when.
_STAMP = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Happening:
    """One event as a calendar will show it.

    `id` names it for good, and of two files the one with more `changes` holds (RFC 5546, 2.1.4). `text` is plain and
    may have several lines.
    """

    id: str
    title: str
    text: str
    starts: datetime
    ends: datetime
    place: str = ""
    link: str = ""
    changes: int = 0


def write(happenings: Iterable[Happening]) -> bytes:
    """The file (RFC 5545, UTF-8, times in UTC). It rings no alarm and asks nobody for an answer."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("method", "PUBLISH")
    for each in happenings:
        calendar.add_component(_event(each))
    return bytes(calendar.to_ical())


def _event(each: Happening) -> Event:
    event = Event()
    event.add("uid", each.id + _ENDING)
    event.add("summary", one_line(each.title))
    event.add("dtstart", each.starts.astimezone(UTC))
    event.add("dtend", each.ends.astimezone(UTC))
    event.add("dtstamp", _STAMP)
    event.add("sequence", each.changes)
    text = "\n".join(filter(None, map(one_line, each.text.splitlines())))
    for name, said in (("description", text), ("location", one_line(each.place)), ("url", one_line(each.link))):
        if said:
            event.add(name, said)
    return event
