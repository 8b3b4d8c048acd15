"""S17: whoever watches the public list for weeks cannot tell a visitor's time from a decoy's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time as wall_clock
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock, jobs
from portal.intake import service as intake
from portal.scheduling import opening
from portal.scheduling.rules import Practice, WeeklyRange
from portal.volatile import Publication
from tests.cast import PRACTICE, World, change_settings
from tests.promises.chance import deviations, guesses_differ, kinds_differ, ranks_differ, shares_differ
from tests.promises.season import Gone, Season

pytestmark = pytest.mark.xdist_group("lists")
DAYS = 30
#: Visitors and decoys a day, of twenty-four times: some three hundred in all, of whom every tenth is seen to come back.
EACH_A_DAY = 6
#: All comparisons together fail by chance less than once in fifty thousand runs.
APART = deviations(500_000)
MINUTE = timedelta(minutes=1)


def differences(visitors: Sequence[Gone], decoys: Sequence[Gone]) -> Mapping[str, float]:
    """Everything that a watcher can note, each as deviations from what chance makes of one and the same kind."""
    came, feigned = ([each for each in heap if each.back] for heap in (visitors, decoys))

    def ranks(look: Callable[[Gone], float]) -> float:
        return ranks_differ([look(each) for each in visitors], [look(each) for each in decoys])

    return {
        "hour of leaving": kinds_differ(map(_hour, visitors), map(_hour, decoys)),
        "weekday of leaving": kinds_differ(map(_weekday, visitors), map(_weekday, decoys)),
        "lead": ranks(lambda each: each.lead),
        "weekday of the time": kinds_differ(*([each.starts.weekday() for each in heap] for heap in (visitors, decoys))),
        "hour of the time": ranks(lambda each: each.starts.hour + each.starts.minute / 60),
        "whether it comes back": shares_differ(*([bool(each.back) for each in heap] for heap in (visitors, decoys))),
        "when it comes back": ranks_differ([each.rests for each in came], [each.rests for each in feigned])
        if came and feigned
        else 0.0,
        "all of it": guesses_differ([_row(each) for each in visitors], [_row(each) for each in decoys]),
    }


def apart(found: Mapping[str, float]) -> set[str]:
    return {name for name, value in found.items() if abs(value) > APART}


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Half-hours from eight to eight, and mailboxes for everybody who comes."""
    world = first_world.copy(tmp_path_factory.mktemp("lists") / "instance")
    change_settings(
        world.instance,
        decoys_a_week=f"decoys_a_week = {7 * EACH_A_DAY}",
        lockers=f"lockers = {2 * EACH_A_DAY * DAYS}",
        keep_days="keep_days = 1",
    )
    world.refresh()
    week = [WeeklyRange(day, wall_clock(8), wall_clock(20)) for day in range(7)]
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, world.ombuds, week, Practice(**vars(PRACTICE) | {"minutes": 30}))
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    world.stores.close()
    return world


@pytest.fixture(scope="module")
def season(office: World, tmp_path_factory: pytest.TempPathFactory) -> Season:
    season = Season(office.copy(tmp_path_factory.mktemp("season") / "instance"))
    season.live(DAYS, EACH_A_DAY)
    return season


def test_nothing_on_the_list_tells_a_visitors_time_from_a_decoys(season: Season) -> None:
    visitors, decoys = season.notes["visitor"], season.notes["decoy"]
    assert min(len(visitors), len(decoys)) > 100
    assert any(each.back for each in visitors)
    assert any(each.back for each in decoys)
    found = differences(visitors, decoys)
    assert apart(found) == set(), found


def test_times_leave_and_come_back_at_the_hour_of_publication_only(season: Season) -> None:
    """Also those that were taken, cancelled and erased in every other minute."""
    for each in (*season.notes["visitor"], *season.notes["decoy"]):
        assert {moment.time() for moment in (each.left, each.back) if moment} == {wall_clock(6)}


def test_the_list_stands_still_in_every_minute_of_a_day(office: World, tmp_path: Path) -> None:
    """The season is looked at whenever something happens; here somebody looks every minute."""
    season = Season(office.copy(tmp_path / "instance"))
    season.now = season._next(None)
    before = {offer.id: offer.starts for offer in season.list()}
    for minute in range(24 * 60 - 1):
        season.now += MINUTE
        if minute % 120 == 0:
            season._visit()
        shown = {offer.id for offer in season.list()}
        soon = season.now + timedelta(hours=season.world.settings.notice_hours)
        assert [slot for slot in before.keys() - shown if before[slot] >= soon] == []
        assert shown <= before.keys()


@pytest.fixture(scope="module")
def careless(office: World, tmp_path_factory: pytest.TempPathFactory) -> list[Gone]:
    """Decoys that make the list anew when they come."""
    season = Season(office.copy(tmp_path_factory.mktemp("careless") / "instance"))

    def book() -> None:
        before = season.taken()
        intake.book_decoy(
            season.world.stores, publication=season.volatile.publication, settings=season.world.settings, now=season.now
        )
        season.own(before, "decoy")
        season.volatile = replace(season.volatile, publication=Publication())

    for number in range(1, 60):
        season.put(season.now + number * timedelta(hours=4, minutes=7), book)
    season.live(11, 0, decoys=False)
    return season.notes["decoy"]


def test_decoys_that_leave_the_list_at_their_moment_are_told_apart(season: Season, careless: list[Gone]) -> None:
    assert "hour of leaving" in apart(differences(season.notes["visitor"], careless))


def test_decoys_that_never_come_back_are_told_apart(season: Season) -> None:
    """All that was noted, against the same as if nobody had left: a tenth comes back, and that must be enough."""
    honest = [*season.notes["visitor"], *season.notes["decoy"]]
    stubborn = [replace(each, back=None) for each in honest * 2]
    assert "whether it comes back" in apart(differences(honest, stubborn))


def test_decoys_that_take_any_time_alike_are_told_apart(season: Season) -> None:
    """As far ahead as near: the lead is stretched over the four weeks of the list."""
    honest = [*season.notes["visitor"], *season.notes["decoy"]]
    step = timedelta(days=28) / (3 * len(honest))
    spread = [replace(each, starts=each.left + number * step) for number, each in enumerate(honest * 3)]
    assert "lead" in apart(differences(honest, spread))


def _hour(gone: Gone) -> object:
    return gone.left.hour


def _weekday(gone: Gone) -> object:
    return gone.left.weekday()


def _row(gone: Gone) -> list[float]:
    return [
        gone.left.hour,
        gone.left.weekday(),
        gone.lead,
        gone.starts.hour,
        gone.starts.weekday(),
        bool(gone.back),
        gone.rests,
    ]
