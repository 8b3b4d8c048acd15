"""Vera tries the whole way on her phone before she dares, and then books for real."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import NED, VERA
from tests.journeys.walking import (
    Office,
    choose,
    come_back,
    follow,
    heading,
    leaf_to,
    press,
    say_who,
    see_times,
    send,
    six_words,
    tab_to,
)

pytestmark = pytest.mark.xdist_group("visitor-practises")
OpenPage = Callable[..., Page]
FORM, FINISH = "Practise booking", "Practise: book nothing"


def practise(page: Page, office: Office) -> str:
    """Choose a time to practise with; gives the time's key."""
    (offer,) = office.times()
    choose(page, office, [offer], button="Only practise")
    return offer.key


def test_vera_practises_and_then_books_the_same_time(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    key = practise(page, office)
    assert heading(page) == FORM
    expect(page.get_by_text("This is only practice.")).to_be_visible()
    expect(page.get_by_text("until you press the button")).to_have_count(0)
    expect(page.get_by_role("button", name="Book this time")).to_have_count(0)
    say_who(page, office, VERA)
    page.get_by_label("By phone").check()
    press(page, FINISH)

    assert heading(page) == "This was practice: nothing is booked"
    words = six_words(page)
    expect(page.get_by_text("These open nothing")).to_be_visible()
    follow(page, "Now book for real")
    leaf_to(page, key).check()
    press(page, "Go on")
    assert heading(page) == "Book this time"
    expect(page.get_by_text("This is only practice.")).to_have_count(0)
    page.get_by_label("I have no code at hand").check()
    send(page)
    assert heading(page) == "Your time is booked"

    come_back(page, office, words)
    expect(page.locator("#words-wrong")).to_contain_text("open nothing here")
    assert page.context.cookies() == []


def test_a_mistake_keeps_it_practice(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    practise(page, office)
    say_who(page, office, VERA)
    page.get_by_label("Your work or school email").fill(NED.email)
    page.get_by_label("By phone").check()
    press(page, FINISH)
    assert heading(page) == FORM
    expect(page.get_by_text("This is only practice.")).to_be_visible()

    page.get_by_label("Your work or school email").fill(VERA.email)
    press(page, FINISH)
    assert heading(page) == "This was practice: nothing is booked"


def test_enter_in_a_field_practises_and_never_books(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    practise(page, office)
    page.get_by_label("By phone").check()
    say_who(page, office, VERA)
    with page.expect_navigation():
        page.get_by_label("Your code").press("Enter")
    assert heading(page) == "This was practice: nothing is booked"


def test_vera_practises_by_keyboard(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    see_times(page, office, office.times()[0]).check()
    tab_to(page, "Only practise")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == FORM


def test_vera_practises_writing(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{office.url}/times")
    press(page, "Only practise writing")
    assert heading(page) == "Practise writing"
    page.get_by_label("Your message").fill("May a team lead ask why I was ill?")
    page.get_by_label("I have no code at hand").check()
    press(page, "Practise: send nothing")
    assert heading(page) == "This was practice: nothing is sent"
    words = six_words(page)
    follow(page, "Now write for real")
    press(page, "Write a message")
    assert heading(page) == "Write a message"
    come_back(page, office, words)
    expect(page.locator("#words-wrong")).to_contain_text("open nothing here")
