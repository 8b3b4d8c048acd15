"""Opening half a year for twenty ombuds, the list they fill, and reading their calendars: each against bare work."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as wall_clock
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from icalendar import Calendar

from portal import clock
from portal.busy.map import BusyMap
from portal.busy.reading import read
from portal.desk import service as desk_service
from portal.office import service as office
from portal.scheduling import opening
from portal.scheduling.rules import WeeklyRange
from tests.cast import EVERY_DAY, LIBRARY, PRACTICE, World, change_settings
from tools.bench.figures import Figure, spread
from tools.bench.load import requests_a_second
from tools.bench.serving import running

OMBUDS, WEEKS, EVENTS = 20, 26, 2000
ROUNDS, REQUESTS = 5, 300
WEEK = [WeeklyRange(day, wall_clock(9), wall_clock(17)) for day in range(5)]
_COLUMNS = "id, ombuds, starts, minutes, modes, proof_needed, place, grain, state"


def times_of_many(world: World) -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        own = world.copy(Path(folder) / "instance")
        with running(own) as (server, _copy):
            one = [requests_a_second(f"{server.url}/times", REQUESTS) for _ in range(ROUNDS)]
        _admit_many(own)
        yield from _opening(own)
        with running(own) as (server, _copy):
            many = [requests_a_second(f"{server.url}/times", REQUESTS) for _ in range(ROUNDS)]
        own.stores.close()
    ratio = median(many) / median(one)
    yield Figure(f"/times with {OMBUDS} ombuds, of the requests/s with one", f"{ratio:.2f}", "≥ 0.60", ratio >= 0.6)
    yield from _reading()


def _admit_many(world: World) -> None:
    """Nineteen colleagues of Ola's, each admitted by her."""
    ola = world.desk_keys()
    for number in range(OMBUDS - 1):
        with world.stores.desk.writing() as desk:
            code = office.invite(desk, f"Ombuds {number}")
            assert isinstance(code, str)
            who = office.find_invitation(desk, code)
            assert isinstance(who, bytes)
        now = clock.now()
        assert desk_service.join(world.stores, code=code, kit=office.new_kit(), settings=world.settings, now=now)
        with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
            assert office.admit(desk, keys, who, ola)


def _opening(world: World) -> Iterator[Figure]:
    """Against inserting the same rows, which is the least that any way of opening them must do."""
    change_settings(world.instance, horizon_weeks=f"horizon_weeks = {WEEKS}")
    world.refresh()
    first, again, bare, longest = [], [], [], 0.0
    with world.stores.desk.reading() as desk:
        people = list(office.names(desk))
    for _ in range(3):
        with world.stores.desk.writing() as desk:
            desk.connection().exec_driver_sql("DELETE FROM slot")
            for who in people:
                opening.put_place(desk, replace(LIBRARY, id=who))
                opening.set_hours(desk, who, WEEK, replace(PRACTICE, place=who, buffer=10))
        seconds = [_seconds(partial(_open, world, who)) for who in people]
        longest = max(longest, *seconds)
        first.append(sum(seconds))
        again.append(sum(_seconds(partial(_open, world, who)) for who in people))
        bare.append(_seconds(lambda: _insert_again(world)))
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, people[0], EVERY_DAY, PRACTICE)
    what = f"opening {WEEKS} weeks of {OMBUDS} ombuds, times the bare insert of its rows"
    ratios = [one / other for one, other in zip(first, bare, strict=True)]
    yield Figure(what, spread(ratios), "≤ 12.00", median(ratios) <= 12)
    same = median(again) / median(first)
    yield Figure("  the day after, when all is open, of that", f"{same:.2f}", "≤ 1.50", same <= 1.5)
    yield Figure("  the longest that a visitor waits behind it, of the whole", f"{longest / max(first):.2f}")


def _open(world: World, who: bytes) -> None:
    with world.stores.desk.writing() as desk:
        opening.open_slots(desk, world.settings, clock.now(), who)


def _insert_again(world: World) -> None:
    """The same rows into an empty table of the same shape, with the same pragmas, by the driver alone."""
    with closing(sqlite3.connect(world.instance / "desk.db")) as source:
        rows = source.execute(f"SELECT {_COLUMNS} FROM slot").fetchall()  # noqa: S608
        (shape,) = source.execute("SELECT sql FROM sqlite_master WHERE name = 'slot'").fetchone()
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "bare.db")) as bare:
        for pragma in ("page_size=8192", "journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON"):
            bare.execute(f"PRAGMA {pragma}")
        bare.execute(shape)
        with bare:
            bare.executemany(f"INSERT INTO slot ({_COLUMNS}) VALUES ({'?, ' * 8}?)", sorted(rows))  # noqa: S608


def _reading() -> Iterator[Figure]:
    """A calendar of two thousand events, two hundred of which repeat weekly, against the library's own reading."""
    content, first = _feed(), datetime(2026, 6, 1, tzinfo=UTC).date()
    whole = [_seconds(lambda: _read(content, first)) for _ in range(ROUNDS)]
    bare = [_seconds(lambda: Calendar.from_ical(content)) for _ in range(ROUNDS)]
    ratio = median(whole) / median(bare)
    what = f"a calendar of {EVENTS:,} events, times its bare parsing"
    yield Figure(what, f"{ratio:.2f}", "≤ 6.00", ratio <= 6)


def _read(content: bytes, first: object) -> None:
    found = read(content, first, ZoneInfo("Europe/Amsterdam"))  # type: ignore[arg-type]
    assert isinstance(found.map, BusyMap)  # type: ignore[union-attr]


def _feed() -> bytes:
    start, lines = datetime(2026, 6, 1, 9, tzinfo=UTC), ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bench//EN"]
    for number in range(EVENTS):
        begins = start + timedelta(hours=number * 2)
        lines += ["BEGIN:VEVENT", f"UID:{number}@bench.example.org", "DTSTAMP:20260601T000000Z"]
        lines += [f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", f"DTEND:{begins + timedelta(hours=1):%Y%m%dT%H%M%SZ}"]
        lines += ["RRULE:FREQ=WEEKLY;COUNT=20"] if number % 10 == 0 else []
        lines += ["SUMMARY:Not for anybody", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
