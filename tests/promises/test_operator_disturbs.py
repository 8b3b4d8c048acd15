"""S16, the other half: what an operator may write over without notice opens nothing."""

from collections.abc import Mapping

import pytest

from tests.promises import forged
from tests.promises.attacked_office import Office
from tests.promises.operator_columns import NUISANCE, outcomes
from tests.promises.operator_hand import Attack, empty, noise, swap, value


@pytest.fixture
def office(lived: Office) -> Office:
    return lived


@pytest.fixture(scope="module")
def made(lived: Office) -> Mapping[str, tuple[Attack, ...]]:
    return {column: tuple(map(value, found)) for column, found in forged.values(lived).items()}


@pytest.mark.parametrize("name", NUISANCE)
def test_what_an_operator_may_disturb_opens_nothing(
    name: str, office: Office, made: Mapping[str, tuple[Attack, ...]]
) -> None:
    list(outcomes(office, name, (swap, empty, noise, *made.get(name, ()))))
