"""Finding and changing lockers; every change is an UPDATE in place with a condition."""

import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from portal.intake.lockers import Boxes
from portal.intake.tables import FREE, USED, Diary, LedgerRow, Lock, Locker


def draw_free(desk: Session, keys: Session, ombuds: bytes) -> bytes | None:
    """A random one among the free lockers, so that key order says nothing about the order of bookings.

    One whose lock somebody took away is passed over: nothing could be sealed in it.
    """
    free = list(desk.scalars(select(Locker.id).where(Locker.ombuds == ombuds, Locker.state == FREE)))
    while free:
        locker = free.pop(secrets.randbelow(len(free)))
        if get_secret(keys, locker):
            return locker
    return None


def draw(desk: Session) -> bytes | None:
    """A random one among all lockers, free and used."""
    every = desk.scalars(select(Locker.id)).all()
    return secrets.choice(every) if every else None


def get_ombuds(desk: Session, locker: bytes) -> bytes:
    return desk.scalars(select(Locker.ombuds).where(Locker.id == locker)).one()


def count_free(desk: Session) -> dict[bytes, int]:
    query = select(Locker.ombuds, func.count()).where(Locker.state == FREE).group_by(Locker.ombuds)
    return dict(desk.execute(query).all())


def count_all(desk: Session, ombuds: bytes) -> int:
    return desk.scalar(select(func.count()).select_from(Locker).where(Locker.ombuds == ombuds)) or 0


def find_by_lookup(desk: Session, lookup: bytes) -> bytes | None:
    return desk.scalar(select(Locker.id).where(Locker.lookup == lookup, Locker.state == USED))


def used(desk: Session, ombuds: bytes | None = None) -> Sequence[tuple[bytes, bytes, str]]:
    """Used lockers: id, ombuds, the first of the month on which each ends."""
    query = select(Locker.id, Locker.ombuds, Locker.destroy_on).where(Locker.state == USED)
    if ombuds is not None:
        query = query.where(Locker.ombuds == ombuds)
    return [(locker, owner, month) for locker, owner, month in desk.execute(query.order_by(Locker.id))]


def is_used(desk: Session, locker: bytes, ombuds: bytes) -> bool:
    query = select(Locker.id).where(Locker.id == locker, Locker.ombuds == ombuds, Locker.state == USED)
    return desk.scalar(query) is not None


def get_boxes(desk: Session, locker: bytes) -> Boxes:
    row = desk.execute(select(Locker.to_ombuds, Locker.to_visitor, Locker.notes).where(Locker.id == locker)).one()
    return Boxes(*row)


def get_row(desk: Session, locker: bytes) -> dict[str, object]:
    """Every column of a locker by its name."""
    return dict(desk.execute(select(*Locker.__table__.columns).where(Locker.id == locker)).mappings().one())


def used_rows(desk: Session, ombuds: bytes, only: bytes | None = None) -> dict[bytes, tuple[bytes, Boxes]]:
    """The used lockers of an ombuds in the order of their ids: how six words find each, and its boxes."""
    query = select(Locker.id, Locker.lookup, Locker.to_ombuds, Locker.to_visitor, Locker.notes)
    query = query.where(Locker.ombuds == ombuds, Locker.state == USED).order_by(Locker.id)
    rows = desk.execute(query if only is None else query.where(Locker.id == only))
    return {locker: (lookup, Boxes(*boxes)) for locker, lookup, *boxes in rows}


def secrets_of(keys: Session, lockers: Iterable[bytes]) -> dict[bytes, bytes]:
    """The locks of some lockers; one that somebody took away is not among them."""
    query = select(Lock.locker, Lock.secret).where(Lock.locker.in_(list(lockers)))
    return dict(keys.execute(query).all())


def get_secret(keys: Session, locker: bytes) -> bytes:
    """The lock of a locker; empty, which opens nothing, when somebody took it out of the keys store."""
    return keys.scalar(select(Lock.secret).where(Lock.locker == locker)) or b""


def lookups(desk: Session, ombuds: bytes) -> dict[bytes, bytes]:
    """The used lockers of an ombuds in the order of their ids, and how six words find each."""
    query = select(Locker.id, Locker.lookup).where(Locker.ombuds == ombuds, Locker.state == USED).order_by(Locker.id)
    return dict(desk.execute(query).all())


def count_locks(keys: Session) -> int:
    return keys.scalar(select(func.count()).select_from(Lock)) or 0


def find_ledger(keys: Session, ombuds: bytes) -> bytes | None:
    return keys.scalar(select(LedgerRow.box).where(LedgerRow.ombuds == ombuds))


def put_ledger(keys: Session, ombuds: bytes, box: bytes) -> None:
    keys.merge(LedgerRow(ombuds=ombuds, box=box))
    keys.flush()


def fill(desk: Session, locker: bytes, *, lookup: bytes, boxes: Boxes) -> bool:
    """Free to used; False when somebody else was first."""
    change = update(Locker).where(Locker.id == locker, Locker.state == FREE)
    result = desk.execute(change.values(state=USED, lookup=lookup, **vars(boxes)))
    return int(result.rowcount) == 1  # type: ignore[attr-defined]


def swap(desk: Session, locker: bytes, *, seen: bytes, boxes: Boxes, lookup: bytes | None = None) -> bool:
    """New boxes for the ones that were opened; False when somebody else changed them in between."""
    values: dict[str, bytes] = vars(boxes) | ({} if lookup is None else {"lookup": lookup})
    change = update(Locker).where(Locker.id == locker, Locker.state == USED, Locker.to_ombuds == seen)
    return int(desk.execute(change.values(**values)).rowcount) == 1  # type: ignore[attr-defined]


def set_destroy_on(desk: Session, ombuds: bytes, destroy_on: str) -> None:
    """One day for all lockers of an ombuds, free and used."""
    desk.execute(update(Locker).where(Locker.ombuds == ombuds).values(destroy_on=destroy_on))


def find_destroy_on(desk: Session, ombuds: bytes) -> str:
    """The earliest day that stands on an ombuds' lockers; empty before there is any."""
    return desk.scalar(select(func.min(Locker.destroy_on)).where(Locker.ombuds == ombuds)) or ""


def get_destroy_on(desk: Session, locker: bytes) -> str:
    return desk.scalars(select(Locker.destroy_on).where(Locker.id == locker)).one()


def clear(desk: Session, locker: bytes, *, lookup: bytes, boxes: Boxes) -> None:
    change = update(Locker).where(Locker.id == locker)
    desk.execute(change.values(state=FREE, lookup=lookup, **vars(boxes)))


def replace_lock(keys: Session, locker: bytes, secret: bytes) -> None:
    keys.merge(Lock(locker=locker, secret=secret))  # also where somebody took it away
    keys.flush()


def add(desk: Session, keys: Session, lockers: Iterable[tuple[Locker, Lock]]) -> None:
    """New rows, sorted by their random id, so that no page tells which came first."""
    for locker, lock in sorted(lockers, key=lambda pair: pair[0].id):
        desk.add(locker)
        keys.add(lock)
    keys.flush()
    desk.flush()


def touch(session: Session) -> None:
    """A change that changes nothing: the file counts it all the same.

    Not a row with its own values: SQLite sees that nothing differs, writes nothing, and counts nothing.
    """
    session.execute(text("PRAGMA user_version = 0"))


def last_day(desk: Session) -> str:
    diary = desk.get(Diary, 1)
    return "" if diary is None else diary.last_day


def note_day(desk: Session, day: str) -> None:
    desk.merge(Diary(id=1, last_day=day))
    desk.flush()
