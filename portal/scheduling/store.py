"""Reading and changing hours and slots; a slot changes hands by one conditional UPDATE in place."""

import os
import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time
from typing import Any, cast

from sqlalchemy import CursorResult, Row, RowMapping, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from portal.scheduling.rules import Mode, Practice, SlotFacts, WeeklyRange
from portal.scheduling.tables import FREE, TAKEN, Hours, PracticeRow, Slot

# Core tables: the ORM's own UPDATE drops a condition on what it has loaded.
_HOURS, _PRACTICE, _SLOT = (cast("Table", each.__table__) for each in (Hours, PracticeRow, Slot))
GRAIN_SIZE = 16
_WEEKDAYS = range(7)
_LETTERS = {Mode.video: "v", Mode.in_person: "i", Mode.phone: "p"}


def take_slot(desk: Session, slot: bytes) -> bool:
    """Free to taken; False when it is not there or not free."""
    return _turn(desk, slot, FREE, TAKEN)


def free_slot(desk: Session, slot: bytes) -> bool:
    """Taken to free; False when it is not there or was free."""
    return _turn(desk, slot, TAKEN, FREE)


def stir(desk: Session) -> None:
    """Change the block of some slot as a visit does, and nothing that anybody reads."""
    ids = desk.scalars(select(_SLOT.c.id)).all()
    if ids:
        _change(desk, update(_SLOT).where(_SLOT.c.id == secrets.choice(ids)).values(grain=_new_grain()))


def free_slots(desk: Session) -> list[SlotFacts]:
    """All free slots in order of time, then of their random id."""
    query = select(_SLOT).where(_SLOT.c.state == FREE).order_by(_SLOT.c.starts, _SLOT.c.id)
    return [_facts(row) for row in desk.execute(query)]


def taken_of(desk: Session, ombuds: bytes) -> list[SlotFacts]:
    """An ombuds' taken slots, in order of time."""
    query = select(_SLOT).where(_SLOT.c.ombuds == ombuds, _SLOT.c.state == TAKEN)
    return [_facts(row) for row in desk.execute(query.order_by(_SLOT.c.starts, _SLOT.c.id))]


def slots_of(desk: Session, ombuds: bytes, since: datetime) -> list[SlotFacts]:
    """An ombuds' slots, free and taken, that had not ended at `since`."""
    query = select(_SLOT).where(_SLOT.c.ombuds == ombuds)
    return [facts for facts in map(_facts, desk.execute(query)) if facts.ends > since]


def rows(desk: Session, ids: Collection[bytes]) -> list[dict[str, Any]]:
    """Every column of some slots by its name, in order of time; one that is over is no longer there."""
    query = select(_SLOT).where(_SLOT.c.id.in_(ids)).order_by(_SLOT.c.starts)
    return [dict(row) for row in desk.execute(query).mappings()]


def add_slots(desk: Session, slots: Iterable[SlotFacts]) -> None:
    """New free slots, in the order of their random ids, so that no page tells which came first."""
    rows = [_row(slot) for slot in sorted(slots, key=lambda slot: slot.id)]
    if rows:
        desk.execute(insert(_SLOT), rows)


def withdraw(desk: Session, ids: Collection[bytes]) -> None:
    """Delete these slots as far as they are free; a taken one is somebody's appointment."""
    if ids:
        gone = delete(_SLOT).where(_SLOT.c.id == bindparam("gone"), _SLOT.c.state == FREE)
        desk.execute(gone, [{"gone": slot} for slot in sorted(ids)])


def delete_ended(desk: Session, before: datetime) -> int:
    """Delete every slot that ended by `before`, free or taken; gives how many."""
    ends = _SLOT.c.starts + _SLOT.c.minutes * 60
    return _change(desk, delete(_SLOT).where(ends <= int(before.timestamp())))


def replace_hours(desk: Session, ombuds: bytes, ranges: Iterable[WeeklyRange]) -> None:
    desk.execute(delete(_HOURS).where(_HOURS.c.ombuds == ombuds))
    rows = [
        {"ombuds": ombuds, "weekday": each.weekday, "starts": _text(each.starts), "ends": _text(each.ends)}
        for each in sorted(set(ranges))
    ]
    if rows:
        desk.execute(insert(_HOURS), rows)


def find_hours(desk: Session, ombuds: bytes) -> list[WeeklyRange]:
    """In order of the week."""
    rows = desk.execute(select(_HOURS.c.weekday, _HOURS.c.starts, _HOURS.c.ends).where(_HOURS.c.ombuds == ombuds))
    return sorted(found for row in rows if (found := _range(*row)) is not None)


def replace_practice(desk: Session, ombuds: bytes, practice: Practice) -> None:
    desk.execute(delete(_PRACTICE).where(_PRACTICE.c.ombuds == ombuds))
    values = vars(practice) | {"ombuds": ombuds, "modes": _letters(practice.modes)}
    desk.execute(insert(_PRACTICE).values(values))


def practices(desk: Session) -> dict[bytes, Practice]:
    """How each ombuds meets people; whoever never set hours is not in it."""
    rows = desk.execute(select(_PRACTICE).order_by(_PRACTICE.c.ombuds)).mappings()
    return {row["ombuds"]: _practice(row) for row in rows}


def find_practice(desk: Session, ombuds: bytes) -> Practice | None:
    row = desk.execute(select(_PRACTICE).where(_PRACTICE.c.ombuds == ombuds)).mappings().one_or_none()
    return None if row is None else _practice(row)


def _turn(desk: Session, slot: bytes, before: int, after: int) -> bool:
    change = update(_SLOT).where(_SLOT.c.id == slot, _SLOT.c.state == before)
    return _change(desk, change.values(state=after, grain=_new_grain())) == 1


def _new_grain() -> bytes:
    return os.urandom(GRAIN_SIZE)


def _change(desk: Session, statement: UpdateBase) -> int:
    """How many rows a statement changed."""
    return cast("CursorResult[Any]", desk.execute(statement)).rowcount


def _range(weekday: int, starts: str, ends: str) -> WeeklyRange | None:
    """None for what is no time: somebody wrote into the store, and the desk opens for its ombuds to put it right."""
    try:
        return WeeklyRange(_WEEKDAYS.index(weekday), time.fromisoformat(starts), time.fromisoformat(ends))
    except ValueError:
        return None


def _practice(row: RowMapping) -> Practice:
    values = {name: value for name, value in row.items() if name != "ombuds"}
    return Practice(**values | {"modes": _modes(row["modes"])})


def _facts(row: Row[Any]) -> SlotFacts:
    starts = datetime.fromtimestamp(row.starts, UTC)
    return SlotFacts(row.id, row.ombuds, starts, row.minutes, _modes(row.modes), row.proof_needed)


def _row(slot: SlotFacts) -> dict[str, Any]:
    changed = {
        "starts": int(slot.starts.timestamp()),
        "modes": _letters(slot.modes),
        "grain": _new_grain(),
        "state": FREE,
    }
    return vars(slot) | changed


def _text(clock: time) -> str:
    return clock.isoformat("minutes")


def _letters(modes: Iterable[Mode]) -> str:
    offered = set(modes)
    return "".join(letter if mode in offered else "-" for mode, letter in _LETTERS.items())


def _modes(letters: str) -> tuple[Mode, ...]:
    return tuple(mode for mode, letter in _LETTERS.items() if letter in letters)
