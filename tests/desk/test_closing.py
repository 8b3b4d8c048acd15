"""Ola closes a matter: numbers remain, everything else is gone, and no crash or slip makes it two or none."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock, jobs
from portal.desk import closing, service
from portal.desk.closing import Newer, NotThere, close, proposed
from portal.desk.service import Gone, MatterView
from portal.intake import returning
from portal.intake.returning import NothingThere, Opened, Said
from portal.intake.rules import State
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.reporting import service as reporting
from portal.reporting.rules import Count, UnknownCode
from portal.reporting.service import Damaged, Full, Kept, NotKept
from portal.seizure.footprint import take
from tests.cast import MEI, VERA, World
from tests.desk import dying_closing
from tests.intake.sealed import ask_file, boxes, bytes_of, put_boxes, taken_slots, used_lockers

VERAS = "amber bagpipe cabbage daybreak eagle fabric"
COUNT = Count(concerns=("2.f",), attributes={"unit": "Glassblowing"}, outcome="coached", mode="phone", meetings=0)


@pytest.fixture
def locker(world: World, ola: DeskKeys) -> bytes:
    """Vera's matter, which Ola has seen."""
    assert isinstance(world.book(VERA, typed=VERAS, share="profile"), Receipt)
    service.unlock(world.at_desk(ola))
    (found,) = used_lockers(world)
    return found


def closed(world: World, ola: DeskKeys, key: bytes, count: Count = COUNT, version: int = 1) -> closing.Closed:
    answer = close(world.at_desk(ola), key, count, version=version, publication=world.publication)
    assert isinstance(answer, Kept), answer
    return answer


def tried(world: World, ola: DeskKeys, key: bytes, count: Count = COUNT, version: int = 1) -> object:
    return close(world.at_desk(ola), key, count, version=version, publication=world.publication)


def waiting(world: World, ola: DeskKeys) -> list[Count]:
    with world.stores.keys.reading() as keys:
        found = reporting.waits(keys, ola)
    assert isinstance(found, list)
    return [count for _key, _month, count in found]


def by_words(world: World) -> Opened | NothingThere:
    return returning.come_back(world.stores, VERAS, settings=world.settings)


def test_what_is_closed_is_counted_and_opens_for_nobody(world: World, ola: DeskKeys, locker: bytes) -> None:
    closed(world, ola, locker)

    assert waiting(world, ola) == [COUNT]
    assert by_words(world) == NothingThere()
    assert service.open_matter(world.at_desk(ola), locker) == Gone()
    assert used_lockers(world) == set()


def test_its_coming_time_is_given_back_and_rests(world: World, ola: DeskKeys, locker: bytes) -> None:
    (slot,) = taken_slots(world)
    closed(world, ola, locker)
    assert taken_slots(world) == set()
    assert slot in world.publication.resting


def test_other_matters_go_on_and_the_next_sign_in_misses_nobody(world: World, ola: DeskKeys, locker: bytes) -> None:
    assert isinstance(world.book(MEI, slots=[world.offers()[3].id]), Receipt)
    (other,) = used_lockers(world) - {locker}
    service.unlock(world.at_desk(ola))
    before = boxes(world, other)
    closed(world, ola, locker)

    assert isinstance(service.open_matter(world.at_desk(ola), other), MatterView)
    assert not set(before.values()) & set(boxes(world, other).values())
    visit = service.unlock(world.at_desk(ola)).visit
    assert (visit.gone, visit.is_lost) == (0, False)


def test_what_vera_shared_and_what_was_marked_is_proposed(world: World, ola: DeskKeys, locker: bytes) -> None:
    found = service.open_matter(world.at_desk(ola), locker)
    assert isinstance(found, MatterView)
    assert proposed(found).attributes.keys() >= {"constituency", "department", "age"}
    assert not {"name", "first", "email"} & proposed(found).attributes.keys()
    assert found.matter.meeting is not None
    after = found.matter.meeting.starts + timedelta(hours=2)
    assert service.mark(world.at_desk(ola, after), locker, State.MET)
    again = service.open_matter(world.at_desk(ola), locker)
    assert isinstance(again, MatterView)
    assert [proposed(each).meetings for each in (found, again)] == [0, 1]


def test_closed_twice_is_counted_once(world: World, ola: DeskKeys, locker: bytes) -> None:
    closed(world, ola, locker)
    assert tried(world, ola, locker) == NotThere()
    assert len(waiting(world, ola)) == 1


def test_two_matters_that_lay_in_one_mailbox_in_one_month_are_two_counts(
    world: World, ola: DeskKeys, locker: bytes
) -> None:
    ask_file(world.instance / "desk.db", "DELETE FROM locker WHERE id <> ?", locker)
    closed(world, ola, locker)
    assert isinstance(world.book(MEI, slots=[world.offers()[3].id]), Receipt)
    assert used_lockers(world) == {locker}
    closed(world, ola, locker)
    assert len(waiting(world, ola)) == 2


def test_a_message_that_came_meanwhile_is_not_destroyed_unread(world: World, ola: DeskKeys, locker: bytes) -> None:
    said = Said("1" * 16, "One more thing.")
    returning.write(world.stores, VERAS, said, settings=world.settings, now=clock.now())
    before = bytes_of(world)
    assert tried(world, ola, locker) == Newer(2)
    assert bytes_of(world) == before
    closed(world, ola, locker, version=2)


@pytest.mark.parametrize("count", [Count(mode="pigeon"), Count(mode="phone", concerns=("2.z",))])
def test_a_count_that_cannot_be_changes_nothing(world: World, ola: DeskKeys, locker: bytes, count: Count) -> None:
    before = bytes_of(world)
    answer = tried(world, ola, locker, count)
    assert isinstance(answer, NotKept)
    assert isinstance(answer.reasons[0], UnknownCode)
    assert bytes_of(world) == before


def test_without_room_for_a_count_nothing_is_closed(world: World, ola: DeskKeys, locker: bytes) -> None:
    large = Count(mode="phone", attributes=dict.fromkeys(("unit", "role", "department", "location"), "x" * 4000))
    with world.stores.keys.writing() as keys:
        while isinstance(reporting.keep(keys, ola, os.urandom(16), large, clock.now()), Kept):
            pass
        while isinstance(reporting.keep(keys, ola, os.urandom(16), COUNT, clock.now()), Kept):
            pass
    before = bytes_of(world)
    assert tried(world, ola, locker) == Full()
    assert bytes_of(world) == before
    assert isinstance(by_words(world), Opened)


@pytest.mark.parametrize("harm", ["what waits", "the matter"])
def test_what_theo_has_spoilt_is_not_closed(world: World, ola: DeskKeys, locker: bytes, harm: str) -> None:
    if harm == "what waits":
        ask_file(world.instance / "keys.db", "UPDATE waiting SET box = randomblob(length(box))")
    else:
        put_boxes(world, locker, to_ombuds=os.urandom(len(boxes(world, locker)["to_ombuds"])))
    before = bytes_of(world)
    assert tried(world, ola, locker) == (Damaged() if harm == "what waits" else NotThere())
    assert bytes_of(world) == before


def test_no_old_copy_of_the_desk_opens_what_is_closed(world: World, ola: DeskKeys, locker: bytes) -> None:
    """S11: a copy from every moment of the matter, with the keys store of today and all of Ola's keys."""
    desk, keys = world.instance / "desk.db", world.instance / "keys.db"
    copies = [desk.read_bytes()]
    said = Said("2" * 16, "I have thought about it.")
    assert isinstance(returning.write(world.stores, VERAS, said, settings=world.settings, now=clock.now()), Opened)
    copies.append(desk.read_bytes())
    service.reply(world.at_desk(ola), locker, Said("3" * 16, "So have I."))
    copies.append(desk.read_bytes())
    old_keys = keys.read_bytes()
    closed(world, ola, locker, version=3)
    todays = keys.read_bytes()

    def opens(copy: bytes, locks: bytes) -> tuple[bool, bool]:
        world.stores.close()
        desk.write_bytes(copy)
        keys.write_bytes(locks)
        world.refresh()
        seen = service.open_matter(world.at_desk(ola), locker)
        return isinstance(by_words(world), Opened), isinstance(seen, MatterView)

    assert {opens(copy, todays) for copy in copies} == {(False, False)}
    assert opens(copies[-1], old_keys) == (True, True), "only an old copy of the keys store would have opened it"


@pytest.mark.parametrize(("store", "is_closed"), [("keys", False), ("desk", True)])
def test_a_killed_desk_has_closed_and_counted_or_neither(
    world: World, ola: DeskKeys, locker: bytes, store: str, *, is_closed: bool
) -> None:
    """The keys store keeps it first; a desk that dies before the desk store does has closed the matter."""
    assert ola.office is not None
    parts = {"ombuds": ola.ombuds, "private": ola.private, "own": ola.own, "office": ola.office, "locker": locker}
    told = {name: value.hex() for name, value in parts.items()} | {"instance": str(world.instance), "store": store}
    died = subprocess.run(
        [sys.executable, dying_closing.__file__],
        input=json.dumps(told).encode(),
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        timeout=30,
    )
    assert died.returncode == -signal.SIGKILL

    jobs.daily(world.stores, settings=world.settings, now=clock.now(), catch_up=True)
    assert isinstance(by_words(world), Opened) != is_closed
    assert len(waiting(world, ola)) == is_closed
    assert len(used_lockers(world)) == (not is_closed)
    assert service.unlock(world.at_desk(ola)).visit.gone == 0
    assert isinstance(tried(world, ola, locker), NotThere if is_closed else Kept)
    assert len(waiting(world, ola)) == 1


def test_theo_reads_nothing_of_what_was_counted(world: World, ola: DeskKeys, locker: bytes) -> None:
    def found() -> list[str]:
        world.stores.close()
        return [name for name, data in take(world.instance).items() if b"Glassblowing" in data or b"coached" in data]

    closed(world, ola, locker)
    service.unlock(world.at_desk(ola, clock.now() + timedelta(days=40)))
    assert found() == []
    (world.instance / "planted").write_text("Glassblowing")
    assert found() == ["planted"]
