"""Ola changes how she works, on her phone: she sees what it does, then keeps it, and visitors see it a list later."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from portal import clock
from portal.office import service as office
from portal.scheduling import plans
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Offer, next_publication
from tests.cast import OLA_NAME, Server, World
from tests.journeys.accessible import assert_accessible
from tests.journeys.test_every_visitor_page import MOST_WORDS, WORDS_ABOVE
from tests.journeys.walking import App, follow, heading, press, sign_in

pytestmark = pytest.mark.xdist_group("changes-hours")
OpenPage = Callable[..., Page]
TUESDAY, SATURDAY = 1, 5
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def ola(server: Server, world: World, open_page: OpenPage) -> Page:
    page = open_page()
    page.set_default_timeout(15_000)
    sign_in(page, server.url, OLA_NAME, App(world.kit.factor).digits(), world.kit.passphrase)
    follow(page, "Hours")
    return page


def test_ola_changes_everything_and_visitors_see_it_with_the_next_list(
    server: Server, world: World, ola: Page, open_page: OpenPage
) -> None:
    visitor, listed = open_page(), world.offers()
    visitor.goto(f"{server.url}/times")
    before = times_on(visitor)

    add_a_place(ola)
    pause(ola)
    meet_at_night_in_the_barn(ola)
    # No day into which the night of the day before runs: whatever begins the evening before stays.
    days = (offer.starts.date() for offer in listed if offer.starts > clock.now() + 8 * DAY)
    closed = next(day for day in days if day.weekday() not in {TUESDAY, SATURDAY})
    close(ola, closed)

    visitor.reload()
    assert times_on(visitor) == before, "the list stands until its next hour"
    seen = next_list(world)
    assert closed not in {offer.starts.date() for offer in seen}
    assert {f"{offer.starts:%H:%M}" for offer in seen if in_barn(offer)} == {"22:30", "23:45", "01:00"}
    by_day = sorted(offer.starts for offer in seen if not in_barn(offer))
    assert min(after - one for one, after in pairwise(by_day)) == 75 * MINUTE


def test_ola_sees_which_taken_times_stay_and_goes_back_to_what_she_typed(world: World, ola: Page) -> None:
    offer = world.offers()[9]
    world.book(None, slots=[offer.id])

    for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        hours_of(ola, name).get_by_label("From", exact=True).first.fill("08:00")
        hours_of(ola, name).get_by_label("To", exact=True).first.fill("08:30")
    press(ola, "Save my hours")

    assert heading(ola) == "What this changes"
    expect(ola.get_by_role("heading", name="One taken time stays all the same")).to_be_visible()
    expect(ola.get_by_role("listitem").filter(has_text=f"{offer.starts:%H:%M}")).to_have_count(1)
    press(ola, "Change it again")
    assert hours_of(ola, "Sunday").get_by_label("To", exact=True).first.input_value() == "08:30"
    follow(ola, "Usual week")
    assert hours_of(ola, "Sunday").get_by_label("To", exact=True).first.input_value() == "17:00"
    with world.stores.desk.reading() as desk:
        assert len(plans.find(desk, world.ombuds).week) == 7


def test_a_visitor_reads_of_a_phone_that_somebody_answers_today(server: Server, ola: Page, open_page: OpenPage) -> None:
    visitor = open_page(js=True)
    visitor.goto(server.url)
    assert not visitor.get_by_role("region", name=re.compile("Need to talk")).count()
    day = clock.now() + DAY
    hours = hours_of(ola, f"{day:%A}")
    hours.get_by_label("From", exact=True).nth(1).fill("18:00")
    hours.get_by_label("To", exact=True).nth(1).fill("19:30")
    hours.locator("summary").nth(1).click()
    hours.get_by_label("For what").nth(1).select_option(label="Phone hours: for whoever calls")
    press(ola, "Save my hours")

    for path in ("/", "/times"):
        visitor.goto(server.url + path)
        box = visitor.get_by_role("region", name="Need to talk tomorrow?")
        expect(box).to_contain_text(re.compile("Tomorrow, 18:00.19:30"))
        expect(box.get_by_role("link")).to_have_attribute("href", "tel:+15550142")
        assert len(visitor.evaluate(WORDS_ABOVE).split()) <= MOST_WORDS
        assert_accessible(visitor)
    visitor.get_by_role("link", name="Without an appointment").click()
    assert visitor.url.endswith("/times#today")


def add_a_place(page: Page) -> None:
    follow(page, "Places")
    page.get_by_label("Name of the place").fill("The barn")
    page.get_by_label("Step-free").check()
    page.get_by_label("The door", exact=True).fill("The green one")
    press(page, "Add the place")
    expect(page.get_by_role("heading", name="The barn")).to_be_visible()


def pause(page: Page) -> None:
    follow(page, "How you meet")
    page.get_by_label("Pause between two visitors").select_option(label="15 minutes")
    press(page, "Save how I meet")
    assert heading(page) == "What this changes"
    press(page, "Keep it")
    expect(page.get_by_role("status")).to_contain_text("Saved. What is booked stays booked.")


def meet_at_night_in_the_barn(page: Page) -> None:
    follow(page, "Usual week")
    for name in ("Monday", "Friday"):
        night = hours_of(page, name)
        night.get_by_label("From", exact=True).nth(1).fill("22:30")
        night.get_by_label("To", exact=True).nth(1).fill("02:00")
        night.locator("summary").nth(1).click()
        night.get_by_label("Place").nth(1).select_option(label="The barn")
    press(page, "Save my hours")
    expect(page.get_by_role("status")).to_contain_text(re.compile("[0-9]+ new times are open"))
    expect(hours_of(page, "Monday").get_by_text("Until the next day.")).to_be_visible()


def close(page: Page, day: date) -> None:
    follow(page, "Dates")
    page.get_by_label("Date, or the first one").fill(day.isoformat())
    press(page, "Save the dates")
    assert heading(page) == "What this changes"
    press(page, "Keep it")
    expect(page.get_by_text("Closed", exact=True)).to_be_visible()


def hours_of(page: Page, day: str) -> Locator:
    return page.get_by_role("group", name=day, exact=True)


def times_on(page: Page) -> list[str]:
    return [each.get_attribute("value") or "" for each in page.locator("input[name=slot]").all()]


def next_list(world: World) -> list[Offer]:
    """What everybody sees after the next hour of publication."""
    settings = world.settings
    soon = next_publication(clock.now(), settings.publish_at, settings.zone)
    with world.stores.desk.reading() as desk:
        names = office.names(desk)
        return scheduling.published(desk, world.publication, names, settings=settings, now=soon + MINUTE)


def in_barn(offer: Offer) -> bool:
    return offer.place is not None and offer.place.name == "The barn"
