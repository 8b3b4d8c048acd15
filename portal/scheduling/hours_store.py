"""Reading and changing hours, places and busy times: what ombuds set, never what a visitor does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, time
from typing import Any, cast

from sqlalchemy import RowMapping, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.scheduling.letters import modes_of, written
from portal.scheduling.rules import Kind, Place, Practice, WeeklyRange
from portal.scheduling.tables import BusyRow, CalendarRow, Hours, PlaceRow, PracticeRow, RoomRow, Special

_HOURS, _SPECIAL, _PLACE, _PRACTICE, _BUSY, _CALENDAR, _ROOM = (
    cast("Table", each.__table__) for each in (Hours, Special, PlaceRow, PracticeRow, BusyRow, CalendarRow, RoomRow)
)
_WEEKDAYS = range(7)
#: In the place of a kind of hours: on this date, none count.
_AWAY = "away"


def replace_hours(desk: Session, ombuds: bytes, ranges: Iterable[WeeklyRange]) -> None:
    desk.execute(delete(_HOURS).where(_HOURS.c.ombuds == ombuds))
    found = {(each.weekday, each.starts, each.ends, each.kind): each for each in ranges}
    rows = [{"ombuds": ombuds, "weekday": each.weekday} | _row(each) for each in sorted(found.values())]
    if rows:
        desk.execute(insert(_HOURS), rows)


def find_hours(desk: Session, ombuds: bytes) -> list[WeeklyRange]:
    """In order of the week."""
    rows = desk.execute(select(_HOURS).where(_HOURS.c.ombuds == ombuds)).mappings()
    return sorted(found for row in rows if (found := _range(row["weekday"], row)) is not None)


def usual_weeks(desk: Session) -> dict[bytes, list[WeeklyRange]]:
    """The hours of everybody's usual week; whoever has none is not in it."""
    found: dict[bytes, list[WeeklyRange]] = {}
    for row in desk.execute(select(_HOURS)).mappings():
        each = _range(row["weekday"], row)
        if each is not None:
            found.setdefault(row["ombuds"], []).append(each)
    return found


def replace_special(desk: Session, ombuds: bytes, day: date, ranges: Sequence[WeeklyRange] | None) -> None:
    """Give a date hours of its own, or none at all; None takes them away, and the usual week counts."""
    own = (_SPECIAL.c.ombuds == ombuds, _SPECIAL.c.day == day.isoformat(), _SPECIAL.c.kind != _AWAY)
    desk.execute(delete(_SPECIAL).where(*own))
    if ranges is not None:
        closed = WeeklyRange(day.weekday(), time(), time(), ())
        found = {(each.starts, each.ends, each.kind): each for each in ranges or (closed,)}
        rows = [{"ombuds": ombuds, "day": day.isoformat()} | _row(each) for each in sorted(found.values())]
        desk.execute(insert(_SPECIAL), rows)


def find_special(desk: Session, ombuds: bytes) -> dict[date, list[WeeklyRange]]:
    """Dates with hours of their own; a closed one has none. What is no date is passed over."""
    found: dict[date, list[WeeklyRange]] = {}
    query = select(_SPECIAL).where(_SPECIAL.c.ombuds == ombuds, _SPECIAL.c.kind != _AWAY)
    for row in desk.execute(query.order_by(_SPECIAL.c.day)).mappings():
        try:
            day = date.fromisoformat(row["day"])
        except ValueError:
            continue
        each = _range(day.weekday(), row)
        found.setdefault(day, []).extend([each] if each and each.modes else [])
    return {day: sorted(ranges) for day, ranges in found.items()}


def add_away(desk: Session, ombuds: bytes, days: Collection[date]) -> None:
    """Somebody is not there on these dates, whatever hours they have."""
    row = _row(WeeklyRange(0, time(), time(), ())) | {"ombuds": ombuds, "kind": _AWAY}
    rows = [row | {"day": day.isoformat()} for day in sorted(set(days) - find_away(desk, ombuds))]
    if rows:
        desk.execute(insert(_SPECIAL), rows)


def delete_away(desk: Session, ombuds: bytes, days: Collection[date]) -> None:
    """They are there after all."""
    if days:
        gone = (_SPECIAL.c.day == bindparam("gone"), _SPECIAL.c.ombuds == ombuds, _SPECIAL.c.kind == _AWAY)
        desk.execute(delete(_SPECIAL).where(*gone), [{"gone": day.isoformat()} for day in sorted(days)])


def find_away(desk: Session, ombuds: bytes) -> frozenset[date]:
    """The dates on which somebody is not there. What is no date is passed over."""
    query = select(_SPECIAL.c.day).where(_SPECIAL.c.ombuds == ombuds, _SPECIAL.c.kind == _AWAY)
    found = set()
    for text in desk.scalars(query):
        with suppress(ValueError):
            found.add(date.fromisoformat(text))
    return frozenset(found)


def put_room(desk: Session, place: bytes, ombuds: bytes, use: bytes) -> None:
    """Keep when an ombuds has a place: a row is added with their first use of it, and overwritten from then on."""
    own = (_ROOM.c.place == place, _ROOM.c.ombuds == ombuds)
    changed = desk.execute(update(_ROOM).where(*own).values(use=use))
    if cast("Any", changed).rowcount == 0:
        desk.execute(insert(_ROOM).values(place=place, ombuds=ombuds, use=use))


def rooms(desk: Session) -> dict[tuple[bytes, bytes], bytes]:
    """When each ombuds has each place, by place and ombuds."""
    return {(row.place, row.ombuds): row.use for row in desk.execute(select(_ROOM))}


def delete_special(desk: Session, before: date) -> None:
    desk.execute(delete(_SPECIAL).where(_SPECIAL.c.day < before.isoformat()))


def replace_practice(desk: Session, ombuds: bytes, practice: Practice) -> None:
    desk.execute(delete(_PRACTICE).where(_PRACTICE.c.ombuds == ombuds))
    changed = {"ombuds": ombuds, "modes": written(practice.modes), "languages": " ".join(practice.languages)}
    desk.execute(insert(_PRACTICE).values(vars(practice) | changed))


def practices(desk: Session) -> dict[bytes, Practice]:
    """How each ombuds meets people; whoever never set hours is not in it."""
    rows = desk.execute(select(_PRACTICE).order_by(_PRACTICE.c.ombuds)).mappings()
    return {row["ombuds"]: _practice(row) for row in rows}


def find_practice(desk: Session, ombuds: bytes) -> Practice | None:
    row = desk.execute(select(_PRACTICE).where(_PRACTICE.c.ombuds == ombuds)).mappings().one_or_none()
    return None if row is None else _practice(row)


def put_place(desk: Session, place: Place) -> None:
    """Add a place, or change the one of this id."""
    changed = desk.execute(update(_PLACE).where(_PLACE.c.id == place.id).values(vars(place)))
    if cast("Any", changed).rowcount == 0:
        desk.execute(insert(_PLACE).values(vars(place)))


def delete_place(desk: Session, place: bytes) -> None:
    desk.execute(delete(_PLACE).where(_PLACE.c.id == place))
    desk.execute(delete(_ROOM).where(_ROOM.c.place == place))


def places(desk: Session) -> dict[bytes, Place]:
    """All places of the office by their id, in order of their names."""
    rows = desk.execute(select(_PLACE).order_by(_PLACE.c.name, _PLACE.c.id)).mappings()
    return {row["id"]: Place(**row) for row in rows}


def put_busy(desk: Session, ombuds: bytes, read_at: int, busy: bytes) -> None:
    """Keep when somebody is busy: a row is added with their first calendar, and overwritten from then on."""
    values = {"read_at": read_at, "map": busy}
    changed = desk.execute(update(_BUSY).where(_BUSY.c.ombuds == ombuds).values(values))
    if cast("Any", changed).rowcount == 0:
        desk.execute(insert(_BUSY).values(values | {"ombuds": ombuds}))


def delete_busy(desk: Session, ombuds: bytes) -> None:
    desk.execute(delete(_BUSY).where(_BUSY.c.ombuds == ombuds))


def busy_maps(desk: Session) -> dict[bytes, tuple[int, bytes]]:
    """The second of reading and the locked map of each ombuds who named a calendar."""
    return {row.ombuds: (row.read_at, row.map) for row in desk.execute(select(_BUSY))}


def put_calendar(keys: Session, ombuds: bytes, values: Mapping[str, bytes]) -> None:
    """Keep `address` or `feed` or both; what was not there before needs both."""
    changed = keys.execute(update(_CALENDAR).where(_CALENDAR.c.ombuds == ombuds).values(values))
    if cast("Any", changed).rowcount == 0:
        keys.execute(insert(_CALENDAR).values({"ombuds": ombuds, **values}))


def calendars(keys: Session) -> dict[bytes, tuple[bytes, bytes]]:
    """The locked address and the digest of the feed's token of each ombuds who has either."""
    return {row.ombuds: (row.address, row.feed) for row in keys.execute(select(_CALENDAR))}


def _row(each: WeeklyRange) -> dict[str, object]:
    return {
        "starts": each.starts.isoformat("minutes"),
        "ends": each.ends.isoformat("minutes"),
        "kind": each.kind.value,
        "modes": written(each.modes),
        "place": each.place,
    }


def _range(weekday: int, row: RowMapping) -> WeeklyRange | None:
    """None for what is no time: somebody wrote into the store, and the desk opens for its ombuds to put it right."""
    try:
        return WeeklyRange(
            _WEEKDAYS.index(weekday),
            time.fromisoformat(row["starts"]),
            time.fromisoformat(row["ends"]),
            modes_of(row["modes"]),
            row["place"],
            Kind(row["kind"]),
        )
    except (ValueError, TypeError):
        return None


def _practice(row: RowMapping) -> Practice:
    values = {name: value for name, value in row.items() if name != "ombuds"}
    return Practice(**values | {"modes": modes_of(row["modes"]), "languages": tuple(row["languages"].split())})
