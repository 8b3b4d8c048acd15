"""Mei is at the other end of the world: she chooses her zone once, books, comes back, and never has to reckon."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from portal import language
from portal.scheduling.rules import Offer
from tests.journeys.walking import (
    Office,
    come_back,
    follow,
    go_back,
    heading,
    press,
    see_times,
    send,
    six_words,
    unfold,
)

OpenPage = Callable[..., Page]
CHATHAM = ZoneInfo("Pacific/Chatham")


def clock(offer: Offer) -> str:
    return language.clock(offer.starts, CHATHAM)


def choose_zone(page: Page, label: str) -> None:
    unfold(page, "Times are in")
    page.get_by_label("Your time zone").select_option(label=label)
    press(page, "Show times in this zone")


def test_mei_chooses_her_zone_books_and_comes_back_on_a_phone_without_scripts(
    office: Office, open_page: OpenPage
) -> None:
    page, (offer,) = open_page(), office.times()
    page.goto(f"{office.url}/times")
    assert page.get_by_label("Your time zone").is_visible() is False

    choose_zone(page, "Chatham Time")
    wanted = page.locator(f'input[type=radio][value="{offer.key}"]')
    while not wanted.count():
        follow(page, "Later times")
    assert clock(offer) in wanted.locator("xpath=..").inner_text()
    assert page.locator("fieldset.day", has=wanted).locator("h2").inner_text() == language.day(offer.starts, CHATHAM)

    wanted.check()
    press(page, "Go on")
    assert f"{clock(offer)} (Chatham Time)" in page.locator("ol.chosen").inner_text()
    page.get_by_label("I have no code at hand").check()
    send(page, by="In person")
    assert heading(page) == "Your time is booked"
    said = page.locator("section.meeting").inner_text()
    assert f"{clock(offer)} Chatham Time" in " ".join(said.split())
    assert "The clock at the place then shows" in said
    words = six_words(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    follow(page, page.get_by_role("main").get_by_role("link", name="Come back with six words"))
    page.get_by_label("Your six words").fill(words)
    press(page, "Open my page")
    assert f"{clock(offer)} Chatham Time" in " ".join(page.locator("section.meeting").inner_text().split())
    press(page, "Cancel this time")
    assert f"{clock(offer)} (Chatham Time)" in page.get_by_role("main").inner_text()
    press(page, "Yes, cancel it")
    assert f"{clock(offer)} (Chatham Time) is cancelled" in page.get_by_role("status").inner_text()


def test_the_zone_is_found_and_chosen_by_keyboard_alone(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{office.url}/times")

    page.locator("summary", has_text="Times are in").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Tokyo")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/times?tz=Asia%2FTokyo")
    assert page.locator("summary", has_text="Japan Time, Tokyo").count() == 1


@pytest.mark.parametrize("says", ["Pacific/Auckland", "UTC", "America/St_Johns"])
def test_nothing_is_guessed_from_a_browser_that_runs_scripts(says: str, office: Office, browser: Browser) -> None:
    """The office's zone, named, until somebody chooses: a browser that hides where it is needs no putting right."""
    (offer,) = office.times()
    context = browser.new_context(timezone_id=says, viewport={"width": 320, "height": 640})
    page = context.new_page()
    try:
        row = see_times(page, office, offer).locator("xpath=..")
        assert language.clock(offer.starts, ZoneInfo("UTC")) in row.inner_text()
        page.goto(f"{office.url}/times")
        choose_zone(page, "Chatham Time")
        assert "tz=Pacific%2FChatham" in page.url
        assert page.locator("summary", has_text="Chatham Time").count() == 1
        go_back(page)
        assert page.locator("summary", has_text="Coordinated Universal Time").count() == 1
        assert context.cookies() == []
    finally:
        context.close()


def test_whoever_booked_at_home_may_choose_a_zone_when_coming_back(office: Office, open_page: OpenPage) -> None:
    (offer,) = office.times()
    page = open_page()
    see_times(page, office, offer).check()
    press(page, "Go on")
    page.get_by_label("I have no code at hand").check()
    send(page)
    come_back(page, office, six_words(page))

    choose_zone(page, "Tokyo, Japan Time")

    shown = " ".join(page.locator("section.meeting").inner_text().split())
    assert f"{language.clock(offer.starts, ZoneInfo('Asia/Tokyo'))} Japan Time, Tokyo" in shown
    assert heading(page) == "Your appointment"
