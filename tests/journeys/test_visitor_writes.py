"""Vera writes on her phone, reads Ola's answer, writes again, and never meets anybody."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.cast import OLA_NAME
from tests.journeys.walking import (
    App,
    Office,
    come_back,
    follow,
    go_back,
    heading,
    press,
    sign_in,
    six_words,
    tab_to,
    unfold,
)

pytestmark = pytest.mark.xdist_group("visitor-writes")
OpenPage = Callable[..., Page]
QUESTION, ANSWER, THANKS = "May a team lead ask why I was ill?", "No. Shall we go through it?", "Yes, here in writing."


def test_vera_writes_and_reads_and_never_meets(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(office.url)
    follow(page, "Write and never meet")
    press(page, "Write a message")
    page.get_by_label("Your message").fill(QUESTION)
    page.get_by_label("I have no code at hand").check()
    press(page, "Send the message")
    assert heading(page) == "Your message is sent"
    words = six_words(page)

    answer_at_the_desk(open_page(width=1280), office)

    come_back(page, office, words)
    assert heading(page) == "Your messages"
    expect(page.get_by_text(ANSWER)).to_be_visible()
    page.get_by_label("Your message").fill(THANKS)
    press(page, "Send the message")
    assert page.locator(".said").all_inner_texts() == [QUESTION, ANSWER, THANKS]
    expect(page.get_by_text("You never need to meet.")).to_be_visible()
    assert page.context.cookies() == []


def answer_at_the_desk(page: Page, office: Office) -> None:
    kit = office.world.kit
    sign_in(page, office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    waiting = page.get_by_role("region", name="Waiting for your answer")
    follow(page, waiting.get_by_role("link"))
    page.get_by_label("Your message").fill(ANSWER)
    press(page, "Send the message")
    follow(page, "Back to the queue")
    expect(waiting).to_have_count(0)
    expect(page.get_by_role("region", name="Everything else").get_by_role("link")).to_have_count(1)


def test_vera_writes_with_the_keyboard_alone(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{office.url}/times#write")
    tab_to(page, "Write a message")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "Your message")
    page.keyboard.type(QUESTION)
    tab_to(page, "I have a code")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Send the message")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Your message is sent")


def test_back_brings_the_form_and_sending_it_again_shows_the_same_words(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{office.url}/times")
    press(page, "Write a message")
    page.get_by_label("Your message").fill(QUESTION)
    page.get_by_label("I have no code at hand").check()
    press(page, "Send the message")
    words = six_words(page)

    go_back(page)
    press(page, "Send the message")
    assert six_words(page) == words


def test_vera_reads_of_more_cases_without_losing_what_she_typed(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{office.url}/times")
    press(page, "Write a message")
    page.get_by_label("Your message").fill(QUESTION)

    unfold(page, "More cases")
    host = urlsplit(office.world.settings.address).netloc
    expect(page.get_by_text(f"{host}/about/exceptions")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("form details a").count() == 0
    assert page.get_by_label("Your message").input_value() == QUESTION

    page.locator(".leave").click()
    page.wait_for_url(office.elsewhere)
    assert len(page.context.pages) == 1
