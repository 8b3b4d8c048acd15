import pytest

from portal.office.rules import DeskKeys, desk_keys
from tests.cast import World


@pytest.fixture
def own(world: World) -> DeskKeys:
    """Ola's keys, but for the office's."""
    return desk_keys(world.ombuds, world.kit.recovery, None)
