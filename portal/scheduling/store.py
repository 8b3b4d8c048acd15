"""Reading and changing slots; one changes hands by a single conditional UPDATE in place."""

import os
import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Row, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from portal.scheduling.letters import modes_of, written
from portal.scheduling.rules import SlotFacts
from portal.scheduling.tables import FREE, TAKEN, Slot

# A Core table: the ORM's own UPDATE drops a condition on what it has loaded.
_SLOT = cast("Table", Slot.__table__)
GRAIN_SIZE = 16


def take_slot(desk: Session, slot: bytes) -> bool:
    """Free to taken; False when it is not there or not free."""
    return _turn(desk, slot, FREE, TAKEN)


def take_slots(desk: Session, slots: Collection[bytes]) -> int:
    """Free to taken, as far as they are free; gives how many. In one statement, as visitors wait behind it."""
    if not slots:
        return 0
    change = update(_SLOT).where(_SLOT.c.id == bindparam("one"), _SLOT.c.state == FREE)
    values = [{"one": slot, "new_grain": _new_grain()} for slot in sorted(slots)]
    found = desk.execute(change.values(state=TAKEN, grain=bindparam("new_grain")), values)
    return cast("CursorResult[Any]", found).rowcount


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


def _turn(desk: Session, slot: bytes, before: int, after: int) -> bool:
    change = update(_SLOT).where(_SLOT.c.id == slot, _SLOT.c.state == before)
    return _change(desk, change.values(state=after, grain=_new_grain())) == 1


def _new_grain() -> bytes:
    return os.urandom(GRAIN_SIZE)


def _change(desk: Session, statement: UpdateBase) -> int:
    """How many rows a statement changed."""
    return cast("CursorResult[Any]", desk.execute(statement)).rowcount


def _facts(row: Row[Any]) -> SlotFacts:
    starts = datetime.fromtimestamp(row.starts, UTC)
    return SlotFacts(row.id, row.ombuds, starts, row.minutes, modes_of(row.modes), row.proof_needed, row.place)


def _row(slot: SlotFacts) -> dict[str, Any]:
    changed = {
        "starts": int(slot.starts.timestamp()),
        "modes": written(slot.modes),
        "grain": _new_grain(),
        "state": FREE,
    }
    return vars(slot) | changed
