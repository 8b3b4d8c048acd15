"""Writes the calendar that an ombuds' own program subscribes to: busy or not there, and nothing more."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from icalendar import Calendar, Event

from portal.scheduling.rules import SlotFacts

#: What the names of our own entries end with: thirty-two such signs alone are what many programs call an entry.
_ENDING = "@times"
#: What these names look like. A calendar that shows them back to us must not make our times busy.
OWN = f"[0-9a-f]{{32}}{_ENDING}"

_PRODUCT = "-//Appointments//EN"
#: In every language: the feed is one and the same for whoever asks.
_TITLE = "Busy"


def write(slots: Iterable[SlotFacts]) -> bytes:
    """The file (RFC 5545, UTF-8): the same slots give the same bytes, in whatever order and whenever they come."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("method", "PUBLISH")
    for slot in sorted(slots, key=lambda slot: (slot.starts, slot.id)):
        calendar.add_component(_event(slot))
    return bytes(calendar.to_ical())


def _event(slot: SlotFacts) -> Event:
    event, starts = Event(), slot.starts.astimezone(UTC)
    event.add("uid", slot.id.hex() + _ENDING)
    event.add("summary", _TITLE)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=slot.minutes))
    # Required, and meant for the moment of writing or of the last change, which would date whatever took the time.
    event.add("dtstamp", starts)
    event.add("transp", "OPAQUE")
    return event
