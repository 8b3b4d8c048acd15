"""Counts that wait for the end of their month: one locked box for each ombuds, of one length."""

import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portal.reporting.quarter import Mark, between, open_in, quarter_of, upgraded
from portal.reporting.rules import ATTRIBUTES, Count, Kind
from portal.sealing import box
from portal.sealing.places import Place

SCHEMA = 1
#: Room for 256 counts of 480 bytes, and what else is in the box.
SIZE = 128 * 1024
STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
_SERIES = 8
#: Of so many tables the box remembers what it has seen, and so many a settling looks back.
MOST_TABLES = 8


@dataclass(frozen=True, repr=False)
class Entry:
    """A count with its number in the series and the month (like 2026-11) it belongs to."""

    number: int
    month: str
    count: Count


@dataclass(frozen=True, repr=False)
class Waiting:
    """What waits, by locker (16 bytes) or a random key.

    `series` and `upto` number the entries, so that a table can tell what it has; `since` is the month of the last
    settling, empty before it; `seen` is the version that each table had then.
    """

    series: bytes = field(default_factory=lambda: os.urandom(_SERIES))
    upto: int = 0
    since: str = ""
    seen: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[bytes, Entry] = field(default_factory=dict)

    def with_count(self, key: bytes, count: Count, month: str) -> "Waiting":
        entry = Entry(self.upto, month, count)
        return replace(self, upto=self.upto + 1, entries={**self.entries, key: entry})

    def without(self, numbers: Collection[int]) -> "Waiting":
        kept = {key: entry for key, entry in self.entries.items() if entry.number not in numbers}
        return replace(self, entries=kept)

    def renewed(self) -> "Waiting":
        """The same under a series of its own: no table has any of it."""
        return replace(self, series=os.urandom(_SERIES))

    def having_seen(self, since: str, versions: Mapping[str, int]) -> "Waiting":
        seen = dict(sorted({**self.seen, **versions}.items())[-MOST_TABLES:])
        return replace(self, since=since, seen=seen)

    def due(self, quarter: str, month: str) -> list[Entry]:
        """Entries of a quarter from the months before this one."""
        found = (entry for entry in self.entries.values() if entry.month < month)
        return sorted((entry for entry in found if quarter_of(entry.month) == quarter), key=lambda entry: entry.number)

    def quarters(self, month: str) -> list[str]:
        """The tables that a settling in this month writes.

        All since the last one, whether anything waits for them or not: which tables were written must not tell in
        which quarter a matter was closed. A clock that was far ahead makes no more than a few.
        """
        since = between(self.since or month, month)[-MOST_TABLES:]
        due = (quarter_of(entry.month) for entry in self.entries.values() if entry.month < month)
        return sorted({*open_in(month), *since, *due})


def is_in(mark: Mark, entry: Entry) -> bool:
    """Whether a table has this entry: it had all of that month up to a number."""
    return entry.number < mark.months.get(entry.month, 0)


def write(waiting: Waiting, own: bytes, ombuds: bytes) -> bytes:
    """A locked box whose length does not tell how much is in it.

    Raises:
        box.TooLong: when there is no room for all.
    """
    return box.lock(box.pad(_text(waiting), SIZE), own, _place(ombuds))


def read(locked: bytes, own: bytes, ombuds: bytes) -> Waiting:
    """Undo `write`.

    Raises:
        CannotOpen: when it is not what this ombuds' desk wrote.
    """
    found: dict[str, Any] = json.loads(box.unpad(box.unlock(locked, own, _place(ombuds))))
    found = upgraded(found, SCHEMA, STEPS)
    return Waiting(
        series=bytes.fromhex(found["series"]),
        upto=found["upto"],
        since=found["since"],
        seen=found["seen"],
        entries={bytes.fromhex(key): _entry(each) for key, each in found["entries"].items()},
    )


def _text(waiting: Waiting) -> bytes:
    said = {
        "schema": SCHEMA,
        "series": waiting.series.hex(),
        "upto": waiting.upto,
        "since": waiting.since,
        "seen": waiting.seen,
        "entries": {key.hex(): _listed(entry) for key, entry in waiting.entries.items()},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(errors="replace")


def _listed(entry: Entry) -> list[Any]:
    """Without names of fields: they would take half of the room."""
    count = entry.count
    attributes = [count.attributes.get(name, "") for name in ATTRIBUTES]
    words = [count.kind.value, " ".join(count.concerns), count.outcome, count.referral, count.mode]
    return [entry.number, entry.month, *words, count.meetings, count.people, int(count.continues), attributes]


def _entry(listed: list[Any]) -> Entry:
    number, month, kind, concerns, outcome, referral, mode, meetings, people, continues, attributes = listed
    count = Count(
        kind=Kind(kind),
        concerns=tuple(concerns.split()),
        attributes={name: value for name, value in zip(ATTRIBUTES, attributes, strict=True) if value},
        outcome=outcome,
        referral=referral,
        mode=mode,
        meetings=meetings,
        people=people,
        continues=bool(continues),
    )
    return Entry(number, month, count)


def _place(ombuds: bytes) -> Place:
    return Place("keys", ombuds, "waiting")
