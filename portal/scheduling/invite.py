"""Writes a calendar file that says when, and neither whom, nor where, nor since when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unicodedata import category

from icalendar import Calendar, Event

#: In characters, for the form that asks for a title.
TITLE_LIMIT = 60

_PRODUCT = "-//Appointments//EN"
#: RFC 5545, 3.1 allows 75 octets; the library folds at 75, so that a line of 74 stays whole.
_LINE = 74
_CRLF = 2
_PADDING = "X-PADDING"
#: Name, colon, one digit, line end.
_SHORTEST_PADDING = len(_PADDING) + 2 + _CRLF
_UID = re.compile(r"[0-9a-f]{32,64}")
#: Some parsers split lines at each of them, not only at CR and LF. Joiners stay: Persian and emoji need them.
_BREAKS_LINES = {"Cc", "Cs", "Zl", "Zp"}


class TooLong(ValueError):  # noqa: N818 - it says what the entries are
    """The entries do not fit the file; nothing was written."""


@dataclass(frozen=True)
class Entry:
    """One appointment as the visitor's calendar will show it.

    `uid` is random, 32 to 64 lower-case hex digits, and stays with the appointment when it is moved or cancelled;
    an id that a store holds in clear would tie a copied calendar to it. `sequence` grows with each such change
    (RFC 5545, 3.8.7.4). `title` is the visitor's choice, at most `TITLE_LIMIT` characters; `starts` is aware.

    Raises:
        ValueError: when a part is not as described; the sentence names the part, never its value.
    """

    uid: str
    sequence: int
    title: str
    starts: datetime
    minutes: int
    is_cancelled: bool = False

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError("An entry's uid is 32 to 64 lower-case hex digits.")
        if self.sequence < 0 or self.minutes <= 0:
            raise ValueError("An entry's sequence starts at 0 and its length at one minute.")
        if len(self.title) > TITLE_LIMIT or not one_line(self.title):
            raise ValueError(f"An entry's title has 1 to {TITLE_LIMIT} characters that can be shown.")
        if self.starts.utcoffset() is None:
            raise ValueError("An entry's start needs a zone.")


def write(entries: Sequence[Entry], size: int) -> bytes:
    """The file (RFC 5545, UTF-8) of exactly `size` bytes: the same entries give the same bytes, whenever and wherever.

    The method is PUBLISH, for cancelled entries too; STATUS tells them apart, which RFC 5546, 3.2.1 allows. Strictly,
    both PUBLISH and CANCEL need an ORGANIZER, and here is nobody to name. Without one, CANCEL is the worse choice:
    programs that heed it take it for a withdrawn invitation and look for the organizer's; those that import files go
    by UID, SEQUENCE and STATUS. PUBLISH asks for no answer, so that no program mails one.

    Padding makes every answer to a visitor one length, so that the network does not see that a calendar was taken.
    It stands above the entries: importers keep what belongs to an entry, and would carry it to every synced device.

    Raises:
        TooLong: when the entries need more than `size` bytes.
        ValueError: when there are no entries, which no calendar could read.
    """
    if not entries:
        raise ValueError("A calendar file needs an entry.")
    calendar = _calendar(entries)
    room = size - len(calendar.to_ical())
    if room < _SHORTEST_PADDING:
        raise TooLong(f"The entries do not fit into {size} bytes.")
    for zeros in _padding(room):
        calendar.add(_PADDING, zeros)
    return bytes(calendar.to_ical())


def _calendar(entries: Sequence[Entry]) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar


def _event(entry: Entry) -> Event:
    event, starts = Event(), entry.starts.astimezone(UTC)
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("summary", one_line(entry.title))
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=entry.minutes))
    # Required, and meant for the moment of writing: that would tell whoever reads the calendar when the visitor was
    # here. The start tells nothing new. Newer versions are known by SEQUENCE, which is compared first.
    event.add("dtstamp", starts)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event


def one_line(title: str) -> str:
    """The title without anything that ends a line somewhere; a backslash, which the library may read as one, leans."""
    shown = ("/" if sign == "\\" else " " if category(sign) in _BREAKS_LINES else sign for sign in title)
    return " ".join("".join(shown).split())


def _padding(room: int) -> list[str]:
    """Values of padding lines, none of which needs folding, that take `room` bytes with names and line ends."""
    lines = -(-room // (_LINE + _CRLF))
    around = len(_PADDING) + 1 + _CRLF
    return ["0" * (room // lines + (line < room % lines) - around) for line in range(lines)]
