"""Hours without an appointment are told today and tomorrow, never the door, and not while their ombuds is away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from portal.config import Settings
from portal.db import Store
from portal.notices.rules import Days, Notice, Part
from portal.scheduling import opening, today
from portal.scheduling.rules import NOWHERE, Kind, Practice, WeeklyRange
from portal.scheduling.today import OpenHours
from tests.scheduling.calendar_cast import MILL, MONDAY, NAMES, OLA, OTTO, PRACTICE, at

DOOR = WeeklyRange(0, time(14), time(16), kind=Kind.drop_in)
PHONE = WeeklyRange(1, time(9), time(10, 30), kind=Kind.calls)
NIGHT = WeeklyRange(6, time(22), time(2), kind=Kind.calls)


def told(store: Store, settings: Settings, now: datetime = MONDAY, notices: Sequence[Notice] = ()) -> list[OpenHours]:
    with store.reading() as desk:
        found = today.around(desk, NAMES, settings, now.astimezone(settings.zone).date())
    return today.still_to_come(found, notices, settings, now)


def set_hours(store: Store, *ranges: WeeklyRange, ombuds: bytes = OLA, practice: Practice = PRACTICE) -> None:
    with store.writing() as desk:
        opening.put_place(desk, MILL)
        opening.set_hours(desk, ombuds, ranges, practice)


def starts(found: Sequence[OpenHours]) -> list[datetime]:
    return [each.starts for each in found]


def test_a_door_is_told_with_its_place_and_a_phone_with_its_hours(desk_store: Store, settings: Settings) -> None:
    set_hours(desk_store, DOOR, PHONE)

    door, phone = told(desk_store, settings)

    assert (door.starts, door.ends) == (at("2026-06-01T14:00"), at("2026-06-01T16:00"))
    assert (door.ombuds_name, door.place) == ("Ola", replace(MILL, door="", directions=""))
    assert (phone.starts, phone.ends) == (at("2026-06-02T09:00"), at("2026-06-02T10:30"))
    assert phone.place is None


def test_appointments_and_later_days_are_not_told(desk_store: Store, settings: Settings) -> None:
    set_hours(desk_store, replace(DOOR, kind=Kind.appointments), replace(PHONE, weekday=2))

    assert told(desk_store, settings) == []
    assert starts(told(desk_store, settings, MONDAY + timedelta(days=1))) == [at("2026-06-03T09:00")]


def test_what_is_over_goes_and_what_began_last_night_stays(desk_store: Store, settings: Settings) -> None:
    set_hours(desk_store, NIGHT)

    assert starts(told(desk_store, settings, at("2026-06-01T01:59"))) == [at("2026-05-31T22:00")]
    assert told(desk_store, settings, at("2026-06-01T02:00")) == []


def test_without_a_number_nobody_calls_and_without_a_place_nobody_comes(desk_store: Store, settings: Settings) -> None:
    set_hours(desk_store, DOOR, PHONE, practice=replace(PRACTICE, place=NOWHERE))

    assert [each.kind for each in told(desk_store, settings)] == [Kind.calls]
    assert told(desk_store, replace(settings, phone="")) == []


def test_two_ombuds_stand_in_order_of_time(desk_store: Store, settings: Settings) -> None:
    set_hours(desk_store, DOOR)
    set_hours(desk_store, replace(DOOR, starts=time(12)), ombuds=OTTO)

    assert [each.ombuds_name for each in told(desk_store, settings)] == ["Otto", "Ola"]


def test_holidays_and_dates_of_their_own_count(desk_store: Store, settings: Settings) -> None:
    """The fifth of May 2025 was a holiday in the Netherlands, and a Monday."""
    morning = at("2025-05-05T09:00")
    set_hours(desk_store, DOOR, practice=replace(PRACTICE, holidays="NL"))
    assert told(desk_store, settings, morning) == []

    with desk_store.writing() as desk:
        opening.set_date(desk, OLA, date(2025, 5, 5), [replace(DOOR, starts=time(15))])
    assert starts(told(desk_store, settings, morning)) == [at("2025-05-05T15:00")]

    with desk_store.writing() as desk:
        opening.set_date(desk, OLA, date(2025, 5, 5), [])
    assert told(desk_store, settings, morning) == []


def test_a_clock_change_moves_no_hours_on_the_wall(desk_store: Store, settings: Settings) -> None:
    set_hours(desk_store, replace(DOOR, weekday=6))

    (found,) = told(desk_store, settings, at("2026-10-25T09:00"))
    assert found.starts == at("2026-10-25T14:00")


@pytest.mark.parametrize(
    ("notice", "left"),
    [
        (Days(date(2026, 6, 1), date(2026, 6, 1)), 0),
        (Days(date(2026, 6, 1), date(2026, 6, 1), Part.AFTERNOON), 0),
        (Days(date(2026, 6, 1), date(2026, 6, 5), Part.MORNING), 1),
        (Days(date(2026, 6, 2), date(2026, 6, 2)), 1),
    ],
)
def test_a_notice_takes_the_hours_of_its_ombuds_off(
    desk_store: Store, settings: Settings, notice: Days, left: int
) -> None:
    set_hours(desk_store, DOOR)
    set_hours(desk_store, DOOR, ombuds=OTTO)

    found = told(desk_store, settings, notices=[Notice("Ola", notice)])

    assert [each.ombuds_name for each in found] == ["Ola", "Otto"][1 - left :]
