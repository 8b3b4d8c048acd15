"""What an ombuds does with counts: read the quarters, put them right, count a contact in twenty seconds."""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from portal.desk.changing import Also, AtDesk, change_all
from portal.reporting import service as reporting
from portal.reporting.quarter import BelowZero, Table, UnknownValue, month_of, open_in
from portal.reporting.rules import ATTRIBUTES, UNKNOWN, Count, Kind
from portal.reporting.service import Correction, Damaged, Full, Kept, NotKept, NotTheirs, TooLate

_KEY, _DIGEST = 16, 16
_NOON = "-01T12:00:00"


@dataclass(frozen=True)
class Waiting:
    """A count that can still be changed: under what it waits (16 bytes), and its month (like 2026-11)."""

    key: bytes
    month: str
    count: Count


@dataclass(frozen=True)
class Books:
    """All that an ombuds may read: what waits, and each quarter (like 2026-Q4), the newest first.

    `open` are the quarters that may be corrected.
    """

    waiting: list[Waiting] | Damaged
    quarters: dict[str, Table | Damaged | NotTheirs]
    open: tuple[str, ...]

    @property
    def tables(self) -> dict[str, Table]:
        return {name: found for name, found in self.quarters.items() if isinstance(found, Table)}


@dataclass(frozen=True)
class Moved:
    """The numbers of the quarter are not those that the page showed; nothing was changed."""


CorrectionRefused = TooLate | UnknownValue | BelowZero | Damaged | NotTheirs | Moved


def books(at: AtDesk, *, only_open: bool = False) -> Books:
    """Read everything once; or only the quarters that may be corrected, where the others are not asked for."""
    can_be_corrected = open_in(month_of(at.today))
    with at.stores.desk.reading() as desk, at.stores.keys.reading() as keys:
        waiting = reporting.waits(keys, at.own)
        names = sorted({*(() if only_open else reporting.quarters(desk)), *can_be_corrected}, reverse=True)
        found = {name: reporting.seen_table(desk, keys, at.own, name) for name in names}
    entries = waiting if isinstance(waiting, Damaged) else [Waiting(*each) for each in waiting]
    return Books(entries, found, can_be_corrected)


def values_of(found: Books) -> dict[str, list[str]]:
    """The values of each dimension that were counted in the quarters that may be corrected."""
    values: dict[str, set[str]] = {}
    for name, table in found.tables.items():
        for dimension, value in table.counts if name in found.open else ():
            values.setdefault(dimension, set()).add(value)
    return {dimension: sorted(each) for dimension, each in values.items()}


def known_values(at: AtDesk) -> dict[str, list[str]]:
    """How each field of a profile was spelt before, lately: two spellings of one group would be two groups."""
    found = books(at, only_open=True)
    values, waiting = values_of(found), [] if isinstance(found.waiting, Damaged) else found.waiting
    typed = {name: {each.count.attributes.get(name, "") for each in waiting} for name in ATTRIBUTES}
    return {name: sorted({*values.get(name, ()), *typed[name]} - {"", UNKNOWN}) for name in ATTRIBUTES}


def contact(at: AtDesk, count: Count, page: str = "") -> Kept | NotKept | Full | Damaged:
    """Count an exchange that becomes no matter.

    `page` is the number of the page it was typed into: sent twice, it is counted once, as it was sent last.
    """
    key = hashlib.sha256(b"contact/v1\0" + page.encode()).digest()[:_KEY] if page else os.urandom(_KEY)
    return _keep(at, key, count, at.here)


def find_waiting(at: AtDesk, key: bytes) -> Waiting | None:
    """One count that still waits."""
    with at.stores.keys.reading() as keys:
        found = reporting.waits(keys, at.own)
    entries = [] if isinstance(found, Damaged) else found
    return next((Waiting(*each) for each in entries if each[0] == key), None)


def change(at: AtDesk, before: Waiting, count: Count) -> Kept | NotKept | Full | Damaged:
    """Put a count right while it waits; it stays in its month. A contact stays one, and so does a matter."""
    assert count.kind is before.count.kind, "their fields differ"
    return _keep(at, before.key, count, datetime.fromisoformat(before.month + _NOON).replace(tzinfo=UTC))


def take_back(at: AtDesk, key: bytes) -> bool:
    """Forget a count that still waits; False when none does any more."""
    with at.stores.keys.writing() as keys:
        done = reporting.take_back(keys, at.own, key)
    _seal_all(at)
    return done


def digest(table: Table) -> str:
    """Stands for all numbers of a quarter; the same for as long as they are, however often the table is locked anew."""
    numbers = sorted((*place, number) for place, number in table.counts.items() if number)
    return hashlib.sha256(json.dumps(numbers).encode()).hexdigest()[:_DIGEST]


def correct(at: AtDesk, correction: Correction, shown: str | None = None) -> Table | CorrectionRefused:
    """Put one number of an open quarter right; nothing is written when it cannot be.

    `shown` is the digest of the numbers that the page showed: it adds to them, so sent twice it must not add twice.
    """
    answers: list[Table | CorrectionRefused] = []

    def act(desk: Session, keys: Session) -> bool:
        found = reporting.seen_table(desk, keys, at.own, correction.quarter)
        answers.append(_as_shown(found, shown))
        if isinstance(answers[-1], Table):
            answers.append(reporting.correct(desk, at.own, correction, at.today))
        return isinstance(answers[-1], Table)

    _seal_all(at, act)
    return answers[-1]


def go_on(at: AtDesk, quarter: str) -> None:
    """Go on after damage, once the ombuds knows of it: with what can be read of a quarter (or, "", of what waits)."""

    def act(desk: Session, keys: Session) -> bool:
        if isinstance(reporting.seen_table(desk, keys, at.own, quarter), Damaged):
            reporting.replace_table(desk, keys, at.own, quarter)
        return True

    if not quarter:
        with at.stores.keys.writing() as keys:
            reporting.replace_waiting(keys, at.own)
    _seal_all(at, act if quarter and at.own.office else None)


def is_contact(waiting: Waiting) -> bool:
    return waiting.count.kind is Kind.CONTACT


def _as_shown(found: Table | Damaged | NotTheirs, shown: str | None) -> Table | Damaged | NotTheirs | Moved:
    is_other = isinstance(found, Table) and shown is not None and digest(found) != shown
    return Moved() if is_other else found


def _keep(at: AtDesk, key: bytes, count: Count, when: datetime) -> Kept | NotKept | Full | Damaged:
    with at.stores.keys.writing() as keys:
        kept = reporting.keep(keys, at.own, key, count, when)
    if isinstance(kept, Kept):
        _seal_all(at)
    return kept


def _seal_all(at: AtDesk, also: Also | None = None) -> None:
    """Every act with counts changes what a change of a matter changes."""
    change_all(at, {}, also)
