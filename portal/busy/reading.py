"""Reads the bytes of a calendar into a map of busy times. Of its words nothing is kept, returned or quoted.

Busy is what takes its owner's time (RFC 5545, 3.8.2.7), tentative or not. What is cancelled, marked as free or
declined is not; nor an invitation to whole days that its owner has not answered, which some calendars call busy.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, FreeBusy, Timezone
from icalendar.timezone import tzp
from recurring_ical_events import CalendarQuery

from portal.busy import invitations, times
from portal.busy.answers import Reading
from portal.busy.lines import Piece, Sheet, sheets
from portal.busy.map import BusyMap
from portal.busy.patience import at_most
from portal.busy.problems import Problem
from portal.busy.times import Loose

#: Nothing that people do repeats more often in the map's half year: every hour, day and night, is less.
MOST_REPEATED = 5_000
#: A rule is followed from its beginning, however long ago: so many days are 54 years, so many hours are two.
MOST_STEPS = 20_000
#: Seconds of computing for one series: a rule that fits no day at all would be tried until the year 9999.
LONGEST = 1.0
#: In one file: the times that it gives, and the pieces that it has.
MOST_TIMES = 30_000
MOST_PIECES = 20_000

_ANSWER = "X-ANSWER-OF-OWNER"
_REPEATS = ("RRULE", "RDATE", "EXDATE")
_TELL_WHEN = frozenset({"DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", *_REPEATS})
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")
#: A zone is at most so far from UTC, and what lies near the map's edge is still looked at.
_MARGIN = timedelta(days=2)
_DATE = re.compile(r"\d{8}")
_STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
}


def read(content: bytes, first: date, zone: ZoneInfo, ignore: str = "") -> Reading | Problem:
    """The map from the day `first` on.

    `zone` is that of whole days and of times without a zone, unless the calendar names its own (X-WR-TIMEZONE).
    Events whose UID matches the pattern `ignore` as a whole are the caller's own, come back by way of this calendar.
    """
    found = sheets(content)
    if not found:
        return Problem.no_calendar
    if sum(len(sheet.pieces) for sheet in found) > MOST_PIECES:
        return Problem.too_much
    tzp.use_default()  # forgets zones of other calendars
    reader = _Reader(BusyMap.blank(first), re.compile(ignore) if ignore else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote the calendar
        for sheet in found:
            reader.take(sheet, zone)
    if reader.times > MOST_TIMES:
        return Problem.too_much
    return Reading(reader.map, reader.doubts, reader.skipped)


class _Reader:
    """Marks what is busy, and counts what it meets on the way."""

    def __init__(self, busy: BusyMap, ignore: re.Pattern[str] | None) -> None:
        self.map, self._ignore = busy, ignore
        self.doubts = self.skipped = self.times = 0
        self._zone = ZoneInfo("UTC")
        self._clock: ZoneInfo | None = None

    def take(self, sheet: Sheet, zone: ZoneInfo) -> None:
        self.skipped += sheet.is_cut_off
        if sheet.properties.get("METHOD", "").upper() == "CANCEL":
            return
        self._clock = _own_zone(sheet)
        self._zone = self._clock or zone
        mine = [each for each in sheet.pieces if not self._is_ignored(each)]
        _learn_zones(mine)
        owner = invitations.owner_of(sheet.properties.get("X-WR-CALNAME", ""), mine)
        for group in _groups(mine):
            if self.times <= MOST_TIMES:
                self._take_group(group, owner)
        for piece in mine:
            if piece.name == "VFREEBUSY":
                self._take_spans(piece)

    def _is_ignored(self, piece: Piece) -> bool:
        return bool(self._ignore and self._ignore.fullmatch(piece.value("UID")))

    def _take_group(self, pieces: Sequence[Piece], owner: str) -> None:
        """All events of one UID: those that repeat, each with the exceptions, or each by itself."""
        if len(pieces) == 1 and self._is_far(pieces[0]):
            return
        events = [event for piece in pieces if (event := self._event(piece, owner)) is not None]
        masters = _newest(each for each in events if "RECURRENCE-ID" not in each)
        changed = [each for each in events if "RECURRENCE-ID" in each]
        for master in masters:
            self._take_event([master, *changed] if changed or _repeats(master) else [master])
        if not masters:  # exceptions alone, as calendars give that hide what they are exceptions of
            for event in _newest_of_each(changed):
                self._take_event([event])

    def _take_event(self, events: Sequence[Loose]) -> None:
        try:
            if len(events) > 1 or _repeats(events[0]):
                with at_most(LONGEST):
                    self._take_series(events)
            else:
                self._mark(events[0], *times.span(events[0], self._zone))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with one event, the others still count
            self.skipped += 1

    def _take_series(self, events: Sequence[Loose]) -> None:
        """What repeats between the map's first day and its last.

        Raises:
            Exception: whatever a broken rule makes the library say.
        """
        for event in events:
            times.settle(event, self._zone, self._clock)
            _check_rules(event, self.map.ends - times.moment(event["DTSTART"].dt, self._zone))
        calendar = Calendar()
        calendar.subcomponents.extend(events)
        # The window has no zone: the library takes it in that of the event, and the margin covers the difference.
        starts = self.map.starts.replace(tzinfo=None) - _MARGIN
        ends = self.map.ends.replace(tzinfo=None) + _MARGIN
        for series in CalendarQuery(calendar).series:
            for number, found in enumerate(series.between(starts, ends)):
                if number >= MOST_REPEATED:
                    raise ValueError("It repeats too often.")
                event = found.as_component(keep_recurrence_attributes=False)
                self._mark(event, *times.stretch(found.start, found.end, self._zone))

    def _mark(self, event: Loose, starts: datetime, ends: datetime) -> None:
        self.times += 1
        if _takes_time(event):
            self.map.mark(starts, ends)

    def _event(self, piece: Piece, owner: str) -> Loose | None:
        """The event as the library sees it, or None when it is broken."""
        lines = [times.without_idle_zone(line) for line in piece.lines]
        answer = invitations.answer(piece, owner)
        try:
            event: Loose = Event.from_ical(Piece("VEVENT", lines).text(*([f"{_ANSWER}:{answer}"] if answer else [])))
            _check(event)
            self.doubts += _names_unknown_zone(event["DTSTART"])
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - the same
            self.skipped += 1
            return None
        return event

    def _take_spans(self, piece: Piece) -> None:
        """The times of a calendar that shows nothing else."""
        try:
            spans: Loose = FreeBusy.from_ical(piece.text()).get("FREEBUSY", [])
            for each in spans if isinstance(spans, list) else [spans]:
                starts, ends = each.dt
                until = starts + ends if isinstance(ends, timedelta) else ends
                self.times += 1
                if str(each.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                    self.map.mark(times.moment(starts, self._zone), times.moment(until, self._zone))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - the same
            self.skipped += 1

    def _is_far(self, piece: Piece) -> bool:
        """Whether it surely lies outside of the map: most of a calendar does, and need not be understood."""
        starts, ends = _DATE.match(piece.value("DTSTART")), _DATE.match(piece.value("DTEND"))
        if starts and starts.group() > f"{self.map.ends + _MARGIN:%Y%m%d}":
            return not piece.has("RDATE")
        before = f"{self.map.starts - _MARGIN:%Y%m%d}"
        return bool(starts and ends and max(starts.group(), ends.group()) < before and not piece.has("RRULE", "RDATE"))


def _own_zone(sheet: Sheet) -> ZoneInfo | None:
    """The zone that the calendar calls its own. UTC is nobody's: it stands there when nobody chose one."""
    name = sheet.properties.get("X-WR-TIMEZONE", "")
    found = tzp.timezone(name) if name else None
    return found if isinstance(found, ZoneInfo) and found.key not in {"UTC", "Etc/UTC", "GMT", "Etc/GMT"} else None


def _learn_zones(pieces: Iterable[Piece]) -> None:
    """Makes the calendar's own zones known to the library, but for those whose names everybody knows."""
    for piece in pieces:
        name = piece.value("TZID")
        if piece.name == "VTIMEZONE" and name and tzp.timezone(name) is None:
            try:
                Timezone.from_ical(piece.text())  # which remembers it
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001, S112 - each event that names the zone counts as doubted
                continue


def _groups(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The events of each UID; one without a UID stands for itself."""
    found: dict[str, list[Piece]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        if piece.name == "VEVENT":
            found[piece.value("UID") or f" {number}"].append(piece)
    return list(found.values())


def _check(event: Loose) -> None:
    """Takes out what is broken and does not matter.

    Raises:
        ValueError: when what is broken tells when, or it says so twice.
    """
    for name, _ in event.errors:
        if name.upper() in _TELL_WHEN:
            raise ValueError("A time cannot be read.")
        event.pop(name, None)
    if any(isinstance(event.get(name), list) for name in _ONCE):
        raise ValueError("It says twice when.")
    if not isinstance(event.get("SEQUENCE", 0), int):
        del event["SEQUENCE"]


def _check_rules(event: Loose, length: timedelta) -> None:
    """Looks how far its rules would be followed, before anybody does.

    Raises:
        ValueError: when it is too far.
    """
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        step, interval = _STEPS.get(rule["FREQ"][0]), rule.get("INTERVAL", [1])[0]
        if interval < 1 or (step and length / (step * interval) > MOST_STEPS):
            raise ValueError("It repeats too often.")


def _names_unknown_zone(when: Loose) -> bool:
    return isinstance(when.dt, datetime) and when.dt.tzinfo is None and "TZID" in when.params


def _repeats(event: Loose) -> bool:
    return any(name in event for name in _REPEATS)


def _newest(events: Iterable[Loose]) -> list[Loose]:
    """Those of the highest SEQUENCE. There may be several: some programs give unlike events one UID."""
    listed = list(events)
    newest = max((each.get("SEQUENCE", 0) for each in listed), default=0)
    return [each for each in listed if each.get("SEQUENCE", 0) == newest]


def _newest_of_each(events: Iterable[Loose]) -> list[Loose]:
    found: dict[times.Time, list[Loose]] = defaultdict(list)
    for each in events:
        found[each["RECURRENCE-ID"].dt].append(each)
    return [event for same in found.values() for event in _newest(same)]


def _takes_time(event: Loose) -> bool:
    def says(name: str) -> str:
        return str(event.get(name, "")).strip().upper()

    answer = says(_ANSWER)
    return not (
        says("STATUS") == "CANCELLED"
        or says("TRANSP") == "TRANSPARENT"
        or says("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE"
        or answer == invitations.DECLINED
        or (answer == invitations.UNANSWERED and times.is_day(event["DTSTART"].dt))
    )
