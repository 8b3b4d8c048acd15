"""One folder of steps per store; `upgrade` brings a store to the newest."""

from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from portal.db import BASES, open_engine, store_path
from portal.errors import NotReady

_FOLDER = Path(__file__).parent


def upgrade(instance: Path) -> None:
    """Make the stores of an instance, or bring them to the newest shape.

    Raises:
        NotReady: when some stores are there and others are not; an empty one in a lost one's place would hide the loss.
    """
    lost = [store_path(instance, name) for name in BASES if not store_path(instance, name).exists()]
    if lost and len(lost) < len(BASES):
        raise NotReady(
            f"{', '.join(path.name for path in lost)} is missing in {instance}, while other stores are there. "
            "Nothing was changed. Put it back, or read docs/operating.md on what to do when it is lost."
        )
    for name in BASES:
        _upgrade(name, store_path(instance, name))


def _upgrade(name: str, path: Path) -> None:
    if not path.exists():
        path.touch(mode=0o600)
    engine = open_engine(path)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            command.upgrade(_settings(name, connection), "head")
        _squeeze(engine)
    except CommandError as error:
        raise NotReady(
            f"{path} was made by a newer portal than this one. Install that one, or restore a copy."
        ) from error
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
