"""The same times seen from elsewhere: known mistakes of other portals, and none of them here.

A number in a name is that of the case; the others are in `test_hours_across_clock_changes` and
`test_hours_seen_from_elsewhere`.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import language
from portal.scheduling.rules import Mode, Offer, WeeklyRange, by_day, by_week
from tests.scheduling.calendar_cast import OLA, starts_within

pytestmark = pytest.mark.usefixtures("server_zone")
NINE_TO_FIVE = [WeeklyRange(day, time(9), time(17)) for day in range(5)]


def offers_of(starts: list[datetime]) -> list[Offer]:
    return [
        Offer(str(start).encode(), OLA, "Ola", start, 60, (Mode.video,), proof_needed=False, closes=start)
        for start in starts
    ]


def open_at(office: str, first: date, days: int, hours: list[WeeklyRange] | None = None) -> list[Offer]:
    return offers_of(starts_within(hours or NINE_TO_FIVE, 60, ZoneInfo(office), first, days))


def shown(offers: list[Offer], zone: str) -> dict[str, list[str]]:
    """The list as a visitor reads it."""
    here = ZoneInfo(zone)
    return {
        language.day(day, here): [language.clock(offer.starts, here) for offer in of_day]
        for day, of_day in by_day(offers, here)
    }


def daily(starts: str, ends: str) -> list[WeeklyRange]:
    return [WeeklyRange(day, time.fromisoformat(starts), time.fromisoformat(ends)) for day in range(7)]


def test_6_going_to_another_zone_and_back_shows_the_first_list_again() -> None:
    """Looked at before the clocks change, of days after."""
    offers = open_at("Europe/London", date(2026, 10, 26), 5)

    before = shown(offers, "Europe/Paris")

    assert shown(offers, "Europe/Sarajevo") == before
    assert shown(offers, "Europe/Paris") == before
    assert before["Monday 26 October"][0] == "10:00"


def test_7_an_hour_that_comes_twice_is_told_apart_and_one_that_never_comes_is_not_shown() -> None:
    night = daily("00:00", "06:00")

    back = shown(open_at("America/Chicago", date(2026, 11, 1), 1, night), "America/Chicago")
    forward = shown(open_at("America/Chicago", date(2026, 3, 8), 1, night), "America/Chicago")

    assert back == {"Sunday 1 November": ["00:00", "first 01:00", "second 01:00", "02:00", "03:00", "04:00", "05:00"]}
    assert forward == {"Sunday 8 March": ["00:00", "01:00", "03:00", "04:00", "05:00"]}


def test_7_the_clock_that_is_shown_decides_and_not_the_office_s() -> None:
    """While Chicago has its night of 25 hours, it is a plain morning in Berlin; a week before, the other way round."""
    offers = offers_of([datetime(2026, 11, 1, hour, tzinfo=UTC) for hour in (6, 7)])
    a_week_before = offers_of([datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1)])

    assert shown(offers, "Europe/Berlin") == {"Sunday 1 November": ["07:00", "08:00"]}
    assert shown(a_week_before, "Europe/Berlin") == {"Sunday 25 October": ["first 02:00", "second 02:00"]}
    assert shown(a_week_before, "America/Chicago") == {"Saturday 24 October": ["19:00", "20:00"]}


def test_7_where_the_clocks_go_back_by_half_an_hour_both_are_told_apart() -> None:
    offers = offers_of([datetime(2026, 4, 4, 14, 45, tzinfo=UTC), datetime(2026, 4, 4, 15, 15, tzinfo=UTC)])

    assert shown(offers, "Australia/Lord_Howe") == {"Sunday 5 April": ["first 01:45", "second 01:45"]}


@pytest.mark.parametrize(
    ("office", "visitor"),
    [
        ("America/Toronto", "America/Vancouver"),
        ("Pacific/Auckland", "UTC"),
        ("Pacific/Auckland", "Europe/Berlin"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
        ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
    ],
)
def test_9_times_stand_under_the_visitors_own_days_and_no_day_is_empty_or_shifted(office: str, visitor: str) -> None:
    offers, here = open_at(office, date(2026, 11, 2), 14), ZoneInfo(visitor)

    days, weeks = by_day(offers, here), by_week(offers, here)

    assert [offer for _day, of_day in days for offer in of_day] == offers
    assert all(of_day for _day, of_day in days)
    assert all(offer.starts.astimezone(here).date() == day for day, of_day in days for offer in of_day)
    assert [offer for week in weeks.values() for offer in week] == offers
    for week in weeks.values():
        mondays = {(own := offer.starts.astimezone(here).date()) - own.weekday() * timedelta(1) for offer in week}
        assert len(mondays) == 1


def test_9_monday_morning_in_auckland_is_sunday_evening_in_berlin_and_a_week_earlier() -> None:
    offers = open_at("Pacific/Auckland", date(2026, 11, 2), 5)

    assert next(iter(shown(offers, "Europe/Berlin").items())) == ("Sunday 1 November", ["21:00", "22:00", "23:00"])
    assert len(by_week(offers, ZoneInfo("Pacific/Auckland"))) == 1
    assert [len(week) for week in by_week(offers, ZoneInfo("Europe/Berlin")).values()] == [3, 37]


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 11, 2), "13:00"), (date(2026, 6, 1), "12:00")])
def test_10_eight_in_singapore_is_one_in_auckland_in_november_and_noon_in_their_winter(day: date, hour: str) -> None:
    starts = datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("Asia/Singapore")).astimezone(UTC)

    assert shown(offers_of([starts]), "Asia/Singapore") == {language.day(day, ZoneInfo("UTC")): ["08:00"]}
    assert list(shown(offers_of([starts]), "Pacific/Auckland").values()) == [[hour]]


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Asia/Kolkata", "13:30"),
        ("Asia/Kathmandu", "13:45"),
        ("America/St_Johns", "04:30"),
        ("Australia/Eucla", "16:45"),
    ],
)
def test_11_a_visitor_whose_clock_differs_by_parts_of_an_hour_reads_those_parts(zone: str, first: str) -> None:
    (times,) = shown(open_at("Europe/Amsterdam", date(2026, 11, 2), 1), zone).values()

    assert times[0] == first
    assert {each[-2:] for each in times} == {first[-2:]}


def test_15_a_time_moves_to_another_day_with_its_zone_and_stays_the_same_time() -> None:
    late = offers_of([datetime(2026, 11, 24, 23, 30, tzinfo=UTC)])

    assert shown(late, "America/New_York") == {"Tuesday 24 November": ["18:30"]}
    assert shown(late, "Europe/Amsterdam") == {"Wednesday 25 November": ["00:30"]}
    assert shown(late, "UTC") == {"Tuesday 24 November": ["23:30"]}


def test_16_where_the_clocks_never_change_the_times_move_when_the_office_changes_its_own() -> None:
    winter, summer = (open_at("Europe/Amsterdam", day, 1) for day in (date(2027, 1, 4), date(2027, 7, 5)))

    assert shown(winter, "America/Phoenix")["Monday 4 January"][0] == "01:00"
    assert shown(summer, "America/Phoenix")["Monday 5 July"][0] == "00:00"
    assert shown(winter, "Europe/Amsterdam")["Monday 4 January"][0] == "09:00"
    assert shown(summer, "Europe/Amsterdam")["Monday 5 July"][0] == "09:00"
