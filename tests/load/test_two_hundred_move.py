"""Two hundred people move to the same time at the same moment: one gets it, and everybody else keeps their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from pathlib import Path
from threading import Barrier

import pytest

from portal import clock, jobs
from portal.intake import returning
from portal.intake import service as intake
from portal.intake.returning import Opened
from portal.scheduling import opening
from portal.scheduling.rules import Offer, Practice, WeeklyRange
from portal.sealing import words
from tests.cast import PRACTICE, World, change_settings, serve
from tests.intake.sealed import taken_slots, used_lockers
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("load")
CLIENTS = 200


@pytest.fixture
def full(first_world: World, tmp_path: Path) -> World:
    """Half-hours around the clock, and as many mailboxes as people."""
    world = first_world.copy(tmp_path / "instance")
    change_settings(world.instance, lockers=f"lockers = {CLIENTS}")
    world.refresh()
    week = [WeeklyRange(day, time(0), time(0)) for day in range(7)]
    with world.stores.desk.writing() as desk:
        opening.set_hours(desk, world.ombuds, week, Practice(**vars(PRACTICE) | {"minutes": 30}))
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    return world


def test_one_of_two_hundred_moves_and_nobody_loses_their_time(full: World) -> None:
    wished, *others = full.offers()[10 : CLIENTS + 11]
    people = [(words.draw(), offer) for offer in others]
    for typed, offer in people:
        assert isinstance(full.book(None, slots=[offer.id], typed=typed), intake.Receipt)
    full.stores.close()
    server = serve(full)
    try:
        answers = all_move(server.url, wished, [typed for typed, _offer in people])
    finally:
        server.kill()

    assert {answer.status for answer in answers} == {200}
    assert len({answer.length for answer in answers}) == 1
    moved = [number for number, answer in enumerate(answers) if "Your time is moved" in answer.body]
    assert len(moved) == 1
    assert sum("is still yours." in answer.body for answer in answers) == CLIENTS - 1
    held = [held_by(full, typed) for typed, _offer in people]
    assert held == [wished.id if number in moved else offer.id for number, (_typed, offer) in enumerate(people)]
    assert taken_slots(full) == set(held)
    assert len(used_lockers(full)) == CLIENTS
    assert server.log.read_text() == ""


def all_move(url: str, wished: Offer, typed: list[str]) -> list[Answer]:
    """Everybody opens the list of other times in peace; then all send the same wish in one moment."""
    gate = Barrier(len(typed))

    def visit(number: int) -> Answer:
        visitor = Visitor(url)
        opened = visitor.post("/return", {"words": typed[number]})
        page = visitor.post("/return", visitor.fill(opened, action="move"))
        filled = [pair for pair in visitor.fill(page) if pair[0] != "slot"]
        gate.wait(120)
        return visitor.post("/return", [*filled, ("slot", wished.key)])

    with ThreadPoolExecutor(len(typed)) as pool:
        return list(pool.map(visit, range(len(typed))))


def held_by(world: World, typed: str) -> bytes:
    found = returning.come_back(world.stores, typed, settings=world.settings)
    assert isinstance(found, Opened)
    (meeting,) = found.matter.meetings
    return meeting.slot
