"""Leaks as careless changes of the portal would make them, each with the check that must see it."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from portal import clock
from portal.intake import notes
from portal.intake.lockers import STORE
from portal.office.rules import write_recovery
from portal.roster.rules import hash_of
from portal.sealing import box
from portal.sealing.places import Place
from tests.cast import VERA, World


@dataclass(frozen=True)
class Leak:
    """`trace` is what the finding must say, `check` the name of the check that says it."""

    plant: Callable[[World], None]
    check: str
    trace: str

    @property
    def name(self) -> str:
        return self.plant.__name__.strip("_")


def _sql(world: World, store: str, *statements: str, **values: object) -> None:
    with closing(sqlite3.connect(world.instance / store)) as connection, connection:
        for statement in statements:
            connection.execute(statement, values)


def _a_nullifier(world: World) -> None:
    mark = hash_of(VERA.email, world.settings.secrets.roster)
    _sql(world, "keys.db", "CREATE TABLE seen (mark BLOB PRIMARY KEY) WITHOUT ROWID")
    _sql(world, "keys.db", "INSERT INTO seen VALUES (:mark)", mark=mark)


def _a_name_in_a_log(world: World) -> None:
    (world.instance / "server.log").write_text(f"200 POST /book {VERA.name.upper()}\n")


def _a_digest_in_a_log(world: World) -> None:
    (world.instance / "digest.log").write_text(f"booked: {hashlib.sha256(VERA.email.encode()).hexdigest().upper()}\n")


def _a_code_in_a_log(world: World) -> None:
    (world.instance / "codes.log").write_text(f"wrong code? {world.code_of(VERA)}\n")


def _an_address_in_a_journal(world: World) -> None:
    (world.instance / "desk.db-journal").write_bytes(os.urandom(30) + VERA.email.title().encode() + b"\0")


def _a_file_called_like_vera(world: World) -> None:
    (world.instance / "sessions").mkdir()
    (world.instance / "sessions" / f"{VERA.email}.json").write_text("{}")


def _numbered_rows(world: World) -> None:
    _sql(world, "site.db", "CREATE TABLE booking (box BLOB)")


def _a_time(world: World) -> None:
    _sql(world, "site.db", "CREATE TABLE page_view (page TEXT PRIMARY KEY, at INTEGER) WITHOUT ROWID")
    _sql(world, "site.db", "INSERT INTO page_view VALUES ('times', :at)", at=int(clock.now().timestamp() * 1000))


def _a_shorter_box(world: World) -> None:
    _sql(world, "desk.db", "UPDATE locker SET notes = substr(notes, 2) WHERE id = (SELECT max(id) FROM locker)")


def _used_boxes_that_look_like_text(world: World) -> None:
    plain = b"Twelve chairs are missing. ".ljust(notes.SIZE + box.LOCKED_OVERHEAD + 28, b" ")
    statement = "UPDATE locker SET notes = :plain WHERE id = (SELECT min(id) FROM locker WHERE state = 9)"
    with closing(sqlite3.connect(world.instance / "desk.db")) as desk, desk:
        (size,) = desk.execute("SELECT min(length(notes)) FROM locker WHERE state = 8").fetchone()
        desk.execute(statement, {"plain": plain[:size]})


def _a_box_under_a_server_secret(world: World) -> None:
    """As if somebody had made the server able to read what is sealed to an ombuds."""
    with closing(sqlite3.connect(world.instance / "desk.db")) as desk:
        locker, found = desk.execute("SELECT id, to_visitor FROM locker WHERE state = 9").fetchone()
    with closing(sqlite3.connect(world.instance / "keys.db")) as keys:
        (secret,) = keys.execute("SELECT secret FROM lock WHERE locker = ?", (locker,)).fetchone()
    outer = Place(STORE, locker, "to_visitor/lock")
    size = len(box.unlock(found, secret, outer)) - box.LOCKED_OVERHEAD
    readable = box.lock(bytes(size), world.settings.secrets.codes, Place(STORE, locker, "to_visitor"))
    planted = box.lock(readable, secret, outer)
    assert len(planted) == len(found)
    _sql(world, "desk.db", "UPDATE locker SET to_visitor = :planted WHERE id = :id", planted=planted, id=locker)


def _a_recovery_code(world: World) -> None:
    (world.instance / "print.txt").write_text("\n".join(write_recovery(world.kit.recovery)))


def _a_passphrase(world: World) -> None:
    (world.instance / "typed.bin").write_bytes(b"\xd9\x04\x05" + world.kit.passphrase.title().encode("utf-16-le"))


def _pages_that_were_freed(world: World) -> None:
    _sql(
        world,
        "site.db",
        "PRAGMA secure_delete = OFF",
        "CREATE TABLE old (a BLOB)",
        "INSERT INTO old VALUES (randomblob(90000))",
    )
    _sql(world, "site.db", "PRAGMA secure_delete = OFF", "DROP TABLE old")


def _a_key_that_is_none(world: World) -> None:
    _sql(world, "site.db", "UPDATE face SET public_key = substr(public_key, 1, 1200) || randomblob(15)")


def _a_file_called_like_the_settings(world: World) -> None:
    (world.instance / "old").mkdir()
    (world.instance / "old" / "portal.toml").write_text(f"# came: {VERA.name}\n")


def _files_called_like_secrets_and_roster(world: World) -> None:
    folder = world.instance / "var" / "deep"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secrets.toml").write_text(f"came = '{VERA.email}'\n")
    (folder / "roster.db").write_text(f"came: {VERA.email}\n")


def _a_foreign_table_in_the_roster(world: World) -> None:
    _sql(world, "roster.db", "CREATE TABLE came (mark TEXT PRIMARY KEY) WITHOUT ROWID")
    _sql(world, "roster.db", "INSERT INTO came VALUES (:mark)", mark=VERA.email)


def _a_foreign_column_in_the_roster(world: World) -> None:
    _sql(world, "roster.db", "ALTER TABLE person ADD COLUMN came TEXT")


def _a_file_called_like_a_copy(world: World) -> None:
    (world.instance / ".seizure-log").write_text(f"{VERA.name}\n")


def _a_folder_called_like_a_copy(world: World) -> None:
    folder = world.instance / "logs" / ".seizure-abcdefgh"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "booked.log").write_text(f"{VERA.name}\n")


LEAKS = (
    Leak(_a_nullifier, "people", "keys.db: a fingerprint of a person of the staff list"),
    Leak(_a_name_in_a_log, "people", "server.log: a name of the staff list"),
    Leak(_a_digest_in_a_log, "people", "digest.log: a fingerprint of a person"),
    Leak(_a_code_in_a_log, "people", "codes.log: a code of the staff list"),
    Leak(_a_file_called_like_vera, "people", "the names of the files: an address"),
    Leak(_a_file_called_like_the_settings, "people", "old/portal.toml: a name of the staff list"),
    Leak(_files_called_like_secrets_and_roster, "people", "var/deep/secrets.toml: an address of the staff list"),
    Leak(_files_called_like_secrets_and_roster, "people", "var/deep/roster.db: an address of the staff list"),
    Leak(_a_foreign_table_in_the_roster, "people", "roster.db: a table that the portal does not make"),
    Leak(_a_foreign_column_in_the_roster, "people", "roster.db: a column or a note in its table person that"),
    Leak(_a_file_called_like_a_copy, "people", ".seizure-log: a name of the staff list"),
    Leak(_a_folder_called_like_a_copy, "people", "logs/.seizure-abcdefgh/booked.log: a name of the staff list"),
    Leak(_pages_that_were_freed, "remains", "site.db"),
    Leak(_numbered_rows, "order", "site.db: booking"),
    Leak(_a_time, "times", "site.db: table page_view, column at"),
    Leak(_a_shorter_box, "lengths", "desk.db: table locker, column notes"),
    Leak(_used_boxes_that_look_like_text, "alike", "boxes of notes look different"),
    Leak(_a_key_that_is_none, "alike", "site.db: table face holds a public key that is none"),
    Leak(_a_box_under_a_server_secret, "boxes", "a box of to_visitor opens with the server's keys"),
    Leak(_a_recovery_code, "papers", "print.txt: an ombuds' recovery code"),
    Leak(_a_passphrase, "papers", "typed.bin: six words that open something"),
    # Last: SQLite throws such a journal away when it next writes.
    Leak(_an_address_in_a_journal, "people", "desk.db-journal: an address of the staff list"),
    Leak(_an_address_in_a_journal, "remains", "desk.db-journal"),
)
