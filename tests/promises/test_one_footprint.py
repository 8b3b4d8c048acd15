"""S2: whoever books, or nobody at all, the same blocks of the same files change; a refusal changes none."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.intake import service as intake
from portal.seizure.files import looking
from portal.seizure.footprint import BLOCK, PAGE, Mark, Snapshot, changed, stamps, take
from tests import cast
from tests.cast import NED, PRACTICE, TOMAS, VERA, Server, World, serve
from tests.promises.day_of_visits import SAID
from tests.promises.steady import within_one_hour
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("footprint")
LONG_NOTE = "Ünïcödé, at length. " * 25
#: Free slots of this state become taken; see portal/scheduling/tables.py.
TAKEN = 9
#: Sixteen bytes of grain, with the state beside them, reach over this many blocks at most.
SLOT_BLOCKS = 3
#: A counter changes in two blocks of the file's head; everything else that changes is many bytes wide.
THIN = 2


@dataclass(frozen=True)
class Visit:
    """One world before and after one visit."""

    before: Snapshot
    after: Snapshot

    def marks(self, block: int) -> frozenset[tuple[str, int, int]]:
        return changed(self.before, self.after, block)


@dataclass(frozen=True)
class Twins:
    """Copies of one office: in each, one visit to the same slot, and one free locker that it must fall into."""

    anonymous: Visit
    named: Visit
    decoy: Visit
    letter: Visit


@pytest.fixture(scope="module")
def twins(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    return within_one_hour(lambda: _twins(first_world, tmp_path_factory.mktemp("twins")))


def _twins(first_world: World, folder: Path) -> Twins:
    nearly_full, decoy, slot = _decoy(first_world, folder)
    return Twins(
        anonymous=_visit(nearly_full.copy(folder / "anonymous"), slot, None, Server.stop, mode="phone"),
        named=_visit(
            nearly_full.copy(folder / "named"),
            slot,
            VERA,
            Server.kill,
            **SAID | {"message": LONG_NOTE.strip()},
            share="name",
            mode="video",
            topic="safety",
        ),
        decoy=decoy,
        letter=_letter(nearly_full.copy(folder / "letter")),
    )


@pytest.mark.parametrize("block", [PAGE, BLOCK])
def test_vera_named_with_a_long_note_changes_what_an_anonymous_visitor_changes(twins: Twins, block: int) -> None:
    marks = twins.anonymous.marks(block)
    assert {name for name, _, _ in marks} == {"desk.db"}
    assert twins.named.marks(block) == marks


@pytest.mark.parametrize("block", [PAGE, BLOCK])
def test_a_decoy_changes_what_a_visitor_changes(twins: Twins, block: int) -> None:
    assert twins.decoy.marks(block) == twins.anonymous.marks(block)


def test_whoever_writes_changes_the_same_mailbox_and_as_much_of_some_slot(twins: Twins) -> None:
    """No time is taken: the grain of whichever slot changes instead of that of the chosen one."""
    booked, written = twins.anonymous.marks(BLOCK), twins.letter.marks(BLOCK)

    assert {name for name, _, _ in written} == {"desk.db"}
    assert _differ_in_a_slot(booked, written)
    assert len(booked & written) > 400, "the boxes of one locker, whatever lies in them"


def test_no_visit_makes_a_file_or_changes_a_size(twins: Twins) -> None:
    for visit in vars(twins).values():
        assert {name: len(data) for name, data in visit.before.items()} == {
            name: len(data) for name, data in visit.after.items()
        }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE locker SET notes = substr(notes, 1, 4000)",
        "UPDATE keyring SET salt = randomblob(16)",
        "CREATE TABLE visit (who TEXT)",
        "UPDATE slot SET state = 9 WHERE id = (SELECT min(id) FROM slot WHERE state = 8)",
    ],
)
def test_a_planted_difference_shows_in_the_footprint(statement: str, twins: Twins, tmp_path: Path) -> None:
    for name, data in twins.named.after.items():
        (tmp_path / name).write_bytes(data)
    store = "keys.db" if "keyring" in statement else "desk.db"
    with closing(sqlite3.connect(tmp_path / store)) as connection, connection:
        connection.execute(statement)
    planted = Visit(twins.named.before, take(tmp_path))
    assert planted.marks(BLOCK) != twins.anonymous.marks(BLOCK)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE locker SET notes = randomblob(length(notes)) WHERE state = 9",
        "UPDATE place SET name = name || ' ' || randomblob(200)",
        "CREATE TABLE letter (who TEXT)",
    ],
)
def test_a_planted_trace_of_a_letter_shows_in_its_footprint(statement: str, twins: Twins, tmp_path: Path) -> None:
    for name, data in twins.letter.after.items():
        (tmp_path / name).write_bytes(data)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute(statement)
    planted = Visit(twins.letter.before, take(tmp_path))
    assert not _differ_in_a_slot(twins.anonymous.marks(BLOCK), planted.marks(BLOCK))


@pytest.fixture(scope="module")
def strict(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An office that asks everybody for a code and meets by phone or video only; one time is taken."""
    world = first_world.copy(tmp_path_factory.mktemp("strict") / "instance")
    cast.open_hours(
        world.stores,
        world.settings,
        world.ombuds,
        cast.Practice(**vars(PRACTICE) | {"modes": PRACTICE.modes[::2], "without_code": 0}),
    )
    server = serve(world)
    yield server
    server.kill()


def _unknown(world: World, visitor: Visitor, key: str) -> Answer:
    code = world.code_of(VERA)
    return visitor.book(world, None, [key], proof="code", email=NED.email, code=code, share="name", **SAID)


def _wrong_code(world: World, visitor: Visitor, key: str) -> Answer:
    return visitor.book(world, VERA, [key], code=world.code_of(TOMAS), **SAID)


def _slip(world: World, visitor: Visitor, key: str) -> Answer:
    return visitor.book(world, VERA, [key], code=world.code_of(VERA)[1:], **SAID)


def _no_proof(world: World, visitor: Visitor, key: str) -> Answer:
    return visitor.book(world, None, [key], **SAID)


def _mode_not_offered(world: World, visitor: Visitor, key: str) -> Answer:
    return visitor.book(world, VERA, [key], mode="in-person", **SAID)


def _all_gone(world: World, visitor: Visitor, _key: str) -> Answer:
    return visitor.book(world, TOMAS, [_taken(world)], **SAID)


def _old_ticket(world: World, visitor: Visitor, key: str) -> Answer:
    return visitor.book(world, VERA, [key], ticket="Zm9yZ290dGVu", **SAID)


def _too_long(world: World, visitor: Visitor, key: str) -> Answer:
    return visitor.book(world, VERA, [key], message="x" * 501)


def _letter_of_a_stranger(world: World, visitor: Visitor, _key: str) -> Answer:
    return visitor.write(world, None, proof="code", email=NED.email, code=world.code_of(VERA), **SAID)


def _letter_without_proof(world: World, visitor: Visitor, _key: str) -> Answer:
    return visitor.write(world, None, **SAID)


def _letter_without_text(world: World, visitor: Visitor, _key: str) -> Answer:
    return visitor.write(world, VERA, message=" ")


def _letter_to_nobody(world: World, visitor: Visitor, _key: str) -> Answer:
    return visitor.write(world, VERA, ombuds="ff" * 16)


def _wrong_words(_world: World, visitor: Visitor, _key: str) -> Answer:
    return visitor.post("/return", {"words": "abacus " * 6})


def _from_elsewhere(world: World, visitor: Visitor, key: str) -> Answer:
    fields = visitor.fill(visitor.choose([key]), mode="phone", proof="code", email=VERA.email, code=world.code_of(VERA))
    return visitor.post("/book", fields, **{"Sec-Fetch-Site": "cross-site"})


@pytest.mark.parametrize(
    "attempt",
    [
        _unknown,
        _wrong_code,
        _slip,
        _no_proof,
        _mode_not_offered,
        _all_gone,
        _old_ticket,
        _too_long,
        _letter_of_a_stranger,
        _letter_without_proof,
        _letter_without_text,
        _letter_to_nobody,
        _wrong_words,
        _from_elsewhere,
    ],
    ids=lambda attempt: attempt.__name__.strip("_"),
)
def test_a_refused_attempt_touches_nothing(attempt: Callable[[World, Visitor, str], Answer], strict: Server) -> None:
    world, visitor = strict.world, Visitor(strict.url)
    _taken(world)
    key = world.offers()[2].key
    before = stamps(world.instance)
    answer = attempt(world, visitor, key)
    assert "Please check" in answer.body or "rested too long" in answer.body or answer.status == 403, answer.body
    assert stamps(world.instance) == before


def test_a_planted_touch_shows(first_world: World, tmp_path: Path) -> None:
    world = first_world.copy(tmp_path / "instance")
    before = stamps(world.instance)
    (world.instance / "roster.db").touch()
    assert stamps(world.instance) != before


def _visit(
    world: World,
    slot: bytes,
    person: cast.Person | None,
    end: Callable[[Server], None],
    **said: str,
) -> Visit:
    server = serve(world)
    before = take(world.instance)
    try:
        receipt = Visitor(server.url).book(world, person, [slot.hex()], **said)
        assert Visitor.words(receipt)
    finally:
        end(server)
    return Visit(before, take(world.instance))


def _differ_in_a_slot(one: frozenset[Mark], other: frozenset[Mark]) -> bool:
    return max(len(one - other), len(other - one)) <= SLOT_BLOCKS


def _letter(world: World) -> Visit:
    server = serve(world)
    before = take(world.instance)
    try:
        assert Visitor.words(Visitor(server.url).write(world, VERA, **SAID | {"message": LONG_NOTE}, share="name"))
    finally:
        server.kill()
    return Visit(before, take(world.instance))


def _decoy(first_world: World, folder: Path) -> tuple[World, Visit, bytes]:
    """A decoy in a copy of a nearly full world; gives that world and the slot.

    Another world when a visitor would soon come too late for the slot, or when a box ends just behind the border of a
    block: two of its few random bytes there may be the same by chance.
    """
    for number in range(20):
        nearly_full = _nearly_full(first_world.copy(folder / f"full{number}"))
        world = nearly_full.copy(folder / f"decoy{number}")
        before, free = take(world.instance), _slots(world)
        assert intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
        (slot,) = free.keys() - _slots(world).keys()
        world.stores.close()
        visit = Visit(before, take(world.instance))
        is_soon = free[slot] < (clock.now() + timedelta(hours=world.settings.notice_hours + 1)).timestamp()
        if not is_soon and _thin_blocks(visit) == THIN:
            return nearly_full, visit, slot
    raise AssertionError("every decoy drew the very next time")


def _nearly_full(world: World) -> World:
    """One free locker is left, so that every visit changes the same row."""
    for offer in world.offers()[1:8]:
        assert isinstance(world.book(None, slots=[offer.id]), intake.Receipt)
    world.stores.close()
    return world


def _thin_blocks(visit: Visit) -> int:
    """Blocks in which only a byte or two or three changed."""
    before, after = visit.before["desk.db"], visit.after["desk.db"]
    count = 0
    for start in range(0, len(after), BLOCK):
        pairs = zip(before[start : start + BLOCK], after[start : start + BLOCK], strict=True)
        count += 0 < sum(old != new for old, new in pairs) <= 3
    return count


def _slots(world: World) -> dict[bytes, int]:
    """Free slots: id to start."""
    with closing(looking(world.instance / "desk.db")) as desk:
        return dict(desk.execute("SELECT id, starts FROM slot WHERE state != ?", (TAKEN,)))


def _taken(world: World) -> str:
    """A time that is taken; the first call takes it."""
    with closing(looking(world.instance / "desk.db")) as desk:
        row = desk.execute("SELECT id FROM slot WHERE state = ?", (TAKEN,)).fetchone()
    if row:
        return str(row[0].hex())
    slot = world.offers()[1]
    assert isinstance(world.book(VERA, slots=[slot.id]), intake.Receipt)
    return slot.key
