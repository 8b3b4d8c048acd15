"""S0, the control: leaks planted in a copy. A test that misses one of them says nothing about the office."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from portal.leftovers import erase
from portal.roster.rules import hash_of
from portal.seizure.copying import copy_stores
from portal.seizure.files import Employee
from portal.seizure.results import Check, NotPossible, Scene
from portal.sqlite import store_path

#: Made up, and in none of the portal's own texts: the copy of a real person's address would be a leak itself.
NOBODY = Employee("Ximena Quillfeather", ("ximena.quillfeather@planted.example",))
_NULLIFIER, _NAMES, _JOURNAL = "planted_seen", "planted.log", "planted.db-journal"

#: By the name of a check: what is planted for it, and what its finding must name.
PLANTS: dict[str, tuple[Callable[[Scene], None], tuple[str, ...]]] = {}


def control(scene: Scene, checks: Iterator[Check]) -> list[str]:
    """The names of the checks that passed over what was planted for them."""
    folder = scene.work / "planted"
    copy_stores(scene.copy, folder)
    planted = replace(scene, copy=folder, staff=[NOBODY], say=lambda _people: None)
    try:
        for plant, _ in PLANTS.values():
            plant(planted)
        return [each.name for each in checks if each.name in PLANTS and not _finds(each, planted)]
    finally:
        erase(folder)


def _finds(check: Check, planted: Scene) -> bool:
    _, traces = PLANTS[check.name]
    try:
        found = check.look(planted)
    except NotPossible:
        return False
    return all(any(trace in each for each in found) for trace in traces)


def _plants(check: str, *traces: str) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
    def note(plant: Callable[[Scene], None]) -> Callable[[Scene], None]:
        PLANTS[check] = (plant, traces)
        return plant

    return note


@_plants("people", "site.db: a fingerprint", f"{_NAMES}: a name")
def _somebody(scene: Scene) -> None:
    """The mark that "one booking for each person" would leave, and a line of a log."""
    (address,) = NOBODY.addresses
    with _site(scene.copy) as site:
        site.execute(f"CREATE TABLE {_NULLIFIER} (mark BLOB PRIMARY KEY) WITHOUT ROWID")
        site.execute(f"INSERT INTO {_NULLIFIER} VALUES (?)", (hash_of(address, scene.settings.secrets.roster),))  # noqa: S608
    (scene.copy / _NAMES).write_text(f"200 GET /book {NOBODY.name.upper()}\n", "utf-8")


@_plants("lengths", "planted_box")
def _a_longer_box(scene: Scene) -> None:
    with _site(scene.copy) as site:
        site.execute("CREATE TABLE planted_box (id INTEGER PRIMARY KEY, box BLOB) WITHOUT ROWID")
        site.executemany("INSERT INTO planted_box VALUES (?, ?)", [(1, os.urandom(80)), (2, os.urandom(81))])


@_plants("times", "planted_view")
def _a_moment(scene: Scene) -> None:
    with _site(scene.copy) as site:
        site.execute("CREATE TABLE planted_view (page TEXT PRIMARY KEY, last INTEGER) WITHOUT ROWID")
        site.execute("INSERT INTO planted_view VALUES ('times', ?)", (_seconds(scene.now),))


@_plants("order", "planted_visit")
def _numbered_rows(scene: Scene) -> None:
    with _site(scene.copy) as site:
        site.execute("CREATE TABLE planted_visit (box BLOB)")


@_plants("remains", "site.db", _JOURNAL)
def _thrown_away(scene: Scene) -> None:
    with _site(scene.copy) as site:
        site.execute("CREATE TABLE planted_old (box BLOB)")
        site.executemany("INSERT INTO planted_old VALUES (?)", [(os.urandom(9_000),) for _ in range(8)])
    with _site(scene.copy) as site:
        site.execute("DROP TABLE planted_old")
    (scene.copy / _JOURNAL).write_bytes(os.urandom(40))


@contextmanager
def _site(folder: Path) -> Iterator[sqlite3.Connection]:
    """The public store, written to by somebody careless."""
    with closing(sqlite3.connect(store_path(folder, "site"))) as site, site:
        site.execute("PRAGMA secure_delete = OFF")
        yield site


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
