"""The page of all that is stored, over plain HTTP."""

import pytest

from portal import clock
from portal.intake import returning
from portal.intake.meanings import FIELDS, KEYS, LOCKER, NESTED, OTHER_TABLES, SLOT
from portal.intake.permissions import Terms
from portal.intake.returning import NoRoom, Said
from portal.intake.rules import Remark
from portal.pages import ANSWER_SIZE
from portal.sealing import words
from tests.cast import VERA, Server
from tests.intake.pages_cast import free, keys, kind, text_of
from tests.intake.sealed import bytes_of
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("stored_page")
TYPED = {"message": "The <b>roof</b> leaks & nobody looks.", "call_name": "Reed", "contact": "+1 907 555 0177"}


def open_page(vera: Visitor, typed: str) -> Answer:
    page = vera.post("/return", {"words": typed})
    return vera.post("/return", vera.fill(page, action="stored"))


@pytest.fixture(scope="module")
def seen(office: Server) -> tuple[str, Answer]:
    """The six words of a named booking with a note, and its page."""
    vera = Visitor(office.url)
    typed = Visitor.words(vera.book(office.world, VERA, keys(free(office)), share="name", **TYPED))
    before = bytes_of(office.world)
    page = open_page(vera, typed)
    assert bytes_of(office.world) == before, "looking changes nothing"
    return typed, page


def test_every_column_and_every_field_stands_there_by_its_name(seen: tuple[str, Answer]) -> None:
    inside = {name for meanings in FIELDS.values() for name in meanings} - NESTED - {"aloud", "by", "id"}
    absent = {"standing", "used", "written", "text", *FIELDS[Terms], *FIELDS[Remark]}
    for name in {*LOCKER, *KEYS, *SLOT, *OTHER_TABLES, *(inside - absent)}:
        assert f">{name}</code>" in seen[1].body, name


def test_what_was_typed_stands_there_and_nothing_that_was_not_kept(office: Server, seen: tuple[str, Answer]) -> None:
    typed, page = seen
    assert all(said in text_of(page) for said in TYPED.values())
    assert "<b>roof" not in page.body
    assert VERA.email not in page.body
    assert office.world.code_of(VERA) not in page.body
    assert typed not in page.body


def test_it_is_as_long_as_any_answer(seen: tuple[str, Answer]) -> None:
    assert (seen[1].status, seen[1].length) == (200, ANSWER_SIZE)
    assert seen[1].header("Cache-Control") == "no-store"


def test_a_full_matter_is_no_longer_than_an_empty_one(office: Server, vera: Visitor) -> None:
    typed = words.draw()
    office.world.book(VERA, share="name", slots=[free(office)[0].id], typed=typed, message="x" * 500)
    number = 0
    while not isinstance(
        returning.write(
            office.world.stores,
            typed,
            Said(f"{number:016}", "One day's “talk”. " * 8),
            settings=office.world.settings,
            now=clock.now(),
        ),
        NoRoom,
    ):
        number += 1

    assert number > 10
    assert open_page(vera, typed).length == ANSWER_SIZE


def test_a_page_that_rested_too_long_shows_nothing(vera: Visitor) -> None:
    assert kind(vera.post("/return", {"ticket": "x", "action": "stored"})) == "words"
