"""Vera presses Shift three times and another site stands there; typing never does that."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from portal import inline
from tests.cast import VERA
from tests.journeys.accessible import checked, names
from tests.journeys.pages import VISITOR_PAGES
from tests.journeys.walking import Office, choose, follow, go_back, heading, say_who

pytestmark = pytest.mark.xdist_group("leaves-by-keys")
OpenPage = Callable[..., Page]
NOW = 1_800_000_000_000
SECOND = 1000


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(js=True)


def shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def assert_stays(page: Page, office: Office) -> None:
    page.wait_for_timeout(300)
    assert page.url.startswith(office.url)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize(
    "name", ["outreach/home.html", "scheduling/times.html", "intake/receipt.html, by video", "errors/error.html"]
)
def test_three_presses_lead_away_and_back_does_not_lead_here(name: str, office: Office, page: Page) -> None:
    """A page that answered a form too."""
    VISITOR_PAGES[name](page, office)
    title = page.title()

    shift(page, 3)
    page.wait_for_url(office.elsewhere)

    assert heading(page) == "It may rain"
    if page.evaluate("history.length") > 2:
        go_back(page)
        assert page.title() != title


def test_the_page_is_gone_from_sight_before_another_one_comes(office: Office, page: Page) -> None:
    page.goto(office.url)
    page.route("**/leave/out", lambda route: route.fulfill(status=204))  # a browser stays where it is then

    shift(page, 3)

    expect(page.locator("body")).to_be_hidden()
    assert "Welcome" not in page.title()


def test_the_button_takes_the_page_out_of_the_history_of_the_tab(office: Office, page: Page) -> None:
    page.goto(f"{office.url}/about")
    follow(page, page.locator("main").get_by_role("link", name="What this site cannot hide"))

    page.locator(".leave").click()
    page.wait_for_url(office.elsewhere)
    go_back(page)

    assert heading(page) == "About this office"


def test_each_press_is_told_to_eye_and_ear(office: Office, page: Page) -> None:
    page.goto(office.url)
    said = page.locator("#pressed")

    shift(page, 1)
    expect(said).to_have_text("Press Shift twice more to leave.")
    shift(page, 1)
    expect(said).to_have_text("Press Shift once more to leave.")

    assert said.evaluate("each => getComputedStyle(each, '::before').content").startswith('"●●○')
    assert names(checked(page, {}).response) == []


def test_two_presses_do_not(office: Office, page: Page) -> None:
    page.goto(office.url)

    shift(page, 2)

    assert_stays(page, office)


@pytest.mark.parametrize("between", ["a", "Tab", "Control", "CapsLock"])
def test_another_key_in_between_begins_anew(between: str, office: Office, page: Page) -> None:
    page.goto(office.url)

    shift(page, 2)
    page.keyboard.press(between)
    shift(page, 2)

    assert_stays(page, office)
    shift(page, 1)
    page.wait_for_url(office.elsewhere)


@pytest.mark.parametrize("chord", ["Shift+A", "Shift+Tab", "Control+Shift", "Alt+Shift"])
def test_shift_together_with_another_key_does_not_count(chord: str, office: Office, page: Page) -> None:
    page.goto(office.url)

    for _ in range(4):
        page.keyboard.press(chord)

    assert_stays(page, office)


def test_shift_and_the_mouse_does_not_count(office: Office, page: Page) -> None:
    page.goto(office.url)

    for _ in range(4):
        page.locator("h1").click(modifiers=["Shift"])

    assert_stays(page, office)


def test_a_key_that_is_held_down_counts_once(office: Office, page: Page) -> None:
    page.goto(office.url)

    for _ in range(4):
        page.keyboard.down("Shift")
    page.keyboard.up("Shift")

    expect(page.locator("#pressed")).to_have_text("Press Shift twice more to leave.")


def test_presses_more_than_five_seconds_apart_do_not_count_together(office: Office, page: Page) -> None:
    page.clock.install(time=NOW / 1000)
    page.goto(office.url)

    for _ in range(4):
        shift(page, 1)
        page.clock.run_for(6 * SECOND)
        expect(page.locator("#pressed")).to_have_text("")

    assert_stays(page, office)
    shift(page, 2)
    page.clock.run_for(4 * SECOND)
    shift(page, 1)
    page.wait_for_url(office.elsewhere)


def test_capital_letters_can_be_typed_and_the_keys_work_in_a_field(office: Office, page: Page) -> None:
    choose(page, office, office.times())
    say_who(page, office, VERA)
    page.get_by_text("If you want to say more").click()
    field = page.get_by_label("A few words for the ombuds")
    field.focus()

    for letter in "HELP":
        page.keyboard.press(f"Shift+{letter}")
    assert field.input_value() == "HELP"
    assert_stays(page, office)

    shift(page, 3)
    page.wait_for_url(office.elsewhere)
    go_back(page)
    assert "HELP" not in page.content()


def test_what_is_said_of_the_keys_is_said_only_where_they_work(office: Office, open_page: OpenPage) -> None:
    with_script, without = open_page(js=True), open_page()
    for page in (with_script, without):
        page.goto(office.url)

    expect(with_script.get_by_text("press Shift three times")).to_be_visible()
    expect(without.get_by_text("press Shift three times")).to_be_hidden()
    expect(without.get_by_text("It does not empty your history")).to_be_visible()


def test_no_other_script_runs_beside_ours(office: Office, page: Page) -> None:
    """Not even one that differs by a space, and none that somebody smuggles into the page."""
    page.route("**/planted", lambda route: _planted(route, office))
    page.goto(f"{office.url}/planted")

    assert page.evaluate("[document.body.dataset.pressed, document.body.dataset.planted]") == ["0", None]


def _planted(route: Route, office: Office) -> None:
    answer = route.fetch(url=office.url)
    script = f"<script>{inline.EXIT.text} document.body.dataset.planted = 1</script>"
    body = answer.text().replace("</body>", f"{script}<img src=x onerror='document.body.dataset.planted = 1'></body>")
    route.fulfill(response=answer, body=body)
