"""Forms read answers as they were meant, and say kindly what to do about the others."""

import pytest
from werkzeug.datastructures import MultiDict

from portal.intake.forms import BookForm, WordsForm
from portal.office.forms import CoverForm
from portal.scheduling.forms import TimesForm

FILLED = {"mode": "video", "proof": "code", "email": "vera@example.org", "code": "ABCD-EFGH-JKM", "share": "nothing"}
KEYS = ["a" * 32, "b" * 32, "c" * 32, "d" * 32]


def book(**changes: str) -> BookForm:
    form = BookForm(MultiDict(FILLED | changes))
    form.validate()
    return form


def test_a_filled_form_is_fine() -> None:
    assert book().errors == {}


def test_two_answers_are_enough_without_a_code() -> None:
    form = BookForm(MultiDict({"mode": "phone", "proof": "none", "share": "nothing"}))

    assert form.validate(), form.errors


def test_a_form_shares_nothing_unless_told_so() -> None:
    assert BookForm().share.data == "nothing"


@pytest.mark.parametrize("email", ["", "vera", "  "])
def test_a_code_needs_the_address_it_was_mailed_to(email: str) -> None:
    assert book(email=email).errors == {"email": ["Type your work or school email, like name@example.org."]}


def test_a_missing_code_is_answered_with_the_other_way() -> None:
    assert book(code="").errors == {"code": ["Type your code, or choose “I have no code at hand”."]}


def test_an_answer_that_was_not_offered_is_refused_kindly() -> None:
    assert book(mode="pigeon").errors == {"mode": ["Choose one of these answers."]}


def test_spaces_around_an_answer_do_not_count_and_letters_are_composed() -> None:
    assert book(call_name=" Zoe\u0308 ").call_name.data == "Zo\u00eb"


def test_a_long_text_comes_back_whole_with_the_limit_in_words() -> None:
    form = book(message="x" * 501)

    assert form.errors == {"message": ["This is longer than 500 characters. Please shorten it."]}
    assert len(form.message.data) == 501


def test_no_browser_remembers_what_a_visitor_types() -> None:
    form = BookForm()

    assert all('autocomplete="off"' in str(field()) for field in form if field.widget.__class__.__name__ == "TextInput")
    assert 'autocomplete="off"' in str(form.message())


def test_six_words_are_asked_for_when_none_are_typed() -> None:
    form = WordsForm(MultiDict({"words": " "}))

    assert not form.validate()
    assert form.errors == {"words": ["Type the six words, with a space between them."]}


def test_up_to_three_times_are_kept_in_order_without_repeats() -> None:
    chosen = [KEYS[1], "", KEYS[0], KEYS[1], KEYS[2], KEYS[3]]

    assert TimesForm(MultiDict([("slot", key) for key in chosen])).slot.data == [KEYS[1], KEYS[0], KEYS[2]]


def test_choosing_no_time_is_answered_with_what_to_do() -> None:
    form = TimesForm(MultiDict({"slot": ""}))

    assert not form.validate()
    assert form.errors == {"slot": ["Choose a time first. Then go on."]}


def test_six_digits_may_have_a_space_in_the_middle() -> None:
    assert CoverForm(formdata=MultiDict({"second_factor": "123 456"}), meta={"csrf": False}).validate()
