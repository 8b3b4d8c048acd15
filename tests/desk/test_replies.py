"""Ola answers on the page of an appointment, and her queue says who waits."""

import re
from collections.abc import Iterator

import pytest

from portal import clock, create_app
from portal.intake import returning
from portal.intake.returning import Opened, Said
from portal.intake.rules import By, Message
from portal.intake.service import Receipt
from tests.cast import VERA, World
from tests.desk.test_open_desks import Ola

TYPED = "amber bagpipe cabbage daybreak eagle fabric"


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    assert isinstance(world.book(VERA, typed=TYPED), Receipt)
    said = Said("1" * 16, "Are you there?")
    assert isinstance(returning.write(world.stores, TYPED, said, settings=world.settings, now=clock.now()), Opened)
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    yield ola
    world.refresh()


def address(ola: Ola) -> str:
    found = re.search(r"/desk/matter/\w+", ola.browser.get("/desk/").text)
    assert found
    return found.group()


def kept(world: World) -> list[Message]:
    found = returning.come_back(world.stores, TYPED, settings=world.settings)
    assert isinstance(found, Opened)
    return list(found.matter.messages)


def test_what_waits_for_an_answer_stands_first_until_it_is_answered(ola: Ola) -> None:
    assert "Waiting for your answer" in ola.browser.get("/desk/").text

    ola.send(address(ola), text="Yes. Would Thursday suit you?")

    assert "Waiting for your answer" not in ola.browser.get("/desk/").text
    assert [(each.by, each.text) for each in kept(ola.world)] == [
        (By.VISITOR, "Are you there?"),
        (By.OMBUDS, "Yes. Would Thursday suit you?"),
    ]


def test_before_the_first_meeting_every_reply_stands_under_a_warning(ola: Ola) -> None:
    page = ola.browser.get(address(ola)).text

    assert page.index("Do not confirm that you know this person") < page.index("<textarea")


def test_an_empty_reply_comes_back_and_one_without_room_is_not_lost(ola: Ola) -> None:
    assert "Type a message first." in ola.send(address(ola), text="")
    for number in range(12):
        answer = ola.send(address(ola), text="y" * 1000, page=f"{number:016x}")
        if "not so much room left" in answer:
            break

    assert "y" * 1000 + "</textarea>" in answer
    assert all(len(each.text) in (14, 1000) for each in kept(ola.world))


def test_a_reply_that_is_sent_twice_is_said_once(ola: Ola) -> None:
    for _ in range(2):
        ola.send(address(ola), text="Once.", page="7" * 16)

    assert [each.text for each in kept(ola.world)] == ["Are you there?", "Once."]
