"""A sign-in settles the counts, tells when they were changed, and shows nothing to who is not admitted."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.desk import counting, greeting, service
from portal.desk.counting import Books
from portal.office.rules import DeskKeys, desk_keys
from portal.reporting.quarter import quarter_of
from portal.reporting.rules import Count, Kind
from portal.reporting.service import Correction, Damaged, Kept, NotTheirs
from tests.cast import World
from tests.intake.sealed import ask_file

NOW = clock.now()
NEXT_MONTH = NOW + timedelta(days=31)
QUARTER = quarter_of(NOW.date().isoformat()[:7])
CONTACT = Count(kind=Kind.CONTACT, mode="phone", meetings=0)


def sign_in(world: World, ola: DeskKeys, *, later: bool = False) -> list[str]:
    welcome = service.unlock(world.at_desk(ola, NEXT_MONTH if later else NOW))
    return list(greeting.sentences(welcome, ZoneInfo("UTC")))


def counted(world: World, ola: DeskKeys) -> int:
    return counting.books(world.at_desk(ola, NEXT_MONTH)).tables[QUARTER].number("total", "contacts")


def test_what_waited_is_added_at_the_first_sign_in_of_a_month(world: World, ola: DeskKeys) -> None:
    sign_in(world, ola)
    assert isinstance(counting.contact(world.at_desk(ola, NOW), CONTACT), Kept)
    assert counted(world, ola) == 0
    for _ in range(2):
        sign_in(world, ola, later=True)
        assert counted(world, ola) == 1
    assert counting.books(world.at_desk(ola, NEXT_MONTH)).waiting == []


def test_a_changed_count_stays_in_its_month(world: World, ola: DeskKeys) -> None:
    assert isinstance(counting.contact(world.at_desk(ola, NOW), CONTACT), Kept)
    at = world.at_desk(desk_keys(world.ombuds, world.kit.recovery, None), NEXT_MONTH)
    (before,) = counting.books(at).waiting
    assert isinstance(counting.change(at, before, CONTACT), Kept)
    (after,) = counting.books(at).waiting
    assert after == before


@pytest.mark.parametrize(
    ("file", "statement", "said"),
    [
        ("desk.db", "UPDATE quarter SET box = randomblob(length(box))", "The counts of quarter"),
        ("keys.db", "UPDATE waiting SET box = randomblob(length(box))", "wait for the end of their month"),
    ],
)
def test_counts_that_were_spoilt_are_told(world: World, ola: DeskKeys, file: str, statement: str, said: str) -> None:
    assert not any("ounts" in each for each in sign_in(world, ola))
    ask_file(world.instance / file, statement)
    assert any(said in each for each in sign_in(world, ola))


def test_an_older_box_of_counts_is_told_also_after_a_change_at_the_desk(world: World, ola: DeskKeys) -> None:
    sign_in(world, ola)
    older = ask_file(world.instance / "keys.db", "SELECT box FROM waiting")[0][0]
    counting.contact(world.at_desk(ola, NOW), CONTACT)
    sign_in(world, ola)
    ask_file(world.instance / "keys.db", "UPDATE waiting SET box = ?", older)
    counting.take_back(world.at_desk(ola, NOW), b"x" * 16)
    assert any("Older counts were put" in each for each in sign_in(world, ola))


def test_an_older_table_is_not_corrected_into_a_newer_one(world: World, ola: DeskKeys) -> None:
    at = world.at_desk(ola, NOW)
    sign_in(world, ola)
    older = ask_file(world.instance / "desk.db", "SELECT box FROM quarter WHERE quarter = ?", QUARTER)[0][0]
    sign_in(world, ola)
    ask_file(world.instance / "desk.db", "UPDATE quarter SET box = ? WHERE quarter = ?", older, QUARTER)
    assert counting.correct(at, Correction(QUARTER, "concern", "2.f", 1)) == Damaged(QUARTER)
    assert any("changed or lost" in each for each in sign_in(world, ola))
    counting.go_on(at, QUARTER)
    assert not isinstance(counting.correct(at, Correction(QUARTER, "concern", "2.f", 1)), Damaged)


def test_who_is_not_admitted_sees_what_waits_and_no_table(world: World) -> None:
    alone = desk_keys(world.ombuds, world.kit.recovery, None)
    sign_in(world, alone)
    counting.contact(world.at_desk(alone, NOW), CONTACT)
    found = counting.books(world.at_desk(alone, NOW))
    assert isinstance(found, Books)
    assert isinstance(found.waiting, list)
    assert (len(found.waiting), set(found.quarters.values())) == (1, {NotTheirs()})
    assert counting.correct(world.at_desk(alone, NOW), Correction(QUARTER, "total", "matters", 1)) == NotTheirs()
