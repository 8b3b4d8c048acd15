"""What a screen reader says on the way through the form and the receipt: roles, names and their order, by hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.cast import VERA
from tests.journeys.walking import (
    Office,
    choose,
    come_back,
    focus,
    heading,
    press,
    say_who,
    send,
    six_words,
    tab_through,
)

pytestmark = pytest.mark.xdist_group("by-ear")
OpenPage = Callable[..., Page]
TOP = [("link", "Skip to the text"), ("link", "Office of Tests"), ("link", "Leave this site")]
FOOT = [
    ("link", "+1 555 0142"),
    ("link", "Help right now"),
    ("link", "What this site cannot hide"),
    ("link", "Come back with six words"),
    ("link", "Free times"),
    ("link", "About this office"),
    ("link", "Ombuds Week"),
]
FORM = [
    ("link", "Choose again"),
    ("radio", "By video"),
    ("radio", "I have a code"),
    ("textbox", "Your work or school email"),
    ("textbox", "Your code"),
    ("radio", "Only that I belong here They see your group, like staff or student."),
    ("summary", "If you want to say more (all optional)"),
    ("summary", "More cases"),
    ("button", "Book this time"),
]
MORE = [
    ("textbox", "A name to use"),
    ("textbox", "What you need"),
    ("combobox", "How many people come?"),
    ("textbox", "How to reach you if we must cancel"),
    ("combobox", "What is it about?"),
    ("textbox", "A few words for the ombuds"),
]
RECEIPT = [
    ("link", "+1 555 0142"),
    ("link", "Come back with six words"),
    ("summary", "Check the key this was sealed with"),
]
RETURN = [
    ("textbox", "Your six words"),
    ("summary", "Times are in Coordinated Universal Time. Change"),
    ("button", "Open my page"),
]
MATTER = [
    ("link", "+1 555 0142"),
    ("button", "Move it to another time"),
    ("button", "Cancel this time"),
    ("summary", "What the ombuds knows, and how to reach you"),
    ("textbox", "Your message"),
    ("button", "Send the message"),
    ("summary", "More you can do"),
    ("summary", "Times are in Coordinated Universal Time. Change"),
    ("button", "Erase everything"),
]


@pytest.fixture
def form(office: Office, open_page: OpenPage) -> Page:
    page = open_page()
    choose(page, office, office.times())
    return page


def test_the_form_is_heard_in_the_order_in_which_it_is_read(form: Page) -> None:
    assert list(tab_through(form)) == TOP + FORM + FOOT


def test_the_folded_part_is_heard_where_it_unfolds(form: Page) -> None:
    form.get_by_text("If you want to say more").click()

    heard = list(tab_through(form))

    assert heard == [*MORE, *FORM[-2:], *FOOT]


def test_every_group_of_answers_says_its_question(form: Page) -> None:
    groups = form.get_by_role("group").filter(has=form.get_by_role("radio"))

    heard = [each.aria_snapshot().splitlines()[0] for each in groups.all()]

    assert heard == [
        '- group "How would you like to meet?":',
        '- group "Do you have a code?":',
        '- group "What may the ombuds know about you?":',
    ]


def test_the_email_is_said_to_be_optional_while_it_is(form: Page) -> None:
    said = form.get_by_role("textbox", name="Your work or school email (optional)")
    assert said.count() == 0

    form.get_by_label("I have no code at hand").check()
    assert said.count() == 1
    form.get_by_label("My profile, without my name").check()
    assert said.count() == 0
    form.get_by_label("Only that I belong here").check()
    form.get_by_label("I have a code").check()
    assert said.count() == 0


def test_what_went_wrong_is_heard_first_and_leads_to_the_field(form: Page) -> None:
    press(form, "Book this time")

    assert focus(form) == ("region", "Please look at this")
    heard = list(tab_through(form, most=2))
    assert heard == [("link", "How would you like to meet?"), ("link", "Do you have a code?")]
    form.keyboard.press("Enter")
    form.keyboard.press("Space")
    assert form.get_by_label("I have a code").is_checked()


def test_the_receipt_is_heard_from_the_time_to_the_words(form: Page, office: Office) -> None:
    say_who(form, office, VERA)
    send(form)

    assert list(tab_through(form)) == TOP + RECEIPT + FOOT
    assert heading(form) == "Your time is booked"
    assert form.get_by_role("heading", level=2).all_inner_texts()[1:] == ["Keep these six words", "What happens next"]
    words = form.get_by_role("region", name="Keep these six words").get_by_role("listitem")
    assert words.count() == 6


def test_the_skip_link_leads_past_the_top(form: Page) -> None:
    assert next(tab_through(form)) == TOP[0]
    form.keyboard.press("Enter")

    assert focus(form)[0] == "main"
    assert next(tab_through(form)) == FORM[0]


def test_the_way_back_is_heard_from_the_words_to_what_can_be_done(form: Page, office: Office) -> None:
    form.get_by_label("I have no code at hand").check()
    send(form)
    words = six_words(form)

    form.goto(f"{office.url}/return")
    assert list(tab_through(form)) == TOP + RETURN + FOOT
    come_back(form, office, words)

    assert heading(form) == "Your appointment"
    assert list(tab_through(form)) == TOP + MATTER + FOOT
