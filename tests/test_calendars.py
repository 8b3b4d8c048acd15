"""Ola's own calendar is read at fixed hours, by a real child process from a real server; the clock is stepped."""

import logging
import time as waiting
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.busy.map import BusyMap
from portal.calendars import EVERY, LEAD, Calendars, find_due
from portal.office import service as office
from portal.pulse import Pulse
from portal.scheduling import elsewhere, feed, reading
from portal.scheduling import service as scheduling
from portal.scheduling.elsewhere import LastRead
from portal.volatile import Volatile
from tests.busy.servers import saying, serving, silent
from tests.cast import World
from tests.intake.sealed import ask_desk
from tests.own_calendar import TITLE, OwnCalendar, allow, own_calendar, wait_for_the_round

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UTC_ZONE, KOLKATA = ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def calendar() -> Iterator[OwnCalendar]:
    with own_calendar() as found:
        yield found


@pytest.fixture
def connected(world: World, calendar: OwnCalendar) -> World:
    """An office that knows Ola's calendar and has never asked it."""
    allow(world, calendar)
    name(world, calendar.url)
    return world


def name(world: World, address: str, ombuds: bytes = b"") -> None:
    with world.stores.keys.writing() as keys:
        elsewhere.set_address(keys, ombuds or world.ombuds, address, settings=world.settings)


def last_of(world: World) -> LastRead | None:
    with world.stores.desk.reading() as desk:
        return elsewhere.last_read(desk, world.settings).get(world.ombuds)


def read(world: World, volatile: Volatile, now: datetime) -> str | None:
    tried = reading.read(world.stores, volatile.calendars, world.ombuds, settings=world.settings, now=now)
    return tried and tried.problem


def test_a_round_begins_before_each_list_and_every_hour_in_between() -> None:
    publish_at = (time(6), time(18, 30))
    moments = {find_due(NOON + minute * MINUTE, publish_at, UTC_ZONE) for minute in range(24 * 60)}
    for at in publish_at:
        assert any((moment + LEAD).time() == at for moment in moments)
    ordered = sorted(moments)
    gaps = [after - before for before, after in pairwise(ordered)]
    assert max(gaps) <= EVERY
    assert len(ordered) <= 27


@pytest.mark.parametrize("zone", [UTC_ZONE, KOLKATA])
def test_the_round_of_a_moment_has_begun_already(zone: ZoneInfo) -> None:
    for minute in range(0, 24 * 60, 7):
        now = NOON + minute * MINUTE
        assert now - EVERY < find_due(now, (time(6),), zone) <= now


def test_a_calendar_is_asked_once_an_hour_whoever_comes(connected: World, calendar: OwnCalendar) -> None:
    now, volatile = find_due(clock.now(), connected.settings.publish_at, UTC_ZONE) + MINUTE, Volatile()
    rounds = Calendars(connected.stores, volatile, connected.settings)
    for minute in range(0, 180, 20):
        if minute == 40:
            assert connected.book(None)
        rounds.read_if_due(now + minute * MINUTE)
        wait_for_the_round()
    # A round more at most: the one before the list falls between two full hours of it.
    assert 3 <= calendar.asked <= 4


def test_a_list_is_made_with_the_busy_times_that_were_read_before_it(connected: World, calendar: OwnCalendar) -> None:
    volatile, settings = Volatile(), connected.settings
    first = connected.offers()[0]
    calendar.busy = [(first.starts + MINUTE, first.starts + 2 * MINUTE)]
    now = clock.now()
    pulse = Pulse(connected.stores, volatile, settings, now)
    pulse.beat(now)
    wait_for_the_round()
    with connected.stores.desk.reading() as desk:
        names = office.names(desk)
        tomorrow = Volatile()
        offers = scheduling.published(desk, tomorrow.publication, names, settings=settings, now=now)
    assert first.id not in {offer.id for offer in offers}
    assert len(offers) > 10


def test_the_list_does_not_wait_for_a_calendar_that_says_nothing(world: World) -> None:
    with serving(silent) as place:
        allow(world, OwnCalendar(place))
        name(world, place.url())
        volatile, begun = Volatile(), waiting.monotonic()
        Pulse(world.stores, volatile, world.settings, clock.now()).beat(clock.now())
        assert len(volatile.publication.items) > 10
        assert waiting.monotonic() - begun < 10
    wait_for_the_round()


def test_one_round_goes_on_at_a_time(world: World) -> None:
    with serving(silent) as place:
        allow(world, OwnCalendar(place))
        name(world, place.url())
        rounds, now = Calendars(world.stores, Volatile(), world.settings), clock.now()
        rounds.read_if_due(now)
        while not place.asked:
            waiting.sleep(0.02)
        rounds.read_if_due(now + 2 * HOUR)
        rounds.read_if_due(now + 4 * HOUR)
        assert len(place.asked) == 1
    wait_for_the_round()


def test_what_is_kept_is_when_and_nothing_else(connected: World, calendar: OwnCalendar) -> None:
    now = clock.now()
    starts = now.replace(minute=0, second=0) + DAY
    calendar.busy = [(starts, starts + HOUR)]
    assert read(connected, Volatile(), now) == ""
    last = last_of(connected)
    assert last
    assert list(last.busy.spans()) == [(starts, starts + HOUR)]
    for path in connected.instance.iterdir():
        for secret in (TITLE, calendar.url, "private-4711"):
            assert secret.encode() not in path.read_bytes(), path.name


def test_on_the_disk_every_reading_was_at_a_full_hour(connected: World) -> None:
    """So that the moment at which Ola presses "read it now" stands nowhere."""
    now = clock.now().replace(minute=37, second=11)
    read(connected, Volatile(), now)
    last = last_of(connected)
    assert last
    assert last.at == now.replace(minute=0, second=0)


def test_a_failure_leaves_what_was_known_and_is_remembered_in_memory_only(
    connected: World, calendar: OwnCalendar
) -> None:
    volatile, now = Volatile(), clock.now()
    calendar.busy = [(now + DAY, now + DAY + HOUR)]
    read(connected, volatile, now)
    before, row = last_of(connected), (connected.instance / "desk.db").read_bytes()
    calendar.status = "503 Service Unavailable"
    assert read(connected, volatile, now + 3 * HOUR) == "refused"
    assert last_of(connected) == before
    assert (connected.instance / "desk.db").read_bytes() == row
    tried = volatile.calendars.find(connected.ombuds)
    assert tried
    assert (tried.problem, tried.at) == ("refused", now + 3 * HOUR)


def test_the_log_says_of_a_failure_a_public_word_and_no_address(
    connected: World, calendar: OwnCalendar, caplog: pytest.LogCaptureFixture
) -> None:
    calendar.status = "404 Not Found"
    with caplog.at_level(logging.DEBUG, "portal"):
        Calendars(connected.stores, Volatile(), connected.settings).read_if_due(clock.now())
        wait_for_the_round()
    (line,) = [record.getMessage() for record in caplog.records if record.name == "portal"]
    assert line.startswith("NotRead at ")
    assert str(calendar.place.port) not in line
    assert "127" not in line


def test_one_calendar_that_fails_keeps_no_other_from_its_turn(connected: World, calendar: OwnCalendar) -> None:
    name(connected, "https://127.0.0.1:1/", b"noor-the-ombuds!")
    Calendars(connected.stores, Volatile(), connected.settings).read_if_due(clock.now())
    wait_for_the_round()
    assert calendar.asked == 1
    assert last_of(connected)


def test_a_calendar_that_was_forgotten_while_it_was_asked_is_not_remembered(world: World) -> None:
    with own_calendar() as calendar:
        allow(world, calendar)
        name(world, calendar.url)
        volatile = Volatile()
        rounds = Calendars(world.stores, volatile, world.settings)
        rounds.read_if_due(clock.now())
        reading.forget(world.stores, volatile.calendars, world.ombuds, settings=world.settings)
        wait_for_the_round()
    assert last_of(world) is None
    assert volatile.calendars.find(world.ombuds) is None


def test_an_answer_for_a_calendar_that_was_exchanged_is_not_kept(world: World) -> None:
    """The old one is asked, and while it answers Ola names another."""
    with own_calendar() as old, own_calendar() as new:
        allow(world, old)
        name(world, old.url)
        volatile, other = Volatile(), new.url

        def exchange() -> list[tuple[datetime, datetime]]:
            name(world, other)
            return []

        old.busy = _Then(exchange)
        assert read(world, volatile, clock.now()) is None
    assert last_of(world) is None


class _Then(list[tuple[datetime, datetime]]):
    """Empty; something happens when somebody looks."""

    def __init__(self, act: object) -> None:
        super().__init__()
        self._act = act

    def __iter__(self) -> Iterator[tuple[datetime, datetime]]:
        assert callable(self._act)
        self._act()
        return super().__iter__()


def test_a_zone_that_is_known_no_more_does_not_keep_a_calendar_from_being_read(
    connected: World, calendar: OwnCalendar
) -> None:
    """Names of zones are dropped from the world's list now and then; the office's own counts instead."""
    ask_desk(connected, "UPDATE practice SET zone = 'Europe/Atlantis'")
    day = clock.now() + timedelta(days=3)
    calendar.busy = [(day, day + timedelta(hours=1))]
    assert read(connected, Volatile(), clock.now()) == ""
    assert last_of(connected)


def test_our_own_times_come_back_and_make_nobody_busy(connected: World, calendar: OwnCalendar) -> None:
    """A calendar that shows the feed again, as some programs do when one calendar is shared out of another."""
    with connected.stores.desk.reading() as desk:
        volatile = Volatile()
        facts = scheduling.off_the_list(
            desk, volatile.publication, {}, connected.ombuds, settings=connected.settings, now=clock.now()
        )
    assert len(facts) > 10
    with serving(saying("200 OK", feed.write(facts))) as place:
        allow(connected, OwnCalendar(place))
        name(connected, place.url())
        read(connected, volatile, clock.now())
    last = last_of(connected)
    assert last
    assert last.busy == BusyMap(last.busy.first)
    assert calendar.asked == 0
