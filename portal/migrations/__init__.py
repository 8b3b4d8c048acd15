"""One folder of steps per store; `upgrade` brings a store to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config

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
        path = store_path(instance, name)
        path.touch(mode=0o600)
        engine = open_engine(path)
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            settings = Config()
            settings.set_main_option("script_location", str(_FOLDER))
            settings.set_main_option("version_locations", str(_FOLDER / name))
            settings.set_main_option("path_separator", "os")
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
        engine.dispose()
