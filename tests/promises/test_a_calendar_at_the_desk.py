"""S14, P2: what Ola does with her calendar touches two rows of her own, and nothing of any visitor's."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock, jobs
from portal.calendars import Calendars
from portal.desk import calendar as own
from portal.desk import service as desk_service
from portal.desk.changing import AtDesk
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.scheduling import elsewhere
from portal.seizure.files import looking
from portal.tried import Tries
from portal.volatile import Volatile
from tests.cast import VERA, World
from tests.own_calendar import OwnCalendar, allow, own_calendar, wait_for_the_round

pytestmark = pytest.mark.xdist_group("sign-in")
Rows = dict[tuple[str, str, str], set[object]]
HOUR = timedelta(hours=1)
STORES = ("desk", "keys", "site")
#: What a calendar is: when its ombuds is busy, where it is, and the digest of the feed's token.
BUSY = {("desk", "busy", name) for name in ("read_at", "map")}
NEW_BUSY = BUSY | {("desk", "busy", "ombuds")}
ADDRESS, FEED = ("keys", "calendar", "address"), ("keys", "calendar", "feed")


@dataclass(frozen=True)
class Office:
    """Vera is booked, and Ola has connected her calendar and signed in."""

    world: World
    ola: DeskKeys
    calendar: OwnCalendar

    @property
    def at(self) -> AtDesk:
        return self.world.at_desk(self.ola)

    def copy(self, folder: Path) -> "Office":
        return Office(self.world.copy(folder), self.ola, self.calendar)


@pytest.fixture(scope="module")
def first_office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    world = first_world.copy(tmp_path_factory.mktemp("calendar") / "instance")
    assert isinstance(world.book(VERA, share="name", message="Soon"), Receipt)
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    with own_calendar() as calendar:
        allow(world, calendar)
        office = Office(world, world.desk_keys(), calendar)
        desk_service.unlock(office.at)
        assert own.connect(office.at, Tries(), calendar.url)
        # The hour before, so that this one is another.
        busy = _last(world)
        with world.stores.desk.writing() as desk:
            elsewhere.keep(desk, world.ombuds, busy.busy, settings=world.settings, now=busy.at - 2 * HOUR)
        world.stores.close()
        yield office


@pytest.fixture
def office(first_office: Office, tmp_path: Path) -> Office:
    return first_office.copy(tmp_path / "instance")


def _last(world: World) -> elsewhere.LastRead:
    with world.stores.desk.reading() as desk:
        return elsewhere.last_read(desk, world.settings)[world.ombuds]


def is_dated(world: World) -> bool:
    """Whether the store tells more of the moment of reading than its hour."""
    at = _last(world).at
    return at != at.replace(minute=0, second=0)


def rows(world: World) -> Rows:
    """The values of every column of every table."""
    found: Rows = {}
    for store in STORES:
        with closing(looking(world.instance / f"{store}.db")) as file:
            file.row_factory = sqlite3.Row
            for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in file.execute(f"SELECT * FROM {table}"):  # noqa: S608 - from the catalogue
                    for name in row.keys():  # noqa: SIM118 - a row is no dictionary
                        found.setdefault((store, table, name), set()).add(row[name])
    return found


def touched(office: Office, act: Callable[[Office], object]) -> set[tuple[str, str, str]]:
    """Columns in which anything changed."""
    before = rows(office.world)
    act(office)
    after = rows(office.world)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def reads_now(office: Office) -> None:
    tried = own.read_now(office.at, Tries())
    assert tried
    assert not tried.problem


def an_hour_passes(office: Office) -> None:
    Calendars(office.world.stores, Volatile(), office.world.settings).read_if_due(clock.now())
    wait_for_the_round()


def connects_another(office: Office) -> None:
    assert own.connect(office.at, Tries(), office.calendar.url)


def forgets(office: Office) -> None:
    own.forget(office.at, Tries())


def makes_a_feed(office: Office) -> None:
    own.new_feed(office.at)


def stops_the_feed(office: Office) -> None:
    own.stop_feed(office.at)


@pytest.mark.parametrize(
    ("act", "columns"),
    [
        (reads_now, BUSY),
        (connects_another, BUSY | {ADDRESS}),
        (forgets, NEW_BUSY | {ADDRESS}),
        (makes_a_feed, {FEED}),
        (stops_the_feed, {FEED}),
    ],
)
def test_two_copies_around_it_show_a_calendar_and_nothing_of_a_matter(
    act: Callable[[Office], object], columns: set[tuple[str, str, str]], office: Office
) -> None:
    assert touched(office, act) == columns


def test_a_look_at_the_page_touches_nothing(office: Office) -> None:
    assert touched(office, lambda each: (own.look(each.at, Tries()), own.is_silent(each.at))) == set()


def test_read_it_now_leaves_what_the_hour_leaves(office: Office, first_office: Office, tmp_path: Path) -> None:
    """The same columns, and the same full hour: no copy shows that Ola was at her desk."""
    by_itself = first_office.copy(tmp_path / "by itself")
    for _ in range(3):
        hour = clock.now().hour
        found = touched(office, reads_now), touched(by_itself, an_hour_passes)
        dated = _last(office.world).at, _last(by_itself.world).at
        if clock.now().hour == hour:
            break
    assert found == (BUSY, BUSY)
    assert dated[0] == dated[1]
    assert not is_dated(office.world)


def test_a_reading_that_dates_itself_to_the_second_is_caught(office: Office) -> None:
    """What the store would show if the desk wrote down its own moment."""
    now = clock.now().replace(minute=17, second=23)
    with office.world.stores.desk.writing() as desk:
        elsewhere.keep(desk, office.world.ombuds, _last(office.world).busy, settings=office.world.settings, now=now)
    assert is_dated(office.world)


def test_a_planted_touch_of_a_matter_is_caught(office: Office) -> None:
    def careless(each: Office) -> None:
        reads_now(each)
        desk_service.unlock(each.at)

    assert touched(office, careless) > BUSY


def test_two_copies_show_no_difference_between_one_calendar_and_another(office: Office) -> None:
    """Every address and every map has one length."""
    with looking(office.world.instance / "desk.db") as desk, looking(office.world.instance / "keys.db") as keys:
        sizes = [
            desk.execute("SELECT length(map) FROM busy").fetchall(),
            keys.execute("SELECT length(address), length(feed) FROM calendar").fetchall(),
        ]
    office.calendar.busy = [(clock.now(), clock.now() + 5 * HOUR)]
    connects_another(office)
    makes_a_feed(office)
    with looking(office.world.instance / "desk.db") as desk, looking(office.world.instance / "keys.db") as keys:
        assert sizes == [
            desk.execute("SELECT length(map) FROM busy").fetchall(),
            keys.execute("SELECT length(address), length(feed) FROM calendar").fetchall(),
        ]
