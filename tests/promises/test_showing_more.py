"""P2 and P6: showing more changes what a message changes, and tells nobody what somebody else did."""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from portal import clock
from portal.intake import returning, revealing
from portal.intake.returning import Opened, Said
from portal.intake.revealing import Reveal
from portal.intake.rules import Share
from portal.intake.service import Receipt
from portal.pages import ANSWER_SIZE
from portal.roster.rules import Claim
from portal.sealing import words
from portal.seizure.files import looking
from portal.seizure.footprint import BLOCK, PAGE, Snapshot, changed, take
from tests.cast import NED, TOMAS, VERA, Server, World, serve
from tests.promises.steady import agreed, within_one_hour
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("showing_more")
_CHANCE = re.compile(r'(name="(?:ticket|claim|meeting)"[^>]*value=")[^"]*| +$')


@dataclass(frozen=True)
class Change:
    """The files of one office before and after somebody did something in it."""

    before: Snapshot
    after: Snapshot

    def marks(self, block: int) -> frozenset[tuple[str, int, int]]:
        return changed(self.before, self.after, block)


@pytest.fixture(scope="module")
def changes(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Change]:
    """Copies of one office with one booking: what a message changes, and what each way to show more does."""
    return agreed(
        lambda number: _changes(first_world, tmp_path_factory.mktemp(f"showing{number}")),
        lambda found: len({each.marks(BLOCK) for each in found.values()}) == 1,
    )


def _changes(first_world: World, folder: Path) -> dict[str, Change]:
    typed, booked = words.draw(), first_world.copy(folder / "booked")
    assert isinstance(booked.book(None, typed=typed), Receipt)
    # One time, so that every change of a slot's grain falls on the same block.
    with booked.stores.desk.writing() as desk:
        desk.execute(text("DELETE FROM slot WHERE id <> (SELECT min(id) FROM slot)"))
    booked.stores.close()
    code = booked.code_of(VERA)
    claims = {
        "named": Reveal(Claim(VERA.email, code, "code"), Share.NAME),
        "group": Reveal(Claim(VERA.email, code, "code"), Share.NOTHING),
        "known, no code": Reveal(Claim(TOMAS.email, "", "none"), Share.NAME),
        "unknown, no code": Reveal(Claim(NED.email, "", "none"), Share.NAME),
    }
    found = {name: _shown(booked.copy(folder / name), typed, claim) for name, claim in claims.items()}
    return found | {"message": _shown(booked.copy(folder / "message"), typed, None)}


def _shown(world: World, typed: str, asked: Reveal | None) -> Change:
    before = take(world.instance)
    said, now = Said(os.urandom(8).hex(), "One more thing."), clock.now()
    done = (
        revealing.reveal(world.stores, typed, asked, settings=world.settings, now=now)
        if asked
        else returning.write(world.stores, typed, said, settings=world.settings, now=now)
    )
    assert isinstance(done, Opened)
    world.stores.close()
    return Change(before, take(world.instance))


@pytest.mark.parametrize("block", [PAGE, BLOCK])
def test_showing_more_changes_the_blocks_that_a_message_changes(changes: dict[str, Change], block: int) -> None:
    marks = {name: each.marks(block) for name, each in changes.items()}
    assert {name for name, _, _ in marks["message"]} == {"desk.db"}
    assert {name: each for name, each in marks.items() if each != marks["message"]} == {}


def test_showing_more_changes_the_row_of_its_locker_and_a_slots_grain(
    changes: dict[str, Change], tmp_path: Path
) -> None:
    rows = {}
    for when, files in vars(changes["named"]).items():
        (tmp_path / when).write_bytes(files["desk.db"])
        with closing(looking(tmp_path / when)) as desk:
            tables = [name for (name,) in desk.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows[when] = {(name, *row) for name in tables for row in desk.execute(f"SELECT * FROM {name}")}  # noqa: S608
    old_rows, new_rows = (
        sorted(each, key=lambda row: row[0])
        for each in (rows["before"] - rows["after"], rows["after"] - rows["before"])
    )
    (before, slot), (after, new_slot) = old_rows, new_rows
    assert (slot[0], slot[:8], slot[9]) == ("slot", new_slot[:8], new_slot[9])
    columns = ("table", "id", "ombuds", "state", "destroy_on", "lookup", "to_ombuds", "to_visitor", "notes")
    differing = [name for name, old, new in zip(columns, before, after, strict=True) if old != new]
    assert before[0] == "locker"
    assert differing == ["to_ombuds", "to_visitor", "notes"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE shown (who TEXT)",
        "UPDATE locker SET destroy_on = '2031-01-01' WHERE id = (SELECT max(id) FROM locker)",
    ],
)
def test_a_planted_trace_of_showing_more_is_seen(statement: str, changes: dict[str, Change], tmp_path: Path) -> None:
    for name, data in changes["named"].after.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute(statement)
    planted = Change(changes["named"].before, take(tmp_path))
    assert planted.marks(BLOCK) != changes["message"].marks(BLOCK)


def test_who_holds_veras_code_reads_the_same_whether_or_not_she_has_a_matter(
    first_world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """S15: Theo has a matter of his own, and tries in it what Vera's code opens."""
    seen = within_one_hour(lambda: _both_seen(first_world, tmp_path_factory.mktemp("twins")))
    assert seen[0] == seen[1]
    assert "fewer than 5 people" in seen[0]["her code, asked"]
    assert "The ombuds sees it" in seen[0]["her code, done"]


def test_a_planted_word_about_vera_is_seen(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    (seen, _) = within_one_hour(lambda: _both_seen(first_world, tmp_path_factory.mktemp("planted")))
    planted = {name: page.replace("You cannot take", "She came. You cannot take") for name, page in seen.items()}
    assert seen != planted


def _both_seen(first_world: World, folder: Path) -> list[dict[str, str]]:
    slots = [offer.id for offer in first_world.copy(folder / "offers").offers()[1:3]]
    seen = []
    for person in (VERA, None):
        world = first_world.copy(folder / ("vera" if person else "nobody"))
        assert isinstance(world.book(person, slots=slots[:1], share="name" if person else "nothing"), Receipt)
        typed = words.draw()
        assert isinstance(world.book(None, slots=slots[1:], typed=typed), Receipt)
        world.stores.close()
        server = serve(world)
        try:
            seen.append(_as_theo(server, typed))
        finally:
            server.kill()
    return seen


def _as_theo(server: Server, typed: str) -> dict[str, str]:
    world, visitor = server.world, Visitor(server.url)
    code = world.code_of(VERA)
    page = visitor.post("/return", {"words": typed})
    form = visitor.post("/return", visitor.fill(page, action="reveal"))

    def send(proof: str, email: str, typed_code: str) -> Answer:
        filled = visitor.fill(form, action="reveal", proof=proof, email=email, code=typed_code, share="profile")
        return visitor.post("/return", filled)

    found = {
        "form": form,
        "a wrong code": send("code", VERA.email, world.code_of(TOMAS)),
        "a slip": send("code", VERA.email, code[1:]),
        "no code": send("none", VERA.email, ""),
        "her code, asked": send("code", VERA.email, code),
    }
    found["her code, done"] = visitor.post("/return", visitor.fill(found["her code, asked"], sure="yes"))
    found["again"] = visitor.post("/return", {"words": typed})
    assert {(each.status, each.length) for each in found.values()} == {(200, ANSWER_SIZE)}
    return {name: _CHANCE.sub(r"\1", each.body) for name, each in found.items()}
