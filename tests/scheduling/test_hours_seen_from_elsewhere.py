"""Hours bound to the days and the clock of their ombuds, whoever looks and whatever changes after a booking.

A number in a name is that of a known mistake of other portals, as in `test_hours_across_clock_changes`.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal import language
from portal.config import Settings
from portal.db import Store
from portal.scheduling import invite, opening, service, store
from portal.scheduling.rules import Mode, Practice, SlotFacts, WeeklyRange
from portal.scheduling.timetable import Timetable, times
from portal.volatile import Publication
from tests.scheduling.calendar_cast import MONDAY, MORNINGS, NAMES, OLA, PRACTICE, at, make_settings

pytestmark = pytest.mark.usefixtures("server_zone")
BERLIN, TOKYO, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Tokyo", "America/New_York"))
NINE_TO_FIVE = [WeeklyRange(day, time(9), time(17)) for day in range(7)]
SATURDAY = date(2026, 6, 6)


def free(opened: Store) -> list[SlotFacts]:
    with opened.reading() as desk:
        return store.free_slots(desk)


def test_2_a_time_after_the_change_is_one_instant_on_every_page_and_in_the_calendar_file(
    desk_store: Store, tmp_path: Path
) -> None:
    """Booked in October for a day after the clocks went back."""
    settings = make_settings(tmp_path, zone=NEW_YORK, horizon_weeks=6)
    booked_on = datetime(2026, 10, 20, 14, tzinfo=UTC)
    with desk_store.writing() as desk:
        opening.set_hours(desk, OLA, [WeeklyRange(6, time(9), time(10))], PRACTICE)
        opening.open_slots(desk, settings, booked_on)
        offers = service.published(desk, Publication(), NAMES, settings=settings, now=booked_on)
        after = next(offer for offer in offers if offer.starts > datetime(2026, 11, 2, tzinfo=UTC))
        taken = service.take(desk, [after], Mode.video, has_proof=True, settings=settings, now=booked_on)

    assert isinstance(taken, service.Taken)
    assert taken.starts == after.starts == datetime(2026, 11, 8, 14, tzinfo=UTC)
    assert language.moment(taken.starts, NEW_YORK).startswith("Sunday 8 November, 09:00")
    file = invite.write([invite.Entry("a" * 32, 0, "Errand", taken.starts, taken.minutes)], 2048)
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert event.decoded("dtstart") == taken.starts


@pytest.mark.parametrize("visitor", [NEW_YORK, TOKYO], ids=["New York", "Tokyo"])
@pytest.mark.parametrize("hours", [[], [WeeklyRange(5, time(0), time(0, 15))]], ids=["closed", "a quarter of an hour"])
def test_12_a_closed_saturday_in_berlin_is_closed_for_everybody(visitor: ZoneInfo, hours: list[WeeklyRange]) -> None:
    table = Timetable(NINE_TO_FIVE, Practice(60, (Mode.video,), 100), BERLIN, {SATURDAY: hours})
    found = times(table, SATURDAY - timedelta(days=2), 5)

    assert {each.starts.astimezone(BERLIN).date() for each in found} == {date(2026, 6, day) for day in (4, 5, 7, 8)}, (
        "it is the ombuds' own Saturday that is closed, wherever somebody looks from"
    )
    shown = {language.moment(each.starts, visitor) for each in found}
    closed = times(replace(table, special={}), SATURDAY, 1)
    assert len(closed) == 8
    assert shown.isdisjoint(language.moment(each.starts, visitor) for each in closed)


def test_14_whoever_moves_to_another_zone_keeps_every_booked_instant(opened: Store, settings: Settings) -> None:
    first = free(opened)[4]
    with opened.writing() as desk:
        taken = service.take(desk, [first], Mode.video, has_proof=True, settings=settings, now=MONDAY)
        opening.set_hours(desk, OLA, MORNINGS, replace(PRACTICE, zone="America/Chicago", notice_hours=1))
        opening.open_slots(desk, settings, MONDAY, OLA)
        kept = store.taken_of(desk, OLA)

    assert isinstance(taken, service.Taken)
    assert [(each.id, each.starts, each.minutes) for each in kept] == [(first.id, first.starts, 60)]
    assert {f"{each.starts.astimezone(ZoneInfo('America/Chicago')):%H}" for each in free(opened)} == {"09", "10", "11"}
    with opened.writing() as desk:
        service.give_back(desk, first.id)
        assert store.take_slot(desk, first.id), "it can still be given back and moved as before"


def test_the_open_times_end_with_a_civil_date_where_the_ombuds_is(desk_store: Store, tmp_path: Path) -> None:
    """Auckland begins its days half a day before the office in Amsterdam."""
    settings = make_settings(tmp_path, horizon_weeks=1, notice_hours=0)
    late = at("2026-06-01T23:30")
    with desk_store.writing() as desk:
        opening.set_hours(desk, OLA, NINE_TO_FIVE, replace(PRACTICE, zone="Pacific/Auckland"))
        opening.open_slots(desk, settings, late)
    days = {each.starts.astimezone(ZoneInfo("Pacific/Auckland")).date() for each in free(desk_store)}
    assert days == {date(2026, 6, day) for day in range(2, 9)}


OLD_NAMES = {
    "Australia/NSW": "Australia/Sydney",
    "Asia/Calcutta": "Asia/Kolkata",
    "US/Pacific": "America/Los_Angeles",
}


@pytest.mark.parametrize(("old", "present"), OLD_NAMES.items())
def test_an_old_name_of_a_zone_makes_the_same_times(old: str, present: str) -> None:
    made = [times(Timetable(NINE_TO_FIVE, PRACTICE, ZoneInfo(zone)), SATURDAY, 200) for zone in (old, present)]
    assert made[0] == made[1]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "x\0y", "é"])
def test_a_zone_that_is_none_falls_back_to_the_offices(zone: str, settings: Settings) -> None:
    assert opening.zone_of(replace(PRACTICE, zone=zone), settings) == settings.zone
