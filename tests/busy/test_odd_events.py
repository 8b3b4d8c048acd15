from datetime import datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.busy.answers import Reading
from portal.busy.problems import Problem
from portal.busy.reading import read
from tests.busy.feeds import BERLIN, FEEDS, FIRST, SECRETS, calendar, event, moment

HOUR = ("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z")
DAY = ("DTSTART;VALUE=DATE:20260303", "ORGANIZER:mailto:mei@example.org")
WHOLE = [("03-02 23:00", "03-03 23:00")]
ONE = [("03-03 09:00", "03-03 10:00")]


def seen(content: bytes, zone: ZoneInfo = BERLIN) -> Reading:
    found = read(content, FIRST, zone)
    assert isinstance(found, Reading)
    return found


def busy(*parts: str, head: str = "", zone: ZoneInfo = BERLIN) -> list[tuple[str, str]]:
    spans = seen(calendar(*parts, head=head), zone).map.spans()
    return [(f"{starts:%m-%d %H:%M}", f"{ends:%m-%d %H:%M}") for starts, ends in spans]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20260303T1",),
        ("DTSTART:geheimnisvoll",),
        ("DTEND:20260303T100000Z",),
        ("DTSTART:20260303T090000Z", "DTEND:20260303T080000Z"),
        ("DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260302"),
        ("DTSTART:20260303T090000Z", "DURATION:-PT1H"),
        ("DTSTART:20260303T090000Z", "DURATION:Vera"),
        ("DTSTART:20260303T090000Z", "DTSTART:20260304T090000Z"),
        ("DTSTART:20260303T090000Z", "RRULE:FREQ=Vera"),
        ("DTSTART:20260303T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=Vera"),
        ("DTSTART:20260303T090000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:00010101T000000", "DURATION:PT1S"),
        ("DTSTART:20260303T090000Z", "EXDATE:Vera", "RRULE:FREQ=DAILY"),
        ("DTSTART:20260303T090000Z", "RECURRENCE-ID:Vera"),
        ("DTSTART:20260303T090000Z", "RECURRENCE-ID:20260303T090000Z", "RECURRENCE-ID:20260304T090000Z"),
        ("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", "DTEND:20260303T110000Z"),
    ],
)
def test_a_broken_event_is_counted_and_the_rest_is_kept(lines: tuple[str, ...]) -> None:
    found = seen(calendar(event(*lines, uid="broken"), event(*HOUR, uid="whole")))
    assert [(starts, ends) for starts, ends in found.map.spans()] == [(moment(ONE[0][0]), moment(ONE[0][1]))]
    assert found.skipped == 1


@pytest.mark.parametrize(
    "lines", [("DTSTART:20260303T090000Z",), ("DTSTART:20260303T090000Z", "DTEND:20260303T090000Z")]
)
def test_an_event_that_takes_no_time_blocks_none(lines: tuple[str, ...]) -> None:
    assert busy(event(*lines)) == []
    assert seen(calendar(event(*lines))).skipped == 0


def test_what_does_not_tell_when_may_be_broken() -> None:
    assert busy(event(*HOUR, "SEQUENCE:1", "SEQUENCE:2", "SEQUENCE:Vera", "STATUS:", "GEO:Vera", "ATTENDEE:")) == ONE


@pytest.mark.parametrize(
    "content", [b"", b"<html>Vera</html>", b"\xff\xfe\x00B", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\0" * 99]
)
def test_what_is_no_calendar_is_called_so(content: bytes) -> None:
    assert read(content, FIRST, BERLIN) is Problem.no_calendar


def test_a_calendar_without_events_is_free() -> None:
    assert busy() == []


def test_a_fold_may_stand_inside_of_a_letter() -> None:
    folded = (
        "SUMMARY:Kü".encode()[:-1] + b"\r\n " + "ü".encode()[1:] + b"ndigung\r\nDTST\r\n\tART:20260303T09\r\n 0000Z\r\n"
    )
    content = calendar(event("DURATION:PT1H")).replace(b"DURATION", folded + b"DURATION")
    assert [ends - starts for starts, ends in seen(content).map.spans()] == [timedelta(hours=1)]


@pytest.mark.parametrize("cut", [b"END:VCALENDAR\r\n", b"END:VEVENT\r\nEND:VCALENDAR\r\n"])
def test_a_missing_end_is_counted_and_what_came_is_kept(cut: bytes) -> None:
    found = seen(calendar(event(*HOUR)).replace(cut, b""))
    assert [starts for starts, _ in found.map.spans()] == [moment("03-03 09:00")]
    assert found.skipped == 1


def test_an_event_that_never_ends_ends_where_the_next_begins() -> None:
    first, second = event(*HOUR, uid="1"), event("DTSTART:20260304T090000Z", "DURATION:PT1H", uid="2")
    assert busy(first.replace("END:VEVENT\r\n", ""), second) == [*ONE, ("03-04 09:00", "03-04 10:00")]


def test_line_ends_of_all_kinds_are_read() -> None:
    for ends in (b"\n", b"\r", b"\r\n\r\n"):
        assert len(list(seen(calendar(event(*HOUR)).replace(b"\r\n", ends)).map.spans())) == 1


def test_unlike_events_of_one_uid_all_count_and_older_ones_do_not() -> None:
    other = ("DTSTART:20260304T090000Z", "DURATION:PT1H")
    assert busy(event(*HOUR), event(*other)) == [*ONE, ("03-04 09:00", "03-04 10:00")]
    assert busy(event(*other, "SEQUENCE:1"), event(*HOUR, "SEQUENCE:2")) == ONE


def test_two_calendars_in_one_file_keep_their_own_zones() -> None:
    floating = event("DTSTART:20260303T090000", "DURATION:PT1H")
    content = calendar(floating, head="X-WR-TIMEZONE:Asia/Tokyo\r\n") + calendar(floating)
    assert [starts for starts, _ in seen(content).map.spans()] == [moment("03-03 00:00"), moment("03-03 08:00")]


def test_a_rule_until_a_day_means_all_of_that_day() -> None:
    late = event("DTSTART;TZID=America/Los_Angeles:20260302T200000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20260303")
    assert busy(late) == [("03-03 04:00", "03-03 05:00"), ("03-04 04:00", "03-04 05:00")]


def test_a_period_among_further_dates_has_its_own_length() -> None:
    assert busy(event(*HOUR, "RDATE;VALUE=PERIOD:20260304T090000Z/PT3H")) == [*ONE, ("03-04 09:00", "03-04 12:00")]


def test_an_exception_may_move_all_that_follow() -> None:
    series = event(*HOUR, "RRULE:FREQ=DAILY;COUNT=3")
    moved = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260304T090000Z", "DTSTART:20260304T110000Z", "DURATION:PT30M")
    assert busy(series, moved) == [*ONE, ("03-04 11:00", "03-04 11:30"), ("03-05 11:00", "03-05 11:30")]


def test_an_exception_that_left_the_window_takes_its_time_along() -> None:
    moved = event("RECURRENCE-ID:20260304T090000Z", "DTSTART:20300101T090000Z", "DURATION:PT1H")
    assert busy(event(*HOUR, "RRULE:FREQ=DAILY;COUNT=2"), moved) == ONE


def test_an_exception_that_is_free_frees_its_time() -> None:
    free = event("RECURRENCE-ID:20260304T090000Z", "DTSTART:20260304T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT")
    assert busy(event(*HOUR, "RRULE:FREQ=DAILY;COUNT=2"), free) == ONE


def test_what_began_long_ago_and_still_lasts_is_busy() -> None:
    assert busy(event("DTSTART:20251201T000000Z", "DTEND:20260303T100000Z")) == [("03-02 00:00", "03-03 10:00")]


def test_an_hour_that_the_clock_skips_does_not_break_an_event() -> None:
    gap = event("DTSTART;TZID=Europe/Berlin:20260329T023000", "DTEND;TZID=Europe/Berlin:20260329T031500")
    assert busy(gap) == [("03-29 01:30", "03-29 02:15")]


def test_a_day_whose_midnight_the_clock_skips_starts_when_it_starts() -> None:
    chile = ZoneInfo("America/Santiago")
    assert busy(event("DTSTART;VALUE=DATE:20260404"), zone=chile) == [("04-04 03:00", "04-05 04:00")]


def invited(*answers: str, to: tuple[str, ...] = DAY) -> str:
    people = [f"ATTENDEE;PARTSTAT={each}:mailto:{number}@example.org" for number, each in enumerate(answers)]
    return event(*to, *people)


def test_an_answer_of_nobody_known_leaves_the_time_busy() -> None:
    assert busy(invited("DECLINED", "ACCEPTED")) == WHOLE
    assert busy(invited("NEEDS-ACTION")) == WHOLE


def test_what_everybody_declined_is_off() -> None:
    assert busy(invited("DECLINED", "DECLINED")) == []


def test_a_calendar_that_bears_an_address_tells_whose_answer_counts() -> None:
    head = "X-WR-CALNAME:1@Example.org\r\n"
    assert busy(invited("ACCEPTED", "DECLINED"), head=head) == []
    assert busy(invited("DECLINED", "ACCEPTED"), head=head) == WHOLE
    assert busy(invited("DECLINED", "NEEDS-ACTION"), head=head) == []
    assert busy(invited("DECLINED", "DECLINED", "DECLINED"), head=head.replace("1@", "ola@")) == WHOLE


def test_an_hour_without_an_answer_stays_busy() -> None:
    assert busy(invited("ACCEPTED", "NEEDS-ACTION", to=HOUR), head="X-WR-CALNAME:1@example.org\r\n") == ONE


def test_two_who_stand_in_every_invitation_are_not_told_apart() -> None:
    events = [
        event(*HOUR, "ATTENDEE;PARTSTAT=DECLINED:mailto:a@x", "ATTENDEE:mailto:b@x", uid=f"{n}") for n in range(4)
    ]
    assert busy(*events) == ONE


@pytest.mark.parametrize(
    "rule", ["FREQ=MINUTELY", "FREQ=SECONDLY;BYHOUR=9", "FREQ=YEARLY;INTERVAL=0;BYMONTHDAY=30;BYMONTH=2"]
)
def test_what_would_repeat_without_end_is_left_out(rule: str) -> None:
    began = process_time()
    found = seen(calendar(event("DTSTART:20100303T090000Z", "DURATION:PT1S", f"RRULE:{rule}"), event(*HOUR, uid="2")))
    assert found.skipped == 1
    assert len(list(found.map.spans())) == 1
    assert process_time() - began < 1


def test_a_rule_that_fits_no_day_does_not_take_the_time_of_the_others() -> None:
    began = process_time()
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    found = seen(calendar(event("DTSTART:20260101T090000Z", "DURATION:PT1S", never), event(*HOUR, uid="2")))
    assert found.skipped == 1
    assert len(list(found.map.spans())) == 1
    assert process_time() - began < 2


def test_what_repeats_too_often_counts_until_it_is_left_out() -> None:
    found = seen(calendar(event("DTSTART:20260303T090000Z", "DURATION:PT1S", "RRULE:FREQ=MINUTELY;INTERVAL=15")))
    assert found.skipped == 1
    assert found.map.is_busy(moment("03-04 09:00"), moment("03-04 09:01"))


def test_too_many_times_are_too_much() -> None:
    hourly = [event("DTSTART:20260302T000000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY", uid=f"{n}") for n in range(9)]
    assert read(calendar(*hourly), FIRST, BERLIN) is Problem.too_much


def test_too_many_events_are_too_much() -> None:
    assert read(calendar("BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 20_001), FIRST, BERLIN) is Problem.too_much


def test_two_thousand_events_are_read_in_seconds() -> None:
    """Seconds of computing, with room for a slow machine; one in ten repeats, as in calendars that people keep."""
    starts, parts = datetime(2025, 6, 2, 9, tzinfo=BERLIN), []
    for number in range(2000):
        begin = starts + timedelta(hours=4 * number)
        rule = ("RRULE:FREQ=WEEKLY",) if number % 10 == 0 else ()
        line = f"DTSTART;TZID=Europe/Berlin:{begin:%Y%m%dT%H%M%S}"
        parts.append(event(line, "DURATION:PT1H", *rule, uid=f"{number}"))
    began = process_time()
    found = seen(calendar(*parts))
    took = process_time() - began
    assert found.skipped == 0
    print(f"2,000 events took {took:.2f} s")
    assert took < 6


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FEEDS)), st.integers(0, 4000), st.binary(max_size=12), st.integers(0, 40))
def test_damaged_files_break_nothing_and_quote_nothing(name: str, place: int, junk: bytes, gone: int) -> None:
    content = FEEDS[name].content
    found = read(content[:place] + junk + content[place + gone :], FIRST, BERLIN)
    assert isinstance(found, (Reading, Problem))
    assert not [each for each in SECRETS if each in repr(found)]
