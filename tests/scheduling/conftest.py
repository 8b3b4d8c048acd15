import os
import time as clocks
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import Settings
from portal.db import Store
from portal.scheduling import opening
from portal.scheduling.rules import Offer
from portal.volatile import Publication
from tests.scheduling.calendar_cast import MILL, MONDAY, MORNINGS, OLA, PRACTICE, make_settings, new_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture
def desk_store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


@pytest.fixture
def opened(desk_store: Store, settings: Settings) -> Store:
    """A store in which Ola meets people on the mornings of two weeks."""
    with desk_store.writing() as desk:
        opening.put_place(desk, MILL)
        opening.set_hours(desk, OLA, MORNINGS, PRACTICE)
        opening.open_slots(desk, settings, MONDAY)
    return desk_store


@pytest.fixture
def publication() -> Publication[Offer]:
    return Publication()


@pytest.fixture(params=["UTC", "Asia/Kolkata", "America/Los_Angeles"])
def server_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The zone the server happens to run in; it must not matter."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clocks.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    clocks.tzset()
