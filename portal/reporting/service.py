"""Keeping counts until the end of their month, and adding them to their quarter."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.db import Stores
from portal.errors import CannotOpen
from portal.office.rules import DeskKeys
from portal.reporting import quarter, store, waiting
from portal.reporting.quarter import BelowZero, Table, UnknownValue, month_of, open_in
from portal.reporting.rules import Count, Line, Refusal, kept, refusals
from portal.reporting.waiting import Entry, Waiting
from portal.sealing.box import TooLong

_KEY = 16


@dataclass(frozen=True)
class Kept:
    """The count waits; these numbers will be added."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class NotKept:
    """The count cannot be what it says; nothing was written."""

    reasons: tuple[Refusal, ...]


@dataclass(frozen=True)
class Full:
    """No room for one more before the month ends, or before a colleague has admitted this ombuds."""


@dataclass(frozen=True)
class Damaged:
    """What lies in this quarter, or among what waits (then ""), is not what this office's desks wrote last."""

    quarter: str = ""


@dataclass(frozen=True)
class NotTheirs:
    """No colleague has admitted this ombuds yet, so they do not hold the office key."""


@dataclass(frozen=True)
class TooLate:
    """A quarter is corrected until the end of the month after it."""


@dataclass(frozen=True)
class Correction:
    """How much (`by`, or less) to add to one number of a quarter."""

    quarter: str
    dimension: str
    value: str
    by: int


@dataclass(frozen=True)
class Settled:
    """What a settling added to tables, for `empty`: numbers of entries, versions of the tables it wrote.

    `damaged` are the tables it left alone, with what waits for them; `is_older` when what waits was put back.
    """

    numbers: frozenset[int] = frozenset()
    versions: Mapping[str, int] = field(default_factory=dict)
    since: str = ""
    damaged: tuple[Damaged, ...] = ()
    is_older: bool = False


def key_of(room: str) -> bytes:
    """Under what the count of a matter waits (16 bytes), from the random name that it alone has.

    Not its locker's id: that may be another matter's before the month is over, whose count would take its place.
    """
    return hashlib.sha256(b"count/v1\0" + room.encode()).digest()[:_KEY]


def keep(keys: Session, own: DeskKeys, key: bytes, count: Count, now: datetime) -> Kept | NotKept | Full | Damaged:
    """Let a count wait for the end of its month, in the place of one with the same key (16 bytes).

    The key is `key_of` a matter, or random for a contact. In the same unit of work of the keys store the matter must
    end: then the lock and the count change together, and no crash closes a matter twice.
    """
    reasons = refusals(count)
    if reasons:
        return NotKept(tuple(reasons))
    found = _waiting(keys, own)
    if isinstance(found, Damaged):
        return found
    try:
        _put_waiting(keys, own, found.with_count(key, count, month_of(now.date())))
    except TooLong:
        return Full()
    return Kept(tuple(kept(count)))


def take_back(keys: Session, own: DeskKeys, key: bytes) -> bool:
    """Forget a count that still waits; False when none does under this key."""
    found = _waiting(keys, own)
    if isinstance(found, Damaged) or key not in found.entries:
        return False
    _put_waiting(keys, own, found.without({found.entries[key].number}))
    return True


def waits(keys: Session, own: DeskKeys) -> list[tuple[bytes, str, Count]] | Damaged:
    """What waits: key, month and count, by key."""
    found = _waiting(keys, own)
    if isinstance(found, Damaged):
        return found
    return [(key, entry.month, entry.count) for key, entry in sorted(found.entries.items())]


def stir(keys: Session, own: DeskKeys) -> Damaged | None:
    """Lock the same counts anew, as every sign-in and every change at the desk must; makes the box when none is there.

    A box that does not open is left as it is.
    """
    return empty(keys, own, None)


def settle_now(stores: Stores, own: DeskKeys, now: datetime) -> Settled:
    """Both halves of what every sign-in does."""
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        settled = settle(desk, keys, own, now)
    with stores.keys.writing() as keys:
        empty(keys, own, settled)
    return settled


def settle(desk: Session, keys: Session, own: DeskKeys, now: datetime) -> Settled:
    """Add what waits from earlier months to its tables, and lock those tables anew whether or not anything was added.

    The first half: nothing leaves the keys store before `empty`, which belongs behind the commit of the desk store.
    When the process dies in between, the tables know what they have.
    """
    month = month_of(now.date())
    found = _waiting(keys, own)
    box = Waiting() if isinstance(found, Damaged) else found
    if own.office is None:
        return Settled(since=box.since or month)
    is_older = any(_is_older(desk, own, name, box) for name in box.quarters(month))
    written = {name: _settle(desk, own, name, box, month) for name in box.quarters(month)}
    versions = {name: table.version for name, table in written.items() if isinstance(table, Table)}
    damaged = tuple(each for each in written.values() if isinstance(each, Damaged))
    numbers = frozenset(entry.number for name in versions for entry in box.due(name, month))
    lost = (found,) if isinstance(found, Damaged) else ()
    return Settled(numbers, versions, month, damaged + lost, is_older)


def empty(keys: Session, own: DeskKeys, settled: Settled | None) -> Damaged | None:
    """The second half of a settling: what the tables have waits no longer. The box is locked anew in any case."""
    found = _waiting(keys, own)
    if isinstance(found, Damaged):
        return found
    if settled is not None:
        found = found.without(settled.numbers).having_seen(settled.since, settled.versions)
        found = found.renewed() if settled.is_older else found
    _put_waiting(keys, own, found)
    return None


def quarters(desk: Session) -> list[str]:
    """All quarters that have a table, the oldest first."""
    return store.quarters(desk)


def table(desk: Session, own: DeskKeys, name: str) -> Table | Damaged | NotTheirs | None:
    """The counts of a quarter; None when it has no table."""
    if own.office is None:
        return NotTheirs()
    locked = store.find_quarter(desk, name)
    if locked is None:
        return None
    try:
        return quarter.read(locked, own.office, name)
    except CannotOpen:
        return Damaged(name)


def seen_table(desk: Session, keys: Session, own: DeskKeys, name: str) -> Table | Damaged | NotTheirs:
    """The same as `table`, held against the newest that this ombuds' desk has seen; empty where none was ever seen."""
    found, box = _table(desk, own, name), _waiting(keys, own)
    seen = 0 if isinstance(box, Damaged) else box.seen.get(name, 0)
    return Damaged(name) if isinstance(found, Table) and found.version < seen else found


def correct(
    desk: Session, own: DeskKeys, correction: Correction, today: date
) -> Table | TooLate | UnknownValue | BelowZero | Damaged | NotTheirs:
    """Put one number right. All tables that may be corrected are locked anew, so that no copy shows which was."""
    names = open_in(month_of(today))
    if correction.quarter not in names:
        return TooLate()
    before = _table(desk, own, correction.quarter)
    if not isinstance(before, Table):
        return before
    after = quarter.correct(before, correction.dimension, correction.value, correction.by)
    if not isinstance(after, Table):
        return after
    for name in names:
        found = after if name == correction.quarter else _table(desk, own, name)
        if isinstance(found, Table):
            _put(desk, own, name, found)
    return after


def replace_table(desk: Session, keys: Session, own: DeskKeys, name: str) -> None:
    """Go on after damage, once the ombuds knows: with what an older table holds, or with an empty one."""
    found, box = _table(desk, own, name), _waiting(keys, own)
    seen = 0 if isinstance(box, Damaged) else box.seen.get(name, 0)
    before = found if isinstance(found, Table) else Table()
    _put(desk, own, name, replace(before, version=max(before.version, seen)))


def replace_waiting(keys: Session, own: DeskKeys) -> None:
    """Go on with nothing waiting, when what waits does not open and the ombuds knows."""
    if isinstance(_waiting(keys, own), Damaged):
        _put_waiting(keys, own, Waiting())


def _settle(desk: Session, own: DeskKeys, name: str, box: Waiting, month: str) -> Table | Damaged | NotTheirs:
    """One table with what was due for it; one that is not what was last seen is not touched."""
    found = _table(desk, own, name)
    if not isinstance(found, Table):
        return found
    if found.version < box.seen.get(name, 0):
        return Damaged(name)
    return _put(desk, own, name, _with_due(found, own.ombuds, box, box.due(name, month)))


def _with_due(before: Table, ombuds: bytes, box: Waiting, due: list[Entry]) -> Table:
    if not box.upto:
        return before  # nothing was ever kept, or what waits does not open: a mark of before stays
    mark = before.mark_of(ombuds, box.series)
    fresh = [entry for entry in due if not waiting.is_in(mark, entry)]
    after = quarter.add(before, (line for entry in fresh for line in kept(entry.count)))
    months = {**mark.months, **{entry.month: max(mark.upto, box.upto) for entry in due}}
    mark = replace(mark, upto=max(mark.upto, box.upto), months=months)
    return replace(after, marks={**before.marks, ombuds: mark})


def _is_older(desk: Session, own: DeskKeys, name: str, box: Waiting) -> bool:
    """Whether a table has seen later numbers than the box has given."""
    found = _table(desk, own, name)
    return isinstance(found, Table) and found.mark_of(own.ombuds, box.series).upto > box.upto


def _table(desk: Session, own: DeskKeys, name: str) -> Table | Damaged | NotTheirs:
    """The same as `table`, and an empty one where none is there yet."""
    found = table(desk, own, name)
    return Table() if found is None else found


def _put(desk: Session, own: DeskKeys, name: str, changed: Table) -> Table:
    assert own.office is not None, "nobody writes a table that they could not read"
    after = replace(changed, version=changed.version + 1)
    store.put_quarter(desk, name, quarter.write(after, own.office, name))
    return after


def _waiting(keys: Session, own: DeskKeys) -> Waiting | Damaged:
    """What waits; nothing where no box is there yet."""
    locked = store.find_waiting(keys, own.ombuds)
    if locked is None:
        return Waiting()
    try:
        return waiting.read(locked, own.own, own.ombuds)
    except CannotOpen:
        return Damaged()


def _put_waiting(keys: Session, own: DeskKeys, changed: Waiting) -> None:
    store.put_waiting(keys, own.ombuds, waiting.write(changed, own.own, own.ombuds))
