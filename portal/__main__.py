"""What answers visitors. `portal serve` becomes this process, which never loaded what only commands need.

It loads hardly more itself: it watches over the worker, in which all the rest lies, and holds no second copy of it.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal import server
from portal.refusals import one_line_each

if TYPE_CHECKING:
    from flask import Flask


@click.command()
@click.argument("instance", type=Path)
@click.argument("host")
@click.argument("port", type=int)
def main(instance: Path, host: str, port: int) -> None:
    """Serve the instance, inside the claim that the command holds and hands on."""
    server.serve(partial(_open, instance), host=host, port=port, on_start=_begin)


def _open(instance: Path, is_first: bool) -> "Flask":  # noqa: FBT001 - as the server calls it
    with one_line_each():
        from portal import opened  # noqa: PLC0415 - in the worker

        return opened.open_office(instance, is_first=is_first)


def _begin(app: "Flask") -> None:
    from portal import opened  # noqa: PLC0415 - the same

    opened.begin(app)


if __name__ == "__main__":
    main()
