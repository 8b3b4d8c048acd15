"""What answers visitors. `portal serve` becomes this process, which never loaded what only commands need.

A third of the memory goes with it: the tools for changing stores, looking them over and attacking copies of them.
"""

import gc
from functools import partial
from pathlib import Path

import click
from flask import Flask

from portal import clock, create_app, jobs, log, pulse, server
from portal.config import Settings
from portal.db import open_stores
from portal.errors import NotReady
from portal.ready import make_ready
from portal.refusals import one_line_each
from portal.scheduling.views import keep_first_pages


@click.command()
@click.argument("instance", type=Path)
@click.argument("host")
@click.argument("port", type=int)
def main(instance: Path, host: str, port: int) -> None:
    """Serve the instance, inside the claim that the command holds and hands on."""
    with one_line_each():
        app = create_app(instance)
        _begin_the_day(app.extensions["portal"].settings)
    _serve(app, host, port)


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


def _serve(app: Flask, host: str, port: int) -> None:
    state = app.extensions["portal"]

    def on_start() -> None:
        state.volatile.dawn.forget()  # a worker that takes a dead one's place, days later, inherits this morning
        pulse.start(state.stores, state.volatile, state.settings, partial(keep_first_pages, app))

    make_ready(app)
    # What is loaded now stays: a collection that walked over it in the worker would copy every page the two share.
    gc.collect()
    gc.freeze()
    server.serve(app, host=host, port=port, on_start=on_start)


if __name__ == "__main__":
    main()
