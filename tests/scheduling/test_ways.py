"""How people can be met in an office is what its ombuds set, whatever is free today."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from portal.db import Store
from portal.scheduling import opening, store
from portal.scheduling.rules import Kind, Mode, Practice, WeeklyRange
from portal.scheduling.ways import Ways, offered
from tests.scheduling.calendar_cast import OLA, make_settings

ANYHOW = Practice(minutes=60, modes=tuple(Mode), without_code=50)
MORNING = WeeklyRange(0, time(9), time(12))
BY_PHONE = replace(MORNING, modes=(Mode.phone,))
NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)
NOOR = b"\xad" * 16


def test_hours_narrow_the_ways_of_their_practice() -> None:
    assert offered([(ANYHOW, [BY_PHONE])]) == Ways((Mode.phone,), has_some_without_code=True)
    assert offered([(replace(ANYHOW, modes=(Mode.video,)), [BY_PHONE])]) == Ways()


def test_two_ombuds_offer_the_ways_of_both() -> None:
    by_video = replace(ANYHOW, modes=(Mode.video,), without_code=0)

    assert offered([(ANYHOW, [BY_PHONE]), (by_video, [MORNING])]) == Ways(
        (Mode.video, Mode.phone), has_some_without_code=True
    )


def test_whoever_opens_nothing_offers_nothing() -> None:
    assert offered([]) == offered([(ANYHOW, [])]) == Ways()
    assert offered([(replace(ANYHOW, online=0), [MORNING])]) == Ways()


def test_an_open_door_and_an_open_phone_are_no_appointments() -> None:
    open_hours = [replace(MORNING, kind=Kind.drop_in), replace(BY_PHONE, kind=Kind.calls)]

    assert offered([(ANYHOW, open_hours)]) == Ways()


@pytest.mark.parametrize(("without_code", "is_open"), [(0, False), (25, True), (100, True)])
def test_some_times_need_no_code_only_where_a_practice_leaves_them(without_code: int, is_open: bool) -> None:  # noqa: FBT001 - a table
    found = offered([(replace(ANYHOW, without_code=without_code), [MORNING])])

    assert found.has_some_without_code is is_open


def test_without_a_usual_week_the_dates_of_their_own_count(desk_store: Store, tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with desk_store.writing() as desk:
        opening.set_hours(desk, OLA, [BY_PHONE], ANYHOW)
        opening.set_hours(desk, NOOR, [], ANYHOW)
        for ombuds in (OLA, NOOR):
            opening.set_date(desk, ombuds, date(2027, 3, 1), [replace(MORNING, modes=(Mode.video,))])
    with desk_store.reading() as desk:
        assert opening.ways_to_meet(desk, {OLA}, settings).modes == (Mode.phone,)
        assert opening.ways_to_meet(desk, {NOOR}, settings).modes == (Mode.video,)
        assert opening.ways_to_meet(desk, {OLA, NOOR}, settings).modes == (Mode.video, Mode.phone)
        assert opening.ways_to_meet(desk, set(), settings) == Ways()


def test_nobody_books_a_call_to_an_office_without_a_number(desk_store: Store, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, phone="")
    afternoon = WeeklyRange(0, time(13), time(16))
    with desk_store.writing() as desk:
        opening.set_hours(desk, OLA, [BY_PHONE, afternoon], ANYHOW)
        opening.open_slots(desk, settings, NOON, OLA)
    with desk_store.reading() as desk:
        slots = store.slots_of(desk, OLA, since=NOON)
        assert {slot.modes for slot in slots} == {(Mode.video, Mode.in_person)}
        assert opening.ways_to_meet(desk, {OLA}, settings).modes == (Mode.video, Mode.in_person)

    with desk_store.writing() as desk:
        opening.open_slots(desk, make_settings(tmp_path), NOON, OLA)
    with desk_store.reading() as desk:
        slots = store.slots_of(desk, OLA, since=NOON)
    assert {slot.modes for slot in slots} == {(Mode.phone,), tuple(Mode)}, "once it has one they open by themselves"
