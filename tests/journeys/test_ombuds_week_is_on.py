"""Ola puts an event on; Vera sees it without scripts and takes its date along."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from portal import clock
from tests.cast import OLA_NAME
from tests.journeys.walking import PATIENCE, App, Office, follow, press, sign_in
from tests.scheduling.test_calendar_file import read_by_ics

pytestmark = pytest.mark.xdist_group("ombuds-week")
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def signed_in(office: Office, browser: Browser) -> StorageState:
    context = browser.new_context()
    kit = office.world.kit
    sign_in(context.new_page(), office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    cookies = context.storage_state()
    context.close()
    return cookies


@pytest.fixture
def olas_page(browser: Browser, signed_in: StorageState) -> Iterator[Page]:
    context = browser.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def test_ola_adds_an_event_and_vera_saves_its_date(
    office: Office, olas_page: Page, open_page: OpenPage, tmp_path: Path
) -> None:
    ola, day = olas_page, clock.now().date() + timedelta(days=4)
    ola.goto(f"{office.url}/desk/site/events")
    follow(ola, "Add an event")
    ola.get_by_label("Title").fill("Tea with the ombuds")
    ola.get_by_label("What it is about").fill("Come in and ask.")
    ola.get_by_label("Day").fill(day.isoformat())
    ola.get_by_label("From").fill("14:00")
    ola.get_by_label("To", exact=True).fill("13:00")
    ola.get_by_label("Where").fill("The garden room")
    press(ola, "Save and show it")
    expect(ola.get_by_role("heading", name="Please look at this")).to_be_visible()
    ola.get_by_label("To", exact=True).fill("15:00")
    press(ola, "Look at it first")
    expect(ola.locator(".note")).to_contain_text("Tea with the ombuds")
    press(ola, "Save and show it")

    vera = open_page()
    vera.goto(f"{office.url}/week")
    expect(vera.get_by_role("heading", name="Tea with the ombuds")).to_be_visible()
    with vera.expect_download() as saved:
        vera.get_by_role("link", name="Save the date Tea with the ombuds").click()
    saved.value.save_as(tmp_path / "event.ics")
    ((_uid, title, starts, _ends),) = read_by_ics((tmp_path / "event.ics").read_bytes())
    assert (title, starts.date(), starts.hour) == ("Tea with the ombuds", day, 14)
    assert vera.context.cookies() == []

    follow(ola, "Take away Tea with the ombuds")
    press(ola, "Yes, take it away")
    vera.goto(f"{office.url}/week")
    expect(vera.get_by_role("heading", name="Tea with the ombuds")).to_have_count(0)
