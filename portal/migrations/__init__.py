"""One folder of steps per store; `upgrade` brings a store to the newest.

Which stores need it is asked at every start, so that is found without Alembic, which is loaded for a step alone.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from portal.errors import NotReady
from portal.sqlite import STORES, prepare, store_path

FOLDER = Path(__file__).parent


def upgrade(instance: Path) -> None:
    """Make the stores of an instance, or bring them to the newest shape. What has it already is only read.

    Raises:
        NotReady: as `due` does.
    """
    names = due(instance)
    if names:
        from portal.migrations.climbing import climb  # noqa: PLC0415 - see above

        for name in names:
            climb(name, store_path(instance, name))


def due(instance: Path) -> list[str]:
    """Names of the stores that are not there yet, or whose shape is older than this portal's.

    Raises:
        NotReady: when some stores are there and others are not, for an empty one in a lost one's place would hide the
            loss; or when a newer portal made one.
    """
    lost = [store_path(instance, name) for name in STORES if not store_path(instance, name).exists()]
    if lost and len(lost) < len(STORES):
        raise NotReady(
            f"{', '.join(path.name for path in lost)} is missing in {instance}, while other stores are there. "
            "Nothing was changed. Put it back, or read docs/operating.md on what to do when it is lost."
        )
    return [name for name in STORES if _is_due(name, store_path(instance, name))]


def steps(name: str) -> list[str]:
    """The shapes that a store went through, oldest first: a step's file begins with the number in its name."""
    return [f"{name}_{file.name.partition('_')[0]}" for file in sorted((FOLDER / name).glob("[0-9]*.py"))]


def revision(connection: sqlite3.Connection) -> str | None:
    """The shape that a store has; None for one that no step has touched."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if found is None else str(found[0])


def _is_due(name: str, path: Path) -> bool:
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as connection:
        prepare(connection)
        found = revision(connection)
    if found is not None and found not in steps(name):
        raise NotReady(f"{path} was made by a newer portal than this one. Install that one, or restore a copy.")
    return found != steps(name)[-1]
