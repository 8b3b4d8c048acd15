"""What hours made stays made: through a week of nightly jobs, a leave, a colleague's changes and a booking nearby."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from portal.config import Settings
from portal.db import Store
from portal.scheduling import opening, own, rooms, store
from portal.scheduling.rules import Kind, Mode, Practice, SlotFacts, WeeklyRange
from portal.scheduling.timetable import Timetable, times
from portal.volatile import Publication
from tests.scheduling.calendar_cast import AMSTERDAM, MILL, MONDAY, MORNINGS, OLA, OTTO, PRACTICE, at, make_settings

DAY = timedelta(days=1)
Open = Callable[..., None]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, notice_hours=0, horizon_weeks=3)


@pytest.fixture
def open_hours(desk_store: Store, settings: Settings) -> Open:
    with desk_store.writing() as desk:
        opening.put_place(desk, MILL)

    def make(
        ombuds: bytes = OLA, week: list[WeeklyRange] = MORNINGS, now: datetime = MONDAY, **practice: object
    ) -> None:
        with desk_store.writing() as desk:
            opening.set_hours(desk, ombuds, week, replace(PRACTICE, **practice))
            opening.open_slots(desk, settings, now, ombuds)

    return make


def slots(opened: Store, ombuds: bytes = OLA) -> list[SlotFacts]:
    with opened.reading() as desk:
        return sorted(store.slots_of(desk, ombuds, since=MONDAY - 40 * DAY), key=lambda slot: slot.starts)


def free(opened: Store, ombuds: bytes = OLA) -> list[SlotFacts]:
    with opened.reading() as desk:
        return [slot for slot in store.free_slots(desk) if slot.ombuds == ombuds]


def tick(opened: Store, settings: Settings, now: datetime) -> None:
    with opened.writing() as desk:
        opening.remove_past(desk, settings, now)
        opening.open_slots(desk, settings, now)


@pytest.mark.parametrize("practice", [{"online": 50}, {"without_code": 50}, {"online": 75, "a_day": 2}], ids=str)
def test_the_days_of_a_week_do_not_change_because_its_closed_monday_is_over(
    desk_store: Store, settings: Settings, open_hours: Open, practice: dict[str, object]
) -> None:
    """What is opened of a week is chosen from all of it, so its dates count until it has ended."""
    with desk_store.writing() as desk:
        opening.set_date(desk, OLA, MONDAY.date(), [])
    open_hours(**practice)
    before = {slot.id: slot for slot in free(desk_store) if slot.starts < at("2026-06-08T00:00")}
    for n in range(1, 7):
        tick(desk_store, settings, MONDAY + n * DAY)
        coming = {key: slot for key, slot in before.items() if slot.starts > MONDAY + n * DAY}
        now = {slot.id: slot for slot in free(desk_store) if MONDAY + n * DAY < slot.starts < at("2026-06-08T00:00")}
        assert now == coming


def test_hours_without_any_pause_are_the_same_whichever_week_asks() -> None:
    gapless = Timetable(
        [WeeklyRange(n, time(0), time(0)) for n in range(7)], Practice(50, (Mode.phone,), 100), AMSTERDAM
    )
    first = date(2026, 6, 1)
    whole = {each.starts for each in times(gapless, first, 28)}
    assert whole == {each.starts for n in range(4) for each in times(gapless, first + 7 * n * DAY, 7)}
    assert len(whole) > 28 * 28


class TestLeave:
    """A week in which Ola is away: nothing of it opens, whatever changes around it."""

    SPAN = at("2026-06-08T00:00"), at("2026-06-13T00:00")

    def block(self, opened: Store, settings: Settings) -> None:
        with opened.writing() as desk:
            assert own.block(desk, OLA, self.SPAN, settings=settings, now=MONDAY) > 0

    def free_within(self, opened: Store) -> list[SlotFacts]:
        return own.within(free(opened), self.SPAN)

    def test_other_hours_open_nothing_in_it(self, desk_store: Store, settings: Settings, open_hours: Open) -> None:
        open_hours()
        self.block(desk_store, settings)
        open_hours(week=[WeeklyRange(n, time(8), time(18)) for n in range(7)], minutes=30)
        assert self.free_within(desk_store) == []
        assert len(free(desk_store)) > 100

    def test_a_place_that_a_colleague_gives_up_opens_nothing_in_it(
        self, desk_store: Store, settings: Settings, open_hours: Open
    ) -> None:
        open_hours(OTTO)
        open_hours(modes=(Mode.in_person,))
        self.block_nothing_there(desk_store, settings)
        open_hours(OTTO, [])
        for n in range(1, 5):
            tick(desk_store, settings, MONDAY + n * DAY)
        assert self.free_within(desk_store) == []

    def block_nothing_there(self, opened: Store, settings: Settings) -> None:
        with opened.writing() as desk:
            assert own.block(desk, OLA, self.SPAN, settings=settings, now=MONDAY) == 0, "Otto has the place"

    def test_no_night_opens_anything_in_it_or_before_it(
        self, desk_store: Store, settings: Settings, open_hours: Open
    ) -> None:
        """Far away, where the horizon has not come yet; in a zone whose date is another one."""
        open_hours(zone="America/Los_Angeles")
        far = at("2026-06-19T00:00"), at("2026-06-30T00:00")
        with desk_store.writing() as desk:
            own.block(desk, OLA, far, settings=settings, now=MONDAY)
        for n in range(1, 12):
            tick(desk_store, settings, MONDAY + n * DAY)
            assert own.within(free(desk_store), far) == []

    def test_a_day_is_opened_again_with_its_times(
        self, desk_store: Store, settings: Settings, open_hours: Open
    ) -> None:
        open_hours()
        before = free(desk_store)
        self.block(desk_store, settings)
        with desk_store.writing() as desk:
            own.open_again(
                desk,
                OLA,
                own.within(own.taken(desk, OLA, MONDAY), self.SPAN),
                Publication(),
                settings=settings,
                now=MONDAY,
            )
            assert own.days_away(desk, OLA) == frozenset()
            assert opening.open_slots(desk, settings, MONDAY) == 0
        assert free(desk_store) == before

    def test_a_day_without_times_is_opened_again_too(
        self, desk_store: Store, settings: Settings, open_hours: Open
    ) -> None:
        open_hours(week=[])
        with desk_store.writing() as desk:
            own.block(desk, OLA, self.SPAN, settings=settings, now=MONDAY)
            days = own.days_away(desk, OLA)
            assert days == {date(2026, 6, day) for day in range(8, 13)}
            own.open_again(desk, OLA, [], Publication(), settings=settings, now=MONDAY, days=days)
            assert own.days_away(desk, OLA) == frozenset()
        open_hours()
        assert len(self.free_within(desk_store)) == 15

    def test_an_afternoon_is_no_day_away(self, desk_store: Store, settings: Settings, open_hours: Open) -> None:
        open_hours()
        with desk_store.writing() as desk:
            own.block(desk, OLA, (at("2026-06-08T10:00"), at("2026-06-08T18:00")), settings=settings, now=MONDAY)
            assert own.days_away(desk, OLA) == frozenset()


def in_person(opened: Store, ombuds: bytes) -> int:
    return sum(Mode.in_person in slot.modes for slot in slots(opened, ombuds) if slot.starts > MONDAY)


def test_whoever_has_a_place_keeps_it_through_the_nights(
    desk_store: Store, settings: Settings, open_hours: Open
) -> None:
    """Whichever of the two has the lower number."""
    first, second = sorted((OLA, OTTO), reverse=True)
    open_hours(first)
    open_hours(second)
    for n in range(1, 20):
        tick(desk_store, settings, MONDAY + n * DAY)
        coming = MONDAY + n * DAY
        assert all(Mode.in_person in slot.modes for slot in slots(desk_store, first) if slot.starts > coming)
        assert not any(Mode.in_person in slot.modes for slot in slots(desk_store, second) if slot.starts > coming)


def test_nobody_is_met_where_a_colleagues_door_is_open(desk_store: Store, open_hours: Open) -> None:
    open_hours(OLA, [WeeklyRange(n, time(9), time(12), kind=Kind.drop_in) for n in range(5)])
    open_hours(OTTO)
    assert in_person(desk_store, OTTO) == 0
    assert len(free(desk_store, OTTO)) == 45 - 1


def test_a_longer_pause_is_kept_beside_a_taken_time_too(desk_store: Store, open_hours: Open) -> None:
    open_hours()
    ten = next(slot for slot in free(desk_store) if slot.starts == at("2026-06-03T10:00"))
    with desk_store.writing() as desk:
        assert store.take_slot(desk, ten.id)
    open_hours(buffer=30)
    there = [slot for slot in slots(desk_store) if slot.starts.date() == date(2026, 6, 3)]
    assert there == [ten], "at nine its visitor would still be at the door when the next one comes"


def test_a_place_that_was_given_up_does_not_show_who_is_booked_there(
    desk_store: Store, settings: Settings, open_hours: Open
) -> None:
    """Ola moves to the phone; Otto's list is the same whether or not somebody is to meet her at the mill."""

    def ottos(taken: int) -> list[tuple[datetime, tuple[Mode, ...]]]:
        with desk_store.writing() as desk:
            for table in ("slot", "room", "hours", "practice"):
                desk.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        open_hours(OLA)
        with desk_store.writing() as desk:
            for slot in store.free_slots(desk)[3 : 3 + taken]:
                assert store.take_slot(desk, slot.id)
        open_hours(OLA, modes=(Mode.phone,))
        open_hours(OTTO)
        for n in range(1, 4):
            tick(desk_store, settings, MONDAY + n * DAY)
        return [(slot.starts, slot.modes) for slot in free(desk_store, OTTO)]

    assert ottos(0) == ottos(3)
    assert any(Mode.in_person in modes for _starts, modes in ottos(0)), "where Ola had opened nothing yet"


def test_a_place_that_only_bookings_hold_would_be_told(desk_store: Store, open_hours: Open) -> None:
    """As it was when a colleague's slots were asked: the fault that the test above must find."""
    open_hours(OLA)
    with desk_store.writing() as desk:
        taken = store.free_slots(desk)[3]
        store.take_slot(desk, taken.id)
        desk.execute(text("DELETE FROM room"))
        span = {MILL.id: [(taken.starts, taken.ends)]}
        rooms.note(desk, OLA, span, MONDAY)
    open_hours(OTTO)
    lost = [slot.starts for slot in free(desk_store, OTTO) if Mode.in_person not in slot.modes]
    assert lost == [taken.starts]


def test_a_room_that_somebody_wrote_over_is_nobodys(desk_store: Store, settings: Settings, open_hours: Open) -> None:
    open_hours(OLA)
    with desk_store.writing() as desk:
        desk.execute(text("UPDATE room SET use = x'00'"))
        assert rooms.of_others(desk, OTTO) == {}
    assert make_settings(settings.instance).zone == AMSTERDAM
