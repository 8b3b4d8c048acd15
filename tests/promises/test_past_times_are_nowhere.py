"""P8: a time that is over is in no file a day later, whoever had it, moved it away or gave it back (S17)."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock, jobs
from portal.intake import moves, returning
from portal.intake import service as intake
from portal.intake.moves import Moved, Wish
from portal.intake.rules import Share, Stub
from portal.office import service as office
from portal.roster.rules import Claim
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer
from portal.sealing import words
from portal.volatile import Publication
from tests.cast import World, change_settings

DAY = timedelta(days=1)
DAYS = 30


def ids(world: World) -> set[bytes]:
    with closing(sqlite3.connect(world.instance / "desk.db")) as desk:
        return {bytes(slot) for (slot,) in desk.execute("SELECT id FROM slot")}


def found_in(folder: Path, ids: set[bytes]) -> set[str]:
    """The files in which one of the ids stands, also in what no row holds any more."""
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file()
        for content in [path.read_bytes()]
        if any(slot in content for slot in ids)
    }


def visit(world: World, number: int, day: int) -> None:
    """Somebody books; one in three moves, and one in three of all gives the time back."""
    now, publication, typed = clock.now() + day * DAY, Publication[Offer](), words.draw()
    at = {"publication": publication, "settings": world.settings, "now": now}
    with world.stores.desk.reading() as desk:
        offers = scheduling.published(desk, publication, office.names(desk), settings=world.settings, now=now)
    asked = intake.Request(
        words=typed, claim=Claim("", "", "none"), slots=[offers[number].id], mode=Mode.phone, stub=Stub(Share.NOTHING)
    )
    found = intake.request_meeting(world.stores, asked, **at)
    assert isinstance(found, intake.Receipt)
    meeting = found.matter.meeting
    assert meeting
    if number % 3 == 0:
        wish = Wish(meeting.uid, meeting.slot, [offers[number + 5].id])
        assert isinstance(moves.move(world.stores, typed, wish, **at), Moved)
    if number % 3 == 1:
        returning.cancel(world.stores, typed, **at)


@pytest.fixture(scope="module")
def lived(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, set[bytes]]:
    """A month of days with two visits each; and every time that ever was."""
    world = first_world.copy(tmp_path_factory.mktemp("month") / "instance")
    change_settings(
        world.instance, horizon_weeks="horizon_weeks = 2", keep_days="keep_days = 1", lockers="lockers = 60"
    )
    world.refresh()
    ever = ids(world)
    for day in range(DAYS):
        jobs.daily(world.stores, settings=world.settings, now=clock.now() + day * DAY)
        ever |= ids(world)
        for number in (day % 3, day % 3 + 10):
            visit(world, number, day)
    jobs.daily(world.stores, settings=world.settings, now=clock.now() + DAYS * DAY)
    world.stores.close()
    return world, ever


def test_times_that_are_over_are_in_no_file(lived: tuple[World, set[bytes]]) -> None:
    world, ever = lived
    over = ever - ids(world)
    assert len(over) > 8 * DAYS // 2
    assert found_in(world.instance, over) == set()


def test_a_store_that_only_forgets_where_its_rows_are_is_found(lived: tuple[World, set[bytes]], tmp_path: Path) -> None:
    """Without secure_delete the rows stay in the free space of their pages."""
    world, _ever = lived
    copy = world.copy(tmp_path / "instance")
    before = ids(copy)
    with closing(sqlite3.connect(copy.instance / "desk.db")) as desk, desk:
        desk.execute("PRAGMA secure_delete=OFF")
        desk.execute("DELETE FROM slot WHERE starts < (SELECT min(starts) FROM slot) + 200000")
    assert found_in(copy.instance, before - ids(copy)) == {"desk.db"}
