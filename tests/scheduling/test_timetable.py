"""The times that hours make: pauses, limits and shares, dates of their own, and what never depends on a booking."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.scheduling.rules import ALL, NOWHERE, Kind, Mode, Practice, WeeklyRange
from portal.scheduling.timetable import Time, Timetable, Why, spread, times, without_places
from portal.scheduling.walls import MIDNIGHT

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 6, 1)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MILL, BARN = b"the-old-mill-16b", b"the-old-barn-16b"
PRACTICE = Practice(60, tuple(Mode), without_code=ALL, place=MILL)
NINE_TO_FIVE = tuple(WeeklyRange(day, time(9), time(17)) for day in range(5))

pytestmark = pytest.mark.usefixtures("server_zone")


def table(*ranges: WeeklyRange, special: dict[date, list[WeeklyRange]] | None = None, **practice: object) -> Timetable:
    return Timetable(ranges or NINE_TO_FIVE, replace(PRACTICE, **practice), AMSTERDAM, special or {})


def opened(found: list[Time]) -> list[Time]:
    return [each for each in found if each.why is None]


def clocks(found: list[Time]) -> list[str]:
    return [f"{each.starts.astimezone(AMSTERDAM):%H:%M}" for each in opened(found)]


def test_a_pause_keeps_visitors_from_meeting_at_the_door() -> None:
    found = times(table(buffer=15), MONDAY, 1)
    assert clocks(found) == ["09:00", "10:15", "11:30", "12:45", "14:00", "15:15"]


def test_a_range_of_other_ways_begins_after_the_pause_too() -> None:
    by_phone = WeeklyRange(0, time(12), time(14), (Mode.phone,))
    found = times(table(WeeklyRange(0, time(9), time(12)), by_phone, buffer=30), MONDAY, 1)
    assert clocks(found) == ["09:00", "10:30", "12:00"]
    assert [each.modes for each in found] == [tuple(Mode), tuple(Mode), (Mode.phone,)]


def test_where_ways_overlap_the_earlier_time_stands_and_nothing_is_offered_twice() -> None:
    found = times(
        table(WeeklyRange(0, time(9), time(11)), WeeklyRange(0, time(10), time(12), (Mode.video,))), MONDAY, 1
    )
    assert clocks(found) == ["09:00", "10:00", "11:00"]
    assert [each.modes for each in found] == [tuple(Mode), tuple(Mode), (Mode.video,)]


def test_a_range_has_its_own_place_and_a_phone_call_none() -> None:
    away = WeeklyRange(0, time(9), time(10), place=BARN)
    called = WeeklyRange(0, time(11), time(12), (Mode.phone,))
    found = times(table(away, WeeklyRange(0, time(10), time(11)), called), MONDAY, 1)
    assert [each.place for each in found] == [BARN, MILL, NOWHERE]


def test_no_more_than_so_many_a_day_are_open_and_they_are_spread_over_it() -> None:
    found = times(table(a_day=3), MONDAY, 1)
    assert clocks(found) == ["11:00", "14:00", "16:00"]
    assert Counter(each.why for each in found) == {None: 3, Why.a_day: 5}


def test_half_a_week_is_every_second_time() -> None:
    found = times(table(online=50), MONDAY, 7)
    assert len(found) == 40
    assert len(opened(found)) == 20
    assert {each.why for each in found} == {None, Why.online}


def test_a_quarter_of_what_is_open_needs_no_code() -> None:
    found = opened(times(table(online=50, without_code=25), MONDAY, 7))
    assert Counter(each.proof_needed for each in found) == {True: 15, False: 5}


def test_nothing_without_a_code_means_nothing() -> None:
    assert all(each.proof_needed for each in times(table(without_code=0), MONDAY, 7))


def test_a_date_of_its_own_replaces_the_usual_hours_and_a_closed_one_has_none() -> None:
    special = {MONDAY: [WeeklyRange(0, time(18), time(20))], MONDAY + DAY: []}
    assert clocks(times(table(special=special), MONDAY, 2)) == ["18:00", "19:00"]


def test_a_holiday_is_closed_unless_its_date_has_hours_of_its_own() -> None:
    holidays = frozenset({MONDAY, MONDAY + DAY})
    special = {MONDAY + DAY: [WeeklyRange(1, time(9), time(10))]}
    found = times(replace(table(special=special), holidays=holidays), MONDAY, 2)
    assert [each.starts.astimezone(AMSTERDAM).date() for each in found] == [MONDAY + DAY]


def test_phone_hours_and_an_open_door_make_no_appointments() -> None:
    calls = WeeklyRange(0, time(12), time(13), kind=Kind.calls)
    door = WeeklyRange(0, time(16), time(17), kind=Kind.drop_in)
    found = table(calls, door)
    assert times(found, MONDAY, 7) == []
    assert found.spans_on(MONDAY, Kind.calls) == [
        (datetime(2026, 6, 1, 10, tzinfo=UTC), datetime(2026, 6, 1, 11, tzinfo=UTC))
    ]


def test_nobody_is_met_where_a_colleague_is() -> None:
    found = times(table(WeeklyRange(0, time(9), time(12))), MONDAY, 1)
    used = {MILL: [found[1].span]}
    changed = list(without_places(found, used, 0 * MINUTE))
    assert [Mode.in_person in each.modes for each in changed] == [True, False, True]
    assert [each.place for each in changed] == [MILL, NOWHERE, MILL]
    assert [Mode.in_person in each.modes for each in without_places(found, used, 15 * MINUTE)] == [False] * 3


def test_a_time_that_is_only_in_person_is_not_opened_where_a_colleague_is() -> None:
    found = times(table(WeeklyRange(0, time(9), time(10), (Mode.in_person,))), MONDAY, 1)
    assert [each.why for each in without_places(found, {MILL: [found[0].span]}, 0 * MINUTE)] == [Why.place]


clock = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
# Sundays stay free: an opening without any pause has no first moment to count from.
some_ranges = st.lists(
    st.builds(
        WeeklyRange,
        st.integers(0, 5),
        clock,
        st.just(MIDNIGHT) | clock,
        st.sampled_from([tuple(Mode), (Mode.phone,), (Mode.video, Mode.in_person)]),
        st.sampled_from([NOWHERE, BARN]),
    ),
    max_size=5,
)
practices = st.builds(
    Practice,
    st.sampled_from([30, 50, 60]),
    st.just(tuple(Mode)),
    without_code=st.sampled_from([0, 25, 50, 100]),
    place=st.just(MILL),
    buffer=st.sampled_from([0, 10, 15]),
    a_day=st.sampled_from([0, 1, 3, 8]),
    online=st.sampled_from([25, 50, 75, 100]),
)
zones = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]).map(ZoneInfo)
tables = st.builds(Timetable, some_ranges, practices, zones)
firsts = st.dates(date(2026, 1, 1), date(2026, 12, 1))


@given(tables, firsts)
@settings(max_examples=60, deadline=None)
def test_two_visitors_never_meet_whatever_the_hours(made: Timetable, first: date) -> None:
    found = times(made, first, 7)
    pause = made.practice.buffer * MINUTE
    assert all(one.span[1] + pause <= other.starts for one, other in pairwise(found))


@given(tables, firsts, st.integers(1, 8), st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_days_asked_for_apart_are_the_days_asked_for_together(
    made: Timetable, first: date, some: int, more: int
) -> None:
    """The daily job asks anew each day; what it opened yesterday must be what it finds today."""
    assert times(made, first, some) + times(made, first + some * DAY, more) == times(made, first, some + more)


@given(tables, firsts)
@settings(max_examples=60, deadline=None)
def test_no_day_and_no_week_has_more_than_its_share(made: Timetable, first: date) -> None:
    monday = first - first.weekday() * DAY
    found = times(made, monday, 7)
    by_day = Counter(each.starts.astimezone(made.zone).date() for each in opened(found))
    assert all(count <= (made.practice.a_day or count) for count in by_day.values())
    within = [each for each in found if each.why is not Why.a_day]
    assert len(opened(found)) == -(-len(within) * made.practice.online // ALL)
    free = [each for each in opened(found) if not each.proof_needed]
    assert len(free) == -(-len(opened(found)) * made.practice.without_code // ALL)


@given(st.integers(1, 60), st.integers(0, 60))
def test_what_is_kept_of_many_is_spread_evenly(count: int, keep: int) -> None:
    kept = spread(count, keep)
    assert sum(kept) == min(count, keep)
    gaps = [b - a for a, b in pairwise(n for n, is_kept in enumerate(kept) if is_kept)]
    assert not gaps or max(gaps) - min(gaps) <= 1
