"""The algebra of stretches of time, against a map of minutes that cannot be wrong."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.scheduling import spans
from portal.scheduling.spans import Span

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 29, tzinfo=UTC)
LENGTH = 120


def at(minute: int) -> datetime:
    return START + minute * MINUTE


minutes = st.integers(0, LENGTH)
some_spans = st.lists(st.tuples(minutes, minutes).map(lambda pair: (at(pair[0]), at(pair[1]))), max_size=8)


def minute_map(found: list[Span]) -> set[int]:
    """Every minute that lies in one of the spans, asked one by one."""
    return {minute for minute in range(-LENGTH, 2 * LENGTH) if any(a <= at(minute) < b for a, b in found)}


def is_tidy(found: list[Span]) -> bool:
    """In order, none empty, none touching the next."""
    return all(a < b for a, b in found) and all(one[1] < other[0] for one, other in pairwise(found))


@given(some_spans)
def test_merged_spans_are_the_same_minutes(found: list[Span]) -> None:
    merged = spans.merge(found)
    assert minute_map(merged) == minute_map(found)
    assert is_tidy(merged)


@given(some_spans, st.integers(0, 30))
def test_a_wider_span_has_the_minutes_around_it_too(found: list[Span], margin: int) -> None:
    wide = spans.widen([each for each in found if each[0] < each[1]], margin * MINUTE)
    wanted = {minute + n for minute in minute_map(found) for n in range(-margin, margin + 1)}
    assert minute_map(wide) == wanted


@given(st.tuples(minutes, minutes), some_spans)
def test_a_span_hits_others_when_they_share_a_minute(pair: tuple[int, int], others: list[Span]) -> None:
    span = at(min(pair)), at(max(pair))
    shares = bool(minute_map([span]) & minute_map(others))
    assert spans.hits(span, spans.merge(others)) == shares
    assert spans.overlaps(span, spans.merge(others)) == shares or span[0] == span[1]


@given(st.tuples(minutes, minutes), st.integers(1, 45), st.integers(0, 20))
def test_as_many_stretches_are_walked_as_fit_with_their_pauses(pair: tuple[int, int], length: int, pause: int) -> None:
    first, last = min(pair), max(pair)
    found = spans.walk((at(first), at(last)), length * MINUTE, (length + pause) * MINUTE)
    wanted, minute = [], first
    while minute + length <= last:
        wanted.append(at(minute))
        minute += length + pause
    assert found == wanted


@pytest.mark.parametrize("empty", [(at(5), at(5)), (at(9), at(5))])
def test_a_span_without_length_is_no_time(empty: Span) -> None:
    assert spans.merge([empty]) == []
    assert not spans.hits(empty, [(at(0), at(10))])
