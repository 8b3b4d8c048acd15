"""What the doctor says of ombuds' own calendars, without any address."""

from datetime import timedelta

import pytest

from portal import clock
from portal.busy.map import BusyMap
from portal.doctor import calendars
from portal.doctor.machine import Machine
from portal.scheduling import elsewhere
from tests.cast import OLA_NAME, World, change_settings
from tests.doctor.healthy import everything_found, found_in

ADDRESS = "https://calendar.example.org/secret.ics"


def connect(world: World, hours_ago: int | None) -> None:
    now = clock.now()
    with world.stores.keys.writing() as keys:
        elsewhere.set_address(keys, world.ombuds, ADDRESS, settings=world.settings)
    if hours_ago is not None:
        with world.stores.desk.writing() as desk:
            read_at = now - timedelta(hours=hours_ago)
            elsewhere.keep(desk, world.ombuds, BusyMap(now.date()), settings=world.settings, now=read_at)
    world.stores.close()


def test_a_calendar_that_is_read_every_hour_is_well(healthy: World, on: Machine) -> None:
    connect(healthy, 2)
    assert found_in(healthy, on) == []


@pytest.mark.parametrize("hours_ago", [26, None])
def test_one_that_was_not_read_for_a_day_is_found_by_its_ombuds(
    healthy: World, on: Machine, hours_ago: int | None
) -> None:
    connect(healthy, hours_ago)
    (found,) = found_in(healthy, on)
    assert found.startswith(f"The calendar of {OLA_NAME} was not read ")


def test_a_calendar_that_was_forgotten_is_asked_about_no_more(healthy: World, on: Machine) -> None:
    connect(healthy, 26)
    with healthy.stores.keys.writing() as keys:
        elsewhere.set_address(keys, healthy.ombuds, "", settings=healthy.settings)
    healthy.stores.close()
    assert found_in(healthy, on) == []


def test_hosts_inside_that_may_be_asked_are_a_remark(healthy: World, on: Machine) -> None:
    change_settings(healthy.instance, allow='allow = ["cloud.example.org", "10.0.0.7:8443"]')
    (found,) = found_in(healthy, on)
    assert found.startswith("calendars.allow names 2 hosts")
    assert "example.org" not in found


def test_no_address_and_no_host_of_one_is_said(healthy: World, on: Machine) -> None:
    connect(healthy, 26)
    assert all("calendar.example" not in each for each in everything_found(healthy, on))


def test_the_process_that_reads_calendars_starts_here() -> None:
    assert list(calendars.about_children()) == []
