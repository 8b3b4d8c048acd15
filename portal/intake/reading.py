"""How an ombuds reads their lockers and seals them anew: each is held against what they have seen of it before."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Stores
from portal.errors import CannotOpen
from portal.intake import ledger, lockers, store, upkeep
from portal.intake.ledger import Ledger, Seen
from portal.intake.returning import Opened, change
from portal.intake.rules import Matter, month_after
from portal.office.rules import DeskKeys

#: Fewer than so many changes more are counted after a sign-in, and after any other change at the desk: SQLite's own
#: counters do not tell what the ombuds did. Few for a change, so that a sign-in's many cover those of a day's work.
BLANK_AT_SIGN_IN, BLANK_AT_CHANGE = 32, 4


@dataclass(frozen=True)
class Visit:
    """What a sign-in learns from the ledger.

    `last` is when the desk was last used, in UTC; `gone` counts matters that are no longer there although their month
    has not come; `is_lost` when the ledger was taken away or is not what this ombuds' desk wrote.
    """

    last: datetime | None
    gone: int
    is_lost: bool


def open_used(desk: Session, keys: Session, own: DeskKeys, only: bytes | None = None) -> dict[bytes, Opened | None]:
    """The used lockers of an ombuds, or one of them, opened; None for one that was tampered with.

    A locker that the ledger knows, under the lock it had, and that is no longer used was tampered with too: an end
    always replaces the lock.
    """
    seen = (_read(keys, own) or Ledger()).seen
    lookups = store.lookups(desk, own.ombuds)
    found = {
        locker: _open(desk, keys, locker, own, seen.get(locker), lookup)
        for locker, lookup in lookups.items()
        if only in (None, locker)
    }
    lost = {locker for locker, each in seen.items() if locker not in lookups and _still_locked(keys, locker, each)}
    return found | {locker: None for locker in lost if only in (None, locker)}


def seal_anew(
    desk: Session, keys: Session, own: DeskKeys, changed: Mapping[bytes, Matter] | None = None
) -> dict[bytes, Seen]:
    """Seal every used locker of an ombuds anew, some of them changed; gives what the ledger must know of them.

    Always all of them: whoever compares two copies of the disk sees the same after a sign-in and after any change.
    """
    seen = {}
    for locker, opened in open_used(desk, keys, own).items():
        if opened is None:
            continue
        matter = (changed or {}).get(locker, opened.matter)
        if change(desk, keys, opened, matter):
            # The day inside is the true one: whoever moves the column cannot make a matter immortal.
            upkeep.set_end(desk, locker, matter.ends)
            seen[locker] = ledger.note(matter, store.get_secret(keys, locker))
    return seen


def start_ledger(keys: Session, own: DeskKeys, room: int) -> None:
    """An empty ledger for somebody who joins."""
    store.put_ledger(keys, own.ombuds, ledger.write(Ledger(), room, own.own, own.ombuds))


def note(stores: Stores, own: DeskKeys, seen: Mapping[bytes, Seen], now: datetime) -> None:
    """Enter what was seen at a change.

    After the desk store has its change for good: a ledger that lags behind is harmless, one that ran ahead of a
    crash would call an honest matter an old one. A ledger that does not open is left as it is, so that the next
    sign-in says so.
    """
    room = _room(stores, own)
    with stores.keys.writing() as keys:
        before = _read(keys, own)
        if before is not None:
            _write(keys, own, Ledger(now, ledger.merged(before.seen, seen)), room)


def note_visit(stores: Stores, own: DeskKeys, seen: Mapping[bytes, Seen], now: datetime) -> Visit:
    """Enter what was seen at a sign-in, and strike out what is gone."""
    room = _room(stores, own)
    with stores.keys.writing() as keys:
        found = _read(keys, own)
        before = found or Ledger()
        kept = {locker: each for locker, each in before.seen.items() if _still_locked(keys, locker, each)}
        _write(keys, own, Ledger(now, ledger.merged(kept, seen)), room)
    gone = [before.seen[locker] for locker in before.seen.keys() - kept.keys()]
    return Visit(before.opened, sum(now.date() < month_after(each.ends) for each in gone), is_lost=found is None)


def blur(stores: Stores, most: int) -> None:
    """Count fewer than `most` changes more in both stores, none of which changes anything."""
    for each in (stores.desk, stores.keys):
        for _ in range(secrets.randbelow(most)):
            with each.writing() as session:
                store.touch(session)


def _open(
    desk: Session, keys: Session, locker: bytes, own: DeskKeys, seen: Seen | None, lookup: bytes
) -> Opened | None:
    found, secret = store.get_boxes(desk, locker), store.get_secret(keys, locker)
    known = seen if seen is not None and seen.is_of(secret) else None
    try:
        inner = lockers.unlock(locker, secret, found)
        document = lockers.open_for_ombuds(locker, inner, own.private, known, lookup)
    except CannotOpen:
        return None
    return Opened(locker, document, found, inner.notes)


def _read(keys: Session, own: DeskKeys) -> Ledger | None:
    """The ledger; None in the place of one that does not open, so that a desk can go on after a warning."""
    try:
        return ledger.read(store.find_ledger(keys, own.ombuds), own.own, own.ombuds)
    except CannotOpen:
        return None


def _room(stores: Stores, own: DeskKeys) -> int:
    """Counted before the keys store is held: whoever holds it must not wait for the desk store."""
    with stores.desk.reading() as desk:
        return store.count_all(desk, own.ombuds)


def _write(keys: Session, own: DeskKeys, after: Ledger, room: int) -> None:
    store.put_ledger(keys, own.ombuds, ledger.write(after, max(room, len(after.seen)), own.own, own.ombuds))


def _still_locked(keys: Session, locker: bytes, seen: Seen) -> bool:
    return seen.is_of(store.get_secret(keys, locker))
