"""Which meetings a block hits and where they go, without any store."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.desk import moving
from portal.intake.rules import MOST_MEETINGS, Matter, Meeting, State
from portal.notices.rules import Part
from portal.scheduling.rules import Mode, SlotFacts
from tests.intake.sealed import make_matter

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
AFTERNOON = NOON, NOON + 12 * HOUR


def slot(starts: datetime, number: int, modes: tuple[Mode, ...] = tuple(Mode)) -> SlotFacts:
    return SlotFacts(bytes([number]) * 16, b"o" * 16, starts, 60, modes, proof_needed=False)


def meeting(starts: datetime, state: State = State.BOOKED, mode: str = "phone") -> Meeting:
    return Meeting(b"s" * 16, starts, 60, mode, state, uid=f"{int(starts.timestamp()):032x}")


def matter(*meetings: Meeting, is_decoy: bool = False) -> Matter:
    return make_matter(meetings=meetings, is_decoy=is_decoy)


@pytest.mark.parametrize(
    ("part", "starts", "ends"),
    [(Part.MORNING, "00:00", "12:00"), (Part.AFTERNOON, "12:00", "00:00"), (Part.DAY, "00:00", "00:00")],
)
def test_a_part_of_a_day_follows_the_clock_on_the_wall_also_when_it_changes(part: Part, starts: str, ends: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 24)):
        found = [moment.astimezone(zone).strftime("%H:%M") for moment in moving.part_of(day, part, zone)]
        assert found == [starts, ends]


def test_a_block_hits_what_overlaps_it_and_is_to_come() -> None:
    matters = {
        b"across": matter(meeting(NOON - HOUR / 2)),
        b"before": matter(meeting(NOON - HOUR)),
        b"proposed": matter(meeting(NOON + HOUR, State.PROPOSED)),
        b"after": matter(meeting(AFTERNOON[1])),
        **{state.value.encode(): matter(meeting(NOON, state)) for state in State if state not in moving.HOLDING},
        b"a decoy": matter(meeting(NOON), is_decoy=True),
    }

    assert [key for key, _ in moving.hit(matters, AFTERNOON, NOW)] == [b"across", b"proposed", b"a decoy"]
    assert moving.hit({b"begun": matter(meeting(NOON))}, AFTERNOON, NOON) == []


def test_each_moves_to_the_next_time_that_is_met_in_the_same_way_and_no_two_to_one() -> None:
    free = [slot(NOON + DAY, 1, (Mode.video,)), slot(NOON + 2 * DAY, 2), slot(NOON + 3 * DAY, 3)]
    hits = [(bytes([n]), meeting(NOON + n * HOUR, mode=mode)) for n, mode in enumerate(("phone", "video", "in-person"))]

    planned = moving.moves([*hits, (b"late", meeting(NOON))], free, frozenset(), 0)

    assert [move.to and move.to.id[0] for move in planned] == [2, 1, 3, None]


def test_a_decoy_moves_like_a_visitor_but_never_takes_one_of_the_last_times() -> None:
    free = [slot(NOON + n * DAY, n) for n in range(1, 5)]
    hits = [(bytes([n]), meeting(NOON + n * HOUR)) for n in range(4)]

    planned = moving.moves(hits, free, frozenset({bytes([2]), bytes([3])}), 1)

    assert [move.to and move.to.id[0] for move in planned] == [1, 2, 3, None]


@pytest.mark.parametrize(
    ("states", "needs"),
    [
        ((State.CALLED_OFF,), True),
        ((State.DECLINED,), True),
        ((State.CALLED_OFF, State.PROPOSED), False),
        ((State.CALLED_OFF, State.DECLINED), True),
        ((State.CALLED_OFF, State.BOOKED), False),
        ((State.CALLED_OFF, State.CANCELLED), False),
        ((State.MET, State.CALLED_OFF), True),
        ((State.MET, State.DECLINED), False),
        ((), False),
    ],
)
def test_whoever_lost_a_time_needs_one_until_something_else_is_to_come(states: tuple[State, ...], needs: bool) -> None:  # noqa: FBT001
    meetings = [meeting(NOON + number * HOUR, state) for number, state in enumerate(states)]

    assert bool(moving.needs_a_time(matter(*meetings), NOW)) == needs


def test_what_holds_a_time_never_makes_room_for_more() -> None:
    full = matter(*(meeting(NOON + n * HOUR, State.PROPOSED) for n in range(MOST_MEETINGS)))

    assert not moving.has_place_for(full, 1)
    over = replace(full, meetings=(replace(full.meetings[0], state=State.MET), *full.meetings[1:]))
    assert moving.has_place_for(over, 1)
    assert not moving.has_place_for(over, 2)
