"""A calendar file over plain HTTP, read back by two libraries that did not write it."""

import urllib.parse
import urllib.request
from datetime import timedelta

import ics
import pytest
import vobject

from portal import clock
from portal.intake.entries import entries, worth_noting
from portal.intake.returning import Opened, come_back
from portal.intake.rules import Matter, Meeting, State
from portal.pages import ANSWER_SIZE
from tests.cast import VERA, Server
from tests.intake.pages_cast import free, keys, kind, problems, text_of
from tests.intake.sealed import FILES, bytes_of, make_matter
from tests.visiting import Answer, Visitor, fields_of

pytestmark = pytest.mark.xdist_group("calendar_pages")


@pytest.fixture
def typed(office: Server, vera: Visitor) -> str:
    return Visitor.words(vera.book(office.world, VERA, keys(free(office))))


def matter_of(office: Server, typed: str) -> Matter:
    found = come_back(office.world.stores, typed, settings=office.world.settings)
    assert isinstance(found, Opened)
    return found.matter


def page_of(vera: Visitor, typed: str) -> Answer:
    page = vera.post("/return", {"words": typed})
    return vera.post("/return", vera.fill(page, action="calendar"))


def take(vera: Visitor, typed: str, **values: str) -> Answer:
    """Newlines as they come: `Answer.body` is text, and a calendar's lines end in CR LF."""
    return vera.post("/return", vera.fill(page_of(vera, typed), action="calendar", **values))


def cancel(vera: Visitor, typed: str) -> None:
    page = vera.post("/return", {"words": typed})
    asked = vera.post("/return", vera.fill(page, action="cancel"))
    vera.post("/return", vera.fill(asked, sure="yes"))


def test_the_page_warns_before_the_button(vera: Visitor, typed: str) -> None:
    page = page_of(vera, typed)
    text = text_of(page)

    assert page.length == ANSWER_SIZE
    assert text.index("Who may see your calendar?") < text.index("Take the file")
    assert "delete the old entry yourself" in text
    assert 'href="/leave"' in page.body


def test_two_libraries_read_the_file_back_after_booking_and_after_cancelling(
    office: Server, vera: Visitor, typed: str
) -> None:
    meeting = matter_of(office, typed).meetings[0]
    booked = take(vera, typed, title="coffee").body
    cancel(vera, typed)
    cancelled = take(vera, typed, title="coffee").body

    assert {event.name for event in ics.Calendar(booked).events} == {"Coffee"}
    read = [vobject.readOne(text).vevent for text in (booked, cancelled)]
    assert [each.dtstart.value for each in read] == [meeting.starts] * 2
    assert [each.dtend.value - each.dtstart.value for each in read] == [timedelta(minutes=meeting.minutes)] * 2
    assert [each.status.value for each in read] == ["CONFIRMED", "CANCELLED"]
    assert read[0].uid.value == read[1].uid.value
    assert int(read[0].sequence.value) < int(read[1].sequence.value)
    assert {event.status for event in ics.Calendar(cancelled).events} == {"CANCELLED"}


def test_the_file_is_as_long_as_any_answer_and_is_kept_by_nobody(vera: Visitor, typed: str) -> None:
    answer = take(vera, typed)

    assert (answer.status, answer.length) == (200, ANSWER_SIZE)
    assert answer.header("Content-Type") == "text/calendar; charset=utf-8"
    assert answer.header("Content-Disposition") == "attachment; filename=appointment.ics"
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Content-Encoding") is None
    assert answer.header("Set-Cookie") is None
    assert answer.header("Content-Security-Policy")


def test_a_browser_that_takes_compressed_answers_gets_the_same_length(
    office: Server, vera: Visitor, typed: str
) -> None:
    fields = [*fields_of(page_of(vera, typed).body), ("action", "calendar")]
    body = urllib.parse.urlencode(fields).encode()
    asked = urllib.request.Request(f"{office.url}/return", data=body, headers={"Accept-Encoding": "gzip, br, zstd"})
    with urllib.request.urlopen(asked) as answer:
        assert len(answer.read()) == ANSWER_SIZE


def test_words_of_ones_own_are_the_title_and_nothing_else(vera: Visitor, typed: str) -> None:
    answer = take(vera, typed, title="own", own="Chess, with R; “late” \\ 👩🏽‍🤝‍👩🏻")
    (event,) = ics.Calendar(answer.body).events

    assert event.name == "Chess, with R; “late” / 👩🏽‍🤝‍👩🏻"
    assert not event.location
    assert not event.description


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": "own", "own": ""}, "Type your own words, or choose one of the others."),
        ({"title": "own", "own": "\u200b \t"}, "Type your own words, or choose one of the others."),
        ({"title": "own", "own": "x" * 61}, "This is longer than 60 characters. Please shorten it."),
        ({"title": "ombuds"}, "Choose one of these answers."),
    ],
)
def test_a_title_that_is_none_is_answered_with_what_to_do(
    vera: Visitor, typed: str, values: dict[str, str], said: str
) -> None:
    answer = take(vera, typed, **values)

    assert problems(answer)[0] == said
    assert answer.length == ANSWER_SIZE


@pytest.mark.parametrize("own", ["a\r\nATTENDEE:mailto:ned@example.org", "a\u2028b", "\\", "x\x00y"])
def test_words_that_want_to_break_out_stay_one_title(vera: Visitor, typed: str, own: str) -> None:
    answer = take(vera, typed, title="own", own=own)

    assert answer.length == ANSWER_SIZE
    assert "\nATTENDEE" not in answer.body
    assert len(ics.Calendar(answer.body).events) == 1


def test_taking_a_file_changes_nothing(office: Server, vera: Visitor, typed: str) -> None:
    before = bytes_of(office.world)
    take(vera, typed)
    assert bytes_of(office.world) == before


def test_nothing_on_the_disk_fits_a_calendar_that_was_copied(office: Server, vera: Visitor, typed: str) -> None:
    uid = vobject.readOne(take(vera, typed).body).vevent.uid.value
    disk = b"".join((office.world.instance / name).read_bytes() for name in FILES)
    slot = matter_of(office, typed).meetings[0].slot

    for each in (bytes.fromhex(uid), uid.encode(), uid.upper().encode()):
        assert each not in disk
    assert slot in disk, "a slot's own number would be found"


def meeting(hours: int, state: State, uid: str) -> Meeting:
    return Meeting(b"s" * 16, clock.now() + timedelta(hours=hours), 60, "phone", state, uid=uid * 32)


def test_only_times_to_come_that_were_agreed_are_written_down() -> None:
    states = [State.BOOKED, State.CANCELLED, State.CALLED_OFF, State.PROPOSED, State.DECLINED, State.MET, State.MISSED]
    coming = [meeting(5, state, f"{place:x}") for place, state in enumerate(states)]
    past = [meeting(-5, state, "f") for state in states]
    matter = make_matter(meetings=(*past, *coming), version=7)

    assert worth_noting(matter, clock.now()) == coming[:3]
    found = entries(matter, "Errand", clock.now())
    assert [each.is_cancelled for each in found] == [False, True, True]
    assert {each.sequence for each in found} == {7}
    assert len({each.uid for each in found}) == 3
    assert not {each.uid for each in found} & {each.uid for each in coming}


def test_a_page_that_rested_too_long_gives_no_file(vera: Visitor, typed: str) -> None:
    page = vera.post("/return", {"words": typed})
    assert 'value="calendar"' in page.body
    nobody = [("ticket", "x"), ("action", "calendar"), ("sure", "yes")]
    assert kind(vera.post("/return", nobody)) == "words"
