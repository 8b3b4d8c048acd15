"""The feed for an ombuds' own calendar program says busy and when; parsers other than the writer's read it back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from portal.busy.answers import Reading
from portal.busy.map import BusyMap
from portal.busy.reading import read
from portal.scheduling.feed import OWN, write
from portal.scheduling.rules import Mode, SlotFacts
from tests.scheduling.calendar_cast import AMSTERDAM, MILL, MONDAY, OLA
from tests.scheduling.test_calendar_file import Reader, misfolded, names, read_by_ics, read_by_vobject, value

HOUR = timedelta(hours=1)
FIRST = SlotFacts(b"\x0f" * 16, OLA, MONDAY, 60, tuple(Mode), proof_needed=False, place=MILL.id)
LATER = replace(FIRST, id=b"\x1e" * 16, starts=MONDAY + timedelta(days=1), minutes=30, proof_needed=True)
OF_THE_FILE = {"BEGIN", "END", "VERSION", "PRODID", "METHOD"}
OF_AN_ENTRY = {"BEGIN", "END", "UID", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "TRANSP"}


@pytest.mark.parametrize("reader", [read_by_ics, read_by_vobject])
def test_other_programs_read_when_somebody_is_busy(reader: Reader) -> None:
    assert reader(write([FIRST, LATER])) == [
        ("0f" * 16 + "@times", "Busy", MONDAY, MONDAY + HOUR),
        ("1e" * 16 + "@times", "Busy", LATER.starts, LATER.starts + HOUR / 2),
    ]


def test_the_feed_says_nothing_but_when() -> None:
    file = write([FIRST, LATER])
    assert names(file) == (OF_THE_FILE, OF_AN_ENTRY)
    assert misfolded(file) == []
    assert MILL.name.encode() not in file


def test_no_time_is_dated_by_anything_but_itself() -> None:
    file = write([FIRST, LATER])
    assert value("DTSTAMP", file) == value("DTSTART", file)


def test_the_same_times_give_the_same_bytes_in_any_order_and_any_zone() -> None:
    slots = [replace(FIRST, id=bytes([number]) * 16, starts=MONDAY + number * HOUR) for number in range(20)]
    shuffled = slots[7:] + slots[6::-1]
    moved = [replace(each, starts=each.starts.astimezone(ZoneInfo("Pacific/Auckland"))) for each in shuffled]
    assert write(moved) == write(slots)
    starts = value("DTSTART", write(moved))
    assert starts == sorted(starts)


def test_a_time_across_the_change_of_clocks_keeps_its_length() -> None:
    night = replace(FIRST, starts=datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM), minutes=90)
    ((_, _, starts, ends),) = read_by_ics(write([night]))
    assert (starts, ends) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 2, 0, tzinfo=UTC))


def test_an_ombuds_without_times_has_a_feed_all_the_same() -> None:
    assert read_by_ics(write([])) == []


def test_our_own_entries_are_known_again_and_nobody_elses() -> None:
    day, zone = MONDAY.date(), ZoneInfo("UTC")
    known, foreign = write([FIRST]), write([FIRST]).replace(b"UID:", b"UID:x")
    passed_over, busy = read(known, day, zone, OWN), read(foreign, day, zone, OWN)
    assert isinstance(passed_over, Reading)
    assert isinstance(busy, Reading)
    assert passed_over.map == BusyMap(day)
    assert list(busy.map.spans()) == [(MONDAY, MONDAY + HOUR)]


def test_an_entry_that_another_program_named_with_bare_random_signs_makes_its_time_busy() -> None:
    foreign = write([FIRST]).replace(FIRST.id.hex().encode() + b"@times", uuid4().hex.encode())
    found = read(foreign, MONDAY.date(), ZoneInfo("UTC"), OWN)
    assert isinstance(found, Reading)
    assert list(found.map.spans()) == [(MONDAY, MONDAY + HOUR)]
