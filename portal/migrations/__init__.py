"""One folder of steps per store; `upgrade` brings a store to the newest."""

from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from portal.db import BASES, open_engine, store_path
from portal.errors import NotReady

_FOLDER = Path(__file__).parent


def upgrade(instance: Path) -> None:
    """Make the stores of an instance, or bring them to the newest shape. What has it already is only read.

    Raises:
        NotReady: as `due` does.
    """
    for name in due(instance):
        _upgrade(name, store_path(instance, name))


def due(instance: Path) -> list[str]:
    """Names of the stores that are not there yet, or whose shape is older than this portal's.

    Raises:
        NotReady: when some stores are there and others are not, for an empty one in a lost one's place would hide the
            loss; or when a newer portal made one.
    """
    lost = [store_path(instance, name) for name in BASES if not store_path(instance, name).exists()]
    if lost and len(lost) < len(BASES):
        raise NotReady(
            f"{', '.join(path.name for path in lost)} is missing in {instance}, while other stores are there. "
            "Nothing was changed. Put it back, or read docs/operating.md on what to do when it is lost."
        )
    return [name for name in BASES if _is_due(name, store_path(instance, name))]


def _is_due(name: str, path: Path) -> bool:
    found = _revision(path) if path.exists() else None
    if found is None:
        return True
    steps = ScriptDirectory(str(_FOLDER), version_locations=[str(_FOLDER / name)])
    if found not in {step.revision for step in steps.walk_revisions()}:
        raise NotReady(f"{path} was made by a newer portal than this one. Install that one, or restore a copy.")
    return found != steps.get_current_head()


def _revision(path: Path) -> str | None:
    engine = open_engine(path)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _upgrade(name: str, path: Path) -> None:
    if not path.exists():
        path.touch(mode=0o600)
    engine = open_engine(path)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            command.upgrade(_settings(name, connection), "head")
        _squeeze(engine)
    finally:
        engine.dispose()


def _squeeze(engine: Engine) -> None:
    """A table that was made anew leaves pages that hold nothing, and a thief asks what they held."""
    with closing(engine.raw_connection().cursor()) as cursor:  # outside any transaction, as VACUUM must be
        if cursor.execute("PRAGMA freelist_count").fetchone() != (0,):
            cursor.execute("VACUUM")


def _settings(name: str, connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    settings.set_main_option("version_locations", str(_FOLDER / name).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings
