"""One day with the real server for every test of what a thief finds; one office for every test of a writing hand."""

import pytest

from portal.seizure.needles import Dictionary
from tests.cast import World
from tests.promises.attacked_history import make_office
from tests.promises.attacked_office import Office
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


@pytest.fixture(scope="session")
def lived(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with a short history, for whoever writes into its stores; `reset` it before each attack."""
    folder = tmp_path_factory.mktemp("operator")
    return make_office(first_world.copy(folder / "instance"), folder)
