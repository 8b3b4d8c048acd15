"""Vera books with nothing but her phone, comes back with six words, and leaves nothing behind."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import TOMAS, VERA
from tests.journeys.walking import (
    Office,
    book,
    choose,
    come_back,
    follow,
    go_back,
    heading,
    press,
    say_who,
    see_times,
    send,
    six_words,
    tab_through,
    tab_to,
)

pytestmark = pytest.mark.xdist_group("visitor-books")
OpenPage = Callable[..., Page]
WRONG_WORDS = "These words open nothing here."


def test_vera_books_from_the_first_page_with_clicks(office: Office, open_page: OpenPage) -> None:
    page, (offer,) = open_page(), office.times()

    page.goto(office.url)
    follow(page, "See free times")
    see_times(page, office, offer).check()
    press(page, "Go on")
    say_who(page, office, VERA)
    send(page)

    assert heading(page) == "Your time is booked"
    assert page.locator("time").first.get_attribute("datetime") == offer.starts.isoformat()
    assert len(six_words(page).split()) == 6
    expect(page.get_by_text("+1 555 0142").first).to_be_visible()


def test_vera_books_with_the_keyboard_alone(office: Office, open_page: OpenPage) -> None:
    page, (offer,) = open_page(), office.times()

    see_times(page, office, offer)
    tab_to(page, "Skip to the text")
    page.keyboard.press("Enter")
    reach(page, offer.key)
    page.keyboard.press("Space")
    tab_to(page, "Go on")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "By video")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "I have a code")
    page.keyboard.press("Space")
    tab_to(page, "Your work or school email")
    page.keyboard.type(TOMAS.email)
    tab_to(page, "Your code")
    page.keyboard.type(office.world.code_of(TOMAS))
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Your time is booked")
    expect(page.get_by_text("At that time, call us from your own phone")).to_be_visible()


def test_a_form_sent_twice_shows_the_same_receipt(office: Office, open_page: OpenPage) -> None:
    page, offers = open_page(), office.times(2)
    words = book(page, office, VERA, offers)

    go_back(page)
    assert page.get_by_label("Your work or school email").input_value() == VERA.email
    press(page, "Book this time")

    assert six_words(page) == words
    assert page.locator("time").first.get_attribute("datetime") == offers[0].starts.isoformat()


def test_loading_the_receipt_again_shows_the_same_receipt(office: Office, open_page: OpenPage) -> None:
    page, offers = open_page(), office.times(2)
    words = book(page, office, VERA, offers)

    page.reload()

    assert six_words(page) == words
    assert page.locator("time").first.get_attribute("datetime") == offers[0].starts.isoformat()


def test_the_address_of_a_form_says_the_same_before_and_after_sending(office: Office, open_page: OpenPage) -> None:
    """It stays in the browser's history: whoever opens it must not learn whether anything was booked."""
    page, history = open_page(), open_page()
    choose(page, office, office.times())
    history.goto(page.url)
    before = history.locator("main").inner_text()
    page.get_by_label("I have no code at hand").check()
    send(page)
    words = six_words(page)

    history.reload()

    assert history.locator("main").inner_text() == before
    assert words not in history.content()
    expect(history.get_by_text("If you have six words, you are booked")).to_be_visible()


def test_the_address_of_a_receipt_shows_nothing_of_it(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    book(page, office, VERA)

    page.goto(page.url)

    assert heading(page) == "This page cannot be opened again"
    assert not page.locator("time").count()


@pytest.mark.parametrize("spelling", [str.upper, lambda words: words.replace(" ", "-"), lambda words: f"  {words}. "])
def test_vera_comes_back_with_words_in_any_spelling(
    office: Office, open_page: OpenPage, spelling: Callable[[str], str]
) -> None:
    page, (offer,) = open_page(), office.times()
    words = book(page, office, None, [offer])

    come_back(page, office, spelling(words))

    assert heading(page) == "Your appointment"
    assert page.locator("time").first.get_attribute("datetime") == offer.starts.isoformat()
    assert "?" not in page.url


def test_vera_is_asked_once_more_and_then_cancels(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    words = book(page, office, VERA)
    come_back(page, office, words)

    press(page, "Cancel this time")
    assert heading(page) == "Cancel this time?"
    press(page, "No, change nothing")
    press(page, "Cancel this time")
    press(page, "Yes, cancel it")

    for _ in range(2):
        expect(page.locator("main")).to_contain_text("is cancelled")
        expect(page.get_by_role("button", name="Cancel this time")).to_have_count(0)
        come_back(page, office, words)


def test_erased_words_answer_like_words_that_never_were(office: Office, open_page: OpenPage) -> None:
    page, never = open_page(), "zoom zoom zoom zoom zoom zoom"
    words = book(page, office, VERA)
    come_back(page, office, words)

    press(page, "Erase everything")
    assert heading(page) == "Erase everything?"
    press(page, "Yes, erase it")
    assert page.title().startswith("Erased")

    come_back(page, office, words)
    expect(page.get_by_text(WRONG_WORDS).first).to_be_visible()
    erased = page.locator("html").inner_html().replace(words, never)
    come_back(page, office, never)
    assert page.locator("html").inner_html().split() == erased.split()


def test_an_erased_appointment_does_not_come_back_with_its_form(office: Office, open_page: OpenPage) -> None:
    page, other = open_page(), open_page()
    words = book(page, office, VERA)
    come_back(other, office, words)
    press(other, "Erase everything")
    press(other, "Yes, erase it")

    page.reload()

    assert page.title().startswith("Erased")


def reach(page: Page, key: str) -> None:
    """Tab to the list of times and walk it with the arrow keys, as its radios are one group."""
    wanted = page.locator(f'input[value="{key}"]')
    assert any(role == "radio" for role, _name in tab_through(page))
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError("the arrow keys never reached the time")
