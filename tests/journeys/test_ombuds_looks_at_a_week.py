"""On her phone Ola looks at a coming week, takes two times off, opens one again, and asks about a time."""

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.cast import OLA_NAME
from tests.journeys.walking import App, Office, book, follow, heading, press, sign_in

pytestmark = pytest.mark.xdist_group("a-week")
OpenPage = Callable[..., Page]


def test_ola_takes_two_times_off_opens_one_and_asks_why_it_is_not_offered(office: Office, open_page: OpenPage) -> None:
    vera, ola = open_page(), open_page()
    # A week that is whole, whichever day it is today.
    offers = [each for each in office.world.offers() if each.starts.isocalendar()[:2] >= _week_after_next(office)]
    first, second, third = offers[:3]
    book(vera, office, None, [third])
    sign_in(ola, office.url, OLA_NAME, App(office.world.kit.factor).digits(), office.world.kit.passphrase)

    follow(ola, "Your week")
    assert heading(ola) == "Your week"
    while not ola.locator(f'input[value="{first.key}"]').count():
        follow(ola, "The next week")
    assert not ola.locator(f'input[value="{third.key}"]').count(), "Vera's time has nothing to tick"
    for each in (first, second):
        ola.locator(f'input[value="{each.key}"]').check()
    press(ola, "Take off the list")
    expect(ola.get_by_text("2 times are off the list.")).to_be_visible()

    ola.locator(f'input[value="{second.key}"]').check()
    press(ola, "Open again")
    expect(ola.get_by_text("1 time is open again.")).to_be_visible()
    expect(ola.get_by_text("given back, on the next list")).to_be_visible()

    _ask(ola, office, first.starts)
    told = ola.get_by_role("region").filter(has_text="if you took it off the list, you can open it again")
    expect(told).to_be_visible()
    expect(told).to_contain_text("whoever chooses it is shown other times")
    _ask(ola, office, third.starts)
    follow(ola, "Open the matter")
    assert "/desk/matter/" in ola.url


def _ask(page: Page, office: Office, moment: datetime) -> None:
    here = moment.astimezone(office.world.settings.zone)
    page.get_by_label("Day", exact=True).fill(f"{here:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill(f"{here:%H:%M}")
    press(page, "Tell me why")


def _week_after_next(office: Office) -> tuple[int, int]:
    first = office.world.offers()[0].starts
    later = next(each for each in office.world.offers() if (each.starts - first).days >= 14)
    return later.starts.isocalendar()[:2]
