"""Mei is at the other end of the world: she chooses her zone once, books, comes back, and never has to reckon."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from portal import language
from portal.scheduling.rules import Offer
from tests.journeys.test_every_visitor_page import MOST_WORDS, WORDS_ABOVE
from tests.journeys.walking import (
    PATIENCE,
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


@pytest.fixture
def page_in(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Pages of a phone that says it is somewhere."""
    contexts = []

    def opened(zone: str, *, js: bool = True) -> Page:
        contexts.append(
            browser.new_context(timezone_id=zone, java_script_enabled=js, viewport={"width": 320, "height": 640})
        )
        page: Page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("says", "shown"),
    [
        ("Pacific/Chatham", "Chatham Time"),
        ("Asia/Tokyo", "Japan Time, Tokyo"),
        ("America/Boise", "Mountain Time, Boise"),  # on no list: the script adds it
        ("Asia/Calcutta", "India Time, Kolkata"),
    ],
)
def test_where_scripts_run_one_press_shows_the_browsers_own_zone(
    says: str, shown: str, office: Office, page_in: Callable[..., Page]
) -> None:
    page, asked = page_in(says), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{office.url}/times?mode=phone")
    loaded = list(asked)

    assert page.locator("summary", has_text="Coordinated Universal Time").count() == 1, "nothing is shown unasked"
    expect(page.get_by_text("Not your clock?")).to_be_visible()
    assert len(loaded) <= 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    press(page, "Show times in my zone")
    assert parse_qs(urlsplit(page.url).query) == {"mode": ["phone"], "tz": [says]}
    assert page.locator("summary", has_text=shown).count() == 1
    expect(page.get_by_text("Not your clock?")).to_have_count(1)
    assert page.get_by_text("Not your clock?").is_visible() is False
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(office.url).netloc}


@pytest.mark.parametrize(("says", "js"), [("Pacific/Chatham", False), ("UTC", True), ("Atlantic/Reykjavik", True)])
def test_no_line_is_shown_without_scripts_or_where_the_clock_is_the_same(
    says: str, office: Office, page_in: Callable[..., Page], *, js: bool
) -> None:
    page = page_in(says, js=js)
    page.goto(f"{office.url}/times")

    assert page.get_by_text("Not your clock?").is_visible() is False
    assert page.locator("#tz").input_value() == ""


def test_a_zone_that_was_chosen_is_not_overruled(office: Office, page_in: Callable[..., Page]) -> None:
    page = page_in("Pacific/Chatham")
    for query, value in (("tz=Asia/Tokyo", "Asia/Tokyo"), ("tz=", "")):
        page.goto(f"{office.url}/times?{query}")
        assert page.locator("#tz").input_value() == value
        assert page.get_by_text("Not your clock?").is_visible() is False


def test_with_the_line_shown_as_little_is_to_be_read_as_without(office: Office, page_in: Callable[..., Page]) -> None:
    page = page_in("Pacific/Chatham")
    page.goto(f"{office.url}/times")

    expect(page.get_by_text("Not your clock?")).to_be_visible()
    assert len(page.evaluate(WORDS_ABOVE).split()) <= MOST_WORDS


def test_a_script_that_somebody_put_into_the_page_does_not_run(office: Office, page_in: Callable[..., Page]) -> None:
    page = page_in("Pacific/Chatham")

    def planted(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("</main>", "<script>document.title='planted'</script></main>")
        route.fulfill(response=answer, body=body)

    page.route("**/times", planted)
    page.goto(f"{office.url}/times")

    assert "<script>document.title" in page.content()
    assert page.title() != "planted"
    expect(page.get_by_text("Not your clock?")).to_be_visible()


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
