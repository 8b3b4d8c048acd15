"""P2, P3 and P4: on the disk a note is somebody who wrote, and nothing of it leaves the page on which it is read."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from portal import clock, create_app
from portal.bounds import NoteRoom
from portal.desk import remarks as at_desk
from portal.intake import service as intake
from portal.intake.remarks import Kept, Leaving, leave, new_form
from portal.intake.rules import About, Remark
from portal.office.rules import DeskKeys, desk_keys
from portal.reporting.rules import Count
from portal.scheduling.rules import last_publication
from portal.seizure.files import Loot
from portal.seizure.footprint import BLOCK, PAGE, Mark, changed, take
from portal.seizure.needles import Dictionary, of_text
from portal.volatile import SentNotes
from tests.cast import VERA, World
from tests.desk.test_closing import close
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import ask_desk, used_lockers
from tests.promises.day_of_visits import REMARK, loot_of
from tests.promises.steady import agreed

NOTE = Remark(About.WISH, REMARK, easy="partly", without="outside")
#: Sixteen bytes of grain, with the state beside them, reach over this many blocks at most.
SLOT_BLOCKS = 3
Act = Callable[[World], object]


def _leaves_a_note(world: World, form: bytes = b"") -> None:
    asked, room, settings = Leaving(form or new_form(), NOTE), NoteRoom(), world.settings
    since = last_publication(clock.now(), settings.publish_at, settings.zone)
    room.left(since, lambda: {world.ombuds: 1})  # drawn before the others came
    found = leave(world.stores, asked, room=room, sent=SentNotes(), settings=settings, now=clock.now())
    assert found == Kept()


def _writes(world: World) -> None:
    assert isinstance(world.write(VERA, REMARK, share="name"), intake.Receipt)


def _write_as_a_decoy(world: World) -> None:
    assert intake.write_decoy(world.stores, settings=world.settings, now=clock.now())


@pytest.fixture(scope="module")
def nearly_full(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """One mailbox is free, so that whoever comes gets the same."""
    world = first_world.copy(tmp_path_factory.mktemp("notes") / "instance")
    for offer in world.offers()[1:8]:
        assert isinstance(world.book(None, slots=[offer.id]), intake.Receipt)
    world.stores.close()
    return world


def _marks(before: World, act: Act, folder: Path, block: int = BLOCK) -> frozenset[Mark]:
    after = before.copy(folder)
    act(after)
    after.stores.close()
    return changed(take(before.instance), take(after.instance), block)


def _is_the_same_visit(one: frozenset[Mark], other: frozenset[Mark]) -> bool:
    """The same mailbox and nothing else, but for which slot's grain was stirred."""
    return max(len(one - other), len(other - one)) <= SLOT_BLOCKS


@pytest.mark.parametrize("other", [_writes, _write_as_a_decoy])
def test_a_note_changes_what_a_letter_and_a_decoy_without_a_time_change(
    other: Act, nearly_full: World, tmp_path: Path
) -> None:
    note = _marks(nearly_full, _leaves_a_note, tmp_path / "note")
    letter = _marks(nearly_full, other, tmp_path / "letter")

    assert {name for name, _, _ in note} == {"desk.db"}
    assert _is_the_same_visit(note, letter)
    assert len(note & letter) > 400, "the boxes of one locker, whatever lies in them"


def test_it_makes_no_file_and_changes_no_size(nearly_full: World, tmp_path: Path) -> None:
    after = nearly_full.copy(tmp_path / "after")
    _leaves_a_note(after)
    after.stores.close()

    before = take(nearly_full.instance)
    assert {name: len(data) for name, data in take(after.instance).items()} == {
        name: len(data) for name, data in before.items()
    }


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE note (what TEXT)",
        "UPDATE ombuds SET name = name || randomblob(700)",
        # Two of them, because the one that the note fills is changed all over anyway.
        "UPDATE locker SET notes = randomblob(length(notes)) WHERE id IN (SELECT id FROM locker ORDER BY id LIMIT 2)",
    ],
)
def test_a_planted_trace_of_a_note_shows(statement: str, nearly_full: World, tmp_path: Path) -> None:
    def act(world: World) -> None:
        _leaves_a_note(world)
        world.stores.close()
        with closing(sqlite3.connect(world.instance / "desk.db")) as desk, desk:
            desk.execute(statement)

    planted = _marks(nearly_full, act, tmp_path / "planted")
    assert not _is_the_same_visit(_marks(nearly_full, _writes, tmp_path / "letter"), planted)


@pytest.fixture
def ola(world: World) -> DeskKeys:
    return desk_keys(world.ombuds, world.kit.recovery, None)


def test_from_outside_destroying_a_note_is_closing_a_matter(world: World, ola: DeskKeys, tmp_path: Path) -> None:
    _leaves_a_note(world)
    (note,) = used_lockers(world)
    _writes(world)
    (matter,) = used_lockers(world) - {note}
    world.stores.close()

    def destroys(office: World) -> None:
        assert at_desk.destroy(office.at_desk(ola), [note], office.publication) == 1

    def closes(office: World) -> None:
        count = Count(outcome="coached", mode="write")
        close(office.at_desk(ola), matter, count, version=1, publication=office.publication)
        assert used_lockers(office) == {note}

    def compare(number: int) -> list[frozenset[tuple[str, int]]]:
        """By whole pages: which of the two lockers is blank and which sealed anew differs in nothing else."""
        marks = [_marks(world, act, tmp_path / f"{number}{act.__name__}", PAGE) for act in (destroys, closes)]
        return [frozenset((name, place) for name, place, _ in each if name == "desk.db") for each in marks]

    pair = agreed(compare, lambda found: found[0] == found[1])
    assert pair[0] == pair[1]


def _needles() -> Dictionary:
    return Dictionary(lambda: of_text("note", REMARK))


def _files(loot: Loot) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in loot.instance.rglob("*") if path.is_file()}


def test_theo_finds_no_note_while_it_is_there_and_none_when_it_is_destroyed(
    world: World, ola: DeskKeys, tmp_path: Path
) -> None:
    _leaves_a_note(world)
    at = world.at_desk(ola)
    (key,) = at_desk.found(at)
    shutil.copytree(world.instance, tmp_path / "early")
    at_desk.destroy(at, [bytes.fromhex(key)], world.publication)
    world.stores.close()

    for instance in (tmp_path / "early", world.instance):
        assert list(_needles().search(_files(loot_of(instance)))) == []


def test_a_note_in_a_log_would_be_found(world: World) -> None:
    """Planted."""
    (world.instance / "server.log").write_text(f"note: {REMARK.upper()}\n")

    assert {hit.file for hit in _needles().search(_files(loot_of(world.instance)))} == {
        str(world.instance / "server.log")
    }


def _marked(world: World, form: bytes) -> set[str]:
    """The files in which the number of a form stands, as it is or as the digest of it."""
    world.stores.close()
    needles = (form, form.hex().encode(), sha256(form).digest(), sha256(form.hex().encode()).digest())
    return {path for path, data in _files(loot_of(world.instance)).items() if any(each in data for each in needles)}


def test_theo_with_disk_and_memory_does_not_learn_which_mailbox_holds_a_note(world: World) -> None:
    """The memory knows the numbers of forms that were sent: none of them stands on the disk."""
    form = new_form()
    _leaves_a_note(world, form)

    assert _marked(world, form) == set()


def test_a_mailbox_named_by_its_form_would_be_found(world: World) -> None:
    """Planted."""
    form = new_form()
    _leaves_a_note(world, form)
    ask_desk(world, "UPDATE locker SET lookup = ? WHERE state = 9", form)

    assert _marked(world, form) == {str(world.instance / "desk.db")}


def test_a_destroyed_note_opens_from_no_old_copy_of_the_desk_store(world: World, ola: DeskKeys) -> None:
    _leaves_a_note(world)
    world.stores.close()
    old = (world.instance / "desk.db").read_bytes()
    world.refresh()
    at = world.at_desk(ola)
    (key,) = at_desk.found(at)
    at_desk.destroy(at, [bytes.fromhex(key)], world.publication)
    world.stores.close()
    (world.instance / "desk.db").write_bytes(old)
    world.refresh()

    assert at_desk.found(world.at_desk(ola)) == {}
    assert ask_desk(world, "SELECT count(*) FROM locker WHERE state = 9") == [(1,)]


def test_nothing_of_a_note_leaves_the_page_on_which_it_is_read(world: World) -> None:
    ola = Ola(world, create_app(world.instance))
    _leaves_a_note(world)
    ola.open_desk()
    app = ola.app.test_client()

    page = ola.browser.get("/desk/said")
    assert REMARK in page.text
    assert page.headers["Cache-Control"] == "no-store"
    for path in ("/desk/", "/desk/voices", "/desk/search", "/desk/today", "/desk/counts", "/desk/away"):
        assert REMARK not in ola.browser.get(path).text, path
    for path in ("/", "/say", "/about", "/about/voices", "/week"):
        assert REMARK not in app.get(path).text, path
