"""The confidential front door of an ombuds office.

`create_app` is the table of contents: settings, stores, memory, then `web.build` puts the features on top.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def instance_folder() -> Path:
    """Where this office lives: PORTAL_INSTANCE, or `instance` in the folder where the command was started."""
    return Path(os.environ.get("PORTAL_INSTANCE", "instance")).absolute()


def create_app(instance: Path | None = None) -> "Flask":
    """The application for one instance folder.

    Raises:
        errors.NotReady, errors.WrongSetting: with a sentence on what to do.
    """
    # Loaded when it is called for: every command loads this file, and hardly one of them answers a visitor.
    from portal import config, web  # noqa: PLC0415
    from portal.db import open_stores  # noqa: PLC0415
    from portal.pages import State  # noqa: PLC0415
    from portal.volatile import Volatile  # noqa: PLC0415

    settings = config.load(instance or instance_folder())
    state = State(settings, open_stores(settings.instance), Volatile())
    return web.build(web.Portal(__name__, static_folder=None), state)
