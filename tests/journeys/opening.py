"""An office that runs: with many lockers, a line to call at night, and a site on this machine to leave to."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.cast import World, change_settings, serve
from tests.journeys.walking import Office

CRISIS = """
[[crisis]]
name = "Emergency services"
number = "112"
hours = "day and night"
"""


@contextmanager
def opened_office(world: World, elsewhere: str) -> Iterator[Office]:
    change_settings(world.instance, lockers="lockers = 50", exit_target=f'exit_target = "{elsewhere}"')
    settings = world.instance / "portal.toml"
    settings.write_text(settings.read_text() + CRISIS)
    world.refresh()
    server = serve(world)
    # Not the first week: it may be down to its last hours.
    unused = iter(world.offers()[8:])
    yield Office(server, elsewhere, unused)
    server.kill()
