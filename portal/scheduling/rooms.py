"""Which ombuds has which place when: by their hours alone, so that it tells nothing of who is booked."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.busy.map import BusyMap
from portal.scheduling import hours_store
from portal.scheduling.rules import NOWHERE, Kind, Mode
from portal.scheduling.spans import Span, merge
from portal.scheduling.timetable import Time, Timetable
from portal.scheduling.walls import instants

_DAY = timedelta(days=1)
_DAY_SIZE = 4


def note(desk: Session, ombuds: bytes, used: Mapping[bytes, Iterable[Span]], now: datetime) -> None:
    """Add to when an ombuds has their places. What they gave up stays theirs until those times are over.

    Otherwise the place would become free at once but where somebody is booked, and a colleague's times would show it.
    """
    before = _maps(desk)
    for place in {*used, *(place for place, who in before if who == ombuds)}:
        old, new = before.get((place, ombuds)), BusyMap(now.astimezone(UTC).date())
        for starts, ends in (*(old.spans() if old else ()), *used.get(place, ())):
            new.mark(starts, ends)
        if old is None or list(new.spans()) != list(old.spans()) or new.first != old.first:
            hours_store.put_room(desk, place, ombuds, new.first.toordinal().to_bytes(_DAY_SIZE, "big") + new.to_bytes())


def of_others(desk: Session, ombuds: bytes, places: Collection[bytes] | None = None) -> dict[bytes, list[Span]]:
    """When others have each place, or each of these, in UTC, merged and in order."""
    found: dict[bytes, list[Span]] = {}
    for (place, who), each in _maps(desk).items():
        if who != ombuds and (places is None or place in places):
            found.setdefault(place, []).extend(each.spans())
    return {place: merge(spans) for place, spans in found.items()}


def is_had(desk: Session, place: bytes, now: datetime) -> bool:
    """Whether somebody has this place now or later."""
    uses = (use for (each, _who), use in _maps(desk).items() if each == place)
    return any(ends > now for use in uses for _starts, ends in use.spans())


def most_first(desk: Session, people: Collection[bytes]) -> list[bytes]:
    """Who has most of the places first: whoever has one keeps it when new days are opened."""
    had = dict.fromkeys(people, timedelta())
    for (_place, who), use in _maps(desk).items():
        if who in had:
            had[who] += sum((ends - starts for starts, ends in use.spans()), timedelta())
    return sorted(people, key=lambda who: (-had[who], who))


def used_by(made: Iterable[Time], table: Timetable, first: date, days: int) -> dict[bytes, list[Span]]:
    """When the hours of an ombuds need their places: times that are opened in person, and doors open to everybody."""
    found: dict[bytes, list[Span]] = {}
    for each in made:
        if each.why is None and Mode.in_person in each.modes:
            found.setdefault(each.place, []).append(each.span)
    for day in (first + n * _DAY for n in range(days)):
        for door in table.ranges_on(day, Kind.drop_in):
            found.setdefault(door.place_in(table.practice), []).extend(instants(door.on(day), table.zone))
    found.pop(NOWHERE, None)
    return found


def _maps(desk: Session) -> dict[tuple[bytes, bytes], BusyMap]:
    """A use that somebody else wrote into the store, and that is none, counts as none."""
    found = {}
    for key, use in hours_store.rooms(desk).items():
        try:
            first = date.fromordinal(int.from_bytes(use[:_DAY_SIZE], "big"))
            found[key] = BusyMap.from_bytes(first, use[_DAY_SIZE:])
        except (ValueError, OverflowError):
            continue
    return found
