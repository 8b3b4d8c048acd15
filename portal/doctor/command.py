"""The doctor as a command: prints what it found, and fails when something grave is among it."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from portal import clock, config, instance_folder
from portal.doctor.finding import Finding
from portal.doctor.findings import findings
from portal.doctor.machine import read_machine
from portal.errors import PortalError


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print what a program can read.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Look over settings, files, stores, people and machine; exit status 1 when something must be put right.

    Nothing is changed. A line beginning with ! is grave, one beginning with - a remark.
    """
    if context.invoked_subcommand is not None:
        if as_json:
            raise click.UsageError(f"Give --json behind {context.invoked_subcommand}.")
        return
    found = _look()
    click.echo(json.dumps([asdict(each) for each in found]) if as_json else _in_words(found))
    context.exit(int(any(each.is_grave for each in found)))


def _look() -> list[Finding]:
    try:
        settings = config.load(instance_folder())
        return findings(settings, read_machine(settings.instance), clock.now())
    except PortalError as error:
        raise click.ClickException(str(error)) from error


def _in_words(found: Sequence[Finding]) -> str:
    lines = [f"{'!' if each.is_grave else '-'} {each.what}\n    {each.what_to_do}" for each in found]
    return "\n".join(lines) or "All is well."
