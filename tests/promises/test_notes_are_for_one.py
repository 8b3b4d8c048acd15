"""After notes, a link and a search Theo has the same rows as before, and not a word of them in clear."""

import base64

from portal.desk import finding, linking, noting, service
from portal.office.rules import desk_keys
from tests.cast import TOMAS, VERA, World
from tests.intake.sealed import FILES, ask_file, boxes, used_lockers

SECRET = "Unrepeatable-Zebra"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


def rows(world: World) -> dict[str, int]:
    """How many rows every table of every store has, and how long the files are."""
    found = {name: (world.instance / name).stat().st_size for name in FILES}
    for name in FILES:
        for (table,) in ask_file(world.instance / name, TABLES):
            ((count,),) = ask_file(world.instance / name, f'SELECT count(*) FROM "{table}"')  # noqa: S608
            assert isinstance(count, int)
            found[f"{name}, {table}"] = count
    return found


def disguises(text: bytes) -> set[bytes]:
    return {text, text.lower(), base64.b64encode(text)[:16], text.hex().encode()}


def on_disk(world: World, needles: set[bytes]) -> set[bytes]:
    files = [path.read_bytes() for path in world.instance.rglob("*") if path.is_file()]
    assert files
    return {needle for needle in needles if any(needle in each for each in files)}


def test_notes_links_and_searches_leave_nothing_in_clear_and_no_row(world: World) -> None:
    for person, offer in zip((VERA, TOMAS), world.offers()[1:], strict=False):
        world.book(person, slots=[offer.id])
    ola = desk_keys(world.ombuds, world.kit.recovery, None)
    at = world.at_desk(ola)
    service.unlock(at)
    before, (first, second) = rows(world), sorted(used_lockers(world))

    assert noting.write(at, first, SECRET, 0) == noting.Kept()
    assert linking.link(at, first, second)
    texts = [[("Notes", view.notes.text)] for view in service.views(at)]
    assert sum(finding.find(SECRET, each) is not None for each in texts) == 1
    world.stores.close()

    assert rows(world) == before
    assert on_disk(world, disguises(SECRET.encode())) == set()
    # That one locker names another may stand in no file: each id stands in its own rows, and nowhere else.
    for locker, other in ((first, second), (second, first)):
        assert not any(other in box or base64.b64encode(other) in box for box in boxes(world, locker).values())


def test_a_note_in_clear_would_be_found(world: World) -> None:
    """Planted: the same text in a file of the office."""
    (world.instance / "search.log").write_text(f"looked for {SECRET.lower()}")

    assert on_disk(world, disguises(SECRET.encode())) == {SECRET.lower().encode()}
