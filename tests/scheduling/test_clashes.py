"""Hours that say two things at one time are found, over midnight and over Sunday too."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from portal.scheduling.clashes import clashes, is_overnight, runs_of, runs_too_long
from portal.scheduling.rules import Kind, WeeklyRange
from portal.scheduling.walls import MIDNIGHT

MONDAY, SUNDAY = 0, 6
DAY = timedelta(days=1)


def hours(weekday: int, starts: str, ends: str, kind: Kind = Kind.appointments) -> WeeklyRange:
    return WeeklyRange(weekday, time.fromisoformat(starts), time.fromisoformat(ends), kind=kind)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (hours(MONDAY, "09:00", "12:00"), hours(MONDAY, "11:00", "13:00")),
        (hours(MONDAY, "09:00", "12:00"), hours(MONDAY, "09:00", "12:00")),
        (hours(MONDAY, "22:30", "02:00"), hours(1, "01:00", "03:00")),
        (hours(SUNDAY, "22:30", "02:00"), hours(MONDAY, "01:59", "03:00")),
        (hours(MONDAY, "00:00", "00:00"), hours(MONDAY, "23:00", "00:00")),
        (hours(MONDAY, "09:00", "12:00"), hours(MONDAY, "11:00", "13:00", Kind.drop_in)),
    ],
)
def test_hours_that_overlap_are_found_in_either_order(one: WeeklyRange, other: WeeklyRange) -> None:
    assert clashes([one, other]) == clashes([other, one]) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (hours(MONDAY, "09:00", "12:00"), hours(MONDAY, "12:00", "13:00")),
        (hours(SUNDAY, "22:30", "02:00"), hours(MONDAY, "02:00", "03:00")),
        (hours(MONDAY, "09:00", "00:00"), hours(1, "00:00", "09:00")),
        (hours(MONDAY, "09:00", "12:00"), hours(2, "09:00", "12:00")),
        (hours(MONDAY, "09:00", "12:00", Kind.drop_in), hours(MONDAY, "09:00", "12:00", Kind.calls)),
    ],
)
def test_hours_that_touch_and_a_door_beside_a_phone_are_fine(one: WeeklyRange, other: WeeklyRange) -> None:
    assert clashes([one, other]) == clashes([other, one]) == []


def test_only_what_ends_after_midnight_runs_overnight() -> None:
    assert is_overnight(hours(0, "22:30", "02:00"))
    assert not is_overnight(hours(0, "22:30", "00:00"))
    assert not is_overnight(hours(0, "00:00", "00:00"))


def test_nine_to_five_on_a_clock_of_twelve_hours_is_a_slip() -> None:
    assert runs_too_long(hours(0, "09:00", "05:00"))
    assert runs_too_long(hours(0, "12:00", "04:00"))
    assert not runs_too_long(hours(0, "18:00", "08:00"))
    assert not runs_too_long(hours(0, "00:00", "00:00"))


minutes = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
weeks = st.lists(st.builds(WeeklyRange, st.integers(0, 6), minutes, minutes), max_size=5)


@tried(deadline=None)
@given(weeks)
def test_hours_clash_exactly_when_they_share_a_quarter_of_an_hour(week: list[WeeklyRange]) -> None:
    cells = [quarters(each) for each in week]
    sharing = {later for later in range(len(week)) if any(cells[n] & cells[later] for n in range(later))}
    assert {later for _one, later in clashes(week)} == sharing


def quarters(each: WeeklyRange) -> set[int]:
    """The quarters of an hour of a week, counted from Monday's midnight round the ring."""
    first = (each.weekday * 24 + each.starts.hour) * 4 + each.starts.minute // 15
    last = (each.weekday * 24 + each.ends.hour) * 4 + each.ends.minute // 15
    if each.ends == MIDNIGHT or last < first:
        last += 24 * 4
    return {n % (7 * 24 * 4) for n in range(first, last)}


@tried(deadline=None)
@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1))))
def test_stretches_of_days_hold_every_day_once_and_never_touch(days: set[date]) -> None:
    runs = runs_of(sorted(days))
    assert [first + n * DAY for first, last in runs for n in range((last - first).days + 1)] == sorted(days)
    assert all(after[0] - before[1] > DAY for before, after in pairwise(runs))
