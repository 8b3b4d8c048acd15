"""S2: a visitor's move and a decoy's change the same kinds of blocks; a refused one changes nothing at all."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal import clock
from portal.intake import moves, returning
from portal.intake import service as intake
from portal.intake.moves import Moved, Wish
from portal.intake.service import Decoy
from portal.sealing.keys import visitor_keys
from portal.seizure.files import looking
from portal.seizure.footprint import Mark, Snapshot, stamps, take
from tests.cast import VERA, World, serve
from tests.promises.steady import agreed
from tests.promises.tiny_office import WORDS, marks
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("moving")
#: Of every kind of bytes on disk: which rows of a table differ, and in which of their columns.
Kinds = dict[str, list[tuple[str, ...]]]
Rows = dict[object, dict[str, object]]
#: Each time only one locker in eight is the one that the other's was drawn from.
DRAWS = 100
LONG_NOTE = "Ünïcödé, at length. " * 20
#: The office has so many times; decoys leave six of each ombuds alone.
TIMES = 8


@dataclass(frozen=True)
class Step:
    """An office before and after one move, and the blocks that differ."""

    before: World
    after: World
    blocks: frozenset[Mark]


@dataclass(frozen=True)
class Twins:
    """The same office moved in by a visitor with much to say, and by a decoy: from and to the same times."""

    visitor: Step
    decoy: Step

    @property
    def is_equal(self) -> bool:
        return self.visitor.blocks == self.decoy.blocks


@pytest.fixture(scope="module")
def make_twins(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Twins]:
    folder = tmp_path_factory.mktemp("moving")
    made: dict[int, Twins] = {}

    def get(number: int) -> Twins:
        if number not in made:
            made[number] = _twins(_small(first_world.copy(folder / f"small{number}")), folder / str(number))
        return made[number]

    return get


@pytest.fixture(scope="module")
def twins(make_twins: Callable[[int], Twins]) -> Twins:
    return agreed(make_twins, lambda found: found.is_equal)


def test_a_decoy_that_moves_changes_what_a_visitor_who_moves_changes(twins: Twins) -> None:
    assert {name for name, _, _ in twins.visitor.blocks} == {"desk.db"}
    assert len(twins.visitor.blocks) > 400, "all boxes of one locker"
    assert twins.decoy.blocks == twins.visitor.blocks
    assert kinds(twins.decoy) == kinds(twins.visitor)


def test_a_move_changes_two_slots_and_one_locker_and_nothing_else(twins: Twins) -> None:
    for step in (twins.visitor, twins.decoy):
        assert kinds(step) == {
            "slot": [("grain", "state"), ("grain", "state")],
            "locker": [("notes", "to_ombuds", "to_visitor")],
        }


def test_a_move_makes_no_file_and_changes_no_size(twins: Twins) -> None:
    for step in (twins.visitor, twins.decoy):
        assert _sizes(take(step.before.instance)) == _sizes(take(step.after.instance))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE slot SET grain = randomblob(16)",
        "UPDATE slot SET minutes = minutes + 1 WHERE state = 9",
        "UPDATE locker SET lookup = randomblob(16) WHERE state = 9",
        "UPDATE place SET name = name || ' (moved)'",
        "CREATE TABLE move (who TEXT)",
    ],
)
def test_a_planted_trace_of_a_visitors_move_shows(statement: str, twins: Twins, tmp_path: Path) -> None:
    planted = twins.visitor.after.copy(tmp_path / "planted")
    with closing(sqlite3.connect(planted.instance / "desk.db")) as desk, desk:
        desk.execute(statement)
    planted.stores.close()

    assert kinds(Step(twins.visitor.before, planted, frozenset())) != kinds(twins.decoy)


def test_a_planted_move_that_leaves_the_old_time_as_it_was_shows(twins: Twins, tmp_path: Path) -> None:
    """As if decoys only took a second time."""
    planted = twins.decoy.after.copy(tmp_path / "planted")
    with closing(sqlite3.connect(planted.instance / "desk.db")) as desk:
        desk.execute("ATTACH ? AS old", (str(twins.decoy.before.instance / "desk.db"),))
        with desk:
            desk.execute(
                "UPDATE slot SET (state, grain) = (SELECT state, grain FROM old.slot AS was WHERE was.id = slot.id) "
                "WHERE id IN (SELECT id FROM old.slot WHERE state = 9)"
            )
    planted.stores.close()

    assert kinds(Step(twins.decoy.before, planted, frozenset())) != kinds(twins.visitor)


def test_a_refused_move_touches_nothing(first_world: World, tmp_path: Path) -> None:
    """With the real server: a time that is gone, one's own, none, an old page, words that open nothing."""
    server = serve(first_world.copy(tmp_path / "instance"))
    try:
        world, visitor = server.world, Visitor(server.url)
        mine, gone, other = (offer.key for offer in world.offers()[2:5])
        words = Visitor.words(visitor.book(world, VERA, [mine]))
        visitor.book(world, None, [gone])
        opened = visitor.post("/return", {"words": words})
        page = visitor.post("/return", visitor.fill(opened, action="move"))
        before = stamps(world.instance)
        for fields in (
            {"slot": gone},
            {"slot": mine},
            {"slot": ""},
            {"slot": "f" * 32},
            {"slot": other, "held": "f" * 32},
            {"slot": other, "meeting": "f" * 32},
            {"slot": other, "ticket": "Zm9yZ290dGVu"},
        ):
            filled = [(name, value) for name, value in visitor.fill(page, **fields) if value or name == "slot"]
            answer = visitor.post("/return", filled)
            assert answer.status == 200
            assert "Your time is moved" not in answer.body
            assert stamps(world.instance) == before, fields
        (world.instance / "desk.db").touch()
        assert stamps(world.instance) != before, "a planted touch"
    finally:
        server.kill()


def kinds(step: Step) -> Kinds:
    """What differs between the desk stores: of each table, the columns that changed in each row, in any order."""
    with (
        closing(looking(step.before.instance / "desk.db")) as old,
        closing(looking(step.after.instance / "desk.db")) as new,
    ):
        made = _tables(old) ^ _tables(new)
        found = {table: _differing(_rows(old, table), _rows(new, table)) for table in _tables(old) & _tables(new)}
    return {table: rows for table, rows in found.items() if rows} | {table: [("made",)] for table in made}


def _tables(desk: sqlite3.Connection) -> set[str]:
    return {name for (name,) in desk.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _differing(before: Rows, after: Rows) -> list[tuple[str, ...]]:
    found = (_columns(before.get(key), after.get(key)) for key in before.keys() | after.keys())
    return sorted(columns for columns in found if columns)


def _rows(desk: sqlite3.Connection, table: str) -> Rows:
    cursor = desk.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name out of the store itself
    names = [column[0] for column in cursor.description]
    return {row[: 2 if table == "hours" else 1]: dict(zip(names, row, strict=True)) for row in cursor}


def _columns(before: dict[str, object] | None, after: dict[str, object] | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ("a row",)
    return tuple(sorted(name for name in after if before[name] != after[name]))


def _small(world: World) -> World:
    """Eight offered times, so that a decoy's draw is soon the visitor's, and one locker."""
    kept = [(offer.id,) for offer in world.offers()[2 : 2 + TIMES]]
    world.stores.close()
    with closing(sqlite3.connect(world.instance / "desk.db")) as desk, desk:
        desk.execute("PRAGMA journal_mode = TRUNCATE")
        desk.execute("CREATE TEMP TABLE kept (id)")
        desk.executemany("INSERT INTO kept VALUES (?)", kept)
        desk.execute("DELETE FROM slot WHERE id NOT IN (SELECT id FROM kept)")
    world.refresh()
    return world


def _twins(office: World, folder: Path) -> Twins:
    """Both are booked at the same time into the same locker, and move to the same time."""
    decoyed = office.copy(folder / "decoyed")
    booked = intake.book_decoy(
        decoyed.stores, publication=decoyed.publication, settings=decoyed.settings, now=clock.now()
    )
    assert booked
    (slot,), (locker,) = _taken(decoyed, "slot"), _taken(decoyed, "locker")
    decoyed.stores.close()
    decoy, new = _decoy_moves(decoyed, booked, folder)
    visited = _visited(office, slot, locker, folder)
    return Twins(_visitor_moves(visited, new, folder), decoy)


def _visited(office: World, slot: bytes, locker: bytes, folder: Path) -> World:
    for number in range(DRAWS):
        world = office.copy(folder / f"visited{number}")
        assert isinstance(world.book(VERA, typed=WORDS, slots=[slot], share="name", message=LONG_NOTE), intake.Receipt)
        world.stores.close()
        if _taken(world, "locker") == {locker}:
            return world
    raise AssertionError("chance never drew the same locker")


def _decoy_moves(world: World, booked: Decoy, folder: Path) -> tuple[Step, bytes]:
    moved = world.copy(folder / "decoy")
    how = {"publication": moved.publication, "settings": moved.settings, "now": clock.now()}
    assert moves.move_decoy(moved.stores, booked.keys, **how)
    moved.stores.close()
    (new,) = _taken(moved, "slot")
    return Step(world, moved, marks(world.instance, moved.instance)), new


def _visitor_moves(world: World, new: bytes, folder: Path) -> Step:
    moved = world.copy(folder / "visitor")
    visitor = visitor_keys(WORDS, moved.settings.secrets.words)
    (held,) = _taken(moved, "slot")
    with moved.stores.desk.reading() as desk, moved.stores.keys.reading() as keys:
        opened = returning.find(desk, keys, visitor)
    assert opened
    wish = Wish(opened.matter.meetings[0].uid, held, [new])
    how = {"publication": moved.publication, "settings": moved.settings, "now": clock.now()}
    assert isinstance(moves.move_with(moved.stores, visitor, wish, **how), Moved)
    moved.stores.close()
    assert _taken(moved, "slot") == {new}
    return Step(world, moved, marks(world.instance, moved.instance))


def _taken(world: World, table: str) -> set[bytes]:
    with closing(looking(world.instance / "desk.db")) as desk:
        return {row for (row,) in desk.execute(f"SELECT id FROM {table} WHERE state = 9")}  # noqa: S608 - our own names


def _sizes(found: Snapshot) -> dict[str, int]:
    return {name: len(data) for name, data in found.items()}
