"""A file for a visitor's calendar says when, and nothing else; parsers other than the writer's read it back."""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import ics
import pytest
import vobject
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from portal import language
from portal.scheduling.invite import TITLE_LIMIT, Entry, TooLong, write
from portal.scheduling.labels import TITLES
from tests.scheduling.calendar_cast import AMSTERDAM, MONDAY, at

Read = tuple[str, str, datetime, datetime]
Reader = Callable[[bytes], list[Read]]

SIZE = 2048
VERA = Entry(uid="0f" * 16, sequence=0, title="Coffee", starts=MONDAY, minutes=60)
MEI = Entry(uid="1e" * 16, sequence=3, title="Errand", starts=MONDAY + timedelta(days=1), minutes=30)

#: Everything a file may hold; another name is a leak until somebody has thought about it.
OF_THE_FILE = {"BEGIN", "END", "VERSION", "PRODID", "METHOD", "X-PADDING"}
OF_AN_ENTRY = {
    *("BEGIN", "END", "UID", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND"),
    *("DTSTAMP", "STATUS", "CLASS", "TRANSP"),
}

SHORT_AND_LONG = [
    "x",
    "Appointment",
    "w" * TITLE_LIMIT,
    "موعد مع صديقة في المقهى عند الزاوية بعد الظهر",
    "☕️👩🏽‍🤝‍👩🏻" * 6,
    "🫖" * TITLE_LIMIT,
    "one, two; three: four \"five\" 'six' =7 ^n %0D%0A",
]

ATTACKS = [
    "\r\nATTENDEE:mailto:ned@example.org",
    "\nATTENDEE:mailto:ned@example.org",
    "\rATTENDEE:mailto:ned@example.org",
    "x\r\n ATTENDEE:mailto:ned@example.org",
    "x\x0bATTENDEE:mailto:ned@example.org",
    "x\x0cATTENDEE:mailto:ned@example.org",
    "x\x1eATTENDEE:mailto:ned@example.org",
    "x\x85ATTENDEE:mailto:ned@example.org",
    "x\u2028ATTENDEE:mailto:ned@example.org",
    "x\u2029ATTENDEE:mailto:ned@example.org",
    "x\x00\x07\ud800y",
    r"x\nATTENDEE:mailto:ned@example.org",
    r"x\NATTENDEE:mailto:ned@example.org",
    "x\\\r\nATTENDEE:mailto:ned@example.org",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nLOCATION:The old mill",
]


def names(file: bytes) -> tuple[set[str], set[str]]:
    """The names of all properties: above the entries, and inside them. Splits wherever any reader would."""
    of_the_file: set[str] = set()
    of_entries: set[str] = set()
    depth = 0
    for line in re.sub(r"\r\n[ \t]", "", file.decode()).splitlines():
        depth += line == "BEGIN:VEVENT"
        (of_entries if depth else of_the_file).add(re.split("[:;]", line)[0])
        depth -= line == "END:VEVENT"
    return of_the_file, of_entries


def says_more(file: bytes) -> set[str]:
    """Names that are not allowed where they stand."""
    of_the_file, of_entries = names(file)
    return of_the_file - OF_THE_FILE | of_entries - OF_AN_ENTRY


def misfolded(file: bytes) -> list[bytes]:
    """Lines over 75 octets, ended by anything but CR LF, or cut inside a character (RFC 5545, 3.1)."""
    *lines, rest = file.split(b"\r\n")
    wrong = [line for line in lines if len(line) > 75 or re.search(rb"[\r\n]", line)]
    return wrong + [line for line in lines if "\ufffd" in line.decode(errors="replace")] + [rest] * bool(rest)


def value(name: str, file: bytes) -> list[str]:
    return re.findall(rf"^{name}:(.*)\r$", file.decode(), re.MULTILINE)


def read_by_ics(file: bytes) -> list[Read]:
    events = sorted(ics.Calendar(file.decode()).events)
    return [(each.uid, each.name, each.begin.datetime, each.end.datetime) for each in events]


def read_by_vobject(file: bytes) -> list[Read]:
    (calendar,) = vobject.readComponents(file.decode())
    read = [(e.uid.value, e.summary.value, e.dtstart.value, e.dtend.value) for e in calendar.vevent_list]
    return sorted(read, key=lambda each: each[2])


def expected(entry: Entry) -> Read:
    return entry.uid, entry.title, entry.starts, entry.starts + timedelta(minutes=entry.minutes)


@pytest.mark.parametrize("read", [read_by_ics, read_by_vobject])
@pytest.mark.parametrize("title", SHORT_AND_LONG)
def test_other_programs_read_the_same_title_uid_start_and_end(read: Reader, title: str) -> None:
    mine = replace(VERA, title=title)

    assert read(write([mine], SIZE)) == [expected(mine)]


@pytest.mark.parametrize("read", [read_by_ics, read_by_vobject])
def test_one_file_holds_several_entries(read: Reader) -> None:
    assert read(write([VERA, MEI], SIZE)) == [expected(VERA), expected(MEI)]


@pytest.mark.parametrize("read", [read_by_ics, read_by_vobject])
def test_a_meeting_across_the_change_of_clocks_keeps_its_length(read: Reader) -> None:
    before = replace(VERA, starts=datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM), minutes=90)

    ((_, _, starts, ends),) = read(write([before], SIZE))

    assert (starts, ends) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 2, 0, tzinfo=UTC))


def test_times_are_in_utc_and_name_no_zone() -> None:
    file = write([replace(VERA, starts=at("2026-06-01 10:00").astimezone(AMSTERDAM))], SIZE)

    assert value("DTSTART", file) == ["20260601T080000Z"]
    assert value("DTEND", file) == ["20260601T090000Z"]
    assert b"TZ" not in file
    assert b"Amsterdam" not in file


def test_the_file_says_nothing_but_when() -> None:
    file = write([VERA, replace(MEI, is_cancelled=True)], SIZE)

    assert names(file) == (OF_THE_FILE, OF_AN_ENTRY)
    assert value("PRODID", file) == ["-//Appointments//EN"]
    assert value("CLASS", file) == ["PRIVATE", "PRIVATE"]
    assert value("TRANSP", file) == ["OPAQUE", "OPAQUE"]


@pytest.mark.parametrize(
    "planted",
    [
        b"LOCATION:The old mill",
        b"LOCATION;LANGUAGE=en:The old mill",
        b"ORGANIZER:mailto:ola@example.org",
        b"X-PADDING:0",
        b"BEGIN:VALARM\r\nEND:VALARM\r\nTRIGGER:-PT15M",
    ],
)
def test_a_planted_property_is_caught(planted: bytes) -> None:
    file = write([VERA], SIZE)

    assert not says_more(file)
    assert says_more(file.replace(b"SUMMARY:", planted + b"\r\nSUMMARY:"))


def test_a_planted_zone_is_caught() -> None:
    zone = b"BEGIN:VTIMEZONE\r\nTZID:Europe/Amsterdam\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"

    assert says_more(write([VERA], SIZE).replace(b"BEGIN:VEVENT", zone)) == {"TZID"}


def test_the_stamp_tells_neither_when_the_time_was_booked_nor_when_the_file_was_taken() -> None:
    first = write([VERA], SIZE)
    time.sleep(1.1)

    assert write([VERA], SIZE) == first
    assert value("DTSTAMP", first) == value("DTSTART", first)


WRITES = """
import hashlib, time
from datetime import UTC, datetime
from portal.scheduling.invite import Entry, write
time.tzset()
mine = Entry("0f" * 16, 2, "Coffee", datetime.fromtimestamp(1780300800).astimezone(), 60)
print(mine.starts.utcoffset(), hashlib.sha256(write([mine], 2048)).hexdigest())
"""


def test_a_server_in_kolkata_and_one_in_los_angeles_write_the_same() -> None:
    zones = ["Asia/Kolkata", "America/Los_Angeles"]
    runs = [
        subprocess.run(
            [sys.executable, "-c", WRITES], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
        ).stdout
        for zone in zones
    ]
    offsets, digests = zip(*(run.rsplit(maxsplit=1) for run in runs), strict=True)

    here = write([replace(VERA, sequence=2, starts=datetime.fromtimestamp(1780300800, UTC))], SIZE)
    assert offsets == ("5:30:00", "-1 day, 17:00:00")
    assert set(digests) == {hashlib.sha256(here).hexdigest()}


def test_a_moved_appointment_keeps_its_uid_and_grows_its_sequence() -> None:
    moved = replace(VERA, sequence=VERA.sequence + 1, starts=MONDAY - timedelta(days=3))
    files = [write([each], SIZE) for each in (VERA, moved)]

    assert [value("SEQUENCE", file) for file in files] == [["0"], ["1"]]
    assert value("UID", files[0]) == value("UID", files[1]) == [VERA.uid]


def test_a_cancelled_appointment_says_so_and_asks_nobody() -> None:
    gone = replace(VERA, sequence=1, is_cancelled=True)
    file = write([gone, MEI], SIZE)
    (mine, other) = sorted(ics.Calendar(file.decode()).events)
    read = vobject.readOne(file.decode())

    assert (mine.status, other.status) == ("CANCELLED", "CONFIRMED")
    assert [event.status.value for event in read.vevent_list] == ["CANCELLED", "CONFIRMED"]
    assert read_by_ics(file) == read_by_vobject(file) == [expected(gone), expected(MEI)]


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_no_program_takes_the_file_for_an_invitation_to_answer(*, is_cancelled: bool) -> None:
    assert ics.Calendar(write([replace(VERA, is_cancelled=is_cancelled)], SIZE).decode()).method == "PUBLISH"


@pytest.mark.parametrize("title", SHORT_AND_LONG)
@pytest.mark.parametrize("size", [800, SIZE, 14_000])
def test_every_file_has_exactly_the_size_asked_for(title: str, size: int) -> None:
    file = write([replace(VERA, title=title)], size)

    assert len(file) == size
    assert not misfolded(file)
    assert not says_more(file)


def test_a_file_is_written_at_every_size_from_the_smallest_on() -> None:
    smallest = next(size for size in range(1000) if not _is_too_long(size))

    assert all(len(write([VERA], size)) == size for size in range(smallest, smallest + 160))
    assert all(not misfolded(write([VERA], size)) for size in range(smallest, smallest + 160))
    assert all(_is_too_long(size) for size in (-1, 0, 1, smallest - 1))


def _is_too_long(size: int) -> bool:
    try:
        write([VERA], size)
    except TooLong as error:
        assert str(size) in str(error)  # noqa: PT017 - asked of hundreds of sizes
        return True
    return False


def test_a_planted_fold_inside_a_character_is_caught() -> None:
    file = write([replace(VERA, title="é" * TITLE_LIMIT)], SIZE)

    assert b"\xc3\xa9\r\n \xc3\xa9" in file
    assert not misfolded(file)
    assert misfolded(file.replace(b"\xc3\xa9\r\n \xc3\xa9", b"\xc3\xa9\xc3\r\n \xa9"))
    assert misfolded(file.replace(b"\r\n ", b""))
    assert misfolded(file.replace(b"\r\nUID", b"\nUID"))


@pytest.mark.parametrize("title", ATTACKS)
def test_a_title_cannot_break_out(title: str) -> None:
    file = write([replace(VERA, title=title)], SIZE)
    ((_, by_ics, *_),) = read_by_ics(file)
    ((_, by_vobject, *_),) = read_by_vobject(file)

    assert names(file) == (OF_THE_FILE, OF_AN_ENTRY)
    assert len(file) == SIZE
    assert by_ics == by_vobject
    assert by_ics.isprintable()


@given(st.text(min_size=1, max_size=TITLE_LIMIT).map(lambda text: "x" + text[1:]))
@tried(max_examples=100, deadline=None)
def test_whatever_is_typed_is_one_title_of_one_entry(title: str) -> None:
    file = write([replace(VERA, title=title)], SIZE)

    assert names(file) == (OF_THE_FILE, OF_AN_ENTRY)
    assert len(file) == SIZE
    assert not misfolded(file)
    assert len(read_by_vobject(file)) == 1


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("title", ""),
        ("title", " \r\n\t\x00"),
        ("title", "w" * (TITLE_LIMIT + 1)),
        ("uid", ""),
        ("uid", "0f" * 15),
        ("uid", "0F" * 16),
        ("uid", "0f" * 16 + "@portal.example.org"),
        ("uid", "0f" * 16 + "\n"),
        ("sequence", -1),
        ("minutes", 0),
        ("starts", MONDAY.replace(tzinfo=None)),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_without_repeating_it(part: str, wrong: object) -> None:
    with pytest.raises(ValueError, match={"starts": "start needs", "minutes": "length"}.get(part, part)) as refusal:
        replace(VERA, **{part: wrong})

    assert not wrong or str(wrong) not in str(refusal.value)


def test_a_file_without_entries_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an entry"):
        write([], SIZE)


def test_every_offered_title_fits_and_names_nobody() -> None:
    with language.speaking("en"):
        offered = {key: str(label) for key, label in TITLES}

    assert list(offered.values()) == ["Appointment", "Call", "Errand", "Private", "Coffee"]
    assert all(write([replace(VERA, title=label)], SIZE) for label in offered.values())
    assert not [label for label in offered.values() if re.search("ombud|office|meet", label, re.IGNORECASE)]


def test_zones_of_the_caller_make_no_difference() -> None:
    elsewhere = replace(VERA, starts=MONDAY.astimezone(ZoneInfo("Pacific/Auckland")))

    assert write([elsewhere], SIZE) == write([VERA], SIZE)
