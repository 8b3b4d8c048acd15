"""Ola reads exactly what was allowed, marks who came, and leaves nothing behind on the screen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.intake.rules import Share, Stub
from portal.intake.service import Receipt, Request, request_meeting
from portal.office import service as office
from portal.roster.rules import Claim
from portal.scheduling import opening
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode
from portal.sealing import words
from portal.volatile import Publication
from tests.cast import OLA_NAME, VERA, Server, World
from tests.journeys.walking import App, follow, go_back, heading, press, sign_in

pytestmark = pytest.mark.xdist_group("ombuds-reads")
OpenPage = Callable[..., Page]


@pytest.fixture
def page(server: Server, world: World, open_page: OpenPage) -> Page:
    """Ola's browser, not signed in yet: a sign-in seals everything anew that was booked before it."""
    assert server.world is world
    return open_page()


def enter(page: Page, server: Server) -> None:
    world = server.world
    sign_in(page, server.url, OLA_NAME, App(world.kit.factor).digits(), world.kit.passphrase)
    assert heading(page) == "Queue"


def test_ola_reads_exactly_what_vera_allowed(server: Server, world: World, page: Page) -> None:
    shares = ("nothing", "profile", "name")
    for share, offer in zip(shares, world.offers(), strict=False):
        world.book(VERA, share=share, message=f"I share <b>{share}</b>", slots=[offer.id])
    enter(page, server)

    seen = {}
    for link in [each.get_attribute("href") for each in page.locator(".queue a").all()]:
        page.goto(f"{server.url}{link}")
        share = page.locator("blockquote").inner_text().removeprefix("I share <b>").removesuffix("</b>")
        seen[share] = set(page.locator("dt").all_inner_texts())
        assert (VERA.email in page.content().lower()) == (share == "name")
        assert ("Lindqvist" in page.content()) == (share == "name")

    profile = {"Department", "Role", "Location", "How long here"}
    name = {"Name", "Work email", "Supervisor"}
    assert list(seen) == list(shares)
    assert "Group" in seen["nothing"]
    assert not (profile | name) & seen["nothing"]
    assert profile | {"Group"} <= seen["profile"]
    assert not name & seen["profile"]
    assert profile | {"Group", "Work email"} <= seen["name"]


def test_ola_marks_who_came_and_who_did_not(server: Server, world: World, page: Page) -> None:
    book_days_ago(world, 3)
    enter(page, server)
    past = page.get_by_role("region", name="Past, not yet marked").locator("li")
    links = [each.get_attribute("href") for each in past.locator("a").all()]
    assert len(links) == 3

    for link, button in zip(links, ("We met", "Nobody came"), strict=False):
        page.goto(f"{server.url}{link}")
        press(page, button)
        expect(page.get_by_role("status")).to_contain_text("Marked.")

    page.goto(f"{server.url}/desk/")
    assert [each.get_attribute("href") for each in past.locator("a").all()] == links[2:]
    states = []
    for link in links:
        page.goto(f"{server.url}{link}")
        states.append(page.locator(".over").inner_text())
    assert states == ["met", "missed", "booked"]


def test_a_meeting_that_has_not_begun_cannot_be_marked(server: Server, world: World, page: Page) -> None:
    world.book(VERA)
    enter(page, server)
    follow(page, page.locator(".queue a"))

    assert page.locator(".over").inner_text() == "booked"
    assert not page.get_by_role("button", name="We met").count()


def test_nothing_of_the_desk_shows_after_signing_out(server: Server, world: World, page: Page) -> None:
    world.book(VERA, message="a line for Ola alone")
    enter(page, server)
    follow(page, page.locator(".queue a"))
    matter = page.url
    expect(page.get_by_text("a line for Ola alone")).to_be_visible()

    press(page, "Sign out")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    for _ in range(3):
        go_back(page)
        assert "a line for Ola alone" not in page.content()
        assert not page.locator(".queue").count()
    page.goto(matter)

    assert page.url.endswith("/desk/sign-in")


def test_hours_that_make_no_sense_stay_as_they_were_typed(server: Server, page: Page) -> None:
    enter(page, server)
    follow(page, "Hours")
    monday = page.get_by_role("group", name="Monday")
    monday.get_by_label("From").first.fill("15:00")
    monday.get_by_label("To").first.fill("14:00")
    tuesday = page.get_by_role("group", name="Tuesday")
    tuesday.get_by_label("From").first.fill("08:15")

    press(page, "Save my hours")

    expect(monday.get_by_text("The end must come after the start. Write the afternoon like 17:00.")).to_be_visible()
    assert monday.get_by_label("From").first.input_value() == "15:00"
    assert tuesday.get_by_label("From").first.input_value() == "08:15"


def test_a_wrong_word_or_digit_is_refused_in_one_and_the_same_way(server: Server, world: World, page: Page) -> None:
    wrong = "zoom zoom zoom zoom zoom zoom"
    digits = App(world.kit.factor).digits()
    said = set()
    for typed, passphrase in ((digits, wrong), ("000000", world.kit.passphrase), ("000000", wrong)):
        sign_in(page, server.url, OLA_NAME, typed, passphrase)
        said.add(page.get_by_role("region", name="Please look at this").inner_text())

    assert len(said) == 1
    assert world.kit.passphrase not in page.content()


def book_days_ago(world: World, count: int) -> None:
    """Some people booked three days ago, for times that have begun since."""
    then = clock.now() - timedelta(days=3)
    with world.stores.desk.writing() as desk:
        opening.open_slots(desk, world.settings, then)
        names = office.names(desk)
        offers = scheduling.published(desk, Publication(), names, settings=world.settings, now=then)
    for offer in offers[:count]:
        request = Request(
            words=words.draw(),
            claim=Claim("", "", "none"),
            slots=[offer.id],
            mode=Mode.phone,
            stub=Stub(share=Share.NOTHING),
        )
        done = request_meeting(world.stores, request, publication=Publication(), settings=world.settings, now=then)
        assert isinstance(done, Receipt)
