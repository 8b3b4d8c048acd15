"""One day with the real server, shared by every test of what a thief finds."""

import pytest

from portal.seizure.needles import Dictionary
from tests.cast import World
from tests.promises.day_of_visits import Day, canaries_of, dictionary_of, live


@pytest.fixture(scope="session")
def day(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Visitors came, returned, cancelled, erased and were refused; Ola signed in; then the server was killed."""
    folder = tmp_path_factory.mktemp("seizure")
    return live(first_world.copy(folder / "instance"), folder)


@pytest.fixture(scope="session")
def dictionary(day: Day) -> Dictionary:
    """Everybody on the staff list, in every disguise."""
    return Dictionary(lambda: dictionary_of(day))


@pytest.fixture(scope="session")
def canaries(day: Day) -> Dictionary:
    """What was typed, shown or kept."""
    return Dictionary(lambda: canaries_of(day))
