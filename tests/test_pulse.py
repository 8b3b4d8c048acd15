"""What the server does by itself, hour by hour on a stepped clock: at a set rate, whoever comes."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from portal import clock, jobs
from portal.intake import returning, upkeep
from portal.intake.returning import Opened
from portal.intake.service import Decoy
from portal.pulse import WAKING, Pulse, run_daily
from portal.sealing.keys import visitor_keys
from portal.volatile import Dawn, Volatile
from tests.cast import VERA, World, change_settings
from tests.intake.sealed import ask_desk, ask_file, used_lockers

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TYPED = "amber bagpipe cabbage daybreak eagle fabric"


@pytest.fixture
def busy(first_world: World, tmp_path: Path) -> World:
    """Many decoys and much noise, so that a few days show them."""
    world = first_world.copy(tmp_path / "busy")
    change_settings(
        world.instance,
        decoys_a_week="decoys_a_week = 100",
        noise_a_day="noise_a_day = 48",
        lockers="lockers = 80",
    )
    world.refresh()
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    return world


def beats(world: World, volatile: Volatile, hours: int) -> Iterator[datetime]:
    """The pulse of so many hours; gives the hour after each."""
    now = clock.now()
    pulse = Pulse(world.stores, volatile, world.settings, now)
    for _ in range(hours):
        now += HOUR
        pulse.beat(now)
        yield now


def taken_ahead(world: World, now: datetime) -> set[bytes]:
    """Taken slots that are still to come."""
    with world.stores.desk.reading() as desk:
        query = text("SELECT id FROM slot WHERE state = 9 AND starts > :now")
        return set(desk.scalars(query, {"now": int(now.timestamp())}))


def rows(world: World) -> dict[bytes, tuple[object, ...]]:
    """Lockers with their locks."""
    locks = dict(ask_file(world.instance / "keys.db", "SELECT locker, secret FROM lock"))  # type: ignore[arg-type]
    lockers = ask_desk(world, "SELECT id, lookup, to_ombuds, to_visitor, notes FROM locker")
    return {bytes(row[0]): (*row[1:], locks[row[0]]) for row in lockers}  # type: ignore[call-overload]


def test_decoys_come_at_their_rate_all_through_the_days(busy: World) -> None:
    counts = [len(used_lockers(busy)) for _ in beats(busy, Volatile(), 48)]

    assert 8 <= counts[-1] <= 55, "a hundred a week are twenty-nine in two days"
    assert len(set(counts)) > 6, "not all at once"


def test_some_decoys_cancel_or_erase_as_visitors_do(busy: World) -> None:
    """Their time is free again for the next list, so a time that comes back may have been anybody's."""
    before, left, came = set[bytes](), set[bytes](), set[bytes]()
    for now in beats(busy, Volatile(), 24 * 6):
        ahead = taken_ahead(busy, now)
        left |= {slot for slot in before - ahead if slot in free_ahead(busy, now)}
        came |= ahead
        before = ahead

    assert left
    assert len(left) < len(came) / 2


def test_some_decoys_move_as_visitors_do(busy: World) -> None:
    """One time goes, another of the same moment comes, and the mailbox is the same: only a move does that."""
    change_settings(busy.instance, lockers="lockers = 240")
    busy.refresh()
    now = clock.now()
    jobs.daily(busy.stores, settings=busy.settings, now=now)
    pulse, end, moved = Pulse(busy.stores, Volatile(), busy.settings, now), now + 16 * DAY, False
    while not moved and now < end:
        now = max(now, pulse._due[0].at)
        used, before = used_lockers(busy), taken_ahead(busy, now)
        pulse.beat(now)
        after = taken_ahead(busy, now)
        moved = used_lockers(busy) == used and len(before - after) == len(after - before) == 1

    assert moved
    assert before - after <= free_ahead(busy, now)


def test_no_number_of_looks_or_moves_is_one_that_only_visitors_reach(world: World) -> None:
    now = clock.now()
    pulse = Pulse(world.stores, Volatile(), world.settings, now)
    decoy = Decoy(visitor_keys(TYPED, world.settings.secrets.words), now + 7 * DAY)
    looks, moves = [], []
    for _ in range(500):
        pulse._due.clear()
        pulse._plan(decoy, now)
        looks.append(planned(pulse, pulse._touch))
        count = 0
        while planned(pulse, pulse._move):
            count += 1
            pulse._due.clear()
            pulse._move(decoy, now)
        moves.append(count)
    assert max(looks) > 4
    assert max(moves) > 1
    assert 1.2 < sum(looks) / len(looks) < 1.8
    assert 0.07 < sum(moves) / len(moves) < 0.22


def planned(pulse: Pulse, act: Callable[..., object]) -> int:
    """How often this is due."""
    return sum(isinstance(each.act, partial) and each.act.func == act for each in pulse._due)


def test_decoys_come_in_waking_hours(busy: World) -> None:
    """A list of the night would show nothing but decoys."""
    pulse = Pulse(busy.stores, Volatile(), busy.settings, clock.now())
    midnight = (clock.now() + DAY).replace(hour=0, minute=0)
    for hour in range(48):
        before = len(used_lockers(busy))
        now = midnight + hour * HOUR
        pulse.beat(now)
        assert len(used_lockers(busy)) <= before or now.hour in WAKING


def test_a_clock_that_was_wrong_for_a_while_does_not_put_the_noise_to_sleep(busy: World) -> None:
    now = clock.now()
    pulse = Pulse(busy.stores, Volatile(), busy.settings, now)
    pulse.beat(now + HOUR)
    pulse.beat(now + 30 * DAY)
    before = rows(busy)
    for hour in range(2, 14):
        pulse.beat(now + hour * HOUR)

    assert rows(busy) != before


def test_a_part_that_fails_keeps_no_other_from_its_turn_and_the_pulse_from_no_rest(busy: World) -> None:
    now = clock.now()
    pulse = Pulse(busy.stores, Volatile(), busy.settings, now)
    ask_desk(busy, "DROP TABLE practice")
    before = rows(busy)
    for hour in range(1, 14):
        pulse.beat(now + hour * HOUR)
        assert pulse.seconds_to_next(now + hour * HOUR) > 0

    assert rows(busy) != before


def free_ahead(world: World, now: datetime) -> set[bytes]:
    with world.stores.desk.reading() as desk:
        query = text("SELECT id FROM slot WHERE state = 8 AND starts > :now")
        return set(desk.scalars(query, {"now": int(now.timestamp())}))


def test_without_decoys_and_noise_set_nothing_changes(world: World) -> None:
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    volatile = Volatile()
    run_daily(world.stores, volatile, world.settings, clock.now())
    before = rows(world)

    pulse = Pulse(world.stores, volatile, world.settings, clock.now())
    pulse.beat(clock.now() + HOUR)

    assert rows(world) == before
    assert pulse.seconds_to_next(clock.now()) > 0


def test_noise_changes_free_and_used_lockers_and_their_locks_and_nothing_that_anybody_reads(world: World) -> None:
    assert world.book(VERA, typed=TYPED, message="Soon")
    before, (hers,) = rows(world), used_lockers(world)
    for _ in range(80):
        with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
            upkeep.stir(desk, keys)
    after = rows(world)

    changed = {locker for locker in after if after[locker] != before[locker]}
    assert changed == set(after), "chance draws every one of eight in the end"
    assert after[hers][0] == before[hers][0], "the words still find it"
    assert after[hers][4] == before[hers][4], "and its lock still opens it"
    assert any(after[locker][4] != before[locker][4] for locker in changed - {hers})
    assert used_lockers(world) == {hers}
    assert isinstance(returning.come_back(world.stores, TYPED, settings=world.settings), Opened)


def test_the_list_is_made_at_its_hour_and_not_when_somebody_asks(busy: World) -> None:
    volatile = Volatile()
    assert volatile.publication.items == ()

    for _ in beats(busy, volatile, 1):
        pass

    assert len(volatile.publication.items) > 20


def test_the_daily_job_runs_by_itself_when_the_day_turns(world: World) -> None:
    volatile, today = Volatile(), clock.now().date()
    seen: list[date | None] = []
    for _ in beats(world, volatile, 49):
        with world.stores.desk.reading() as desk:
            seen.append(upkeep.last_day(desk))

    assert seen[0] in (today, today + DAY)
    assert seen[-1] == today + 2 * DAY


def test_what_was_missed_while_the_machine_slept_is_done_once(busy: World) -> None:
    now = clock.now()
    pulse = Pulse(busy.stores, Volatile(), busy.settings, now)

    pulse.beat(now + 20 * DAY)

    assert len(used_lockers(busy)) <= 2


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=4000)])
def test_a_jump_of_the_clock_is_believed_after_an_hour_only(jump: timedelta) -> None:
    dawn, ran, today = Dawn(), list[date](), date(2026, 11, 22)

    def at(day: date, moment: float) -> None:
        dawn.run(day, moment, lambda: ran.append(day))

    at(today, 10.0)
    at(today + jump, 20.0)
    at(today + jump, 3500.0)
    assert ran == [today]
    at(today, 3510.0)
    at(today + jump, 3520.0)
    assert ran == [today], "the clock was right in between, so the hour begins anew"
    at(today + jump, 3520.0 + Dawn.PATIENCE)
    assert ran == [today, today + jump]


def test_a_job_that_failed_is_not_tried_again_by_every_visitor() -> None:
    dawn, tries = Dawn(), list[float]()

    def fail(moment: float) -> None:
        tries.append(moment)
        raise OSError("no room")

    for moment in (1.0, 2.0, 3.0, 1.0 + Dawn.RETRY):
        if moment < 2 or moment > Dawn.RETRY:
            with pytest.raises(OSError, match="no room"):
                dawn.run(date(2026, 11, 22), moment, partial(fail, moment))
        else:
            dawn.run(date(2026, 11, 22), moment, partial(fail, moment))
    assert tries == [1.0, 1.0 + Dawn.RETRY]


def test_a_day_that_turned_is_not_waited_for_twice() -> None:
    dawn, ran, today = Dawn(), list[date](), date(2026, 11, 22)
    for day in (today, today, today + DAY, today + DAY, today):
        dawn.run(day, 1.0, partial(ran.append, day))

    assert ran == [today, today + DAY]
