"""Which command stands where. Each loads what it needs when it is called, so that the server starts quickly."""

from importlib import import_module

import click

from portal import config, instance_folder, migrations
from portal.claim import become_server, claim
from portal.refusals import one_line_each

port_option = click.option(
    "--port", default=8000, envvar="PORT", show_default=True, show_envvar=True, type=click.IntRange(1, 65535)
)
_ELSEWHERE = {
    "init": "portal.operating:init",
    "ombuds": "portal.operating:ombuds",
    "roster": "portal.operating:roster_group",
    "slots": "portal.operating:slots",
    "tick": "portal.operating:tick",
    "doctor": "portal.checkup:doctor",
    "demo": "portal.trying:demo",
}


class _Commands(click.Group):
    """Its own commands and those that stand elsewhere."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, name = _ELSEWHERE[cmd_name].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The ombuds portal. PORTAL_INSTANCE names the office's folder; without it, ./instance."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; TLS ends in front of it.")
@port_option
def serve(host: str, port: int) -> None:
    """Serve the site: one process, eight threads, no access log."""
    with one_line_each():
        instance = config.load(instance_folder()).instance
        with claim(instance):  # first: a server that is refused must not have changed anything
            migrations.upgrade(instance)
            become_server(instance, host, port)
