"""`portal doctor seizure`: what an operator types, and what an ombuds reads."""

import json
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from portal import config, instance_folder
from portal.db import open_stores
from portal.errors import PortalError
from portal.outreach import service as outreach
from portal.outreach.service import Tried
from portal.roster.rules import FileRefused
from portal.seizure import attack, page
from portal.seizure.results import Report
from portal.seizure.staff import StaffList, read_staff

_HOW = (
    "The staff list comes from standard input alone, so that no copy of it is made:\n"
    "  portal doctor seizure < staff.csv\n"
    "  ssh hr.example.org cat export.csv | portal doctor seizure"
)
_FOUND, _NOT_RUN = 1, 2


class _Stopped(BaseException):
    """Somebody wants the test to end; the copy is removed on the way out."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what a program can read.")
def seizure(*, as_json: bool) -> None:
    """Attack a copy of this office as a thief would who has the staff list; read it from standard input.

    Exit status 0: nobody was found. 1: somebody could be found. 2: the test could not be finished.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump of this process would hold the list
    try:
        with _stoppable():
            staff = _read()
            report = page.muted(attack.seize(instance_folder(), staff, say=_progress(len(staff.people))), staff.people)
    except PortalError as error:
        _refuse(f"Error: {error}")
    except Exception as error:  # noqa: BLE001 - Python's own status for it is 1: somebody could be found
        _refuse(f"Error: The test broke, and the copy was removed: {attack.kind_and_place(error)}.")
    except (_Stopped, KeyboardInterrupt):
        _refuse("\nStopped. The copy was removed; the office was not changed.")
    _keep(report)
    click.echo(json.dumps(page.as_values(report)) if as_json else page.as_text(report))
    sys.exit(_status(report))


def _keep(report: Report) -> None:
    """Remember the day and the outcome for visitors, if the office shows them; otherwise the office is not touched."""
    if report.outcome is None or not config.load(instance_folder()).shows_trial:
        return
    stores = open_stores(instance_folder())
    try:
        with stores.site.writing() as site:
            outreach.keep_trial(site, Tried(report.outcome.day, found_nobody=report.outcome.found_nobody))
    finally:
        stores.close()


def _status(report: Report) -> int:
    if report.found_somebody:
        return _FOUND
    return 0 if report.is_finished else _NOT_RUN


def _read() -> StaffList:
    if sys.stdin is None or sys.stdin.isatty():  # None: closed
        _refuse(_HOW)
    staff = read_staff(sys.stdin.buffer, config.load(instance_folder()))
    if isinstance(staff, FileRefused):
        _refuse(f"Error: {staff.reason}")
    return staff


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(_NOT_RUN)


def _progress(people: int) -> Callable[[int], None]:
    """Says how far the test is, to a person at a terminal."""

    def say(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done:,} of {people:,} people", nl=done == people, err=True)

    return say


@contextmanager
def _stoppable() -> Iterator[None]:
    """A signal that ends the process becomes an exception, so that everything on the way out is done."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
