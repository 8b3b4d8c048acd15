"""P3 and P5: Theo copies the disk before and after, and learns neither what Ola counted nor whether she did."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from portal.office.rules import DeskKeys
from portal.reporting import service
from portal.reporting.service import Correction
from portal.seizure.files import looking
from portal.seizure.footprint import BLOCK, Mark, changed, take
from tests.cast import World
from tests.promises.steady import agreed
from tests.reporting.closing import AUTUMN, DECEMBER, JANUARY, MEI, NOVEMBER, TOMAS, VERA, close, sign_in

Act = Callable[[World, DeskKeys], None]
MANY = 200


def _signs_in(world: World, ola: DeskKeys, now: datetime = NOVEMBER) -> None:
    sign_in(world, ola, now)


def _closes_one(world: World, ola: DeskKeys) -> None:
    sign_in(world, ola, NOVEMBER)
    close(world, ola, VERA, NOVEMBER)


def _closes_three_and_takes_one_back(world: World, ola: DeskKeys) -> None:
    sign_in(world, ola, NOVEMBER)
    key = [close(world, ola, count, NOVEMBER) for count in (VERA, TOMAS, MEI)][1]
    with world.stores.keys.writing() as keys:
        assert service.take_back(keys, ola, key)


def _corrects(world: World, ola: DeskKeys) -> None:
    sign_in(world, ola, NOVEMBER)
    with world.stores.desk.writing() as desk:
        service.correct(desk, ola, Correction(AUTUMN, "concern", "2.h", 1), NOVEMBER.date())


def _corrects_the_last_quarter(world: World, ola: DeskKeys) -> None:
    sign_in(world, ola, JANUARY)
    with world.stores.desk.writing() as desk:
        service.correct(desk, ola, Correction(AUTUMN, "concern", "2.h", 1), JANUARY.date())


def _day(before: World, act: Act, ola: DeskKeys, folder: Path) -> frozenset[Mark]:
    before.stores.close()
    after = before.copy(folder)
    act(after, ola)
    after.stores.close()
    return changed(take(before.instance), take(after.instance), BLOCK)


@pytest.mark.parametrize("act", [_closes_one, _closes_three_and_takes_one_back, _corrects])
def test_a_closing_changes_what_a_mere_sign_in_changes(act: Act, office: World, ola: DeskKeys, tmp_path: Path) -> None:
    def compare(number: int) -> tuple[frozenset[Mark], frozenset[Mark]]:
        folder = tmp_path / str(number)
        return _day(office, _signs_in, ola, folder / "signed in"), _day(office, act, ola, folder / "did more")

    signed_in, did_more = agreed(compare, lambda pair: pair[0] == pair[1])
    assert {name for name, _, _ in signed_in} == {"desk.db", "keys.db"}
    assert did_more == signed_in


def test_a_correction_does_not_show_which_quarter_it_was(office: World, ola: DeskKeys, tmp_path: Path) -> None:
    def compare(number: int) -> tuple[frozenset[Mark], frozenset[Mark]]:
        folder = tmp_path / str(number)
        signed_in = _day(office, lambda world, own: _signs_in(world, own, JANUARY), ola, folder / "signed in")
        return signed_in, _day(office, _corrects_the_last_quarter, ola, folder / "corrected")

    signed_in, corrected = agreed(compare, lambda pair: pair[0] == pair[1])
    assert corrected == signed_in


@pytest.mark.parametrize("now", [DECEMBER, JANUARY], ids=["next month", "next quarter"])
def test_a_settling_changes_the_same_with_and_without_counts(
    now: datetime, office: World, ola: DeskKeys, tmp_path: Path
) -> None:
    busy = office.copy(tmp_path / "busy")
    for _ in range(5):
        close(busy, ola, VERA, NOVEMBER)

    def compare(number: int) -> list[frozenset[Mark]]:
        folder = tmp_path / str(number)
        return [
            _day(before, lambda world, own: _signs_in(world, own, now), ola, folder / before.instance.name)
            for before in (office, busy)
        ]

    days = agreed(compare, lambda days: days[0] == days[1])
    assert days[0] == days[1]


def _more_bytes(keys: sqlite3.Connection, _desk: sqlite3.Connection) -> None:
    keys.execute("UPDATE waiting SET box = randomblob(length(box) + 9000)")


def _a_row_for_each(keys: sqlite3.Connection, _desk: sqlite3.Connection) -> None:
    keys.execute("INSERT INTO waiting SELECT randomblob(16), randomblob(480)")


def _a_table_only_when_needed(_keys: sqlite3.Connection, desk: sqlite3.Connection) -> None:
    desk.execute("INSERT INTO quarter SELECT '2026-Q3', randomblob(length(box)) FROM quarter")


@pytest.mark.parametrize("leak", [_more_bytes, _a_row_for_each, _a_table_only_when_needed])
def test_a_desk_that_writes_what_it_has_shows(
    leak: Callable[[sqlite3.Connection, sqlite3.Connection], None], office: World, ola: DeskKeys, tmp_path: Path
) -> None:
    def act(world: World, own: DeskKeys) -> None:
        _closes_one(world, own)
        world.stores.close()
        with (
            closing(sqlite3.connect(world.instance / "keys.db")) as keys,
            closing(sqlite3.connect(world.instance / "desk.db")) as desk,
        ):
            leak(keys, desk)
            keys.commit()
            desk.commit()

    assert _day(office, act, ola, tmp_path / "leaks") != _day(office, _signs_in, ola, tmp_path / "honest")


def test_a_sign_in_that_settles_only_what_is_there_shows(office: World, ola: DeskKeys, tmp_path: Path) -> None:
    """The planted leak of a settling: a desk with nothing to add that leaves its table alone."""

    def lazy(world: World, own: DeskKeys) -> None:
        with world.stores.keys.writing() as keys:
            service.stir(keys, own)

    assert _day(office, lazy, ola, tmp_path / "lazy") != _day(office, _signs_in, ola, tmp_path / "honest")


def test_boxes_have_one_length_for_nothing_and_for_two_hundred(office: World, ola: DeskKeys) -> None:
    before = _lengths(office)
    with office.stores.keys.writing() as keys:
        for _ in range(MANY):
            assert isinstance(service.keep(keys, ola, os.urandom(16), VERA, NOVEMBER), service.Kept)
    assert _lengths(office) == before
    sign_in(office, ola, DECEMBER)
    assert _lengths(office) == before


def _lengths(world: World) -> list[int]:
    found: list[int] = []
    for file, question in (("desk.db", "SELECT box FROM quarter"), ("keys.db", "SELECT box FROM waiting")):
        with closing(looking(world.instance / file)) as store:
            found += [len(box) for (box,) in store.execute(question)]
    return found


def _in_clear(world: World) -> Iterator[str]:
    """What Theo finds when he looks for everything that was counted."""
    words = [*VERA.attributes.values(), *VERA.concerns, "coached", "counselling", "in-person", "concerns", "tenure"]
    boxes = (*take(world.instance).items(),)
    for word in words:
        if len(word) > 3 and word != "other":
            yield from (f"{word} in {name}" for name, data in boxes if word.encode() in data)


def test_theo_reads_nothing_of_what_was_counted(office: World, ola: DeskKeys) -> None:
    office.stores.close()
    before = set(_in_clear(office))
    close(office, ola, VERA, NOVEMBER)
    assert set(_in_clear(office)) == before
    sign_in(office, ola, DECEMBER)
    office.stores.close()
    assert set(_in_clear(office)) == before
    (office.instance / "note").write_text("North campus")
    assert set(_in_clear(office)) > before
