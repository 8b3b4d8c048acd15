"""How an ombuds reads their lockers and seals them anew: each is held against what they have seen of it before."""

import secrets
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.db import Stores
from portal.errors import CannotOpen
from portal.intake import ledger, lockers, notes, store
from portal.intake.ledger import Ledger, Seen
from portal.intake.lockers import Boxes
from portal.intake.notes import Notes
from portal.intake.returning import Opened
from portal.intake.rules import Document, Matter, month_after
from portal.office.rules import DeskKeys

#: Fewer than so many changes more are counted after a sign-in, and after any other change at the desk: SQLite's own
#: counters do not tell what the ombuds did. Few for a change, so that a sign-in's many cover those of a day's work.
BLANK_AT_SIGN_IN, BLANK_AT_CHANGE = 32, 8


class Overtaken(Exception):  # noqa: N818 - no error: whoever meets it tries again
    """Somebody else changed a matter between its reading and its writing."""


@dataclass(frozen=True, repr=False)
class Changed:
    """What a matter shall be; `notes` when the ombuds' own change too; `to_visitor` when there are new words.

    `always_fits` for what must always be possible: room is kept for it in every matter.
    """

    matter: Matter
    notes: Notes | None = None
    to_visitor: bytes = b""
    always_fits: bool = False


@dataclass(frozen=True, repr=False)
class Sealed:
    """New boxes for the ones that were found, and what the ledger will know of them."""

    locker: bytes
    found: Boxes
    boxes: Boxes
    lookup: bytes
    seen: Seen

    def is_as_found(self, desk: Session) -> bool:
        """Whether nobody changed the matter since it was opened."""
        return store.get_boxes(desk, self.locker) == self.found


@dataclass(frozen=True)
class Visit:
    """What a sign-in learns from the ledger.

    `last` is when the desk was last used, in UTC; `gone` counts matters that are no longer there although their month
    has not come; `is_lost` when the ledger was taken away or is not what this ombuds' desk wrote.
    """

    last: datetime | None
    gone: int
    is_lost: bool


@dataclass(frozen=True, repr=False)
class Fetched:
    """What lies on the disk of an ombuds' used lockers, still sealed; `lost` are those that should be among them."""

    seen: Mapping[bytes, Seen]
    rows: Mapping[bytes, tuple[bytes, Boxes]]
    secrets: Mapping[bytes, bytes]
    lost: frozenset[bytes]

    def is_still(self, desk: Session, ombuds: bytes) -> bool:
        """Whether nobody changed, filled or ended anything since."""
        return self.rows == store.used_rows(desk, ombuds)


def fetch(desk: Session, keys: Session, own: DeskKeys, only: bytes | None = None) -> Fetched:
    """Read the used lockers of an ombuds, or one of them.

    Opening them takes ten times as long as reading them, and an open reading keeps visitors from committing: so close
    the sessions, and only then `open_fetched`.
    """
    ledger_seen = (_read(keys, own) or Ledger()).seen
    rows = store.used_rows(desk, own.ombuds, only)
    asked = ledger_seen.keys() if only is None else ledger_seen.keys() & {only}
    locks = store.secrets_of(keys, {*rows, *asked})
    lost = {locker for locker in asked - rows.keys() if ledger_seen[locker].is_of(locks.get(locker, b""))}
    return Fetched(ledger_seen, rows, locks, frozenset(lost))


def open_fetched(fetched: Fetched, own: DeskKeys) -> dict[bytes, Opened | None]:
    """What was fetched, opened; None for what was tampered with.

    A locker that the ledger knows, under the lock it had, and that is no longer used was tampered with too: an end
    always replaces the lock.
    """
    found = {locker: _open(fetched, locker, own) for locker in fetched.rows}
    return found | dict.fromkeys(fetched.lost)


def open_used(desk: Session, keys: Session, own: DeskKeys, only: bytes | None = None) -> dict[bytes, Opened | None]:
    """Both at once, for what must not change in between."""
    return open_fetched(fetch(desk, keys, own, only), own)


def open_one(stores: Stores, own: DeskKeys, locker: bytes) -> Opened | None:
    """One matter; None when it is gone or was tampered with."""
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        fetched = fetch(desk, keys, own, locker)
    return open_fetched(fetched, own).get(locker)


def seal(
    stores: Stores, own: DeskKeys, changes: Mapping[bytes, Callable[[Opened], Changed | None]]
) -> list[Sealed] | None:
    """All used lockers of an ombuds, some of them changed, sealed anew, not yet written; None when a change cannot be.

    Always all of them: whoever compares two copies of the disk sees the same after a sign-in and after any change. The
    stores are closed meanwhile, so that visitors do not wait for the cryptography of a hundred matters.
    """
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        fetched = fetch(desk, keys, own)
    found = {locker: each for locker, each in open_fetched(fetched, own).items() if each}
    if not changes.keys() <= found.keys():
        return None
    changed = {locker: change(found[locker]) for locker, change in changes.items()}
    if not all(changed.values()):
        return None
    return [_sealed(fetched.secrets[locker], each, changed.get(locker), own) for locker, each in found.items()]


def put(desk: Session, sealed: Iterable[Sealed], must: Container[bytes]) -> dict[bytes, Seen]:
    """Write what `seal` made; gives what the ledger must know of it. One that its visitor changed meanwhile stays.

    Raises:
        Overtaken: when one that must be written was changed meanwhile.
    """
    seen = {}
    for each in sealed:
        if store.swap(desk, each.locker, seen=each.found.to_ombuds, boxes=each.boxes, lookup=each.lookup):
            seen[each.locker] = each.seen
        elif each.locker in must:
            raise Overtaken("A visitor changed the same matter.")
    return seen


def set_month(desk: Session, ombuds: bytes, furthest: date) -> None:
    """Put the month after `furthest` on all lockers of an ombuds, free and used.

    A month of its own would tell in which of them something happened, or which was filled since the last sign-in.
    """
    store.set_destroy_on(desk, ombuds, month_after(furthest).isoformat())


def forget(stores: Stores, own: DeskKeys, locker: bytes) -> None:
    """Strike a matter out before its shared key is replaced: a line with the old key would call it another one."""
    room = _room(stores, own)
    with stores.keys.writing() as keys:
        _strike_out(keys, own, locker, room)


def strike_out(desk: Session, keys: Session, own: DeskKeys, locker: bytes) -> None:
    """Forget a matter in the unit of work that ends it: its own ombuds' closing is no disappearance to warn of."""
    _strike_out(keys, own, locker, store.count_all(desk, own.ombuds))


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
    """Enter what was seen at a sign-in, and strike out what is gone; `now` in the office's zone."""
    room = _room(stores, own)
    with stores.keys.writing() as keys:
        found = _read(keys, own)
        before = found or Ledger()
        kept = {locker: each for locker, each in before.seen.items() if _still_locked(keys, locker, each)}
        _write(keys, own, Ledger(now, ledger.merged(kept, seen)), room)
    gone = [before.seen[locker] for locker in before.seen.keys() - kept.keys()]
    return Visit(before.opened, sum(now.date() < each.ends for each in gone), is_lost=found is None)


def blur(stores: Stores, most: int) -> None:
    """Count fewer than `most` changes more in both stores, none of which changes anything.

    The desk store comes last, and always: a keys store that is newer would say that the last thing that happened here
    was work at the desk, and when.
    """
    for each, count in ((stores.keys, secrets.randbelow(most)), (stores.desk, 1 + secrets.randbelow(most))):
        for _ in range(count):
            with each.writing() as session:
                store.touch(session)


def _open(fetched: Fetched, locker: bytes, own: DeskKeys) -> Opened | None:
    (lookup, found), secret = fetched.rows[locker], fetched.secrets.get(locker, b"")
    seen = fetched.seen.get(locker)
    known = seen if seen is not None and seen.is_of(secret) else None
    try:
        inner = lockers.unlock(locker, secret, found)
        document = lockers.open_for_ombuds(locker, inner, own.private, known, lookup)
        kept = _notes(locker, inner.notes, own, known)
    except CannotOpen:
        return None
    return Opened(locker, document, found, inner.notes, kept)


def _notes(locker: bytes, inner: bytes, own: DeskKeys, known: Seen | None) -> Notes:
    """The ombuds' notes; raises CannotOpen when they are not the ones that were last seen, or newer."""
    least = known.notes if known else 0
    try:
        found = notes.read(inner, own.own, locker)
    except CannotOpen:
        if least:
            raise
        return Notes()
    if found.version < least:
        raise CannotOpen("Older notes were put in the place of newer ones.")
    return found


def _sealed(secret: bytes, opened: Opened, changed: Changed | None, own: DeskKeys) -> Sealed:
    changed, before = changed or Changed(opened.matter), opened.document
    document = Document(changed.matter, before.to_ombuds, changed.to_visitor or before.to_visitor)
    kept = changed.notes or opened.kept
    # A blank is renewed too: or the one that stays as it was under the lock is the one without notes.
    inner = notes.write(kept, own.own, opened.locker) if kept.version else lockers.empty_notes(opened.locker)
    boxes = lockers.pack(opened.locker, secret, document, inner)
    return Sealed(
        opened.locker, opened.found, boxes, changed.matter.lookup, ledger.note(changed.matter, secret, kept.version)
    )


def _read(keys: Session, own: DeskKeys) -> Ledger | None:
    """The ledger; None in the place of one that does not open, so that a desk can go on after a warning."""
    try:
        return ledger.read(store.find_ledger(keys, own.ombuds), own.own, own.ombuds)
    except CannotOpen:
        return None


def _strike_out(keys: Session, own: DeskKeys, locker: bytes, room: int) -> None:
    before = _read(keys, own)
    if before is not None:
        kept = {each: seen for each, seen in before.seen.items() if each != locker}
        _write(keys, own, Ledger(before.opened, kept), room)


def _room(stores: Stores, own: DeskKeys) -> int:
    """Counted before the keys store is held: whoever holds it must not wait for the desk store."""
    with stores.desk.reading() as desk:
        return store.count_all(desk, own.ombuds)


def _write(keys: Session, own: DeskKeys, after: Ledger, room: int) -> None:
    store.put_ledger(keys, own.ombuds, ledger.write(after, max(room, len(after.seen)), own.own, own.ombuds))


def _still_locked(keys: Session, locker: bytes, seen: Seen) -> bool:
    return seen.is_of(store.get_secret(keys, locker))
