"""An office with one time and one mailbox, so that every visit and every noise falls on the same rows."""

import sqlite3
from contextlib import closing
from pathlib import Path

from portal.intake import service as intake
from portal.seizure.files import looking
from portal.seizure.footprint import BLOCK, Mark, changed, take
from tests.cast import World

WORDS = "amber bagpipe cabbage daybreak eagle fabric"
#: State and month stand before the look-up; the state of a slot behind its grain.
_MONTH = 10


def make_tiny(world: World) -> World:
    """Everything but one offered time and one locker is taken away."""
    slot = world.offers()[1].id
    world.stores.close()
    with closing(looking(world.instance / "desk.db")) as desk:
        (locker,) = desk.execute("SELECT min(id) FROM locker WHERE state = 8").fetchone()
    _only(world.instance / "desk.db", {"slot": ("id", slot), "locker": ("id", locker)})
    _only(world.instance / "keys.db", {"lock": ("locker", locker)})
    world.refresh()
    return world


def booked(world: World) -> World:
    assert isinstance(world.book(None, typed=WORDS), intake.Receipt)
    world.stores.close()
    return world


def marks(before: Path, after: Path) -> frozenset[Mark]:
    """The blocks that differ, but for what is a fact: whether taken, whether used, in which month it ends."""
    return changed(_without_facts(before), _without_facts(after), BLOCK)


def _only(path: Path, kept: dict[str, tuple[str, bytes]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        with connection:
            for table, (column, value) in kept.items():
                connection.execute(f"DELETE FROM {table} WHERE {column} != ?", (value,))  # noqa: S608 - our own names
        connection.execute("VACUUM")
    # The portal leaves its journals where they are, empty; a plain connection takes them away.
    path.with_name(f"{path.name}-journal").touch()


def _without_facts(folder: Path) -> dict[str, bytes]:
    found = dict(take(folder))
    data = bytearray(found["desk.db"])
    with closing(looking(folder / "desk.db")) as desk:
        for (lookup,) in desk.execute("SELECT lookup FROM locker"):
            place = data.index(lookup)
            data[place - _MONTH - 1 : place] = bytes(_MONTH + 1)
        for (grain,) in desk.execute("SELECT grain FROM slot"):
            data[data.index(grain) + len(grain)] = 0
    return found | {"desk.db": bytes(data)}
