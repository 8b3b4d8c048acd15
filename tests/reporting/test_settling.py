"""The first sign-in of a month adds what waited to its quarter: once, whole, whatever happens in between."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.office.rules import DeskKeys
from portal.reporting import service, store
from portal.reporting.quarter import BelowZero, UnknownValue
from portal.reporting.service import Correction, Damaged, NotTheirs, TooLate
from tests.cast import World
from tests.reporting import dying
from tests.reporting.closing import (
    AUTUMN,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    MEI,
    NOVEMBER,
    TOMAS,
    VERA,
    WINTER,
    close,
    matters,
    sign_in,
    table,
    waiting,
)


def _quarter_box(world: World, quarter: str = AUTUMN) -> bytes | None:
    with world.stores.desk.reading() as desk:
        return store.find_quarter(desk, quarter)


def _put_quarter(world: World, box: bytes, quarter: str = AUTUMN) -> None:
    with world.stores.desk.writing() as desk:
        store.put_quarter(desk, quarter, box)


def _waiting_box(world: World, own: DeskKeys) -> bytes:
    with world.stores.keys.reading() as keys:
        return store.find_waiting(keys, own.ombuds) or b""


def _put_waiting_box(world: World, own: DeskKeys, box: bytes) -> None:
    with world.stores.keys.writing() as keys:
        store.put_waiting(keys, own.ombuds, box)


def _first_half(world: World, own: DeskKeys, now: datetime) -> service.Settled:
    with world.stores.desk.writing() as desk, world.stores.keys.reading() as keys:
        return service.settle(desk, keys, own, now)


def _correct(world: World, own: DeskKeys, correction: Correction, now: datetime) -> object:
    with world.stores.desk.writing() as desk:
        return service.correct(desk, own, correction, now.date())


def test_counts_wait_until_their_month_is_over(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    close(office, ola, TOMAS, NOVEMBER)
    sign_in(office, ola, NOVEMBER)
    assert matters(office, ola) == 0
    sign_in(office, ola, DECEMBER)
    assert matters(office, ola) == 2
    assert table(office, ola).number("concern", "2.f") == 1
    assert waiting(office, ola) == []


def test_a_second_sign_in_adds_nothing(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    sign_in(office, ola, DECEMBER)
    before = table(office, ola).counts
    sign_in(office, ola, DECEMBER)
    assert table(office, ola).counts == before


def test_a_count_goes_to_the_quarter_of_its_month(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    close(office, ola, TOMAS, DECEMBER)
    close(office, ola, MEI, JANUARY)
    sign_in(office, ola, FEBRUARY)
    assert (matters(office, ola), matters(office, ola, WINTER)) == (2, 1)


def test_the_first_sign_in_of_a_quarter_makes_its_table(office: World, ola: DeskKeys) -> None:
    sign_in(office, ola, JANUARY)
    with office.stores.desk.reading() as desk:
        assert service.quarters(desk) == [AUTUMN, WINTER]
    assert table(office, ola, WINTER).counts == {}


def test_every_sign_in_locks_the_table_anew(office: World, ola: DeskKeys) -> None:
    before = _quarter_box(office)
    sign_in(office, ola, NOVEMBER)
    after = _quarter_box(office)
    assert before != after
    assert len(before or b"") == len(after or b"")


def test_a_desk_that_died_between_the_two_stores_counts_once(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    _first_half(office, ola, DECEMBER)
    assert len(waiting(office, ola)) == 1
    close(office, ola, TOMAS, DECEMBER)
    sign_in(office, ola, JANUARY)
    assert matters(office, ola) == 2
    assert waiting(office, ola) == []


@pytest.mark.parametrize(
    ("dies", "added"), [("before the commit", 0), ("after the desk, before the keys", 1)], ids=["early", "between"]
)
def test_a_killed_process_loses_and_doubles_nothing(office: World, ola: DeskKeys, dies: str, added: int) -> None:
    close(office, ola, VERA, NOVEMBER)
    assert ola.office is not None
    parts = {"ombuds": ola.ombuds, "private": ola.private, "own": ola.own, "office": ola.office}
    said = {name: value.hex() for name, value in parts.items()}
    said |= {"instance": str(office.instance), "now": DECEMBER.isoformat(), "dies": dies}
    died = subprocess.run(
        [sys.executable, dying.__file__],
        input=json.dumps(said).encode(),
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        timeout=30,
    )
    assert died.returncode == -signal.SIGKILL
    assert (matters(office, ola), len(waiting(office, ola))) == (added, 1)
    sign_in(office, ola, DECEMBER)
    assert (matters(office, ola), len(waiting(office, ola))) == (1, 0)


def test_a_count_kept_between_the_halves_is_not_swept_away(office: World, ola: DeskKeys) -> None:
    """Ola has a second window."""
    close(office, ola, VERA, NOVEMBER)
    settled = _first_half(office, ola, DECEMBER)
    close(office, ola, TOMAS, DECEMBER)
    with office.stores.keys.writing() as keys:
        service.empty(keys, ola, settled)
    assert [count for _, _, count in waiting(office, ola)] == [TOMAS]
    sign_in(office, ola, JANUARY)
    assert matters(office, ola) == 2


def test_a_clock_that_went_ahead_and_back_loses_nothing(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    sign_in(office, ola, datetime(2091, 5, 1, tzinfo=UTC))
    with office.stores.desk.reading() as desk:
        assert len(service.quarters(desk)) <= 10
    close(office, ola, TOMAS, NOVEMBER)
    sign_in(office, ola, NOVEMBER)
    sign_in(office, ola, DECEMBER)
    close(office, ola, MEI, NOVEMBER)
    sign_in(office, ola, DECEMBER)
    assert matters(office, ola) == 3


def test_two_ombuds_add_to_one_table(office: World, ola: DeskKeys, colleague: DeskKeys) -> None:
    for own, count in ((ola, VERA), (colleague, TOMAS)):
        close(office, own, count, NOVEMBER)
    for own in (ola, colleague, ola):
        sign_in(office, own, DECEMBER)
    assert matters(office, colleague) == matters(office, ola) == 2


def test_before_a_colleague_admits_them_everything_waits(office: World, ola: DeskKeys, colleague: DeskKeys) -> None:
    alone = replace(colleague, office=None)
    close(office, alone, VERA, NOVEMBER)
    before = _quarter_box(office)
    sign_in(office, alone, JANUARY)
    assert _quarter_box(office) == before
    with office.stores.desk.reading() as desk:
        assert service.table(desk, alone, AUTUMN) == NotTheirs()
    sign_in(office, colleague, FEBRUARY)
    assert matters(office, ola) == 1


def test_theo_opens_no_table(office: World, ola: DeskKeys) -> None:
    theo = replace(ola, office=os.urandom(96))
    with office.stores.desk.reading() as desk:
        assert service.table(desk, theo, AUTUMN) == Damaged(AUTUMN)
        assert service.table(desk, ola, WINTER) is None


def test_a_forged_table_is_not_overwritten_and_its_counts_wait(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    forged = os.urandom(len(_quarter_box(office) or b""))
    _put_quarter(office, forged)
    assert sign_in(office, ola, DECEMBER).damaged == (Damaged(AUTUMN),)
    assert _quarter_box(office) == forged
    assert len(waiting(office, ola)) == 1
    with office.stores.desk.writing() as desk, office.stores.keys.reading() as keys:
        service.replace_table(desk, keys, ola, AUTUMN)
    assert sign_in(office, ola, DECEMBER).damaged == ()
    assert matters(office, ola) == 1


@pytest.mark.parametrize("theo", ["puts an older one back", "takes it away"])
def test_a_table_that_is_not_the_last_one_is_noticed(office: World, ola: DeskKeys, theo: str) -> None:
    older = _quarter_box(office) or b""
    close(office, ola, VERA, NOVEMBER)
    sign_in(office, ola, DECEMBER)
    if theo == "takes it away":
        with office.stores.desk.writing() as desk:
            desk.connection().exec_driver_sql("DELETE FROM quarter")
    else:
        _put_quarter(office, older)
    assert sign_in(office, ola, DECEMBER).damaged == (Damaged(AUTUMN),)
    with office.stores.desk.writing() as desk, office.stores.keys.reading() as keys:
        service.replace_table(desk, keys, ola, AUTUMN)
    assert sign_in(office, ola, DECEMBER).damaged == ()


def test_an_older_box_of_counts_is_noticed_and_counts_nothing_twice(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    older = _waiting_box(office, ola)
    close(office, ola, TOMAS, NOVEMBER)
    assert sign_in(office, ola, DECEMBER).is_older is False
    _put_waiting_box(office, ola, older)
    assert sign_in(office, ola, DECEMBER).is_older is True
    close(office, ola, MEI, DECEMBER)
    assert sign_in(office, ola, JANUARY).is_older is False
    assert matters(office, ola) == 3


def test_a_quarter_is_put_right_until_the_month_after_it(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    sign_in(office, ola, DECEMBER)
    fewer = Correction(AUTUMN, "concern", "2.h", -1)
    _correct(office, ola, fewer, JANUARY)
    assert table(office, ola).number("concern", "2.h") == 0
    assert _correct(office, ola, fewer, JANUARY) == BelowZero(0)
    assert _correct(office, ola, Correction(AUTUMN, "shoe", "42", 1), JANUARY) == UnknownValue()
    assert _correct(office, ola, fewer, FEBRUARY) == TooLate()
    assert _correct(office, replace(ola, office=None), fewer, JANUARY) == NotTheirs()
    assert sign_in(office, ola, JANUARY).damaged == ()


def test_a_damaged_table_is_not_put_right(office: World, ola: DeskKeys) -> None:
    _put_quarter(office, b"x" * 100)
    assert _correct(office, ola, Correction(AUTUMN, "concern", "2.h", 1), NOVEMBER) == Damaged(AUTUMN)
    assert _quarter_box(office) == b"x" * 100
