import os

import pytest

from portal.office.rules import DeskKeys, desk_keys
from portal.reporting import service
from tests.cast import World
from tests.reporting.closing import NOVEMBER


@pytest.fixture(scope="session")
def ola(first_world: World) -> DeskKeys:
    """Ola's keys with the office key, as her sign-in opens them; once, because a passphrase costs a second."""
    return first_world.desk_keys()


@pytest.fixture(scope="session")
def colleague(ola: DeskKeys) -> DeskKeys:
    return desk_keys(os.urandom(16), os.urandom(20), ola.office)


@pytest.fixture
def office(world: World, ola: DeskKeys) -> World:
    """Ola has signed in once in November."""
    service.settle_now(world.stores, ola, NOVEMBER)
    return world
