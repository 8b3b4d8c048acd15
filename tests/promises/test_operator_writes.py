"""S16: whoever writes into the stores opens nothing by it, and what concerns a sealed matter is noticed."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pytest

from portal.db import BASES
from tests.promises import forged
from tests.promises.attacked_office import Office
from tests.promises.operator_columns import EVERY, NOTICED, NUISANCE, PUT_RIGHT, outcomes
from tests.promises.operator_hand import Attack, columns, value

pytestmark = pytest.mark.xdist_group("operator")
KNOWN = NOTICED | PUT_RIGHT | NUISANCE


@pytest.fixture
def office(lived: Office) -> Office:
    return lived


@pytest.fixture(scope="module")
def made(lived: Office) -> Mapping[str, tuple[Attack, ...]]:
    return {column: tuple(map(value, found)) for column, found in forged.values(lived).items()}


def test_every_column_of_every_store_is_judged(office: Office) -> None:
    """A new column, or a table without a row to write into, must be thought about here."""
    found = columns(office.now)
    assert {str(column) for column in found} == KNOWN.keys()
    assert {column.table for column in found} == {name for base in BASES.values() for name in base.metadata.tables}
    for column in found:
        with closing(sqlite3.connect(office.now / column.file)) as store:
            assert store.execute(f"SELECT count(*) FROM {column.table}").fetchone() > (0,), column  # noqa: S608


def test_untouched_everything_opens_and_nobody_is_told_anything(office: Office) -> None:
    office.reset()
    found = office.outcome(visits=True)
    assert (found.noticed, found.broken) == (set(), [])
    # Vera, Tomás and Mei twice, and for Ola those two and somebody who came meanwhile.
    assert len(found.opened) == 2 * 3 + 3
    assert all(map(office.is_sealed, found.opened))


@pytest.mark.parametrize("name", NOTICED)
def test_what_is_written_over_a_sealed_matter_opens_nothing_and_is_noticed(
    name: str, office: Office, made: Mapping[str, tuple[Attack, ...]]
) -> None:
    tried = list(outcomes(office, name, (*EVERY, *made.get(name, ()))))
    assert len(tried) > 1
    assert [found.noticed for found in tried if not found.noticed] == []


@pytest.mark.parametrize("name", PUT_RIGHT)
def test_what_is_not_noticed_is_put_right_at_the_next_sign_in(
    name: str, office: Office, made: Mapping[str, tuple[Attack, ...]]
) -> None:
    tried = 0
    for found in outcomes(office, name, (*EVERY, *made.get(name, ()))):
        tried += 1
        assert found.noticed or (found.veras == office.sealed[-1] and found.row == office.row(office.now))
    assert tried > 1
