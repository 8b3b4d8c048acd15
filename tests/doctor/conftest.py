"""An office at which there is nothing to find, and a machine for it."""

from pathlib import Path

import pytest

from portal.doctor.machine import Machine
from tests.cast import World
from tests.doctor.healthy import complete, quiet


@pytest.fixture(scope="session")
def first_healthy(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = first_world.copy(tmp_path_factory.mktemp("healthy") / "instance")
    complete(world)
    return world


@pytest.fixture
def healthy(first_healthy: World, tmp_path: Path) -> World:
    return first_healthy.copy(tmp_path / "instance")


@pytest.fixture
def on(tmp_path: Path) -> Machine:
    """A machine that is well."""
    return quiet(tmp_path / "zoneinfo")
