"""What a queue holds on a frozen morning, in Berlin and elsewhere, with no store and no page."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.desk.morning import Morning, Queue, arrange, on_day
from portal.intake.permissions import Permission, Standing, Terms
from portal.intake.rules import By, Matter, Meeting, Message, Share, State, Stub
from tests.intake.sealed import make_matter

BERLIN = ZoneInfo("Europe/Berlin")
#: A Monday, 8 o'clock in Berlin.
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEEP = 90


def morning(now: datetime = NOW, zone: ZoneInfo = BERLIN) -> Morning:
    return Morning(now, zone, KEEP)


def meeting(starts: datetime, state: State = State.BOOKED) -> Meeting:
    return Meeting(b"s" * 16, starts, 60, "phone", state)


def matter(*meetings: Meeting, quiet: int = 0, **changes: object) -> Matter:
    """A matter in which something happened so many days ago for the last time."""
    ends = TODAY + (KEEP - quiet) * DAY
    return make_matter(**{"meetings": meetings, "ends": ends, "by_desk": True} | changes)


def said(by: By, written: datetime = NOW) -> tuple[Message, ...]:
    return (Message("1" * 16, by, written, "Words."),)


def permission(standing: Standing, until: date = TODAY + DAY) -> Permission:
    return Permission("a" * 8, Terms("It is late.", "the dean", "", may_name=False, until=until), standing)


def found(at: Morning | None = None, tampered: tuple[str, ...] = (), **matters: Matter) -> dict[str, list[str]]:
    """The names of the matters in every list that is not empty."""
    queue: Queue = arrange(matters, tampered, at or morning())
    return {name: [each.key for each in lines] for name, lines in vars(queue).items() if lines and name != "stranded"}


def test_coming_meetings_stand_under_today_tomorrow_this_week_and_later() -> None:
    assert found(
        next_week=matter(meeting(NOW + 7 * DAY)),
        sunday=matter(meeting(NOW + 6 * DAY)),
        afternoon=matter(meeting(NOW + 8 * HOUR)),
        tomorrow=matter(meeting(NOW + DAY)),
        morning=matter(meeting(NOW + HOUR)),
    ) == {"today": ["morning", "afternoon"], "tomorrow": ["tomorrow"], "week": ["sunday"], "later": ["next_week"]}
    assert found(morning(NOW + 6 * DAY), monday=matter(meeting(NOW + 7 * DAY))) == {"tomorrow": ["monday"]}


def test_a_matter_has_a_line_for_each_of_its_coming_meetings() -> None:
    assert found(one=matter(meeting(NOW + HOUR), meeting(NOW + DAY), meeting(NOW + 30 * DAY))) == {
        "today": ["one"],
        "tomorrow": ["one"],
        "later": ["one"],
    }


def test_a_meeting_that_runs_is_todays_and_is_past_once_it_is_over() -> None:
    assert found(one=matter(meeting(NOW - 59 * timedelta(minutes=1)))) == {"today": ["one"]}
    assert found(one=matter(meeting(NOW - HOUR))) == {"past": ["one"]}


def test_a_cancelled_time_stays_to_be_seen_until_it_is_over() -> None:
    assert found(one=matter(meeting(NOW + HOUR, State.CANCELLED)))["today"] == ["one"]
    assert "today" not in found(one=matter(meeting(NOW - HOUR, State.CANCELLED)))


@pytest.mark.parametrize(
    ("zone", "starts", "expected"),
    [
        ("Europe/Berlin", "2026-11-23T22:30", "today"),
        ("Europe/Berlin", "2026-11-23T23:30", "tomorrow"),
        ("Pacific/Auckland", "2026-11-23T10:30", "today"),
        ("Pacific/Auckland", "2026-11-23T11:30", "tomorrow"),
        ("America/Los_Angeles", "2026-11-23T07:30", "today"),
        ("America/Los_Angeles", "2026-11-23T08:30", "tomorrow"),
    ],
)
def test_a_day_ends_at_midnight_of_the_office(zone: str, starts: str, expected: str) -> None:
    """At 7 UTC on Monday it is Sunday night in Los Angeles, so that Monday is tomorrow there."""
    moment = datetime.fromisoformat(starts).replace(tzinfo=UTC)
    assert found(morning(zone=ZoneInfo(zone)), one=matter(meeting(moment))) == {expected: ["one"]}


def test_days_of_23_and_of_25_hours_are_days() -> None:
    for now, last_hour in (
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 21.5),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 22.5),
    ):
        at = morning(now)
        midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + last_hour * HOUR
        later = {"ends": now.date() + 60 * DAY}
        assert found(at, one=matter(meeting(midnight), **later)) == {"today": ["one"]}
        assert found(at, one=matter(meeting(midnight + HOUR), **later)) == {"tomorrow": ["one"]}


def test_whoever_waits_longest_stands_first_and_an_answered_one_does_not_wait() -> None:
    waiting = found(
        new=matter(messages=said(By.VISITOR)),
        old=matter(messages=said(By.VISITOR, NOW - 3 * DAY)),
        answered=matter(messages=said(By.OMBUDS)),
        in_writing=matter(by_desk=False),
        made_here=matter(by_desk=True),
        wants_other_words=matter(permissions=(permission(Standing.CHANGED),)),
        too_late=matter(permissions=(permission(Standing.CHANGED, TODAY - DAY),)),
    )
    assert waiting["waiting"] == ["in_writing", "wants_other_words", "old", "new"]
    assert set(waiting["others"]) == {"answered", "made_here", "too_late"}


def test_a_proposed_time_waits_for_its_visitor_until_it_is_over() -> None:
    assert found(one=matter(meeting(NOW + DAY, State.PROPOSED))) == {"proposed": ["one"]}
    assert found(one=matter(meeting(NOW - DAY, State.PROPOSED))) == {"others": ["one"]}


def test_open_permissions_stand_one_by_one_by_their_last_day() -> None:
    several = (permission(Standing.GRANTED, TODAY + 9 * DAY), permission(Standing.REVOKED))
    queue = arrange(
        {
            "late": matter(permissions=several),
            "soon": matter(permissions=(permission(Standing.ASKED, TODAY),)),
            "over": matter(permissions=(permission(Standing.GRANTED, TODAY - DAY),)),
        },
        (),
        morning(),
    )
    assert [(each.key, each.standing, each.until) for each in queue.permissions] == [
        ("soon", "asked", TODAY),
        ("late", "granted", TODAY + 9 * DAY),
    ]


@pytest.mark.parametrize("state", [State.MET, State.MISSED, State.CANCELLED, State.DECLINED, State.CALLED_OFF])
def test_a_settled_matter_may_be_closed_after_a_quiet_week(state: State) -> None:
    over = meeting(NOW - 20 * DAY, state)
    assert found(one=matter(over, quiet=7)) == {"to_close": ["one"]}
    assert found(one=matter(over, quiet=6)) == {"others": ["one"]}


def test_what_is_still_held_is_not_to_be_closed() -> None:
    met = meeting(NOW - 20 * DAY, State.MET)
    lists = found(
        coming=matter(met, meeting(NOW + DAY), quiet=9),
        proposed=matter(met, meeting(NOW + DAY, State.PROPOSED), quiet=9),
        unmarked=matter(met, meeting(NOW - DAY), quiet=9),
        permitted=matter(met, quiet=9, permissions=(permission(Standing.GRANTED),)),
        asked=matter(met, quiet=9, messages=said(By.VISITOR)),
        kept=matter(met, quiet=-31),
        done=matter(met, quiet=9),
        written=matter(quiet=9, messages=said(By.OMBUDS)),
    )
    assert lists["to_close"] == ["done", "written"]


def test_what_ends_within_two_weeks_is_asked_about_the_nearest_first() -> None:
    assert found(
        far=matter(ends=TODAY + 15 * DAY, messages=said(By.OMBUDS)),
        near=matter(ends=TODAY + 14 * DAY),
        nearest=matter(ends=TODAY),
    )["ends_soon"] == ["nearest", "near"]


def test_every_matter_stands_somewhere_and_the_tampered_first() -> None:
    states = [*State, None]
    matters = {
        f"{state}{days}{quiet}": matter(*([meeting(NOW + days * DAY, state)] if state else []), quiet=quiet)
        for state in states
        for days in (-9, -1, 1, 9)
        for quiet in (0, 8, 80)
    }
    lists = found(tampered=("bad",), **matters)

    assert next(iter(lists)) == "tampered"
    assert {key for keys in lists.values() for key in keys} == {"bad", *matters}
    assert not set(lists["others"]) & {key for name, keys in lists.items() if name != "others" for key in keys}


def test_the_paper_of_a_day_holds_what_is_booked_on_it_and_nothing_else() -> None:
    matters = {
        "late": matter(meeting(NOW + 9 * HOUR), stub=Stub(Share.NOTHING, call_name="Blue")),
        "early": matter(meeting(NOW - 7 * HOUR), stub=Stub(Share.NOTHING, call_name="Robin")),
        "yesterday": matter(meeting(NOW - 9 * HOUR)),
        "cancelled": matter(meeting(NOW + HOUR, State.CANCELLED)),
        "proposed": matter(meeting(NOW + HOUR, State.PROPOSED)),
    }
    assert [each.stub.call_name for each, _meeting in on_day(matters, TODAY, morning())] == ["Robin", "Blue"]
    assert on_day(matters, TODAY + DAY, morning()) == []
