"""Cuts a calendar file into its components and keeps only the lines that tell when: no title gets any further."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Titles, places, notes, links and alarms are not among them.
_KEPT = frozenset(
    {
        *("UID", "SEQUENCE", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"),
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "FREEBUSY"),
    }
)
_PEOPLE = frozenset({"ATTENDEE", "ORGANIZER"})
_READ = frozenset({"VEVENT", "VFREEBUSY", "VTIMEZONE"})
_NAME = re.compile(r"[A-Za-z0-9-]+")
_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass
class Piece:
    """One event, span or zone: `lines` as they stand in the file, unfolded; `people` its lines of invitation."""

    name: str
    lines: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)

    def value(self, name: str) -> str:
        """What stands after the colon in the first line of that name, or nothing."""
        found = next((line for line in self.lines if name_of(line) == name), "")
        return found.rpartition(":")[2].strip() if name != "UID" else found.partition(":")[2].strip()

    def has(self, *names: str) -> bool:
        return any(name_of(line) in names for line in self.lines)

    def text(self, *more: str) -> str:
        return "\r\n".join((f"BEGIN:{self.name}", *self.lines, *more, f"END:{self.name}", ""))


@dataclass
class Sheet:
    """One VCALENDAR: its own few properties that matter, its pieces, and whether its end was missing."""

    properties: dict[str, str] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    is_cut_off: bool = True


def name_of(line: str) -> str:
    found = _NAME.match(line)
    return found.group().upper() if found else ""


def sheets(content: bytes) -> list[Sheet]:
    """The calendars of a file, UTF-8 with or without a mark, lines ended in any way; empty if there is none.

    A folded line is joined before its bytes become letters, because a fold may stand inside of one.
    """
    text = _FOLD.sub(b"", content).decode("utf-8-sig", "replace")
    return list(_sheets(_BREAK.split(text)))


def _sheets(lines: list[str]) -> Iterator[Sheet]:
    cutter: _Cutter | None = None
    for line in lines:
        what = line.strip().upper()
        if what == "BEGIN:VCALENDAR":
            if cutter:
                yield cutter.finish()
            cutter = _Cutter()
        elif cutter and what == "END:VCALENDAR":
            cutter.sheet.is_cut_off = cutter.piece is not None
            yield cutter.finish()
            cutter = None
        elif cutter and line:
            cutter.take(line, what)
    if cutter:
        yield cutter.finish()


class _Cutter:
    """Follows where in a calendar the next line stands."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.piece: Piece | None = None
        #: Components inside of the piece, such as alarms, or outside of any that we read.
        self.inside: list[str] = []

    def take(self, line: str, what: str) -> None:
        if what.startswith("BEGIN:"):
            self._begin(what.removeprefix("BEGIN:").strip(), line)
        elif what.startswith("END:"):
            self._end(what.removeprefix("END:").strip(), line)
        elif self.piece is None:
            if not self.inside:
                self.sheet.properties.setdefault(name_of(line), line.partition(":")[2].strip())
        elif self.piece.name == "VTIMEZONE":
            self.piece.lines.append(line)
        elif not self.inside:
            self._keep(self.piece, line)

    def _begin(self, name: str, line: str) -> None:
        if name in _READ:  # also when the one before it never ended
            self._close()
            self.piece, self.inside = Piece(name), []
            return
        self.inside.append(name)
        if self.piece and self.piece.name == "VTIMEZONE":
            self.piece.lines.append(line)

    def _end(self, name: str, line: str) -> None:
        if self.piece and name == self.piece.name:
            self._close()
        elif name in self.inside:
            del self.inside[self.inside.index(name) :]
            if self.piece and self.piece.name == "VTIMEZONE":
                self.piece.lines.append(line)

    def _keep(self, piece: Piece, line: str) -> None:
        name = name_of(line)
        if name in _KEPT:
            piece.lines.append(line)
        elif name in _PEOPLE:
            piece.people.append(line)

    def _close(self) -> None:
        if self.piece:
            self.sheet.pieces.append(self.piece)
        self.piece, self.inside = None, []

    def finish(self) -> Sheet:
        self._close()
        return self.sheet
