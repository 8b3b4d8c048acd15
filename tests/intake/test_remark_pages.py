"""The page for notes, as a visitor without scripts meets it."""

import re

import pytest

from portal.pages import ANSWER_SIZE
from portal.web import MAX_FORM
from tests.cast import Server
from tests.intake.pages_cast import problems, text_of, values_of
from tests.intake.sealed import bytes_of, used_lockers
from tests.visiting import Answer, Visitor

TEXT = "The room was calm, and nobody hurried me."


def kept(answer: Answer) -> bool:
    return "your note is kept" in text_of(answer)


def test_a_note_is_kept_and_no_words_are_given(office: Server, vera: Visitor) -> None:
    before = used_lockers(office.world)
    answer = vera.leave_note(said=TEXT)

    assert kept(answer)
    assert 'class="words"' not in answer.body
    assert TEXT not in answer.body
    assert len(used_lockers(office.world) - before) == 1


def test_one_answer_to_one_question_is_enough(vera: Visitor) -> None:
    assert kept(vera.leave_note(said="", felt="yes"))


def test_the_same_page_sent_twice_is_one_note(office: Server, vera: Visitor) -> None:
    page = vera.get("/say")
    fields, before = vera.fill(page, about="wish", said=TEXT), used_lockers(office.world)

    assert kept(vera.post("/say", fields))
    assert kept(vera.post("/say", fields))
    assert len(used_lockers(office.world) - before) == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"said": " "}, "Type a note, or answer one of the questions."),
        ({"said": "x" * 601}, "This is longer than 600 characters. Please shorten it."),
        ({"easy": "<b>"}, "Choose one of these answers."),
        ({"about": "survey"}, "Choose one of these answers."),
        ({"ticket": "x"}, "This page rested too long. Send it once more: all you typed is still here."),
    ],
)
def test_a_mistake_is_told_and_keeps_what_was_typed(
    office: Server, vera: Visitor, values: dict[str, str], says: str
) -> None:
    before = bytes_of(office.world)
    answer = vera.leave_note(**{"said": TEXT} | values)

    assert says in problems(answer)
    assert values_of(answer)["said"] == {"said": TEXT, **values}["said"].strip()
    assert bytes_of(office.world) == before


def test_a_page_that_rested_is_sent_once_more(vera: Visitor) -> None:
    again = vera.leave_note(said=TEXT, ticket="x")

    assert kept(vera.post("/say", vera.fill(again)))


def test_far_too_much_text_is_refused_kindly(office: Server, vera: Visitor) -> None:
    before = bytes_of(office.world)
    answer = vera.leave_note(said="x" * 1_000_000)

    assert answer.status == 413
    assert "That was too much text" in answer.body
    assert "Nothing was sent." in answer.body
    assert kept(vera.leave_note(said=TEXT)), "and the next one is taken"
    assert bytes_of(office.world) != before


def test_just_below_the_limit_of_all_forms_it_comes_back_whole_or_is_refused(vera: Visitor) -> None:
    answer = vera.leave_note(said="x" * (MAX_FORM - 2000))

    assert "Please shorten it." in problems(answer)[0]
    assert answer.length % ANSWER_SIZE == 0


def test_every_answer_has_one_length(vera: Visitor) -> None:
    answers = [vera.leave_note(said=TEXT), vera.leave_note(said=""), vera.leave_note(said="x" * 700)]
    answers.append(vera.leave_note(ticket="x"))

    assert {(each.status, each.length) for each in answers} == {(200, ANSWER_SIZE)}


def test_whoever_was_left_out_stays_so_on_the_way_to_a_note(office: Server, vera: Visitor) -> None:
    """With Ola left out nobody reads it, so nothing is kept."""
    query = f"?ombuds=not-{office.world.ombuds.hex()}"
    for path in ("/about", "/about/voices"):
        assert f'href="/say{query}"' in vera.get(path + query).body
    page, before = vera.get(f"/say{query}"), bytes_of(office.world)

    assert "The box for notes is full" in problems(vera.post("/say", vera.fill(page, said=TEXT)))[0]
    assert bytes_of(office.world) == before


def test_a_full_box_says_so_and_gives_the_text_back(vera: Visitor) -> None:
    """Last in this module: it fills the box. What the form looked like before does not tell."""
    fresh = re.sub(r'name="ticket"[^>]*', "", vera.get("/say").body)
    answer = next(each for each in (vera.leave_note(said=TEXT) for _ in range(60)) if not kept(each))

    assert "The box for notes is full, so nothing was kept." in problems(answer)[0]
    assert values_of(answer)["said"] == TEXT
    assert (answer.status, answer.length) == (200, ANSWER_SIZE)
    assert re.sub(r'name="ticket"[^>]*', "", vera.get("/say").body) == fresh


def test_a_note_from_another_site_is_refused(office: Server, vera: Visitor) -> None:
    before = bytes_of(office.world)
    fields = vera.fill(vera.get("/say"), said=TEXT)

    assert vera.post("/say", fields, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert bytes_of(office.world) == before
