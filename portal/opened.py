"""An office that is open: the application with all that it is made of, and what it does by itself."""

import gc
from functools import partial
from pathlib import Path

from flask import Flask

from portal import clock, create_app, jobs, log, pulse
from portal.config import Settings
from portal.db import open_stores
from portal.errors import NotReady
from portal.ready import make_ready
from portal.scheduling.views import keep_first_pages


def open_office(instance: Path, *, is_first: bool) -> Flask:
    """The application, with today's daily job done and all in memory that a page may need.

    Raises:
        errors.NotReady: where the clock may be wrong, at the first opening since the start: a worker that takes a dead
            one's place goes on as that would have.
        errors.WrongSetting: with a sentence on what to do.
    """
    app = create_app(instance)
    if is_first:
        _begin_the_day(app.extensions["portal"].settings)
    make_ready(app)
    # What is loaded now stays, and no collection need walk over it again.
    gc.collect()
    gc.freeze()
    return app


def begin(app: Flask) -> None:
    """Let the office do by itself what follows nobody's visit."""
    state = app.extensions["portal"]
    pulse.start(state.stores, state.volatile, state.settings, partial(keep_first_pages, app))


def _begin_the_day(settings: Settings) -> None:
    """The daily job, before anybody sees a page."""
    stores = open_stores(settings.instance)
    try:
        jobs.daily(stores, settings=settings, now=clock.now())
    except NotReady:  # the clock may be wrong: somebody must look before anything ends
        raise
    except Exception as error:  # noqa: BLE001 - the office opens when its housekeeping fails; doctor says so
        log.note(error)
    finally:
        stores.close()
