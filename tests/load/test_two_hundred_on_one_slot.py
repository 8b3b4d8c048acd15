"""Two hundred people want the same time at the same moment; one gets it, nobody gets an error."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from portal.intake import returning
from portal.intake.returning import Opened
from portal.scheduling.rules import Offer
from tests.cast import Person, Server, World, serve, staff
from tests.visiting import Answer, Visitor, fields_of

pytestmark = pytest.mark.xdist_group("load")
CLIENTS = 200
CROWD = 40
MESSAGE = "Please keep this line, whatever happens: number {}."


def test_one_of_two_hundred_gets_the_slot_and_nobody_an_error(world: World) -> None:
    server = serve(world)
    try:
        offer, people = world.offers()[0], staff()[:CLIENTS]
        assert len(people) == CLIENTS
        answers = all_at_once(server, offer, people)
    finally:
        server.kill()

    assert {answer.status for answer in answers} == {200}
    assert {answer.length for answer in answers} == {answers[0].length}
    receipts = [answer for answer in answers if 'class="words"' in answer.body]
    assert len(receipts) == 1
    for number, (person, answer) in enumerate(zip(people, answers, strict=True)):
        if answer not in receipts:
            assert_kindly_refused(answer, offer, person, number)
    assert taken_and_used(world) == (1, 1)
    assert_opens(world, offer, Visitor.words(receipts[0]))
    assert server.log.read_text() == ""


def test_a_crowd_with_second_choices_never_gets_more_than_there_are_lockers(world: World) -> None:
    server = serve(world)
    try:
        offers, people = world.offers(), staff()[:CROWD]
        answers = all_at_once(server, offers[0], people, others=offers[1:])
    finally:
        server.kill()

    words = {Visitor.words(answer) for answer in answers if 'class="words"' in answer.body}
    assert {answer.status for answer in answers} == {200}
    assert len(words) == world.settings.lockers
    assert taken_and_used(world) == (world.settings.lockers, world.settings.lockers)
    assert server.log.read_text() == ""


def all_at_once(server: Server, offer: Offer, people: list[Person], others: list[Offer] | None = None) -> list[Answer]:
    """Everybody fills the form in peace; then all send in the same moment.

    With `others`, everybody has a second and third choice of their own besides `offer`.
    """
    gate = Barrier(len(people))
    codes = [server.world.code_of(person) for person in people]

    def visit(number: int) -> Answer:
        visitor = Visitor(server.url)
        spare = [each.key for each in (others or [])[2 * number % 100 :][:2]]
        form = visitor.choose([offer.key, *spare])
        filled = visitor.fill(
            form,
            mode="phone",
            proof="code",
            email=people[number].email,
            code=codes[number],
            message=MESSAGE.format(number),
        )
        gate.wait(60)
        return visitor.post("/book", filled)

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(visit, range(len(people))))


def assert_kindly_refused(answer: Answer, offer: Offer, person: Person, number: int) -> None:
    """Other times are offered, and all that was typed is still there."""
    fields = dict(fields_of(answer.body))
    offered = re.findall(r'<input type="radio" name="slot" value="(\w+)"', answer.body)
    assert len(offered) == 5
    assert offer.key not in offered
    assert fields["email"] == person.email
    assert fields["message"] == MESSAGE.format(number)
    assert fields["proof"] == "code"


def taken_and_used(world: World) -> tuple[int, int]:
    """Slots that are taken and lockers that are in use, as they stand on disk."""
    with world.stores.desk.reading() as desk:
        taken = desk.scalar(text("SELECT count(*) FROM slot WHERE state = 9"))
        used = desk.scalar(text("SELECT count(*) FROM locker WHERE state = 9"))
    assert taken is not None
    assert used is not None
    return taken, used


def assert_opens(world: World, offer: Offer, words: str) -> None:
    found = returning.come_back(world.stores, words, settings=world.settings)
    assert isinstance(found, Opened)
    assert found.matter.meeting.starts == offer.starts
