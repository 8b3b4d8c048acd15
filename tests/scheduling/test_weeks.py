from datetime import UTC, date, datetime, timedelta

import pytest

from portal.scheduling.rules import Mode, Offer, by_day, by_week, next_ombuds_week, ombuds_week
from tests.scheduling.calendar_cast import AMSTERDAM, OLA, at

pytestmark = pytest.mark.usefixtures("server_zone")


def offer(text: str) -> Offer:
    return Offer(
        id=text.encode(),
        ombuds=OLA,
        ombuds_name="Ola",
        starts=at(text),
        minutes=60,
        modes=(Mode.video,),
        closes=at(text),
        proof_needed=False,
    )


def test_times_stand_under_the_day_that_the_office_has() -> None:
    late, early = offer("2026-06-01T23:30"), offer("2026-06-02T00:30")
    assert early.starts.date() == late.starts.date()
    assert by_day([late, early], AMSTERDAM) == [(date(2026, 6, 1), [late]), (date(2026, 6, 2), [early])]


def test_a_week_begins_on_monday_and_weeks_are_counted_from_the_first_time() -> None:
    friday, sunday, monday = offer("2026-06-05T09:00"), offer("2026-06-07T23:30"), offer("2026-06-08T00:30")
    assert by_week([friday, sunday, monday], AMSTERDAM) == {0: [friday, sunday], 1: [monday]}


def test_a_week_without_times_is_left_out() -> None:
    now, later = offer("2026-12-28T09:00"), offer("2027-01-11T09:00")
    assert by_week([now, later], AMSTERDAM) == {0: [now], 2: [later]}


def test_without_times_there_are_no_weeks() -> None:
    assert by_week([], AMSTERDAM) == {}
    assert by_day([], AMSTERDAM) == []


@pytest.mark.parametrize(
    ("year", "day"),
    [(2023, 12), (2024, 10), (2025, 9), (2026, 8), (2027, 14), (2020, 8)],
)
def test_ombuds_day_is_the_second_thursday_of_october(year: int, day: int) -> None:
    first, last, thursday = ombuds_week(year)
    assert thursday == date(year, 10, day)
    assert (first.strftime("%A"), last.strftime("%A")) == ("Monday", "Friday")
    assert first < thursday < last == first + timedelta(days=4)


def test_the_coming_week_is_this_years_until_its_friday_is_over() -> None:
    assert next_ombuds_week(date(2026, 1, 1)) == ombuds_week(2026)
    assert next_ombuds_week(date(2026, 10, 9)) == ombuds_week(2026)
    assert next_ombuds_week(date(2026, 10, 10)) == ombuds_week(2027)


def test_an_offer_says_its_instant_in_utc() -> None:
    assert offer("2026-06-01T09:00").starts == datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
