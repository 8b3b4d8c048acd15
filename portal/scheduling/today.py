"""Hours to which anybody may come or call, without an appointment, today and tomorrow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.notices.rules import Notice, Part
from portal.scheduling import opening
from portal.scheduling.rules import Kind, Place
from portal.scheduling.spans import Span, merge, overlaps
from portal.scheduling.timetable import Timetable
from portal.scheduling.walls import first_instant, instants

_DAY = timedelta(days=1)
_NOON = time(12)
#: The next two days of the office, and what began the night before; in another zone a day begins earlier or later.
_AROUND = range(-2, 4)


@dataclass(frozen=True)
class OpenHours:
    """Hours of one ombuds; `starts` and `ends` are aware, in UTC. `place` has no door, and is None for phone hours."""

    starts: datetime
    ends: datetime
    kind: Kind
    ombuds: bytes
    ombuds_name: str
    place: Place | None = None


def around(desk: Session, names: Mapping[bytes, str], settings: Settings, today: date) -> list[OpenHours]:
    """All such hours around a day of the office, in order of time.

    Phone hours need the office's number and drop-in hours a place; without it they are not told. Ombuds without a
    name in `names` tell of none.
    """
    found, places = [], opening.places(desk)
    for ombuds, name in names.items():
        table = opening.timetable(desk, ombuds, settings, today)
        if table is not None:
            found += _drop_in(table, (ombuds, name), places, today)
            found += _calls(table, (ombuds, name), today) if settings.phone else []
    return sorted(found, key=lambda each: (each.starts, each.ends, each.ombuds_name))


def still_to_come(
    found: Iterable[OpenHours], notices: Sequence[Notice], settings: Settings, now: datetime
) -> list[OpenHours]:
    """Those that are not over and begin today or tomorrow, without those of whom a notice says that they are away."""
    end = first_instant(now.astimezone(settings.zone).date() + 2 * _DAY, settings.zone)
    return [
        each
        for each in found
        if now < each.ends
        and each.starts < end
        and not overlaps((each.starts, each.ends), _away(each, notices, settings))
    ]


def _drop_in(table: Timetable, who: tuple[bytes, str], places: Mapping[bytes, Place], today: date) -> list[OpenHours]:
    spans: dict[bytes, list[Span]] = {}
    for n in _AROUND:
        day = today + n * _DAY
        for each in table.ranges_on(day, Kind.drop_in):
            spans.setdefault(each.place_in(table.practice), []).extend(instants(each.on(day), table.zone))
    return [
        OpenHours(starts, ends, Kind.drop_in, *who, replace(places[place], door="", directions=""))
        for place, found in spans.items()
        if place in places
        for starts, ends in merge(found)
    ]


def _calls(table: Timetable, who: tuple[bytes, str], today: date) -> list[OpenHours]:
    spans = (span for n in _AROUND for span in table.spans_on(today + n * _DAY, Kind.calls))
    return [OpenHours(starts, ends, Kind.calls, *who) for starts, ends in merge(spans)]


def _away(each: OpenHours, notices: Sequence[Notice], settings: Settings) -> list[Span]:
    """When a notice says that this ombuds is away, around these hours."""
    first = each.starts.astimezone(settings.zone).date() - _DAY
    last = each.ends.astimezone(settings.zone).date()
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    return [
        _part(day, notice.days.part, settings)
        for notice in notices
        if notice.name == each.ombuds_name
        for day in days
        if notice.days.first <= day <= notice.days.last
    ]


def _part(day: date, part: Part, settings: Settings) -> Span:
    starts, ends = first_instant(day, settings.zone), first_instant(day + _DAY, settings.zone)
    noon = datetime.combine(day, _NOON, settings.zone).astimezone(starts.tzinfo)
    return (noon if part is Part.AFTERNOON else starts), (noon if part is Part.MORNING else ends)
