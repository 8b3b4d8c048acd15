from collections.abc import Iterator

import pytest

from portal.office.rules import DeskKeys, desk_keys
from tests.cast import Server, World, change_settings, serve
from tests.intake.pages_cast import open_special_times
from tests.visiting import Visitor


@pytest.fixture(scope="session")
def first_ola(first_world: World) -> DeskKeys:
    """Ola's keys with the office key, as a sign-in opens them; made once, because it costs a derivation."""
    return first_world.desk_keys()


@pytest.fixture
def ola(world: World, first_ola: DeskKeys) -> DeskKeys:
    return desk_keys(world.ombuds, world.kit.recovery, first_ola.office)


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all the pages of a module, with some special times."""
    world = first_world.copy(tmp_path_factory.mktemp("pages") / "instance")
    change_settings(world.instance, lockers="lockers = 60")
    world.refresh()
    open_special_times(world)
    running = serve(world)
    yield running
    running.kill()


@pytest.fixture
def vera(office: Server) -> Visitor:
    return Visitor(office.url)
