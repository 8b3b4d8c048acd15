"""Ola lies in bed with her phone: a PIN, two taps, and every visitor knows."""

import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.notices import service
from portal.notices.rules import Days, Part
from tests.cast import OLA_NAME, Server, World
from tests.journeys.test_every_visitor_page import MOST_WORDS, WORDS_ABOVE
from tests.journeys.walking import Office, press
from tests.journeys.weighing import BUDGET

pytestmark = pytest.mark.xdist_group("ombuds-is-ill")
OpenPage = Callable[..., Page]
PIN = "12345678"


@pytest.fixture
def phone(office: Office, open_page: OpenPage) -> Page:
    """320 px wide, without scripts; Ola has a PIN."""
    world = office.world
    with world.stores.keys.writing() as keys:
        service.keep_pin(keys, world.ombuds, service.pinned(PIN, world.settings.secrets.factors))
    page = open_page()
    page.goto(f"{office.url}/desk/moved")
    return page


def notice_at(page: Page, address: str) -> str:
    page.goto(address)
    found = page.get_by_role("status")
    return found.inner_text() if found.count() else ""


def test_after_typing_the_pin_one_tap_tells_and_one_takes_it_back(office: Office, phone: Page) -> None:
    expect(phone.get_by_label("First day")).to_be_hidden()
    phone.get_by_label("PIN").fill(PIN)
    press(phone, "Show the notice")

    expect(phone.get_by_role("status")).to_contain_text("It stands on the first page now")
    assert phone.get_by_label("PIN").input_value() == ""
    for path in ("/", "/times", "/return"):
        assert f"Appointments with {OLA_NAME} on" in notice_at(phone, office.url + path), path
        box = phone.get_by_role("status").bounding_box()
        assert box
        assert box["y"] + box["height"] <= 640, "above the fold"

    phone.goto(f"{office.url}/desk/moved")
    phone.get_by_label("PIN").fill(PIN)
    press(phone, "Take the notice off")
    assert notice_at(phone, office.url) == ""


def test_other_days_are_typed_in_and_the_longest_notice_leaves_the_pages_small(office: Office, phone: Page) -> None:
    first = clock.now().date() + timedelta(days=20)
    phone.get_by_label("Other days").check()
    phone.get_by_label("First day").fill(first.isoformat())
    phone.get_by_label("Last day").fill((first + timedelta(days=20)).isoformat())
    phone.get_by_label("The afternoon").check()
    phone.get_by_label("PIN").fill(PIN)
    press(phone, "Show the notice")

    for path in ("/", "/times"):
        weights: list[int] = []
        phone.on("response", lambda each, weights=weights: weights.append(len(gzip.compress(each.body()))))
        assert f"Afternoon appointments with {OLA_NAME} from" in notice_at(phone, office.url + path)
        assert sum(weights) <= BUDGET
        read = phone.evaluate(WORDS_ABOVE).split()
        assert len(read) <= MOST_WORDS, (path, len(read))
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320


def test_many_notices_fold_away(world: World, request: pytest.FixtureRequest, open_page: OpenPage) -> None:
    today = clock.now().date()
    with world.stores.site.writing() as site:
        for number in range(20):
            key = bytes([number]) * 16
            site.connection().exec_driver_sql(
                "INSERT INTO face SELECT ?, ?, public_key FROM face WHERE ombuds = ?",
                (key, f"Ombuds Number {number}", world.ombuds),
            )
            service.set_notice(site, key, Days(today, today + timedelta(days=9), Part.MORNING), today=today)
    # Only now: the server makes its first pages as soon as it starts, with the notices of that moment.
    server: Server = request.getfixturevalue("server")
    page = open_page()
    page.goto(server.url)

    assert len(page.evaluate(WORDS_ABOVE).split()) <= MOST_WORDS
    expect(page.get_by_text("Ombuds Number 7 from")).to_be_hidden()
    page.get_by_text("Some appointments are moved").click()
    expect(page.get_by_text("Ombuds Number 7 from")).to_be_visible()


def test_a_wrong_pin_says_what_to_look_at_and_keeps_what_was_chosen(phone: Page) -> None:
    phone.get_by_label("Tomorrow").check()
    phone.get_by_label("The morning").check()
    phone.get_by_label("PIN").fill("00000000")
    press(phone, "Show the notice")

    expect(phone.get_by_role("region", name="Please look at this")).to_contain_text("Check the name and the digits.")
    assert phone.get_by_label("Tomorrow").is_checked()
    assert phone.get_by_label("The morning").is_checked()
    assert phone.get_by_label("PIN").input_value() == ""
