"""Forms read answers as they were meant, and say kindly what to do about the others."""

from datetime import time
from itertools import pairwise

import pytest
from werkzeug.datastructures import MultiDict

from portal.intake.forms import BookForm, WordsForm
from portal.office.forms import CoverForm
from portal.scheduling.forms import HoursForm, TimesForm, as_fields

FILLED = {"mode": "video", "proof": "code", "email": "vera@example.org", "code": "ABCD-EFGH-JKM", "share": "nothing"}
KEYS = ["a" * 32, "b" * 32, "c" * 32, "d" * 32]


def book(**changes: str) -> BookForm:
    form = BookForm(MultiDict(FILLED | changes))
    form.validate()
    return form


def hours(**answers: str | list[str]) -> HoursForm:
    filled = {"minutes": "60", "modes": ["video"]} | answers
    form = HoursForm(formdata=MultiDict(filled), meta={"csrf": False})
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


def test_the_week_is_read_as_ranges() -> None:
    form = hours(mon_1_from="09:00", mon_1_to="12:00", sun_2_from="14:30", sun_2_to="16:00")

    assert form.errors == {}
    assert form.ranges() == [(0, time(9), time(12)), (6, time(14, 30), time(16))]


def test_stored_ranges_come_back_into_the_same_fields() -> None:
    ranges = [(0, time(9), time(12)), (0, time(13), time(17)), (4, time(10), time(11))]

    assert HoursForm(data=as_fields(ranges), meta={"csrf": False}).ranges() == ranges


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"mon_1_from": "09:00"}, "Fill in both times, or leave both empty."),
        ({"mon_1_from": "12:00", "mon_1_to": "09:00"}, "The end must come after the start."),
    ],
)
def test_a_range_that_makes_no_sense_is_said_beside_it(answers: dict[str, str], sentence: str) -> None:
    assert hours(**answers).errors == {"mon_1_to": [sentence]}


def test_two_parts_of_a_day_may_touch_but_not_overlap() -> None:
    touching = {"mon_1_from": "09:00", "mon_1_to": "12:00", "mon_2_from": "12:00", "mon_2_to": "13:00"}

    assert hours(**touching).errors == {}
    assert "mon_2_to" in hours(**touching | {"mon_2_from": "11:00"}).errors


def test_meeting_in_person_needs_a_door() -> None:
    assert hours(modes=["in-person"]).errors == {"place_door": ["Say which door, so that people find you."]}


def test_the_days_stand_in_order() -> None:
    starts = [pairs[0][0].name for _label, pairs in HoursForm(meta={"csrf": False}).week()]

    assert [name[:3] for name in starts] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert all(first != second for first, second in pairwise(starts))
