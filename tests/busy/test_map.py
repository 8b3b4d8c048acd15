from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.busy.map import CELL, SIZE, WEEKS, BusyMap

FIRST = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
MINUTES = WEEKS * 7 * 24 * 60

#: Around the map too, and dense enough that spans touch.
minutes = st.one_of(
    st.integers(-300, 900), st.integers(MINUTES - 900, MINUTES + 300), st.integers(-5000, MINUTES + 5000)
)
spans = st.tuples(minutes, st.integers(-30, 3000))


def at(minute: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minute)


def rounded(starts: int, length: int) -> range:
    """The minutes of all cells that a span touches."""
    return range(starts // 5 * 5, -(-(starts + length) // 5) * 5) if length > 0 else range(0)


@given(st.lists(spans, max_size=12), st.lists(spans, min_size=1, max_size=12))
def test_a_map_says_what_a_list_of_minutes_says(marked: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    found, brute = BusyMap.blank(FIRST), set()
    for starts, length in marked:
        found.mark(at(starts), at(starts + length))
        brute.update(minute for minute in rounded(starts, length) if 0 <= minute < MINUTES)
    for starts, length in asked:
        is_busy = not brute.isdisjoint(rounded(starts, length))
        assert found.is_busy(at(starts), at(starts + length)) == is_busy
    told = {minute for starts, ends in found.spans() for minute in range(whole(starts), whole(ends))}
    assert told == brute
    assert BusyMap.from_bytes(FIRST, found.to_bytes()) == found


@given(st.lists(spans, max_size=12), st.lists(spans, max_size=12), st.lists(spans, max_size=4))
def test_what_is_cleared_is_free_and_nothing_else_changes(
    marked: list[tuple[int, int]], cleared: list[tuple[int, int]], again: list[tuple[int, int]]
) -> None:
    found, brute = BusyMap.blank(FIRST), set()
    for spans_, act, change in (
        (marked, found.mark, brute.update),
        (cleared, found.clear, brute.difference_update),
        (again, found.mark, brute.update),
    ):
        for starts, length in spans_:
            act(at(starts), at(starts + length))
            change(minute for minute in rounded(starts, length) if 0 <= minute < MINUTES)
    told = {minute for starts, ends in found.spans() for minute in range(whole(starts), whole(ends))}
    assert told == brute
    assert BusyMap.from_bytes(FIRST, found.to_bytes()) == found


def whole(moment: datetime) -> int:
    return (moment - MIDNIGHT) // timedelta(minutes=1)


@given(st.lists(spans, max_size=20))
def test_spans_come_in_order_and_never_touch(marked: list[tuple[int, int]]) -> None:
    found = BusyMap.blank(FIRST)
    for starts, length in marked:
        found.mark(at(starts), at(starts + length))
    ends = [moment for span in found.spans() for moment in span]
    assert ends == sorted(set(ends))


def test_an_empty_map_and_a_full_one_weigh_the_same() -> None:
    empty, full = BusyMap.blank(FIRST), BusyMap.blank(FIRST)
    full.mark(at(-1), at(MINUTES + 1))
    assert len(empty.to_bytes()) == len(full.to_bytes()) == SIZE == 7056
    assert full.to_bytes() == b"\xff" * SIZE
    assert list(full.spans()) == [(full.starts, full.ends)] == [(MIDNIGHT, MIDNIGHT + timedelta(weeks=28))]


def test_seconds_fill_their_cell() -> None:
    found = BusyMap.blank(FIRST)
    found.mark(at(4) + timedelta(seconds=59), at(5) + timedelta(seconds=1))
    assert list(found.spans()) == [(at(0), at(0) + 2 * CELL)]


def test_what_takes_no_time_is_not_busy() -> None:
    found = BusyMap.blank(FIRST)
    found.mark(at(7), at(7))
    found.mark(at(60), at(7))
    assert list(found.spans()) == []
    found.mark(at(0), at(60))
    assert not found.is_busy(at(7), at(7))


def test_other_zones_are_the_same_moments() -> None:
    found = BusyMap.blank(FIRST)
    found.mark(datetime.fromisoformat("2026-03-02T09:00:00+05:45"), datetime.fromisoformat("2026-03-02T09:30:00+05:45"))
    assert list(found.spans()) == [(at(195), at(225))]


def test_bytes_of_another_length_are_no_map() -> None:
    with pytest.raises(ValueError, match="7056"):
        BusyMap.from_bytes(FIRST, b"\0" * (SIZE - 1))
