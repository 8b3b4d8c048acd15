"""The table of a quarter: one length whatever is in it, and nobody but the office's ombuds writes it."""

import os
from typing import Any

import pytest

from portal.errors import CannotOpen
from portal.reporting import quarter
from portal.reporting.categories import CATEGORIES, CODES
from portal.reporting.quarter import (
    MOST_VALUES,
    BelowZero,
    Mark,
    Table,
    UnknownValue,
    add,
    between,
    correct,
    open_in,
    quarter_of,
    upgraded,
)
from portal.reporting.rules import ATTRIBUTES, BY_CONSTITUENCY, CONTACT_CONSTITUENCY, Line, kept
from portal.sealing import box
from portal.sealing.keys import PRIVATE_SIZE, new_private, public_of
from portal.sealing.places import Place
from tests.reporting.closing import AUTUMN, TOMAS, VERA, WINTER

OFFICE = os.urandom(PRIVATE_SIZE)
LONG = 'é"' * 60


def _full() -> Table:
    """More values than any office has, each as long as a value can be, with numbers as high as they go."""
    free = (*ATTRIBUTES, CONTACT_CONSTITUENCY)
    lines = [Line(name, f"{number}{LONG}", 10**12) for name in free for number in range(2 * MOST_VALUES)]
    lines += [Line(BY_CONSTITUENCY, f"{each}/{number}{LONG}", 10**12) for each in CATEGORIES for number in range(60)]
    lines += [Line("concern", code, 10**12) for code in (*CATEGORIES, *CODES)]
    months = {f"2026-{month}": 10**6 for month in (10, 11, 12)}
    marks = {os.urandom(16): Mark(os.urandom(8), 10**6, months) for _ in range(64)}
    return add(Table(marks=marks, version=10**6), lines)


def test_a_table_comes_back_as_it_was() -> None:
    before = add(Table(version=4, marks={b"o" * 16: Mark(b"s" * 8, 7, {"2026-11": 5})}), kept(VERA))
    assert quarter.read(quarter.write(before, OFFICE, AUTUMN), OFFICE, AUTUMN) == before


def test_a_box_has_one_length() -> None:
    tables = Table(), add(Table(), kept(VERA)), _full()
    assert len({len(quarter.write(each, OFFICE, AUTUMN)) for each in tables}) == 1


def test_values_beyond_the_room_of_their_dimension_become_other() -> None:
    found = _full()
    units = found.values("unit")
    assert len(units) == MOST_VALUES + 1
    assert units["other"] == 10**9 - 1
    assert found.values(BY_CONSTITUENCY)["9/other"] > 0
    counted = add(Table(), (Line("unit", f"Unit {number}", 1) for number in range(2 * MOST_VALUES)))
    assert sum(counted.values("unit").values()) == 2 * MOST_VALUES
    assert counted.number("unit", "other") == MOST_VALUES


def test_what_is_unknown_stays_unknown_in_a_full_table() -> None:
    assert add(_full(), [Line("unit", "unknown", 2)]).number("unit", "unknown") == 2


def test_a_number_is_put_right() -> None:
    found = correct(add(Table(), kept(TOMAS)), "constituency", "unknown", -1)
    assert isinstance(found, Table)
    assert found.number("constituency", "unknown") == 1
    assert found.number("constituency", "Faculty") == 1


def test_a_number_never_falls_below_zero() -> None:
    assert correct(add(Table(), kept(TOMAS)), "total", "people", -4) == BelowZero(3)


@pytest.mark.parametrize(("dimension", "value"), [("shoe", "42"), ("concern", "2.z"), ("unit", "Chemistry")])
def test_a_number_that_no_table_has_is_not_put_right(dimension: str, value: str) -> None:
    assert correct(Table(), dimension, value, 1) == UnknownValue()


def test_what_was_forgotten_is_added_by_hand() -> None:
    found = correct(Table(), "concern", "2.f", 1)
    assert isinstance(found, Table)
    assert found.number("concern", "2.f") == 1


def test_theo_cannot_write_a_table_with_the_public_key() -> None:
    office = new_private()
    text = box.pad(quarter._text(Table(version=9)), quarter.SIZE)
    forged = box.seal(text, public_of(office), Place("desk", AUTUMN.encode(), "quarter"))
    with pytest.raises(CannotOpen):
        quarter.read(forged, office, AUTUMN)


def test_a_table_does_not_open_in_another_quarter() -> None:
    with pytest.raises(CannotOpen):
        quarter.read(quarter.write(Table(), OFFICE, AUTUMN), OFFICE, WINTER)


def test_an_older_shape_is_brought_up_step_by_step() -> None:
    def renamed(found: dict[str, Any]) -> dict[str, Any]:
        return {"counts": found["numbers"]}

    def doubled(found: dict[str, Any]) -> dict[str, Any]:
        return {"counts": found["counts"] * 2}

    found = upgraded({"schema": 1, "numbers": 4}, 3, {1: renamed, 2: doubled})
    assert found == {"schema": 3, "counts": 8}


def test_a_newer_shape_is_left_to_the_newer_portal() -> None:
    with pytest.raises(CannotOpen, match="newer"):
        upgraded({"schema": 2}, 1, {})


@pytest.mark.parametrize(
    ("month", "open_ones"),
    [
        ("2026-10", ("2026-Q3", "2026-Q4")),
        ("2026-11", ("2026-Q4",)),
        ("2026-12", ("2026-Q4",)),
        ("2027-01", ("2026-Q4", "2027-Q1")),
        ("2027-02", ("2027-Q1",)),
    ],
)
def test_a_quarter_is_open_until_the_end_of_the_month_after_it(month: str, open_ones: tuple[str, ...]) -> None:
    assert open_in(month) == open_ones
    assert quarter_of(month) == open_ones[-1]


def test_quarters_follow_each_other_over_new_year() -> None:
    assert between("2026-09", "2027-02") == ["2026-Q3", "2026-Q4", "2027-Q1"]
    assert between("2027-02", "2026-09") == []
