"""The box of hours without an appointment, for whoever left somebody out or lives far away."""

from datetime import time

import pytest
from flask import Flask

from portal import clock, create_app, shown_zone
from portal.scheduling import opening
from portal.scheduling.rules import Kind, WeeklyRange
from portal.scheduling.today_views import open_hours
from tests.cast import LIBRARY, PRACTICE, World


@pytest.fixture
def app(world: World) -> Flask:
    """Ola's door is open every day."""
    week = [WeeklyRange(day, time(6), time(22), kind=Kind.drop_in) for day in range(7)]
    with world.stores.desk.writing() as desk:
        opening.put_place(desk, LIBRARY)
        opening.set_hours(desk, world.ombuds, week, PRACTICE)
        opening.open_slots(desk, world.settings, clock.now(), world.ombuds)
    return create_app(world.instance)


def names(app: Flask, query: str) -> list[str]:
    with app.test_request_context(f"/times?{query}"):
        return [each.hours.ombuds_name for each in open_hours()]


def test_whoever_leaves_ola_out_is_not_sent_to_her_door(app: Flask, world: World) -> None:
    assert names(app, "") != []
    assert names(app, f"ombuds=not-{world.ombuds.hex()}") == []
    assert names(app, "ombuds=not-somebody") == [], "a choice that cannot be read allows nobody"


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Los_Angeles"])
def test_no_door_of_the_day_after_tomorrow_is_called_tomorrows(app: Flask, zone: str) -> None:
    with app.test_request_context(f"/times?tz={zone}"):
        here = clock.now().astimezone(shown_zone.zone()).date()
        days = {(each.hours.starts.astimezone(shown_zone.zone()).date() - here).days for each in open_hours()}
        assert days <= {-1, 0, 1}
        assert days
