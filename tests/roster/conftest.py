from pathlib import Path

import pytest

from portal.sealing import keys
from tests.roster.staff_cast import FIXTURES, Crowd, Office, make_settings


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(make_settings(tmp_path), keys.new_private())


@pytest.fixture
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture
def crowd() -> Crowd:
    """A plain roster of any size, everybody on Staff in Physics."""

    def make(count: int, heading: str = "Work Email,Constituency,Department", rest: str = "Staff,Physics") -> str:
        return "\n".join([heading, *(f"person{number}@example.org,{rest}" for number in range(count))])

    return make
