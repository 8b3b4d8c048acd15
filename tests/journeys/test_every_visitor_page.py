"""What holds on every visitor's page, without scripts, at 320 px: small, alone, without a cookie, easy to leave."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.cast import VERA
from tests.journeys.pages import VISITOR_PAGES
from tests.journeys.walking import PATIENCE, Office, choose, go_back, heading, say_who
from tests.journeys.weighing import Visit, assert_asks_nobody_else, assert_fits_into_one_flight, watched

pytestmark = pytest.mark.xdist_group("every-visitor-page")
OpenPage = Callable[..., Page]
MOST_WORDS = 120
SCREEN = {"width": 320, "height": 640}
SMALL_SCREEN = 568
#: Words above the first button of the page's own form. What is picked or typed (answers, lists of times) is no reading.
WORDS_ABOVE = """() => {
    const main = document.querySelector('main'), button = main.querySelector('.button');
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const read = [];
    for (let node = walker.nextNode(); node && !button.contains(node); node = walker.nextNode()) {
        const parent = node.parentElement;
        if (parent.checkVisibility() && !parent.closest('label.pick, select, nav')) read.push(node.data);
    }
    return read.join(' ');
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One for many pages: a window for each would cost more than the page in it."""
    context = browser.new_context(java_script_enabled=False, viewport=SCREEN)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


@pytest.fixture(scope="module", params=VISITOR_PAGES)
def visit(request: pytest.FixtureRequest, office: Office, tab: Page) -> Iterator[Visit]:
    with watched(tab) as visit:
        VISITOR_PAGES[request.param](tab, office)
        tab.wait_for_load_state()
        yield visit


def test_a_page_and_all_it_loads_fit_into_one_flight(visit: Visit) -> None:
    assert_fits_into_one_flight(visit)


def test_a_page_asks_nothing_of_anybody_else(visit: Visit, office: Office) -> None:
    assert_asks_nobody_else(visit, office.url)


def test_a_page_leaves_no_cookie(visit: Visit) -> None:
    assert visit.page.context.cookies() == []
    assert all("set-cookie" not in each.headers for each in visit.answers)


def test_the_address_of_a_page_tells_nothing(visit: Visit) -> None:
    path = urlsplit(visit.page.url).path

    known = r"/(|week(/(students|poster|cards))?|about(/[a-z0-9-]+)?|say|times|return|nowhere|book(/[\w-]+)?)"
    assert re.fullmatch(known, path)
    assert not re.search("lindqvist|marsh", visit.page.url, re.IGNORECASE)


def test_the_way_out_stays_in_sight(visit: Visit) -> None:
    page = visit.page
    for _ in range(3):
        page.keyboard.press("End")
    box = page.locator(".leave").bounding_box()

    assert box
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= SCREEN["height"]
    assert box["height"] >= 44


def test_leaving_leads_away_and_back_shows_no_words_and_no_fields(visit: Visit, office: Office) -> None:
    """The last one, because it leaves the page."""
    page = visit.page
    title, secrets = page.title(), typed_or_shown(page)

    page.locator(".leave").click()
    page.wait_for_url(office.elsewhere)

    assert heading(page) == "It may rain"
    assert title not in page.title()
    shown = back_shows(page)
    assert not [each for each in secrets if each in shown]


def test_leaving_a_half_filled_form_empties_it(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    choose(page, office, office.times())
    say_who(page, office, VERA)

    page.locator(".leave").click()
    page.wait_for_url(office.elsewhere)
    go_back(page)

    assert typed_or_shown(page) == []


@pytest.mark.parametrize(
    "name",
    [
        *("outreach/home.html", "scheduling/times.html", "intake/form.html", "intake/letter.html"),
        *("intake/form.html, to practise", "intake/letter.html, to practise"),
    ],
)
def test_little_is_to_be_read_before_the_first_button(name: str, office: Office, open_page: OpenPage) -> None:
    page = open_page()
    VISITOR_PAGES[name](page, office)

    read = page.evaluate(WORDS_ABOVE).split()

    assert 20 <= len(read) <= MOST_WORDS, read


def test_whoever_is_in_a_hurry_sees_what_to_press_and_is_one_press_from_help(
    office: Office, open_page: OpenPage
) -> None:
    page = open_page(height=SMALL_SCREEN)
    page.goto(office.url)

    assert top(page, "main .button") <= SMALL_SCREEN - 8
    page.get_by_role("link", name="In danger? Help right now").click()
    assert 0 <= top(page, "main .tel[href='tel:112']") <= SMALL_SCREEN
    page.goto(f"{office.url}/about/help-now")
    assert top(page, "main .tel") <= SMALL_SCREEN


def top(page: Page, selector: str) -> float:
    """Where the first of these begins on the screen."""
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["y"]


def back_shows(page: Page) -> str:
    """What Back brings up; nothing of ours where the browser asks whether to send the form anew."""
    try:
        go_back(page)
    except Error:
        page.wait_for_url("chrome-error://**", wait_until="commit")
        return ""
    return page.locator("html").inner_html()


def typed_or_shown(page: Page) -> list[str]:
    """What must not be seen again by whoever presses Back: fields that were filled, and the six words."""
    fields = page.locator("input[type=email], input[name=code], input[name=words], textarea").all()
    typed = [value for each in fields if (value := each.input_value())]
    return typed + [word for word in page.locator("ol.words").all_inner_texts() if word]
