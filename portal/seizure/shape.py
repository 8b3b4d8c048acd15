"""Whether the roster is what an import makes and no more: Theo holds it openly, so nobody is looked for in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from portal.roster.tables import ROSTER
from portal.seizure.files import is_database, looking


def foreign(roster: Path) -> Iterator[str]:
    """What the roster's catalogue has beside the tables that the portal makes; not by name, which may be a person's."""
    if not roster.exists():
        return
    if not is_database(roster):
        yield f"{roster.name}: not a roster that the portal made"
        return
    with closing(sqlite3.connect(":memory:")) as made, closing(looking(roster)) as found:
        made.executescript(ROSTER)
        known = _catalogue(made)
        for (kind, name), statement in _catalogue(found).items():
            if (kind, name) not in known:
                yield f"{roster.name}: a {kind} that the portal does not make"
            elif statement != known[kind, name]:
                yield f"{roster.name}: a column or a note in its {kind} {name} that the portal does not make"


def _catalogue(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Kind and name with the statement that made it, however its lines are broken."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master")
    return {(kind, name): " ".join((statement or "").split()) for kind, name, statement in rows}
