"""S19, S5: the noise changes what visits change, and no file's time tells when somebody came."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal import clock
from portal.intake import returning, upkeep
from portal.intake import service as intake
from portal.seizure.footprint import Mark
from tests.cast import VERA, World
from tests.promises.steady import agreed
from tests.promises.tiny_office import WORDS, booked, make_tiny, marks

pytestmark = pytest.mark.xdist_group("noise")
#: Noise with a new lock and noise without come equally often; so many draws miss one of them once in a trillion.
DRAWS = 40


@dataclass(frozen=True)
class Pair:
    """What a visit changes, and what the noise does in the same rows."""

    visit: frozenset[Mark]
    noise: frozenset[Mark]

    @property
    def is_equal(self) -> bool:
        return self.visit == self.noise


def _book(world: World) -> None:
    assert isinstance(world.book(VERA, share="name", message="Ünïcödé, at length. " * 20), intake.Receipt)


def _cancel(world: World) -> None:
    opened = returning.cancel(
        world.stores, WORDS, publication=world.publication, settings=world.settings, now=clock.now()
    )
    assert isinstance(opened, returning.Opened)


def _erase(world: World) -> None:
    assert returning.erase(world.stores, WORDS, publication=world.publication, settings=world.settings, now=clock.now())


def _stir(world: World) -> None:
    with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
        upkeep.stir(desk, keys)


@pytest.fixture(scope="module")
def offices(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[World, World]]:
    """A tiny office whose only mailbox is free, and the same when it is used; another one for each number."""
    folder = tmp_path_factory.mktemp("tiny")
    made: dict[int, tuple[World, World]] = {}

    def get(number: int) -> tuple[World, World]:
        if number not in made:
            free = make_tiny(first_world.copy(folder / f"free{number}"))
            made[number] = free, booked(free.copy(folder / f"used{number}"))
        return made[number]

    return get


#: Which visit, whether it comes to a used mailbox, and whether it replaces the lock.
VISITS = {"booking": (_book, False, False), "cancelling": (_cancel, True, False), "erasing": (_erase, True, True)}


@pytest.mark.parametrize("visit", VISITS)
def test_the_noise_changes_the_blocks_of_a_visit(
    visit: str, offices: Callable[[int], tuple[World, World]], tmp_path: Path
) -> None:
    act, is_used, is_end = VISITS[visit]

    def compare(number: int) -> Pair:
        free, used = offices(number)
        folder = tmp_path / str(number)
        came = _changed_by(act, used if is_used else free, folder / "visit")
        # An end leaves a free mailbox, so it is noise in a free one that must look like it.
        return Pair(came, _noise(used if is_used and not is_end else free, folder, with_lock=is_end))

    pair = agreed(compare, lambda found: found.is_equal)
    assert pair.noise == pair.visit
    assert {name for name, _, _ in pair.visit} == ({"desk.db", "keys.db"} if is_end else {"desk.db"})
    assert len(pair.visit) > 400


@pytest.mark.parametrize(
    "kept",
    [
        "UPDATE locker SET notes = (SELECT notes FROM old.locker)",
        "UPDATE slot SET grain = (SELECT grain FROM old.slot)",
    ],
    ids=["the notes", "the grain"],
)
def test_noise_that_leaves_something_as_it_was_shows(
    kept: str, offices: Callable[[int], tuple[World, World]], tmp_path: Path
) -> None:
    free, _ = offices(0)

    def stir_less(world: World) -> None:
        _stir(world)
        world.stores.close()
        with closing(sqlite3.connect(world.instance / "desk.db")) as desk:
            desk.execute("PRAGMA journal_mode = TRUNCATE")
            desk.execute("ATTACH ? AS old", (str(free.instance / "desk.db"),))
            with desk:
                desk.execute(kept)

    came, less = _changed_by(_book, free, tmp_path / "visit"), _changed_by(stir_less, free, tmp_path / "less")
    assert {mark for mark in less if mark[0] == "desk.db"} < came


def _noise(world: World, folder: Path, *, with_lock: bool) -> frozenset[Mark]:
    """The noise in a copy, drawn until it has replaced the lock, or not."""
    for number in range(DRAWS):
        found = _changed_by(_stir, world, folder / f"noise{number}")
        if any(name == "keys.db" for name, _, _ in found) == with_lock:
            return found
    raise AssertionError("the noise is always the same")


def _changed_by(act: Callable[[World], None], world: World, folder: Path) -> frozenset[Mark]:
    copy = world.copy(folder)
    act(copy)
    copy.stores.close()
    return marks(world.instance, copy.instance)
