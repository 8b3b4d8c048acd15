"""What the operator can do. Nothing here opens a stub or a profile, or shows what would."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import BinaryIO
from zoneinfo import available_timezones

import click

from portal import clock, config, instance_folder, jobs, migrations, setup
from portal.claim import claim
from portal.config import Settings
from portal.db import Stores, open_stores
from portal.office import service as office
from portal.office.rules import NameTaken
from portal.refusals import one_line_each
from portal.roster import service as roster
from portal.roster.rules import FileRefused, ImportReport
from portal.scheduling import opening

_SHOWN_REJECTIONS = 20
_LONGEST_NAME = 80
_OLDER = "The server is running with an older shape of the stores. Stop it, then run this again."
as_json = click.option("--json", "as_json", is_flag=True, help="Print what a program can read.")
file_or_stdin = click.argument("file", type=click.File("rb"), metavar="FILE|-")


@contextmanager
def _office() -> Iterator[tuple[Settings, Stores]]:
    """Settings and stores of this instance, for a command that may run beside the server."""
    with one_line_each():
        settings = config.load(instance_folder())
        if migrations.due(settings.instance):
            with claim(settings.instance, _OLDER):
                migrations.upgrade(settings.instance)
        stores = open_stores(settings.instance)
        try:
            yield settings, stores
        finally:
            stores.close()


@click.command()
@click.option("--name", default="Ombuds Office", show_default=True, help="How visitors see the office.")
@click.option("--zone", default="UTC", show_default=True, help="IANA time zone, like Europe/Amsterdam.")
@click.option("--address", default="http://localhost:8000", show_default=True, help="Public address of the site.")
def init(name: str, zone: str, address: str) -> None:
    """Make a new office: portal.toml, the server's secrets, empty stores."""
    instance = instance_folder()
    if zone not in available_timezones():
        raise click.BadParameter(f"{zone} is no IANA time zone. Try a name like Europe/Amsterdam.", param_hint="--zone")
    if not name.strip() or not name.isprintable():
        raise click.BadParameter("Give the name that visitors will read, on one line.", param_hint="--name")
    if not config.is_web_address(address):
        raise click.BadParameter("It must be an address like https://times.example.org.", param_hint="--address")
    with one_line_each():
        setup.make_office(instance, name=name, zone=zone, address=address)
    click.echo(f"A new office is in {instance}.")
    click.echo(f"Next: read and fill in {instance / config.SETTINGS_FILE}, then run: portal ombuds invite NAME")


@click.group()
def ombuds() -> None:
    """The people of the office."""


@ombuds.command()
@click.argument("name")
def invite(name: str) -> None:
    """Print a one-time code with which NAME joins in the browser.

    Hand the code over in person. Keys are made and shown only in that browser; you never see them.
    """
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        raise click.BadParameter("Give the name that visitors will read, at most 80 letters.", param_hint="NAME")
    with _office() as (settings, stores):
        with stores.desk.writing() as desk:
            code = office.invite(desk, name.strip())
        if isinstance(code, NameTaken):
            raise click.ClickException(f"{name.strip()} has joined already. Nothing was changed.")
        click.echo(f"Joining code for {name.strip()}: {code}")
        click.echo(f"It works once, at {settings.address}/desk/join, until you invite the same name again.")


@ombuds.command("close")
@click.argument("name")
def close_booking(name: str) -> None:
    """Stop offering NAME's times: they have left, or lost their keys. Their matters stay until they end."""
    with _office() as (_settings, stores), stores.desk.writing() as desk:
        if not office.close_booking(desk, name.strip()):
            raise click.ClickException(f"Nobody called {name.strip()} has joined. Nothing was changed.")
        click.echo(f"Nobody can book with {name.strip()} any more.")


@ombuds.command("reopen")
@click.argument("name")
def reopen_booking(name: str) -> None:
    """Offer NAME's times again, after `close` or after a warning about their key was cleared up."""
    with _office() as (_settings, stores), stores.desk.writing() as desk:
        if not office.reopen_booking(desk, name.strip()):
            raise click.ClickException(f"Nobody called {name.strip()} has joined. Nothing was changed.")
        click.echo(f"{name.strip()} can be booked again.")


@click.group("roster")
def roster_group() -> None:
    """Who may come."""


@roster_group.command("import")
@file_or_stdin
@click.option("--allow-smaller", is_flag=True, help="Accept a file with less than half of the people in place.")
@as_json
def import_roster(file: BinaryIO, *, allow_smaller: bool, as_json: bool) -> None:
    """Replace the roster by a CSV file, or by what arrives on standard input (-).

    A refused file changes nothing. With standard input no list of people touches this disk.
    """
    with _office() as (settings, stores):
        with stores.desk.reading() as desk:
            office_public = office.get_office_public(desk)
        report = roster.import_roster(
            file,
            instance=settings.instance,
            settings=settings,
            office_public=office_public,
            now=clock.now(),
            progress=_show_progress,
            allow_smaller=allow_smaller,
        )
        _finish_progress()
        if isinstance(report, FileRefused):
            raise click.ClickException(f"{report.reason} The roster in place was not changed.")
        click.echo(json.dumps(asdict(report)) if as_json else _in_words(report))


@roster_group.command()
@file_or_stdin
@click.option("--period", required=True, help="The quarter that the codes are for, like 2026-Q4.")
def codes(file: BinaryIO, period: str) -> None:
    """Write a mail-merge CSV to standard output: address, name, code.

    The list comes from FILE or standard input (-), because the server keeps no addresses. Mail the codes to everybody,
    at the same rhythm each time: then receiving one says nothing.
    """
    with _office() as (settings, _stores):
        # Held back until the list was read to its end: a mailing from half a list would leave people out.
        merge = io.StringIO(newline="")
        report = roster.write_codes(file, merge, period=period, settings=settings)
        if isinstance(report, FileRefused):
            raise click.ClickException(report.reason)
        click.echo(merge.getvalue(), nl=False)
        click.echo(f"{report.codes} codes for {period}; {report.rejected_total} lines rejected.", err=True)


@click.group()
def slots() -> None:
    """The times that can be booked."""


@slots.command("open")
@as_json
def open_slots(*, as_json: bool) -> None:
    """Open the times that the ombuds' hours make, up to the horizon."""
    with _office() as (settings, stores):
        with stores.desk.writing() as desk:
            opened = opening.open_slots(desk, settings, clock.now())
        click.echo(json.dumps({"opened": opened}) if as_json else f"{opened} new times are open.")


@click.command()
@click.option("--catch-up", is_flag=True, help="The clock is right: run it although the last run is long ago.")
@as_json
def tick(*, catch_up: bool, as_json: bool) -> None:
    """Run the daily job: end what is over, open what is new. Safe to run twice."""
    with _office() as (settings, stores):
        day = jobs.daily(stores, settings=settings, now=clock.now(), catch_up=catch_up)
        said = f"{day.ended} matters ended, {day.opened} times opened, {day.lockers} lockers made."
        click.echo(json.dumps(asdict(day)) if as_json else said)


def _show_progress(people: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{people} people read", nl=False, err=True)


def _finish_progress() -> None:
    if sys.stderr.isatty():
        click.echo("", err=True)


def _in_words(report: ImportReport) -> str:
    lines = [f"{report.accepted} people accepted, {report.rejected_total} lines rejected."]
    lines += [f"  line {line}: {reason}" for line, reason in report.rejected[:_SHOWN_REJECTIONS]]
    if report.rejected_total > _SHOWN_REJECTIONS:
        lines.append(f"  … and {report.rejected_total - _SHOWN_REJECTIONS} more")
    lines += [f"  {field}: {count} rare values became “other”" for field, count in report.coarsened.items() if count]
    if report.shortened:
        lines.append(f"  {report.shortened} long values were shortened")
    return "\n".join(lines)
