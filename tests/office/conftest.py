from pathlib import Path

import pytest

from portal import config, migrations, setup
from portal.config import Settings
from portal.db import Stores, open_stores
from portal.office.rules import Kit
from tests.office.joining import Joined, join


@pytest.fixture(scope="session")
def first_office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Joined]:
    """An office that Ola alone has joined; made once, because joining costs a passphrase's derivation."""
    folder = tmp_path_factory.mktemp("joined") / "instance"
    setup.make_office(folder, name="Office", zone="UTC", address="http://localhost:8000")
    return folder, join(open_stores(folder), config.load(folder), "Ola Brandt")


@pytest.fixture
def settings(first_office: tuple[Path, Joined]) -> Settings:
    return config.load(first_office[0])


@pytest.fixture
def empty(tmp_path: Path) -> Stores:
    """Stores of an office that nobody has joined."""
    migrations.upgrade(tmp_path)
    return open_stores(tmp_path)


@pytest.fixture
def stores(first_office: tuple[Path, Joined], tmp_path: Path) -> Stores:
    """A copy of Ola's office."""
    for path in first_office[0].glob("*.db"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return open_stores(tmp_path)


@pytest.fixture
def ola(first_office: tuple[Path, Joined]) -> Joined:
    return first_office[1]


@pytest.fixture
def kit(ola: Joined) -> Kit:
    return ola.kit
