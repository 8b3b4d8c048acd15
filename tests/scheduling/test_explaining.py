"""Ola asks why a time is not offered: the answer is the list's own, and every minute has one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from portal.busy.map import BusyMap
from portal.config import Settings
from portal.db import Store
from portal.scheduling import elsewhere, opening, outlook, own, service, store
from portal.scheduling.explaining import BOOKABLE, Answer, Because, Outlook, explain, explain_wall, few_left
from portal.scheduling.rules import ALL, Kind, Offer, Practice, WeeklyRange, next_publication
from portal.scheduling.service import Taken
from portal.volatile import Publication
from tests.scheduling.calendar_cast import MILL, MONDAY, NAMES, OLA, OTTO, PRACTICE, at, make_settings, new_store

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TUESDAY = date(2026, 6, 2)
MORNINGS = [WeeklyRange(weekday, time(9), time(12)) for weekday in range(5)]
COMES = {Because.NEXT_LIST, Because.GIVEN_BACK}


@dataclass
class Desk:
    """Ola's times in a store, and a list that visitors see."""

    store: Store
    settings: Settings
    publication: Publication[Offer] = field(default_factory=Publication)
    now: datetime = MONDAY
    names: dict[bytes, str] = field(default_factory=lambda: NAMES)

    def set(self, ranges: list[WeeklyRange], practice: Practice = PRACTICE, ombuds: bytes = OLA) -> None:
        with self.store.writing() as desk:
            opening.put_place(desk, MILL)
            opening.set_hours(desk, ombuds, ranges, practice)
            opening.open_slots(desk, self.settings, self.now, ombuds)

    def close(self, day: date, ranges: list[WeeklyRange] | None = None) -> None:
        with self.store.writing() as desk:
            opening.set_date(desk, OLA, day, ranges or [])
            opening.open_slots(desk, self.settings, self.now, OLA)

    def take(self, starts: datetime) -> bytes:
        with self.store.writing() as desk:
            slot = next(each for each in own.free(desk, OLA, self.now) if each.starts == starts)
            assert store.take_slot(desk, slot.id)
        return slot.id

    def give_back(self, slot: bytes) -> None:
        with self.store.writing() as desk:
            service.give_back(desk, slot, self.publication)

    def busy(self, starts: datetime, ends: datetime) -> None:
        busy = BusyMap.blank(self.now.date() - DAY)
        busy.mark(starts, ends)
        with self.store.writing() as desk:
            elsewhere.keep(desk, OLA, busy, settings=self.settings, now=self.now)

    def outlook(self, also: date | None = None, *, has_mailbox: bool = True) -> Outlook:
        with self.store.reading() as desk:
            found = outlook.read(
                desk,
                OLA,
                self.publication,
                self.names,
                settings=self.settings,
                now=self.now,
                also=also,
                has_mailbox=has_mailbox,
            )
        assert found is not None
        return found

    def why(self, day: date, clock: str) -> Because:
        return self.ask(day, clock).because

    def ask(self, day: date, clock: str) -> Answer:
        return explain_wall(day, time.fromisoformat(clock), self.outlook(day))

    def listed(
        self, now: datetime | None = None, publication: Publication[Offer] | None = None
    ) -> dict[datetime, Offer]:
        with self.store.reading() as desk:
            offers = service.published(
                desk, publication or self.publication, self.names, settings=self.settings, now=now or self.now
            )
        return {each.starts: each for each in offers if each.ombuds == OLA}

    def can_be_booked(self, offer: Offer) -> bool:
        """Whether somebody who chooses it gets it; undone afterwards."""
        with self.store.writing() as desk:
            answer = service.take(
                desk,
                [offer],
                offer.modes[0],
                has_proof=True,
                settings=self.settings,
                now=self.now,
                resting=self.publication.resting,
            )
            desk.rollback()
        return isinstance(answer, Taken)


@pytest.fixture
def ola(desk_store: Store, settings: Settings) -> Desk:
    desk = Desk(desk_store, settings)
    desk.set(MORNINGS)
    desk.listed()
    return desk


def test_a_listed_time_is_offered(ola: Desk) -> None:
    assert ola.ask(TUESDAY, "10:00") == Answer(
        at("2026-06-02T10:00"), Because.OFFERED, is_listed=True, slot=ola.outlook().slots[at("2026-06-02T10:00")]
    )


def test_without_hours_there_is_nothing_to_explain(desk_store: Store, settings: Settings) -> None:
    with desk_store.reading() as desk:
        assert outlook.read(desk, OLA, Publication(), NAMES, settings=settings, now=MONDAY) is None


@pytest.mark.parametrize(
    ("clock", "because"), [("08:59", Because.OUTSIDE), ("12:00", Because.OUTSIDE), ("10:20", Because.BETWEEN)]
)
def test_a_moment_at_which_nothing_begins_says_why(ola: Desk, clock: str, because: Because) -> None:
    assert ola.why(TUESDAY, clock) is because


def test_the_nearest_starts_are_shown(ola: Desk) -> None:
    assert ola.ask(TUESDAY, "10:20").near == (at("2026-06-02T10:00"), at("2026-06-02T11:00"))
    assert ola.ask(TUESDAY, "06:00").near == (at("2026-06-02T09:00"),)
    assert ola.ask(date(2026, 6, 6), "10:00").near == ()


def test_notice_and_horizon_are_told_apart(ola: Desk) -> None:
    assert ola.why(MONDAY.date(), "09:30") is Because.PAST
    assert ola.why(MONDAY.date(), "11:00") is Because.SOON
    assert ola.why(TUESDAY, "09:00") is Because.SOON
    assert ola.why(date(2026, 6, 12), "09:00") is Because.OFFERED
    assert ola.why(date(2026, 6, 15), "09:00") is Because.FAR
    assert ola.why(date(2026, 9, 15), "09:00") is Because.FAR


def test_a_taken_time_stays_listed_until_the_next_list_and_says_both(ola: Desk) -> None:
    ola.take(at("2026-06-04T10:00"))
    answer = ola.ask(date(2026, 6, 4), "10:00")
    assert (answer.because, answer.is_listed) == (Because.TAKEN, True)
    ola.now = at("2026-06-02T06:00")
    answer = ola.ask(date(2026, 6, 4), "10:00")
    assert (answer.because, answer.is_listed) == (Because.TAKEN, False)


def test_a_time_given_back_waits_for_the_next_list(ola: Desk) -> None:
    slot = ola.take(at("2026-06-04T10:00"))
    ola.give_back(slot)
    assert ola.why(date(2026, 6, 4), "10:00") is Because.GIVEN_BACK
    ola.now = at("2026-06-02T06:00")
    assert ola.why(date(2026, 6, 4), "10:00") is Because.OFFERED


def test_what_is_opened_after_the_list_waits_for_the_next_one(ola: Desk) -> None:
    ola.set([*MORNINGS, WeeklyRange(3, time(15), time(16))])
    assert ola.why(date(2026, 6, 4), "15:00") is Because.NEXT_LIST


def test_what_is_too_soon_by_the_next_list_never_comes_on_one(ola: Desk) -> None:
    ola.set([*MORNINGS, WeeklyRange(1, time(13), time(14))])
    assert ola.why(TUESDAY, "13:00") is Because.SOON_BY_THEN


def test_an_own_calendar_that_is_busy_is_named(ola: Desk) -> None:
    ola.busy(at("2026-06-04T10:30"), at("2026-06-04T10:40"))
    answer = ola.ask(date(2026, 6, 4), "10:00")
    assert (answer.because, answer.is_listed) == (Because.BUSY, True)
    assert ola.outlook().calendar_read == MONDAY


def test_a_date_of_its_own_and_a_holiday_are_told_apart(ola: Desk) -> None:
    ola.set(MORNINGS, replace(PRACTICE, holidays="NL"))
    ola.settings = replace(ola.settings, horizon_weeks=26)
    ola.close(date(2026, 6, 3))
    ola.close(date(2026, 6, 4), [WeeklyRange(3, time(14), time(15))])
    assert ola.why(date(2026, 6, 3), "10:00") is Because.OWN_DATE
    assert ola.why(date(2026, 6, 3), "20:00") is Because.OUTSIDE
    assert ola.why(date(2026, 6, 4), "10:00") is Because.OWN_DATE
    assert ola.why(date(2026, 12, 25), "10:00") is Because.HOLIDAY


def test_an_open_door_is_no_appointment(ola: Desk) -> None:
    ola.set([*MORNINGS, WeeklyRange(1, time(15), time(17), kind=Kind.drop_in)])
    assert ola.why(TUESDAY, "15:00") is Because.OPEN_DOOR


def test_pause_limit_and_share_are_told_apart(ola: Desk) -> None:
    ola.set(MORNINGS, replace(PRACTICE, minutes=45, buffer=15))
    assert ola.why(TUESDAY, "09:50") is Because.PAUSE
    assert ola.why(TUESDAY, "09:40") is Because.BETWEEN
    ola.set(MORNINGS, replace(PRACTICE, a_day=1))
    assert [ola.why(date(2026, 6, 4), clock) for clock in ("09:00", "10:00", "11:00")].count(Because.A_DAY) == 2
    ola.set(MORNINGS, replace(PRACTICE, online=50))
    found = [ola.why(date(2026, 6, day), f"{hour:02}:00") for day in range(8, 13) for hour in (9, 10, 11)]
    assert found.count(Because.ONLINE) == 7


def test_a_time_that_needs_a_code_says_so(desk_store: Store, settings: Settings) -> None:
    ola = Desk(desk_store, settings)
    ola.set(MORNINGS, replace(PRACTICE, without_code=0))
    assert ola.why(date(2026, 6, 4), "10:00") is Because.WITH_CODE


def test_a_place_that_a_colleague_offers_is_named(desk_store: Store, settings: Settings) -> None:
    ola = Desk(desk_store, settings)
    here = replace(PRACTICE, modes=PRACTICE.modes[1:])
    ola.set(MORNINGS, here, OTTO)
    ola.set(MORNINGS, here)
    assert ola.why(date(2026, 6, 4), "10:00") is Because.PLACE


def test_nothing_is_opened_beside_a_taken_time_of_earlier_hours(ola: Desk) -> None:
    ola.take(at("2026-06-04T10:00"))
    ola.set([WeeklyRange(3, time(9, 30), time(11, 30))])
    assert ola.why(date(2026, 6, 4), "09:30") is Because.BESIDE


def test_what_the_daily_job_opens_later_says_so(ola: Desk) -> None:
    ola.now = at("2026-06-02T00:30")
    assert ola.why(date(2026, 6, 15), "09:00") is Because.NOT_OPENED


def test_a_closed_booking_and_full_mailboxes_come_before_all(ola: Desk) -> None:
    assert explain(at("2026-06-04T10:00"), ola.outlook(has_mailbox=False)).because is Because.NO_MAILBOX
    ola.names = {OTTO: "Otto"}
    assert ola.why(date(2026, 6, 4), "10:00") is Because.CLOSED


def test_a_time_that_the_clocks_skip_is_none(desk_store: Store, settings: Settings) -> None:
    ola = Desk(desk_store, settings, now=at("2026-03-25T10:00"))
    ola.set([WeeklyRange(6, time(1), time(5))])
    assert ola.why(date(2026, 3, 29), "02:30") is Because.SKIPPED
    assert ola.why(date(2026, 3, 29), "03:00") is Because.OFFERED


def test_few_times_left_are_told_by_week(ola: Desk) -> None:
    for day in range(8, 13):
        for hour in (9, 10, 11):
            if (day, hour) not in {(8, 9), (9, 9)}:
                ola.take(at(f"2026-06-{day:02}T{hour:02}:00"))
    weeks = [date(2026, 6, 8), date(2026, 6, 15)]
    assert few_left(ola.outlook(), weeks, 3) == [(date(2026, 6, 8), 2)]
    assert few_left(ola.outlook(), weeks, 2) == []


def test_hours_that_make_few_times_are_no_shortage(ola: Desk) -> None:
    ola.set([WeeklyRange(3, time(9), time(11))])
    assert few_left(ola.outlook(), [date(2026, 6, 8)], 3) == []
    ola.take(at("2026-06-11T10:00"))
    assert few_left(ola.outlook(), [date(2026, 6, 8)], 3) == [(date(2026, 6, 8), 1)]


QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
RANGES = st.lists(
    st.builds(WeeklyRange, st.integers(0, 6), QUARTERS, QUARTERS, kind=st.sampled_from((Kind.appointments, *Kind))),
    min_size=1,
    max_size=5,
)
PRACTICES = st.builds(
    Practice,
    st.sampled_from((30, 45, 60, 90)),
    st.just(PRACTICE.modes),
    st.sampled_from((0, 50, ALL)),
    place=st.just(MILL.id),
    buffer=st.sampled_from((0, 15)),
    a_day=st.sampled_from((0, 2)),
    online=st.sampled_from((30, ALL)),
    notice_hours=st.sampled_from((None, 0, 72)),
    zone=st.sampled_from(("", "America/New_York")),
    holidays=st.sampled_from(("", "NL")),
)


@tried(deadline=None, max_examples=20)
@given(first=RANGES, later=st.none() | RANGES, practice=PRACTICES, seed=st.integers(0, 2**32), hours=st.integers(0, 60))
def test_what_is_explained_is_what_visitors_see_at_every_minute(
    first: list[WeeklyRange], later: list[WeeklyRange] | None, practice: Practice, seed: int, hours: int
) -> None:
    """Random hours, bookings, returns, closed dates and calendars, with Otto at the same place; then changed hours."""
    chance = Random(seed)  # noqa: S311 - a test that can be repeated
    with TemporaryDirectory() as folder:
        ola = Desk(new_store(Path(folder)), make_settings(Path(folder)), now=at("2026-05-20T08:00"))
        ola.set(MORNINGS[:2], ombuds=OTTO)
        ola.set(first, practice)
        _live(ola, chance)
        ola.now += timedelta(hours=hours)
        ola.listed()
        if later:
            ola.set(later, practice)
        _live(ola, chance)
        _explains_every_minute(ola, chance)
        ola.store.engine.dispose()


def _live(ola: Desk, chance: Random) -> None:
    """What happens between two looks."""
    listed = [*ola.listed()]
    with ola.store.reading() as desk:
        free = [slot.starts for slot in own.free(desk, OLA, ola.now)]
    chosen = chance.sample(free, min(len(free), 5))
    for slot in [ola.take(each) for each in chosen][:2]:
        ola.give_back(slot)
    if listed:
        ola.busy(listed[0], listed[0] + 10 * MINUTE)
    ola.close(ola.now.date() + chance.randrange(1, 20) * DAY)


def _explains_every_minute(ola: Desk, chance: Random) -> None:
    found, listed = ola.outlook(), ola.listed()
    soon = next_publication(ola.now, ola.settings.publish_at, ola.settings.zone)
    follows = ola.listed(soon, Publication())
    days = {ola.now.date() + chance.randrange(20) * DAY for _ in range(2)}
    minutes = [datetime(each.year, each.month, each.day, tzinfo=UTC) + n * MINUTE for each in days for n in range(1440)]
    for moment in {*minutes, *listed, *follows, *found.slots}:
        answer = explain(moment, found)
        assert answer.is_listed == (moment in listed), answer
        is_bookable = moment in listed and ola.can_be_booked(listed[moment])
        assert (answer.because in BOOKABLE) == is_bookable, answer
        comes = moment in follows and not is_bookable
        assert (answer.because in COMES) == comes, answer
