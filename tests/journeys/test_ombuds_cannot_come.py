"""Ola's train stands still: two taps on her phone, and Vera finds another time when she returns."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.language import full_day
from tests.cast import OLA_NAME
from tests.journeys.walking import App, Office, book, come_back, follow, heading, press, sign_in

pytestmark = pytest.mark.xdist_group("cannot-come")
OpenPage = Callable[..., Page]


def test_ola_blocks_an_afternoon_in_three_taps_and_vera_takes_another(office: Office, open_page: OpenPage) -> None:
    zone = office.world.settings.zone
    # An afternoon that the page shows: within the next days.
    offer = next(each for each in office.world.offers()[8:] if each.starts.astimezone(zone).hour >= 13)
    day = full_day(offer.starts, zone).rpartition(" ")[0].replace(",", "")
    vera, ola = open_page(), open_page()
    words = book(vera, office, None, [offer])
    sign_in(ola, office.url, OLA_NAME, App(office.world.kit.factor).digits(), office.world.kit.passphrase)

    follow(ola, "I cannot be there")
    afternoon = ola.get_by_role("group", name=day).get_by_role("button", name="Afternoon")
    with ola.expect_navigation():
        afternoon.click()
    assert heading(ola) == "This calls off one appointment"
    press(ola, "Yes, call it off")
    expect(ola.get_by_text("1 visitor is offered another time")).to_be_visible()

    come_back(vera, office, words)
    assert heading(vera) == "This time is moved"
    expect(vera.get_by_text("It has nothing to do with you.")).to_be_visible()
    press(vera, "Take this time")
    expect(vera.get_by_role("status")).to_have_text(re.compile("The time on .+ is now yours."))
    assert heading(vera) == "Your appointment"
    assert not vera.get_by_role("button", name="Take this time").count()

    follow(ola, "Back to the queue")
    assert ola.locator(".queue li").count() == 1
    assert "?" not in vera.url
