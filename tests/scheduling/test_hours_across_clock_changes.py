"""Hours on the wall across clock changes; a number in a name is that of a known mistake of other portals."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.scheduling.rules import WeeklyRange, is_offerable
from portal.scheduling.spans import merge
from portal.scheduling.walls import MIDNIGHT
from tests.scheduling.calendar_cast import starts_within

CHICAGO = ZoneInfo("America/Chicago")
LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
SUNDAY, MONDAY, TUESDAY = 6, 0, 1
EVERY_DAY = range(7)

pytestmark = pytest.mark.usefixtures("server_zone")


def daily(starts: str, ends: str) -> list[WeeklyRange]:
    return [weekly(weekday, starts, ends) for weekday in EVERY_DAY]


def weekly(weekday: int, starts: str, ends: str) -> WeeklyRange:
    return WeeklyRange(weekday, time.fromisoformat(starts), time.fromisoformat(ends))


def shown(starts: list[datetime], zone: ZoneInfo, pattern: str = "%H:%M") -> list[str]:
    return [f"{start.astimezone(zone):{pattern}}" for start in starts]


def test_1_nine_in_the_morning_stays_nine_through_a_month_with_a_change() -> None:
    starts = starts_within(daily("09:00", "10:00"), 60, NEW_YORK, date(2023, 11, 1), 30)
    assert shown(starts, NEW_YORK) == ["09:00"] * 30
    assert starts[3].hour == 13
    assert starts[4].hour == 14


@pytest.mark.parametrize("day", [date(2023, 3, 12), date(2023, 11, 5)], ids=["spring", "autumn"])
def test_3_the_only_half_hour_of_the_week_is_where_it_was_on_the_day_of_the_change(day: date) -> None:
    starts = starts_within([weekly(SUNDAY, "12:30", "13:00")], 30, NEW_YORK, day, 7)
    assert shown(starts, NEW_YORK, "%m-%d %H:%M") == [f"{day:%m-%d} 12:30"]


@pytest.mark.parametrize("days_of_notice", [6, 7, 8])
def test_4_notice_that_ends_on_the_day_of_the_change_moves_no_time(days_of_notice: int) -> None:
    now = datetime(2023, 10, 29, 13, 0, tzinfo=UTC)
    starts = starts_within(daily("12:00", "13:00"), 60, NEW_YORK, date(2023, 10, 29), 20)
    offered = [start for start in starts if is_offerable(start, now, days_of_notice * 24)]
    assert shown(offered, NEW_YORK) == ["12:00"] * (20 - days_of_notice)


def test_5_a_sunday_afternoon_in_spring_begins_at_three_and_not_at_four() -> None:
    starts = starts_within([weekly(SUNDAY, "15:00", "16:30")], 60, CHICAGO, date(2025, 3, 9), 1)
    assert starts == [datetime(2025, 3, 9, 20, 0, tzinfo=UTC)]


def test_7_the_night_that_is_an_hour_longer_has_one_time_more_and_both_one_oclocks() -> None:
    starts = starts_within([weekly(SUNDAY, "00:00", "06:00")], 60, CHICAGO, date(2026, 11, 1), 1)
    assert shown(starts, CHICAGO) == ["00:00", "01:00", "01:00", "02:00", "03:00", "04:00", "05:00"]
    assert len(set(starts)) == 7


def test_7_times_that_the_clocks_skip_are_never_offered() -> None:
    starts = starts_within([weekly(SUNDAY, "00:00", "06:00")], 30, CHICAGO, date(2026, 3, 8), 1)
    assert not {"02:00", "02:30"} & set(shown(starts, CHICAGO))
    assert len(starts) == 10


def test_hours_that_lie_wholly_in_the_skipped_hour_offer_nothing() -> None:
    assert starts_within([weekly(SUNDAY, "02:00", "03:00")], 30, CHICAGO, date(2026, 3, 8), 1) == []


def test_hours_that_begin_in_the_skipped_hour_begin_after_it() -> None:
    starts = starts_within([weekly(SUNDAY, "02:30", "04:00")], 30, CHICAGO, date(2026, 3, 8), 1)
    assert shown(starts, CHICAGO) == ["03:00", "03:30"]


def test_an_evening_ends_at_midnight_where_the_clocks_skip_midnight() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    starts = starts_within([weekly(3, "22:00", "00:00")], 60, cairo, date(2026, 4, 23), 2)
    assert shown(starts, cairo, "%d %H:%M") == ["23 22:00", "23 23:00"]


def test_8_a_tuesday_evening_stays_seven_when_summer_ends() -> None:
    starts = starts_within([weekly(TUESDAY, "19:00", "20:00")], 60, LONDON, date(2026, 10, 13), 28)
    assert shown(starts, LONDON, "%a %H:%M") == ["Tue 19:00"] * 4
    assert [start.hour for start in starts] == [18, 18, 19, 19]


def test_8_half_past_midnight_on_mondays_stays_on_mondays() -> None:
    starts = starts_within([weekly(MONDAY, "00:30", "01:30")], 60, LONDON, date(2026, 10, 12), 28)
    assert shown(starts, LONDON, "%a %H:%M") == ["Mon 00:30"] * 4


@pytest.mark.parametrize("name", ["Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"])
def test_11_times_follow_the_local_hour_where_offsets_are_not_whole_hours(name: str) -> None:
    zone = ZoneInfo(name)
    starts = starts_within([weekly(MONDAY, "08:00", "12:00")], 60, zone, date(2026, 6, 1), 1)
    assert shown(starts, zone) == ["08:00", "09:00", "10:00", "11:00"]


def test_13_hours_that_run_overnight_go_on_after_midnight() -> None:
    starts = starts_within([weekly(MONDAY, "22:30", "02:00")], 30, LONDON, date(2026, 6, 1), 2)
    assert shown(starts, LONDON, "%a %H:%M") == [
        "Mon 22:30", "Mon 23:00", "Mon 23:30", "Tue 00:00", "Tue 00:30", "Tue 01:00", "Tue 01:30",
    ]  # fmt: skip


def test_the_second_half_of_a_night_belongs_to_the_day_it_is_on() -> None:
    starts = starts_within([weekly(MONDAY, "22:30", "02:00")], 60, LONDON, date(2026, 6, 2), 1)
    assert shown(starts, LONDON, "%a %H:%M") == ["Tue 00:30"]


def test_13_an_end_of_midnight_is_the_end_of_the_day() -> None:
    starts = starts_within([weekly(MONDAY, "22:00", "00:00")], 60, LONDON, date(2026, 6, 1), 7)
    assert shown(starts, LONDON, "%a %H:%M") == ["Mon 22:00", "Mon 23:00"]


def test_an_evening_and_the_night_after_it_are_one_opening() -> None:
    hours = [weekly(MONDAY, "22:30", "00:00"), weekly(TUESDAY, "00:00", "01:30")]
    starts = starts_within(hours, 60, LONDON, date(2026, 6, 1), 2)
    assert shown(starts, LONDON) == ["22:30", "23:30", "00:30"]


def test_hours_without_length_offer_nothing() -> None:
    assert starts_within([weekly(MONDAY, "09:00", "09:00")], 30, LONDON, date(2026, 6, 1), 7) == []


def test_16_a_rule_made_in_winter_means_the_clock_on_the_wall_in_summer() -> None:
    hours = [weekly(MONDAY, "09:00", "10:00")]
    winter, summer = (starts_within(hours, 60, LONDON, day, 1) for day in (date(2026, 1, 5), date(2026, 7, 6)))
    assert shown(winter + summer, LONDON) == ["09:00", "09:00"]
    assert (winter[0].hour, summer[0].hour) == (9, 8)


def test_ranges_that_overlap_offer_no_time_twice() -> None:
    hours = [weekly(MONDAY, "09:00", "12:00"), weekly(MONDAY, "10:30", "14:00")]
    starts = starts_within(hours, 60, LONDON, date(2026, 6, 1), 1)
    assert shown(starts, LONDON) == ["09:00", "10:00", "11:00", "12:00", "13:00"]


times = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
# Sundays stay free: an opening without any pause has no first moment to count from.
ranges = st.lists(st.builds(WeeklyRange, st.integers(0, 5), times, st.just(MIDNIGHT) | times), max_size=6)
zones = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"])
firsts = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def is_open(instant: datetime, hours: list[WeeklyRange], zone: ZoneInfo) -> bool:
    wall = instant.astimezone(zone).replace(tzinfo=None)
    days = (wall.date(), wall.date() - timedelta(days=1))
    spans = [each.on(day) for day in days for each in hours if each.weekday == day.weekday()]
    return any(starts <= wall < ends for starts, ends in spans)


@settings(deadline=None)
@given(ranges, zones, firsts, st.sampled_from([30, 50]))
def test_an_ombuds_is_there_in_every_minute_of_every_time(
    hours: list[WeeklyRange], name: str, first: date, minutes: int
) -> None:
    zone = ZoneInfo(name)
    starts = starts_within(hours, minutes, zone, first, 3)
    assert all(is_open(start + timedelta(minutes=n), hours, zone) for start in starts for n in range(0, minutes, 5))
    assert all(later - earlier >= timedelta(minutes=minutes) for earlier, later in pairwise(starts))


@settings(deadline=None)
@given(ranges, zones, firsts, st.integers(1, 10), st.integers(1, 10))
def test_it_does_not_matter_from_which_day_one_looks(
    hours: list[WeeklyRange], name: str, first: date, some: int, more: int
) -> None:
    zone = ZoneInfo(name)
    whole = starts_within(hours, 50, zone, first, some + more)
    later = first + timedelta(days=some)
    assert starts_within(hours, 50, zone, first, some) + starts_within(hours, 50, zone, later, more) == whole


instants = st.integers(0, 300).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
spans = st.lists(st.tuples(instants, instants), max_size=8)


def minutes_of(spans: list[tuple[datetime, datetime]]) -> set[datetime]:
    return {
        start + timedelta(minutes=n) for start, end in spans for n in range(int((end - start).total_seconds()) // 60)
    }


@settings(deadline=None)
@given(spans)
def test_merging_keeps_every_minute_and_leaves_gaps_between(spans: list[tuple[datetime, datetime]]) -> None:
    merged = merge(spans)
    assert minutes_of(merged) == minutes_of(spans)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(merged))
