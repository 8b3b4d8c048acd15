from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from portal.config import Settings
from portal.db import Store
from portal.scheduling import opening, service, store
from portal.scheduling.rules import Mode, SlotFacts, WeeklyRange
from tests.scheduling.calendar_cast import MONDAY, MORNINGS, OLA, OTTO, PRACTICE, at


def slots(opened: Store, ombuds: bytes = OLA) -> list[SlotFacts]:
    with opened.reading() as desk:
        found = store.slots_of(desk, ombuds, since=MONDAY)
    return sorted(found, key=lambda slot: slot.starts)


def free_ids(opened: Store) -> set[bytes]:
    with opened.reading() as desk:
        return {slot.id for slot in store.free_slots(desk)}


def take(opened: Store, slot: SlotFacts, settings: Settings) -> service.Taken:
    with opened.writing() as desk:
        taken = service.take(desk, [slot], slot.modes[0], has_proof=True, settings=settings, now=MONDAY)
    assert isinstance(taken, service.Taken)
    return taken


def change_hours(opened: Store, settings: Settings, hours: list[WeeklyRange], **practice: object) -> int:
    with opened.writing() as desk:
        opening.set_hours(desk, OLA, hours, replace(PRACTICE, **practice))
        return opening.open_slots(desk, settings, MONDAY, OLA)


@pytest.mark.usefixtures("server_zone")
def test_two_weeks_of_mornings_become_three_times_a_day(opened: Store) -> None:
    starts = [slot.starts for slot in slots(opened)]
    # Monday is inside the notice, and so is Tuesday's first hour: ten o'clock is exactly a day ahead.
    assert starts[:3] == [at("2026-06-02T10:00"), at("2026-06-02T11:00"), at("2026-06-03T09:00")]
    assert starts[-1] == at("2026-06-12T11:00")
    assert len(starts) == 2 + 3 * 8


def test_opening_says_how_many_and_opens_nothing_twice(desk_store: Store, settings: Settings) -> None:
    with desk_store.writing() as desk:
        opening.set_hours(desk, OLA, MORNINGS, PRACTICE)
        assert opening.open_slots(desk, settings, MONDAY) == 26
        assert opening.open_slots(desk, settings, MONDAY) == 0


def test_each_day_opens_the_day_that_came_into_view(opened: Store, settings: Settings) -> None:
    before = free_ids(opened)
    with opened.writing() as desk:
        assert opening.open_slots(desk, settings, MONDAY + timedelta(days=1)) == 3
    assert before < free_ids(opened)


def test_each_ombuds_has_their_own_hours(opened: Store, settings: Settings) -> None:
    with opened.writing() as desk:
        opening.set_hours(desk, OTTO, [WeeklyRange(2, time(9), time(10))], replace(PRACTICE, without_code=0))
        assert opening.open_slots(desk, settings, MONDAY) == 2
    assert [slot.proof_needed for slot in slots(opened, OTTO)] == [True, True]
    assert len(slots(opened)) == 26


def test_hours_come_back_as_they_were_set(desk_store: Store) -> None:
    overnight = WeeklyRange(6, time(22, 30), time(0))
    with desk_store.writing() as desk:
        opening.set_hours(desk, OLA, [overnight, *MORNINGS, *MORNINGS], PRACTICE)
        assert opening.get_hours(desk, OLA) == ([*MORNINGS, overnight], PRACTICE)
        assert opening.get_hours(desk, OTTO) == ([], None)


def test_closing_withdraws_every_free_time(opened: Store, settings: Settings) -> None:
    assert change_hours(opened, settings, []) == 0
    assert slots(opened) == []


def test_changing_hours_never_removes_a_taken_time(opened: Store, settings: Settings) -> None:
    theirs = slots(opened)[5]
    take(opened, theirs, settings)
    change_hours(opened, settings, [WeeklyRange(0, time(14), time(15))])
    assert theirs in slots(opened)
    assert {slot.starts for slot in slots(opened)} == {theirs.starts, at("2026-06-08T14:00")}


def test_nothing_is_opened_across_a_taken_time(opened: Store, settings: Settings) -> None:
    ten = next(slot for slot in slots(opened) if slot.starts == at("2026-06-03T10:00"))
    take(opened, ten, settings)
    change_hours(opened, settings, [WeeklyRange(2, time(9, 30), time(12, 30))])
    on_the_day = [slot.starts for slot in slots(opened) if slot.starts.date() == date(2026, 6, 3)]
    assert on_the_day == [at("2026-06-03T10:00"), at("2026-06-03T11:30")]


@pytest.mark.parametrize("change", [{"modes": (Mode.phone,)}, {"without_code": 0}, {"minutes": 30}])
def test_a_changed_practice_reaches_every_free_time_and_no_taken_one(
    opened: Store, settings: Settings, change: dict[str, object]
) -> None:
    theirs = slots(opened)[5]
    take(opened, theirs, settings)
    change_hours(opened, settings, MORNINGS, **change)
    wanted = replace(PRACTICE, **change)
    for slot in slots(opened):
        if slot != theirs:
            facts = {"modes": slot.modes, "without_code": not slot.proof_needed, "minutes": slot.minutes}
            assert facts.items() >= change.items()
            assert slot.minutes == wanted.minutes
    assert theirs in slots(opened)


def test_an_unchanged_week_keeps_the_very_same_slots(opened: Store, settings: Settings) -> None:
    before = slots(opened)
    assert change_hours(opened, settings, MORNINGS) == 0
    assert slots(opened) == before


def test_a_free_time_that_came_too_near_is_left_in_peace(opened: Store, settings: Settings) -> None:
    with opened.writing() as desk:
        opening.open_slots(desk, settings, MONDAY + timedelta(hours=20))
    assert slots(opened)[0].starts == at("2026-06-02T10:00")


def test_what_ended_before_today_goes_free_and_taken_alike(opened: Store, settings: Settings) -> None:
    take(opened, slots(opened)[0], settings)
    wednesday_night = at("2026-06-03T23:30")
    with opened.writing() as desk:
        assert opening.remove_past(desk, settings, wednesday_night) == 2
        assert opening.remove_past(desk, settings, at("2026-06-04T00:30")) == 3
    assert slots(opened)[0].starts == at("2026-06-04T09:00")


def test_an_appointment_that_runs_into_today_stays(desk_store: Store, settings: Settings) -> None:
    with desk_store.writing() as desk:
        opening.set_hours(desk, OLA, [WeeklyRange(3, time(23, 30), time(0, 30))], PRACTICE)
        opening.open_slots(desk, settings, MONDAY)
        assert opening.remove_past(desk, settings, at("2026-06-05T00:10")) == 0
        assert opening.remove_past(desk, settings, at("2026-06-06T00:10")) == 1


def test_rows_stand_in_the_file_in_the_order_of_their_random_ids(opened: Store, settings: Settings) -> None:
    with opened.writing() as desk:
        opening.open_slots(desk, settings, MONDAY)
        ids = desk.scalars(text("SELECT id FROM slot")).all()
        starts = desk.scalars(text("SELECT starts FROM slot")).all()
    assert list(ids) == sorted(ids)
    assert list(starts) != sorted(starts)


def test_no_column_tells_when_anything_was_written(opened: Store) -> None:
    with opened.reading() as desk:
        columns = {
            row.name
            for table in ("slot", "hours", "special", "practice", "place")
            for row in desk.execute(text(f"PRAGMA table_info({table})"))
        }
    assert columns == {
        "id", "ombuds", "starts", "minutes", "modes", "proof_needed", "grain", "state", "weekday", "ends",
        "without_code", "place", "buffer", "a_day", "online", "notice_hours", "horizon_weeks", "zone", "holidays",
        "languages", "region", "kind", "day", "name", "access", "door", "directions", "is_step_free", "has_no_sign",
        "is_apart",
    }  # fmt: skip


def test_taking_a_time_changes_its_state_and_its_grain_and_no_other_row(opened: Store, settings: Settings) -> None:
    path = settings.instance / "desk.db"
    before = path.read_bytes()
    take(opened, slots(opened)[4], settings)
    after = path.read_bytes()
    assert len(after) == len(before)
    changed = [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    # The header counts changes of the file as a whole, whatever they were.
    changed = [place for place in changed if place > 100]
    assert (before[changed[-1]], after[changed[-1]]) == (8, 9)
    assert changed[-1] - changed[0] <= store.GRAIN_SIZE


def test_a_time_remembers_its_instant_to_the_second(opened: Store) -> None:
    moment: datetime = slots(opened)[0].starts
    assert moment.utcoffset() == timedelta(0)
    assert moment.second == 0
