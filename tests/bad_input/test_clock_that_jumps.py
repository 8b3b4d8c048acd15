"""The machine's clock jumps a day, a week, a year, and back: nothing opens wrongly, and nothing stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal import clock, jobs
from portal.intake import returning
from portal.intake.returning import Opened
from portal.intake.service import Receipt
from portal.office import service as office
from portal.office.factor import app_of, matching_step
from portal.office.rules import NotAdmitted
from portal.pulse import Pulse
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Offer
from portal.seizure.footprint import stamps
from portal.sessions import Desks, OpenDesk
from portal.volatile import Erased, Factors, Publication, SentNotes, TicketKeys, Volatile
from tests.cast import VERA, World, change_settings
from tests.intake.sealed import ask_desk, taken_slots, used_lockers

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY, WEEK, YEAR = timedelta(days=1), timedelta(weeks=1), timedelta(days=365)
SIX = NINE.replace(hour=6)
OLA, TAB = b"o" * 16, b"one tab"
TYPED = "amber bagpipe cabbage daybreak eagle fabric"


class Lists:
    """Counts how often a list is made; each says when."""

    def __init__(self) -> None:
        self.publication, self.made = Publication[datetime](), list[datetime]()

    def read(self, since: datetime) -> datetime:
        return self.publication.read(since, lambda _resting: [self._make(since)])[0]

    def _make(self, since: datetime) -> datetime:
        self.made.append(since)
        return since


@pytest.mark.parametrize("back", [SECOND, DAY, WEEK, YEAR])
def test_a_clock_set_back_publishes_nothing(back: timedelta) -> None:
    lists = Lists()
    lists.read(SIX)
    assert [lists.read(SIX - back) for _ in range(9)] == [SIX] * 9
    assert lists.made == [SIX]


@pytest.mark.parametrize("jump", [DAY, WEEK, YEAR])
def test_a_clock_set_forward_publishes_once(jump: timedelta) -> None:
    lists = Lists()
    lists.read(SIX)
    assert [lists.read(SIX + jump) for _ in range(9)] == [SIX + jump] * 9
    assert lists.made == [SIX, SIX + jump]


@pytest.mark.parametrize("jump", [WEEK, YEAR])
def test_a_clock_that_is_put_right_again_publishes_at_its_next_hour(jump: timedelta) -> None:
    """The list of a day that never was must not stand until that day comes."""
    lists = Lists()
    for since in (SIX, SIX + jump, SIX, SIX, SIX + DAY, SIX + DAY, SIX + 2 * DAY):
        lists.read(since)
    assert lists.made == [SIX, SIX + jump, SIX + DAY, SIX + 2 * DAY]


def test_a_look_that_waited_past_the_hour_does_not_publish_twice() -> None:
    """Somebody asked before six and was served after it: a second list would show who booked in between."""
    lists = Lists()
    for since in (SIX, SIX + DAY, SIX, SIX + DAY, SIX, SIX + DAY):
        lists.read(since)
    assert lists.made == [SIX, SIX + DAY]


def test_a_time_given_back_rests_through_a_clock_set_back() -> None:
    lists = Lists()
    lists.read(SIX)
    lists.publication.rest(b"slot")
    lists.read(SIX - WEEK)
    assert lists.publication.resting == {b"slot"}
    lists.read(SIX - 6 * DAY)
    assert lists.publication.resting == frozenset()


def listed(world: World, now: datetime) -> list[Offer]:
    with world.stores.desk.reading() as desk:
        names = office.names(desk)
        return scheduling.published(desk, world.publication, names, settings=world.settings, now=now)


def test_the_offices_own_list_offers_no_past_time_whatever_the_clock_did(world: World) -> None:
    now = clock.now()
    first = listed(world, now)
    later = listed(world, now + WEEK)
    assert listed(world, now) == later, "put right it publishes nothing"
    again = listed(world, now + DAY)
    assert first[0].starts < now + WEEK <= later[0].starts
    assert again[0].starts < now + 3 * DAY, "from the next hour on, the times of the coming days are back"
    assert listed(world, now - WEEK) == again, "set back it publishes nothing"


@pytest.mark.parametrize("jump", [DAY, 2 * DAY - SECOND])
def test_yesterdays_ticket_opens_after_a_jump(jump: timedelta) -> None:
    tickets = TicketKeys()
    key = tickets.current(NINE)
    assert key in tickets.valid(NINE + jump)
    assert tickets.current(NINE + jump) != key


@pytest.mark.parametrize("back", [SECOND, DAY])
def test_a_ticket_opens_when_the_clock_is_set_back(back: timedelta) -> None:
    tickets = TicketKeys()
    key = tickets.current(NINE)
    assert key in tickets.valid(NINE - back)
    assert key in tickets.valid(NINE)


def test_a_clock_set_back_by_a_week_does_not_make_a_key_live_a_week_longer() -> None:
    tickets = TicketKeys()
    key = tickets.current(NINE)
    assert key not in tickets.valid(NINE - WEEK)
    assert tickets.valid(NINE - WEEK), "and new ones are written"


def test_after_a_week_forward_no_old_ticket_opens_also_when_the_clock_is_put_right() -> None:
    tickets = TicketKeys()
    key = tickets.current(NINE)
    tickets.current(NINE + WEEK)
    assert key not in tickets.valid(NINE)
    assert tickets.valid(NINE), "and new ones are written"


@pytest.mark.parametrize("moments", [(WEEK,), (-WEEK,), (WEEK, timedelta()), (DAY, -DAY), (-YEAR, DAY)], ids=str)
def test_no_jump_lets_an_erased_form_book_again(moments: tuple[timedelta, ...]) -> None:
    """Either the form is known as erased, or its ticket is too old to be read."""
    erased, tickets = Erased(), TicketKeys()
    key = tickets.current(NINE)
    erased.add(TYPED, NINE)
    for moment in moments:
        can_be_read = key in tickets.valid(NINE + moment)
        erased.add("gallery habitat iceberg jackal karate ladder", NINE + moment)
        assert erased.has(TYPED, NINE + moment) or not can_be_read


@pytest.mark.parametrize("moments", [(WEEK,), (-WEEK,), (WEEK, timedelta()), (DAY, -DAY), (-YEAR, DAY)], ids=str)
def test_no_jump_lets_the_form_of_a_note_tell_what_became_of_it(moments: tuple[timedelta, ...]) -> None:
    sent, tickets, kept_anew = SentNotes(), TicketKeys(), list[timedelta]()
    key = tickets.current(NINE)
    sent.once(b"form", NINE, lambda: True)
    for moment in moments:
        can_be_read = key in tickets.valid(NINE + moment)
        sent.once(b"another form", NINE + moment, lambda: True)
        if can_be_read:
            sent.once(b"form", NINE + moment, lambda moment=moment: not kept_anew.append(moment))  # type: ignore[misc]
    assert kept_anew == []


def signed_in(desks: Desks) -> OpenDesk:
    desk = OpenDesk(OLA, b"locked", signed_in=NINE, seen=NINE)
    desks.open(TAB, desk)
    return desk


def test_nine_hours_forward_end_an_open_desk_for_good() -> None:
    desks = Desks()
    signed_in(desks)
    assert desks.find(TAB, NINE + 9 * HOUR) is None
    assert desks.find(TAB, NINE) is None


@pytest.mark.parametrize("back", [8 * HOUR, DAY, YEAR])
def test_a_clock_set_back_far_ends_an_open_desk(back: timedelta) -> None:
    """Otherwise it would stay open until the clock has caught up, and eight hours longer."""
    desks = Desks()
    signed_in(desks)
    assert desks.find(TAB, NINE - back) is None


def test_no_clock_that_is_set_back_again_and_again_keeps_an_unused_desk_uncovered() -> None:
    desks = Desks()
    desk = signed_in(desks)
    for step in range(1, 30):
        desks.find(TAB, NINE - step * MINUTE)
    assert desk.is_covered


def test_a_clock_put_right_by_seconds_disturbs_nobody() -> None:
    desks = Desks()
    desk = signed_in(desks)
    for back in (SECOND, 5 * SECOND, MINUTE):
        assert desks.find(TAB, NINE - back) is desk
    assert not desk.is_covered


def test_a_cover_stays_on_through_every_jump() -> None:
    desks = Desks()
    desk = signed_in(desks)
    desks.find(TAB, NINE + HOUR)
    for moment in (timedelta(), -HOUR, 2 * HOUR, SECOND):
        assert desks.find(TAB, NINE + moment) is desk
        assert desk.is_covered


def test_digits_follow_the_servers_clock_and_none_works_twice_after_a_jump(world: World) -> None:
    with world.stores.keys.reading() as keys:
        wrapped = office.find_wrapped(keys, world.ombuds)
    factors, factor = Factors(), world.kit.factor

    def admitted(phone: datetime, server: datetime) -> bool:
        digits = app_of(factor).generate(int(phone.timestamp())).decode()
        last = factors.last(world.ombuds)
        step = office.lift_cover(wrapped, digits, settings=world.settings, now=server, last_step=last)
        return not isinstance(step, NotAdmitted) and factors.use(world.ombuds, step)

    assert admitted(NINE, NINE)
    assert not admitted(NINE, NINE + DAY), "the server's clock is wrong, the phone's is not"
    assert admitted(NINE + HOUR, NINE + HOUR)
    assert not admitted(NINE, NINE), "set back, digits that were seen an hour ago do not open again"
    assert not admitted(NINE + HOUR, NINE + HOUR)
    assert admitted(NINE + 2 * HOUR, NINE + 2 * HOUR)
    assert matching_step(factor, "000000", NINE) is None or admitted(NINE + DAY, NINE + DAY)


@pytest.fixture
def booked(world: World) -> Receipt:
    found = world.book(VERA, typed=TYPED, slots=[world.offers()[-1].id])
    assert isinstance(found, Receipt)
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    return found


def test_the_daily_job_a_day_back_ends_nothing_and_opens_no_day_that_is_over(world: World, booked: Receipt) -> None:
    before, today = used_lockers(world), clock.now().date()
    for back in (DAY, WEEK, 30 * DAY):
        day = jobs.daily(world.stores, settings=world.settings, now=clock.now() - back)
        assert (day.ended, day.lockers) == (0, 0)
    (first,) = ask_desk(world, "SELECT min(starts) FROM slot")[0]
    assert datetime.fromtimestamp(int(str(first)), UTC).date() >= today
    assert (taken_slots(world), used_lockers(world)) == ({booked.matter.meeting.slot}, before)


def test_the_daily_job_a_week_forward_ends_nothing_early_and_opens_a_week_once(world: World, booked: Receipt) -> None:
    week = jobs.daily(world.stores, settings=world.settings, now=clock.now() + WEEK)
    again = jobs.daily(world.stores, settings=world.settings, now=clock.now() + WEEK)
    back = jobs.daily(world.stores, settings=world.settings, now=clock.now())

    assert (week.ended, week.opened > 0, week.lockers) == (0, True, 0)
    assert again == back == jobs.Day(0, 0, 0)
    assert taken_slots(world) == {booked.matter.meeting.slot}
    assert isinstance(returning.come_back(world.stores, TYPED, settings=world.settings), Opened)


@pytest.fixture
def noisy(first_world: World, tmp_path: Path) -> Iterator[World]:
    world = first_world.copy(tmp_path / "noisy")
    change_settings(world.instance, noise_a_day="noise_a_day = 1440")
    world.refresh()
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    yield world
    world.stores.close()


@pytest.mark.parametrize("jumps", [(-WEEK,), (WEEK, timedelta())], ids=["set back", "forward and back"])
def test_noise_goes_on_after_a_clock_was_set_back(noisy: World, jumps: tuple[timedelta, ...]) -> None:
    """What hides visitors must not fall silent until the clock has caught up."""
    now = clock.now()
    pulse = Pulse(noisy.stores, Volatile(), noisy.settings, now)
    for jump in jumps:
        pulse.beat(now + jump)
    after = now + jumps[-1]
    before = stamps(noisy.instance)
    for minute in range(1, 31):
        pulse.beat(after + minute * MINUTE)
    assert stamps(noisy.instance)["desk.db"] != before["desk.db"]
