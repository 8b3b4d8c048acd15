"""Takes a store up its steps."""

from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from portal.db import open_engine
from portal.migrations import FOLDER


def climb(name: str, path: Path) -> None:
    if not path.exists():
        path.touch(mode=0o600)
    engine = open_engine(path)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            command.upgrade(settings(name, connection), "head")
        _squeeze(engine)
    finally:
        engine.dispose()


def _squeeze(engine: Engine) -> None:
    """A table that was made anew leaves pages that hold nothing, and a thief asks what they held."""
    with closing(engine.raw_connection().cursor()) as cursor:  # outside any transaction, as VACUUM must be
        if cursor.execute("PRAGMA freelist_count").fetchone() != (0,):
            cursor.execute("VACUUM")


def settings(name: str, connection: Connection) -> Config:
    """What Alembic is told of one store."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    found.set_main_option("version_locations", str(FOLDER / name).replace("%", "%%"))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    return found
