"""Vera moves her appointment with nothing but her phone: an earlier time, once, and never two."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import VERA
from tests.journeys.walking import Office, book, come_back, heading, press, turn_to, unfold

pytestmark = pytest.mark.xdist_group("visitor-moves")
OpenPage = Callable[..., Page]


def test_vera_moves_to_an_earlier_time_comes_back_and_cancels(office: Office, open_page: OpenPage) -> None:
    page, (earlier, first) = open_page(), office.times(2)
    assert earlier.starts < first.starts
    words = book(page, office, VERA, [first])

    come_back(page, office, words)
    press(page, "Move it to another time")
    assert heading(page) == "Move to another time"
    turn_to(page, earlier).check()
    press(page, "Move to this time")
    assert heading(page) == "Your time is moved"
    assert shown(page) == [earlier.starts.isoformat()]
    expect(page.get_by_text("The time you had before is no longer yours.")).to_be_visible()
    assert "?" not in page.url

    come_back(page, office, words)
    assert shown(page) == [earlier.starts.isoformat()]
    press(page, "Cancel this time")
    press(page, "Yes, cancel it")
    expect(page.locator("main")).to_contain_text("is cancelled")
    expect(page.get_by_role("button", name="Move it to another time")).to_have_count(0)


def test_a_reload_and_a_page_left_open_move_nothing_again(office: Office, open_page: OpenPage) -> None:
    page, other, (earlier, first) = open_page(), open_page(), office.times(2)
    words = book(page, office, VERA, [first])
    for each in (page, other):
        come_back(each, office, words)
        press(each, "Move it to another time")
        turn_to(each, earlier).check()

    for each in (page, other):
        press(each, "Move to this time")
        assert (heading(each), shown(each)) == ("Your time is moved", [earlier.starts.isoformat()])
        each.reload()
        assert (heading(each), shown(each)) == ("Your time is moved", [earlier.starts.isoformat()])

    come_back(page, office, words)
    assert shown(page) == [earlier.starts.isoformat()]


def test_vera_who_was_too_late_keeps_her_time_and_takes_one_near(office: Office, open_page: OpenPage) -> None:
    page, (gone, first) = open_page(), office.times(2)
    words = book(page, office, VERA, [first])
    come_back(page, office, words)
    press(page, "Move it to another time")
    turn_to(page, gone).check()
    office.world.book(None, slots=[gone.id])
    press(page, "Move to this time")

    expect(page.locator(".problem")).to_contain_text("is still yours")
    assert page.locator(".problem").evaluate("each => each === document.activeElement"), "it is what is read first"
    press(page, "See all times")
    press(page, "Back to my page")
    assert shown(page) == [first.starts.isoformat()]


def test_vera_keeps_three_wishes_and_goes_to_her_calendar(office: Office, open_page: OpenPage) -> None:
    page, (one, two, first) = open_page(), office.times(3)
    words = book(page, office, VERA, [first])
    come_back(page, office, words)
    press(page, "Move it to another time")
    turn_to(page, one).check()
    unfold(page, "If that time is taken")
    page.get_by_label("Second choice").select_option(two.key)
    office.world.book(None, slots=[one.id])
    press(page, "Move to this time")

    expect(page.get_by_text("Your first choice was taken.")).to_be_visible()
    assert shown(page) == [two.starts.isoformat()]
    press(page, "Put it in a calendar")
    assert heading(page) == "Put it in a calendar"


def shown(page: Page) -> list[str]:
    """When the appointments on a page are."""
    return [each.get_attribute("datetime") or "" for each in page.locator(".meeting-when time").all()]
