"""The daily job, with the clock as an argument: everything ends on its day, and nothing old opens afterwards."""

import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from portal import clock, jobs
from portal.desk import service as desk_service
from portal.desk.service import Tampered
from portal.errors import NotReady
from portal.intake import lockers as boxes_of
from portal.intake import returning, store, upkeep
from portal.intake.lockers import Boxes
from portal.intake.returning import NothingThere, Opened, Said
from portal.intake.rules import week_of_end
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys, desk_keys
from portal.scheduling import opening
from portal.scheduling.rules import WeeklyRange
from portal.scheduling.service import AllGone
from tests.cast import MEI, PRACTICE, TOMAS, VERA, World, change_settings

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
TOMAS_OWN = "gallery habitat iceberg jackal karate ladder"


@pytest.fixture
def world(first_world: World, tmp_path: Path) -> World:
    """Two times a day for one week, and more lockers than times."""
    small = first_world.copy(tmp_path / "small")
    change_settings(small.instance, horizon_weeks="horizon_weeks = 1", lockers="lockers = 20")
    small.refresh()
    hours = [WeeklyRange(day, time(9), time(11)) for day in range(7)]
    with small.stores.desk.writing() as desk:
        opening.set_hours(desk, small.ombuds, hours, PRACTICE)
    tick(small)
    return small


@pytest.fixture
def ola(world: World) -> DeskKeys:
    """Without the office key: nothing here opens a profile."""
    return desk_keys(world.ombuds, world.kit.recovery, None)


@pytest.fixture
def veras(world: World) -> Receipt:
    found = world.book(VERA, typed=TYPED, message="Soon", slots=[world.offers()[1].id])
    assert isinstance(found, Receipt)
    return found


def tick(world: World, now: datetime | None = None) -> jobs.Day:
    return jobs.daily(world.stores, settings=world.settings, now=now or clock.now(), catch_up=True)


def come_back(world: World, typed: str = TYPED) -> object:
    return returning.come_back(world.stores, typed, settings=world.settings)


def last_moment(world: World) -> datetime:
    """The day before the one that stands on all lockers, a second before midnight."""
    with world.stores.desk.reading() as desk:
        return datetime.combine(upkeep.latest_end(desk, world.ombuds), time(0), UTC) - timedelta(seconds=1)


def count(world: World, question: str) -> int:
    with world.stores.desk.reading() as desk:
        return int(desk.scalar(text(question)) or 0)


def states(world: World) -> tuple[int, int]:
    """Used lockers, taken slots."""
    return count(world, "SELECT count(*) FROM locker WHERE state = 9"), count(
        world, "SELECT count(*) FROM slot WHERE state = 9"
    )


def the_used_locker(world: World) -> bytes:
    with world.stores.desk.reading() as desk:
        ((locker, _ombuds, _month),) = store.used(desk)
    return locker


def test_without_a_sign_in_a_matter_lives_to_the_last_moment_of_its_month(world: World, veras: Receipt) -> None:
    assert last_moment(world).date() >= veras.matter.ends
    end = last_moment(world)

    assert tick(world, end).ended == 0
    assert isinstance(come_back(world), Opened)
    assert tick(world, end + timedelta(seconds=1)).ended == 1
    assert come_back(world) == NothingThere()
    assert states(world)[0] == 0


@pytest.mark.usefixtures("veras")
def test_the_day_of_the_end_is_the_offices_own_day(world: World) -> None:
    change_settings(world.instance, zone='zone = "Pacific/Kiritimati"')  # fourteen hours ahead
    world.refresh()

    assert tick(world, last_moment(world) - timedelta(hours=13)).ended == 1


@pytest.mark.usefixtures("veras")
def test_a_job_that_was_late_still_ends_everything(world: World) -> None:
    assert tick(world, last_moment(world) + timedelta(days=400)).ended == 1
    assert come_back(world) == NothingThere()


def test_a_sign_in_ends_what_is_over_from_its_monday_on(world: World, veras: Receipt, ola: DeskKeys) -> None:
    change_settings(world.instance, horizon_weeks="horizon_weeks = 2")
    world.refresh()
    tick(world)
    later = world.book(TOMAS, typed=TOMAS_OWN, slots=[world.offers()[-1].id])
    assert isinstance(later, Receipt)
    first, second = week_of_end(veras.matter.ends), week_of_end(later.matter.ends)
    assert veras.matter.ends <= first < second

    desk_service.unlock(world.at_desk(ola, noon_of(first - timedelta(days=1))))
    assert isinstance(come_back(world), Opened)
    desk_service.unlock(world.at_desk(ola, noon_of(first)))
    assert come_back(world) == NothingThere()
    assert isinstance(come_back(world, TOMAS_OWN), Opened)
    desk_service.unlock(world.at_desk(ola, noon_of(second)))
    assert come_back(world, TOMAS_OWN) == NothingThere()


def test_a_matter_in_which_somebody_writes_lives_on_and_its_row_does_not_tell(world: World, veras: Receipt) -> None:
    before = rows(world)
    said = Said("0" * 16, "Two months later.")
    found = returning.write(
        world.stores, TYPED, said, settings=world.settings, now=noon_of(veras.matter.ends - timedelta(days=9))
    )

    assert isinstance(found, Opened)
    assert found.matter.ends > veras.matter.ends
    assert rows(world) == before


def test_no_matter_is_promised_a_longer_life_than_its_row_has(world: World) -> None:
    change_settings(world.instance, keep_days="keep_days = 365")
    world.refresh()
    receipt = world.book(TOMAS, typed=TOMAS_OWN, slots=[world.offers()[2].id])
    assert isinstance(receipt, Receipt)

    assert receipt.matter.ends == last_moment(world).date() + timedelta(days=1)


def test_nobody_is_booked_with_an_ombuds_who_has_not_signed_in_for_months(world: World) -> None:
    """The day on which everything there ends is too near."""
    with world.stores.desk.writing() as desk:
        near = (clock.now() + timedelta(days=10)).date().isoformat()
        desk.execute(text("UPDATE locker SET destroy_on = :near"), {"near": near})

    assert isinstance(world.book(None, slots=[world.offers()[2].id]), AllGone)


def noon_of(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def rows(world: World) -> list[tuple[object, ...]]:
    with world.stores.desk.reading() as desk:
        return [tuple(row) for row in desk.execute(text("SELECT id, state, destroy_on, lookup FROM locker"))]


def try_old_copy(world: World, old: Path, ola: DeskKeys) -> dict[str, bool]:
    """Theo has an old copy of the desk store, every current file, the words, and Ola's keys: what opens?"""
    shutil.copyfile(old, world.instance / "desk.db")
    world.refresh()
    locker = the_used_locker(world)
    with world.stores.desk.reading() as desk, world.stores.keys.reading() as keys:
        found, secret = store.get_boxes(desk, locker), store.get_secret(keys, locker)
    return {
        "words": isinstance(come_back(world), Opened),
        "ombuds": isinstance(desk_service.open_matter(world.at_desk(ola), locker), desk_service.MatterView),
        "lock": not boxes_of.opens_nothing(locker, secret, found),
    }


@pytest.mark.usefixtures("veras")
def test_the_old_copy_opens_while_the_matter_lives(world: World, ola: DeskKeys, tmp_path: Path) -> None:
    """The control of the next test: it must be the end that shuts the copy."""
    old = Path(shutil.copyfile(world.instance / "desk.db", tmp_path / "backup.db"))

    assert try_old_copy(world, old, ola) == {"words": True, "ombuds": True, "lock": True}


@pytest.mark.usefixtures("veras")
@pytest.mark.parametrize("way", ["the day came", "Vera erased it"])
def test_after_its_end_an_old_copy_opens_for_nobody(world: World, ola: DeskKeys, tmp_path: Path, way: str) -> None:
    old = Path(shutil.copyfile(world.instance / "desk.db", tmp_path / "backup.db"))
    if way == "the day came":
        tick(world, last_moment(world) + timedelta(seconds=1))
    else:
        assert returning.erase(
            world.stores, TYPED, publication=world.publication, settings=world.settings, now=clock.now()
        )

    assert try_old_copy(world, old, ola) == {"words": False, "ombuds": False, "lock": False}


@pytest.mark.usefixtures("veras")
def test_the_old_lock_is_nowhere_in_the_keys_store(world: World) -> None:
    with world.stores.keys.reading() as keys:
        secret = store.get_secret(keys, the_used_locker(world))
    assert secret in (world.instance / "keys.db").read_bytes()

    tick(world, last_moment(world) + timedelta(seconds=1))

    assert not any(secret in path.read_bytes() for path in world.instance.iterdir())


@pytest.mark.usefixtures("veras")
def test_a_matter_that_ended_halfway_is_finished(world: World) -> None:
    """The process died after the lock was overwritten and before the boxes were."""
    locker = the_used_locker(world)
    with world.stores.keys.writing() as keys:
        store.replace_lock(keys, locker, b"n" * 32)
    assert come_back(world) == NothingThere()
    assert states(world) == (1, 1)

    assert tick(world).ended == 1
    assert states(world)[0] == 0
    assert tick(world).ended == 0
    assert isinstance(world.book(TOMAS, slots=[world.offers()[2].id]), Receipt)


@pytest.mark.usefixtures("veras")
@pytest.mark.parametrize("name", ["to_ombuds", "to_visitor", "notes"])
def test_a_damaged_matter_is_not_taken_for_one_that_ended(world: World, ola: DeskKeys, name: str) -> None:
    """Otherwise Theo changes a byte, the night wipes it, and Ola never learns that somebody was there."""
    locker = the_used_locker(world)
    with world.stores.desk.writing() as desk:
        found = vars(store.get_boxes(desk, locker))
        damaged = found | {name: found[name][:-1] + bytes([found[name][-1] ^ 1])}
        desk.execute(text(f"UPDATE locker SET {name} = :box WHERE id = :id"), {"box": damaged[name], "id": locker})  # noqa: S608

    assert tick(world).ended == 0
    assert desk_service.open_matter(world.at_desk(ola), locker) == Tampered()
    with world.stores.desk.reading() as desk:
        assert store.get_boxes(desk, locker) == Boxes(**damaged)


@pytest.mark.usefixtures("veras")
def test_an_ended_locker_looks_like_any_blank_and_is_booked_again(world: World) -> None:
    assert returning.erase(world.stores, TYPED, publication=world.publication, settings=world.settings, now=clock.now())
    widths = ", ".join(f"length({name})" for name in ("id", "lookup", "to_ombuds", "to_visitor", "notes"))
    with world.stores.desk.reading() as desk:
        rows = desk.execute(text(f"SELECT state, destroy_on, {widths} FROM locker")).all()  # noqa: S608 - our own names
    assert len(rows) == 20
    assert len(set(rows)) == 1

    for offer in world.offers()[2:10]:
        assert isinstance(world.book(None, slots=[offer.id]), Receipt)
    assert states(world) == (8, 8)


def test_a_keys_store_of_another_day_ends_nothing_and_is_told(world: World) -> None:
    """Mixed up in a restore, it fits no locker: without a word all matters would be blanked for good."""
    for number in range(4):
        assert isinstance(world.book(None, typed=None, slots=[world.offers()[number + 1].id]), Receipt)
    right = (world.instance / "keys.db").read_bytes()
    with world.stores.keys.writing() as keys:
        keys.execute(text("UPDATE lock SET secret = randomblob(32)"))

    with pytest.raises(NotReady, match=r"4 open matters do not fit.*Nothing was changed"):
        tick(world)
    (world.instance / "keys.db").write_bytes(right)
    world.refresh()
    assert tick(world).ended == 0
    assert states(world) == (4, 4)


def test_lockers_are_filled_up_and_never_taken_away(world: World) -> None:
    for wanted, made in (("lockers = 24", 4), ("lockers = 24", 0), ("lockers = 15", 0)):
        change_settings(world.instance, lockers=wanted)
        world.refresh()
        assert tick(world).lockers == made
    assert count(world, "SELECT count(*) FROM locker") == 24


def test_new_lockers_come_in_the_order_of_their_random_ids(world: World) -> None:
    with world.stores.desk.reading() as desk, world.stores.keys.reading() as keys:
        ids = [row[0] for row in desk.execute(text("SELECT id FROM locker"))]
        locks = [row[0] for row in keys.execute(text("SELECT locker FROM lock"))]

    assert ids == locks == sorted(ids)


def test_past_times_go_and_new_ones_open(world: World, veras: Receipt) -> None:
    day_after = veras.matter.meeting.starts + timedelta(days=1)
    first = tick(world, day_after)

    assert first.opened >= 2
    earliest = count(world, "SELECT min(starts) FROM slot")
    assert datetime.fromtimestamp(earliest, UTC).date() >= day_after.date()
    assert states(world) == (1, 0), "the time is gone, the matter stays until its day"
    assert tick(world, day_after) == jobs.Day(0, 0, 0)


def test_a_second_run_on_the_same_day_changes_nothing(world: World) -> None:
    tick(world)
    before = (world.instance / "desk.db").read_bytes()[:100], states(world)

    assert tick(world) == jobs.Day(0, 0, 0)
    assert states(world) == before[1]


def test_after_a_month_of_silence_somebody_must_say_that_the_clock_is_right(world: World, veras: Receipt) -> None:
    """A clock that went wrong by months would end everything for good."""
    tick(world)
    late = clock.now() + timedelta(days=400)
    before = (world.instance / "desk.db").read_bytes()

    with pytest.raises(NotReady, match=r"400 days before today.*tick --catch-up"):
        jobs.daily(world.stores, settings=world.settings, now=late)
    assert (world.instance / "desk.db").read_bytes() == before
    assert isinstance(come_back(world), Opened)

    assert jobs.daily(world.stores, settings=world.settings, now=clock.now() + timedelta(days=31)).ended == 0
    assert jobs.daily(world.stores, settings=world.settings, now=late, catch_up=True).ended == 1
    assert veras.matter.ends < late.date()


def test_days_that_were_over_once_are_not_opened_again_when_the_clock_is_set_back(world: World, veras: Receipt) -> None:
    """Vera's time was forgotten with its day: offered again, it would be given to two people."""
    tick(world, veras.matter.meeting.starts + timedelta(days=1))
    tick(world)

    with world.stores.desk.reading() as desk:
        starts = desk.scalars(text("SELECT starts FROM slot")).all()
    assert starts
    assert min(starts) > veras.matter.meeting.starts.timestamp()


def test_an_office_that_nobody_joined_has_quiet_days(world: World) -> None:
    with world.stores.desk.writing() as desk:
        desk.execute(text("UPDATE ombuds SET state = 6"))

    assert tick(world) == jobs.Day(0, 0, 0)


def test_a_day_says_the_same_whoever_came(world: World) -> None:
    """What the operator's log shows of a run must not depend on visitors."""
    assert isinstance(world.book(None, slots=[world.offers()[3].id]), Receipt)
    assert isinstance(world.book(MEI, slots=[world.offers()[4].id]), Receipt)

    assert tick(world) == jobs.Day(0, 0, 0)
