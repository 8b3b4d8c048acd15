"""A matter as bytes: whatever was typed comes back, and every text weighs the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from wtforms.validators import Length

from portal.errors import CannotOpen
from portal.fields import readable
from portal.intake.documents import TEXT_SIZE, read, write
from portal.intake.forms import MOST_PEOPLE, TOPICS, BookForm
from portal.intake.rules import (
    Document,
    Meeting,
    RosterCopy,
    Share,
    State,
    Stub,
    Venue,
    ends_on,
    month_after,
)
from portal.scheduling.labels import getting_in
from portal.scheduling.place_forms import PlaceForm
from portal.scheduling.rules import Place as MeetingPlace
from portal.sealing.box import TooLong
from portal.sealing.keys import PUBLIC_SIZE
from portal.sealing.places import Place
from tests.intake.sealed import make_document, make_matter

HERE, ELSEWHERE = Place("desk", b"1" * 16, "matter"), Place("desk", b"2" * 16, "matter")
LENGTH = 32 + 2 * PUBLIC_SIZE + TEXT_SIZE
TYPED = ("call_name", "needs", "contact", "message")
PLACE = ("place_name", "place_access", "place_door", "place_directions")
FOUR_BYTES = "\U0001f54a"
START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def most(form: BookForm | PlaceForm, name: str) -> int:
    """How many characters a form lets through in this field."""
    return max(check.max for check in form[name].validators if isinstance(check, Length))


def longest(symbol: str) -> Document:
    """The fullest matter that the forms allow, written with one symbol: in person, with name and profile."""
    book, place = BookForm(), PlaceForm(meta={"csrf": False})
    texts = {name: readable(symbol * most(book, name)) for name in TYPED}
    told = [symbol * most(place, name) for name in PLACE]
    venue = MeetingPlace(b"p" * 16, *told, is_step_free=True, has_no_sign=True, is_apart=True)
    sealed_key, parts = bytes(1136 + 32), (bytes(64 + 28), bytes(640 + 28), bytes(512 + 28))
    matter = make_matter(
        version=2**31,
        meetings=(
            Meeting(
                b"s" * 16,
                START,
                60,
                "in-person",
                State.BOOKED,
                Venue(venue.name, getting_in(venue), venue.door, venue.directions),
                "5" * 32,
            ),
        ),
        stub=Stub(share=Share.PROFILE, topic=max((key for key, _ in TOPICS), key=len), people=MOST_PEOPLE, **texts),
        level="mailbox",
        roster=RosterCopy("0" * 32, sealed_key, *parts),
        is_decoy=False,
    )
    return make_document(matter)


texts = st.text(st.characters(exclude_categories=["Cs"]))
stubs = st.builds(
    Stub,
    share=st.sampled_from(Share),
    topic=st.sampled_from([key for key, _ in TOPICS]),
    message=st.one_of(texts, st.text(st.characters(min_codepoint=0x10000), min_size=500, max_size=500)),
    call_name=texts,
    needs=texts,
    people=st.integers(1, MOST_PEOPLE),
    contact=texts,
)


@tried(deadline=None)
@given(stubs, st.sampled_from(State), st.booleans())
def test_whatever_was_typed_comes_back_from_bytes_of_one_length(stub: Stub, state: State, is_decoy: bool) -> None:  # noqa: FBT001
    start, venue = datetime(2026, 3, 29, 1, 30, tzinfo=UTC), Venue("a", "b", "c", "d")
    meeting = Meeting(b"s" * 16, start, 45, "in-person", state, venue, "5" * 32)
    document = make_document(make_matter(stub=stub, meetings=(meeting,), is_decoy=is_decoy))

    text = write(document, HERE)

    assert len(text) == LENGTH
    assert read(text, HERE) == document
    assert read(text, HERE, document.matter.pair) == document


def test_silence_and_the_longest_note_weigh_the_same() -> None:
    silence = make_document()
    note = make_document(make_matter(stub=Stub(Share.NAME, message=FOUR_BYTES * 500)))

    assert len(write(silence, HERE)) == len(write(note, HERE)) == LENGTH


@pytest.mark.parametrize("symbol", ["a", '"', "\\", "\n", "\u6f22", FOUR_BYTES, "\u2028", "\x7f"])
def test_whatever_the_forms_let_through_fits_its_box(symbol: str) -> None:
    document = longest(symbol)

    assert len(write(document, HERE)) == LENGTH
    assert read(write(document, HERE), HERE) == document


def test_control_characters_which_would_burst_the_box_are_not_kept() -> None:
    assert readable("a\x00b\x1bc\x01") == "abc"
    assert readable("one\r\ntwo\tthree") == "one\r\ntwo\tthree"
    joined = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f469\u200d\U0001f52c"  # joiners are letters' glue
    assert readable(joined) == joined


def test_what_does_not_fit_is_an_error_and_never_cut() -> None:
    with pytest.raises(TooLong):
        write(make_document(make_matter(stub=Stub(Share.NOTHING, message="x" * TEXT_SIZE))), HERE)


def test_a_key_that_is_none_is_no_matter() -> None:
    """Theo can put one in; it must not break Ola's sign-in, which seals everything anew."""
    good, none = make_document(), b"\xff" * PUBLIC_SIZE

    for document in (replace(good, to_visitor=none), replace(good, to_ombuds=none)):
        with pytest.raises(CannotOpen):
            read(write(document, HERE), HERE)


def test_a_start_in_another_zone_comes_back_as_the_same_instant_in_utc() -> None:
    start = datetime(2026, 6, 1, 9, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    document = make_document(make_matter(meetings=(Meeting(b"s" * 16, start, 60, "phone", uid="5" * 32),)))

    found = read(write(document, HERE), HERE).matter.meetings[0].starts

    assert found == start
    assert found.tzinfo is UTC


def test_a_matter_moved_to_another_locker_does_not_open() -> None:
    document = make_document()

    with pytest.raises(CannotOpen):
        read(write(document, HERE), ELSEWHERE)
    with pytest.raises(CannotOpen):
        read(write(document, HERE), ELSEWHERE, document.matter.pair)


def test_a_matter_under_another_pair_key_is_a_forgery_to_whoever_knows_the_right_one() -> None:
    """Theo can seal to Ola's public key, but he does not know what she and Vera share."""
    forged = make_document(make_matter(pair=b"t" * 32))

    assert read(write(forged, HERE), HERE) == forged
    with pytest.raises(CannotOpen):
        read(write(forged, HERE), HERE, b"p" * 32)


@pytest.mark.parametrize("place", [0, 31, 32, 32 + PUBLIC_SIZE, 32 + 2 * PUBLIC_SIZE + 200, LENGTH - 1])
def test_one_changed_byte_anywhere_is_seen(place: int) -> None:
    document = make_document()
    text = bytearray(write(document, HERE))
    text[place] ^= 1

    with pytest.raises(CannotOpen):
        read(bytes(text), HERE, document.matter.pair)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b'"text"', b'{"schema": 2}', b"\xff\xfe", b'{"schema": 1, "meeting": 3}']
)
def test_a_box_around_something_else_holds_no_matter(content: bytes) -> None:
    body = bytes(2 * PUBLIC_SIZE) + (len(content).to_bytes(4, "big") + content).ljust(TEXT_SIZE, b"\0")

    with pytest.raises(CannotOpen):
        read(bytes(32) + body, HERE)


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 2, 28), date(2026, 3, 1)),
        (date(2028, 2, 29), date(2028, 3, 1)),
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2026, 4, 30), date(2026, 5, 1)),
    ],
)
def test_from_outside_only_the_next_month_is_readable(day: date, after: date) -> None:
    assert month_after(day) == after


@tried(deadline=None)
@given(st.dates(max_value=date(9999, 11, 30)))
def test_the_month_after_is_the_first_first_that_is_later(day: date) -> None:
    found = month_after(day)

    assert found.day == 1
    assert found > day
    assert (found - timedelta(days=1)).replace(day=1) == day.replace(day=1)


@pytest.mark.parametrize(
    ("meeting", "keep_days", "last"),
    [
        (datetime(2026, 6, 1, 23, 59, tzinfo=UTC), 1, date(2026, 6, 2)),
        (datetime(2026, 12, 31, 9, tzinfo=UTC), 90, date(2027, 3, 31)),
        (datetime(2028, 2, 28, 9, tzinfo=UTC), 1, date(2028, 2, 29)),
        (datetime(2026, 6, 1, 9, tzinfo=UTC), 365, date(2027, 6, 1)),
    ],
)
def test_a_matter_ends_so_many_days_after_its_meeting(meeting: datetime, keep_days: int, last: date) -> None:
    assert ends_on(meeting, keep_days) == last


def test_every_change_is_a_new_version() -> None:
    matter = make_matter()
    changed = matter.with_state(matter.meetings[0].uid, State.CANCELLED)

    assert (changed.version, changed.meetings[0].state) == (2, State.CANCELLED)
    assert replace(changed, version=1, meetings=matter.meetings) == matter
