import pytest

from portal.office.rules import DeskKeys, desk_keys
from tests.cast import World


@pytest.fixture(scope="session")
def first_ola(first_world: World) -> DeskKeys:
    """Ola's keys with the office key, as a sign-in opens them; made once, because it costs a derivation."""
    return first_world.desk_keys()


@pytest.fixture
def ola(world: World, first_ola: DeskKeys) -> DeskKeys:
    return desk_keys(world.ombuds, world.kit.recovery, first_ola.office)


@pytest.fixture
def own(world: World) -> DeskKeys:
    """Ola's keys, but for the office's."""
    return desk_keys(world.ombuds, world.kit.recovery, None)
