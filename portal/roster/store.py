"""The roster file: built aside and put in place whole, opened anew and read-only for every look-up."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.errors import NotReady
from portal.roster import tables
from portal.roster.rules import Fits, Parts, RosterFacts

_NEW = "roster.db.new"
_STAGING = "roster.db.staging"
_NONCE = 12
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Meta:
    """What holds for a whole import."""

    import_id: str
    sealed_key: bytes
    facts: RosterFacts


@contextmanager
def _reading(roster: Path) -> Iterator[sqlite3.Connection | None]:
    """The roster as it lies, or None; `immutable` leaves no lock, no journal and no changed byte behind a look-up.

    Raises:
        NotReady: when an older portal wrote it.
    """
    if not roster.exists():
        yield None
        return
    with closing(sqlite3.connect(f"{roster.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        (written,) = connection.execute("SELECT format FROM meta").fetchone()
        if written != tables.FORMAT:
            raise NotReady("The roster was imported by another version of the portal. Import it again.")
        yield connection


def find_parts(roster: Path, hashed: bytes) -> Parts | None:
    with _reading(roster) as connection:
        if connection is None:
            return None
        # The row at the hash or before it: an address that nobody has costs the same row as one that is known.
        found = connection.execute(
            'SELECT hash, import_id, sealed_key, "group", attributes, identity, fits FROM meta, person '
            "WHERE hash <= ? ORDER BY hash DESC LIMIT 1",
            (hashed,),
        ).fetchone()
        if found is None:
            return None
        nearest, import_id, sealed_key, group, attributes, identity, fits = found
        read = Parts(import_id, sealed_key, group, attributes, identity, Fits(*fits))
        return read if nearest == hashed else None


def find_facts(roster: Path) -> RosterFacts | None:
    with _reading(roster) as connection:
        if connection is None:
            return None
        people, imported_on, fields, populations = connection.execute(
            "SELECT people, imported_on, fields, populations FROM meta"
        ).fetchone()
    return RosterFacts(people, date.fromisoformat(imported_on), tuple(json.loads(fields)), json.loads(populations))


@contextmanager
def only_import(instance: Path) -> Iterator[bool]:
    """Whether no other import runs; clears what a killed one left. The folder itself is locked: no file stays over."""
    folder = os.open(instance, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        _clear(instance)
        try:
            yield True
        finally:
            _clear(instance)
    finally:
        os.close(folder)


def _clear(instance: Path) -> None:
    for name in (_NEW, _STAGING):
        (instance / name).unlink(missing_ok=True)


def _building(path: Path, schema: str) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in tables.BUILDING:
        connection.execute(pragma)
    connection.executescript(schema)
    connection.execute("BEGIN")
    return connection


class Staging:
    """Where an import waits on disk until it is known which values are rare.

    Profiles are encrypted under a key that lives in this object alone; what a killed import leaves opens to nobody.
    """

    def __init__(self, instance: Path) -> None:
        self._cipher = ChaCha20Poly1305(ChaCha20Poly1305.generate_key())
        self._connection = _building(instance / _STAGING, tables.STAGING)
        self._execute = self._connection.cursor().execute

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(sqlite3.Error):
            self._connection.rollback()
        self._connection.close()

    def add(self, line: int, hashes: Iterable[bytes], values: list[str]) -> int | None:
        """Keep a person under the hashes that are new; without a new one, the line that has the first of them."""
        new = 0
        for hashed in hashes:
            new += self._execute("INSERT OR IGNORE INTO known VALUES (?, ?)", (hashed, line)).rowcount
            first = hashed if new == 0 else b""
        if not new:
            (earlier,) = self._execute("SELECT line FROM known WHERE hash = ?", (first,)).fetchone()
            return int(earlier)
        self._execute("INSERT INTO profile VALUES (?, ?)", (line, self._locked(_BETWEEN.join(values).encode())))
        return None

    def keep(self, piece: bytes) -> None:
        """Put aside what a tally will read again."""
        self._execute("INSERT INTO tallied VALUES (?)", (self._locked(piece),))

    def pieces(self) -> Iterator[bytes]:
        """What was put aside, piece by piece."""
        return (self._opened(box) for (box,) in self._connection.execute("SELECT box FROM tallied"))

    def people(self) -> Iterator[tuple[bytes, list[str]]]:
        """Every hash in order, with its person's values."""
        rows = self._connection.execute("SELECT hash, box FROM known CROSS JOIN profile USING (line) ORDER BY hash")
        for hashed, box in rows:
            yield hashed, self._opened(box).decode().split(_BETWEEN)

    def _locked(self, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def _opened(self, box: bytes) -> bytes:
        return self._cipher.decrypt(box[:_NONCE], box[_NONCE:], None)


def replace_roster(roster: Path, meta: Meta, people: Iterable[tuple[bytes, bytes, bytes, bytes, bytes]]) -> None:
    """Write a new roster beside the old one and put it in its place; after a power cut there is one or the other.

    `people` come sorted by hash: (hash, group, attributes, identity, fits).
    """
    new = roster.with_name(_NEW)
    facts = meta.facts
    with closing(_building(new, tables.ROSTER)) as connection:
        connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", people)
        connection.execute(
            "INSERT INTO meta VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                tables.FORMAT,
                meta.import_id,
                facts.imported_on.isoformat(),
                meta.sealed_key,
                facts.people,
                json.dumps(facts.fields),
                json.dumps(dict(sorted(facts.groups.items()))),
            ),
        )
        connection.execute("COMMIT")
    _sync(new)
    new.replace(roster)
    _sync(roster.parent)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
