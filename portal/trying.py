"""`portal demo`: an office of fictional people, made and served."""

import os
from pathlib import Path

import click

from portal import clock, config, jobs, migrations
from portal.claim import become_server, claim
from portal.cli import port_option
from portal.db import open_stores
from portal.demo import office as demo_office
from portal.refusals import one_line_each


@click.command()
@click.option("--digits", is_flag=True, help="Only print the six digits of the demo ombuds' second factor.")
@click.option("--quarter", is_flag=True, help="Let a new demo office live through the last thirteen weeks first.")
@port_option
def demo(port: int, *, digits: bool, quarter: bool) -> None:
    """Serve a demo office with fictional people; everything to try is printed first."""
    instance = Path(os.environ.get("PORTAL_INSTANCE", "instance/demo")).absolute()
    with one_line_each():
        if digits:
            click.echo(demo_office.digits(instance, clock.now()))
            return
        demo_office.make_if_missing(instance, port=port, now=clock.now(), say=click.echo, weeks=13 if quarter else 0)
        with claim(instance):
            migrations.upgrade(instance)
            stores = open_stores(instance)
            jobs.daily(stores, settings=config.load(instance), now=clock.now(), catch_up=True)
            stores.close()
            click.echo(demo_office.what_to_try(instance, clock.now(), port=port))
            become_server(instance, "127.0.0.1", port)
