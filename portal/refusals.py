"""Turns what stops a command into one line that says what to do; never a trace, nor what anybody typed."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import click

from portal.errors import PortalError

_FULL = "The disk is full. Make room, then run this again."
_AS_OWNER = "Run this as the user that owns the office's folder"
_DAMAGED = "A store is damaged. Run portal doctor, which says which one."
#: By SQLite's own name for it. Neither the statement nor what it was about is quoted.
_OF_STORES = {
    "SQLITE_BUSY": "A store is busy: something else has been writing to it for long. Run this again in a minute.",
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": f"A store cannot be written. {_AS_OWNER}, on a disk that can be written.",
    "SQLITE_CANTOPEN": f"A store cannot be opened. {_AS_OWNER}, on a disk that can be written.",
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
}
_OF_ANOTHER_KIND = "A store did not do what it was asked. Run portal doctor, which says what is wrong."


@contextmanager
def one_line_each() -> Iterator[None]:
    """Every refusal, by the portal, by a store or by the system, becomes one clear line.

    Raises:
        click.ClickException: with that line.
    """
    try:
        yield
    except BrokenPipeError:  # whoever reads what is printed has seen enough; click ends quietly
        raise
    except PortalError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(_of_the_system(error)) from error
    except Exception as error:
        said = getattr(error, "orig", error)  # SQLAlchemy, which a quick command never loads, wraps what SQLite said
        if not isinstance(said, sqlite3.DatabaseError):
            raise
        raise click.ClickException(_of_a_store(said)) from error


def _of_a_store(error: sqlite3.DatabaseError) -> str:
    name = getattr(error, "sqlite_errorname", "")
    return next((said for kind, said in _OF_STORES.items() if name.startswith(kind)), _OF_ANOTHER_KIND)


def _of_the_system(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return _FULL
    what = f"{error.filename}: " if error.filename else ""
    return f"{what}{error.strerror or 'The system refused'}. {_AS_OWNER}, and look at its modes and its disk."
