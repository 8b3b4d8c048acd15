"""Ola and her colleagues join in the browser; only their papers open what they hold."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.office import service as office_service
from portal.office.rules import Kit, write_recovery
from tests.cast import OLA_NAME, VERA, Server, World, open_hours, serve
from tests.journeys.joining import confirm, invite, join, operator, read_papers, type_code
from tests.journeys.walking import App, Office, follow, heading, press, sign_in

pytestmark = pytest.mark.xdist_group("ombuds-joins")
OpenPage = Callable[..., Page]
UMA = "Uma Okonkwo"


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[Server]:
    """As the operator's first command leaves it: nobody has joined, nothing is open."""
    instance = tmp_path / "new"
    operator(instance, "init", "--name", "Office of Tests")
    server = serve(World(instance, Kit(b"", "", b""), b""))
    yield server
    server.kill()


def far_days() -> list[str]:
    """Two days of the week, no hour of which can be too near for a visitor, whenever the test runs."""
    today = clock.now()
    return [f"{today + timedelta(days=days):%A}" for days in (3, 5)]


@pytest.fixture
def phone(world: World) -> App:
    return App(world.kit.factor)


def test_ola_joins_opens_her_hours_and_visitors_see_them(new_office: Server, open_page: OpenPage) -> None:
    page, visitor, url = open_page(), open_page(), new_office.url
    code = invite(new_office.world.instance, OLA_NAME)
    visitor.goto(f"{url}/times")
    expect(visitor.get_by_text("No time is free here right now.")).to_be_visible()

    papers = join(page, url, code.lower().replace("-", " "))
    sign_in(page, url, OLA_NAME, papers.app.digits(), papers.words)
    assert heading(page) == "Queue"
    assert not page.locator(".queue").count()
    follow(page, "Hours")
    days = far_days()
    for day in days:
        hours = page.get_by_role("group", name=day)
        hours.get_by_label("From").first.fill("09:00")
        hours.get_by_label("To").first.fill("12:00")
    press(page, "Save my hours")

    assert re.search(r"Saved\..* 2[1-4] new times", page.get_by_role("status").inner_text())
    assert page.get_by_role("group", name=days[0]).get_by_label("To").first.input_value() == "12:00"
    visitor.reload()
    listed = [text.split()[0] for text in visitor.locator("legend").all_inner_texts()]
    assert listed
    assert set(listed) <= set(days)
    assert visitor.locator("input[name=slot]").count() == 3 * len(listed)


def test_papers_must_be_kept_before_anything_depends_on_them(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    type_code(page, office.url, invite(office.world.instance, "Ivo Kraus"))
    papers = read_papers(page)

    press(page, "I have all of it")
    assert page.locator(".is-wrong").count() == 3
    assert read_papers(page).words == papers.words
    confirm(page, "000000")
    expect(page.get_by_text("These digits do not fit.").first).to_be_visible()
    assert read_papers(page).recovery == papers.recovery

    confirm(page, papers.app.digits())
    expect(page.get_by_text("Welcome.")).to_be_visible()


def test_a_joining_code_works_once(office: Office, open_page: OpenPage) -> None:
    first, second, name = open_page(), open_page(), "Mara Quist"
    code = invite(office.world.instance, name)
    for page in (first, second):
        type_code(page, office.url, code)
    papers, late = read_papers(first), read_papers(second)
    confirm(first, papers.app.digits())

    confirm(second, late.app.digits())
    expect(second.get_by_role("status")).to_contain_text("joined already")
    for typed in (code, code[:-1] + ("0" if code[-1] != "0" else "1")):
        type_code(second, office.url, typed)
        expect(second.locator("#code-wrong")).to_contain_text("This code opens nothing.")
    sign_in(first, office.url, name, papers.app.digits(), papers.words)
    assert heading(first) == "Queue"


def test_a_wrong_recovery_code_shows_no_papers(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    recover(page, office.url, os.urandom(20))

    assert heading(page) == "Bring your desk back"
    expect(page.locator("#recovery-wrong")).to_contain_text("This is not the recovery code of this person.")
    assert not page.locator(".words").count()


def test_a_second_ombuds_opens_profiles_only_once_a_colleague_admits_her(
    server: Server, world: World, phone: App, open_page: OpenPage
) -> None:
    ola, uma = open_page(), open_page()
    papers = join(uma, server.url, invite(world.instance, UMA))
    book_with_uma(world)

    sign_in(uma, server.url, UMA, papers.app.digits(), papers.words)
    follow(uma, uma.locator(".queue a"))
    expect(uma.get_by_text("You cannot open profiles yet.")).to_be_visible()
    assert "Lindqvist" not in uma.content()
    matter = uma.url
    follow(uma, "Colleagues")
    assert not uma.get_by_role("button", name="admit").count()

    sign_in(ola, server.url, OLA_NAME, phone.digits(), world.kit.passphrase)
    assert not ola.locator(".queue a").count(), "what is sealed to Uma is not in Ola's queue"
    ola.goto(matter)
    expect(ola.get_by_text("This matter has ended")).to_be_visible()
    follow(ola, ola.get_by_role("link", name="A colleague waits"))
    waiting = ola.get_by_role("region", name="Waiting for you")
    expect(waiting).to_contain_text(papers.fingerprint)
    press(ola, f"admit {UMA}")
    expect(ola.get_by_text("Admitted.")).to_be_visible()

    press(uma, "Sign out")
    sign_in(uma, server.url, UMA, papers.app.digits(), papers.words)
    follow(uma, uma.locator(".queue a"))
    expect(uma.get_by_text("Lindqvist").first).to_be_visible()


def test_the_recovery_code_gives_a_new_passphrase_and_ends_the_old_one(
    server: Server, world: World, phone: App, open_page: OpenPage
) -> None:
    old, page = open_page(), open_page()
    world.book(VERA, message="from before")
    sign_in(old, server.url, OLA_NAME, phone.digits(), world.kit.passphrase)
    recover(page, server.url, world.kit.recovery)

    papers = read_papers(page)
    confirm(page, papers.app.digits())
    expect(page.get_by_text("The old ones no longer work.")).to_be_visible()

    assert papers.words != world.kit.passphrase
    assert papers.recovery == " ".join(write_recovery(world.kit.recovery))
    old.reload()
    assert heading(old) == "Sign in to the desk"
    sign_in(page, server.url, OLA_NAME, papers.app.digits(), world.kit.passphrase)
    assert heading(page) == "Sign in to the desk"
    sign_in(page, server.url, OLA_NAME, phone.digits(), papers.words)
    assert heading(page) == "Sign in to the desk"
    sign_in(page, server.url, OLA_NAME, papers.app.digits(), papers.words)
    follow(page, page.locator(".queue a"))
    expect(page.get_by_text("from before")).to_be_visible()


def recover(page: Page, url: str, recovery: bytes) -> None:
    page.goto(f"{url}/desk/sign-in")
    follow(page, page.get_by_role("link", name="lost my words"))
    page.get_by_label("Who are you?").select_option(label=OLA_NAME)
    page.get_by_label("Recovery code").fill(" ".join(write_recovery(recovery)).lower())
    press(page, "Go on")


def book_with_uma(world: World) -> None:
    """Uma opens hours, and Vera books one of them with her name."""
    world.refresh()
    with world.stores.desk.reading() as desk:
        (uma,) = (key for key, name in office_service.names(desk).items() if name == UMA)
    open_hours(world.stores, world.settings, uma)
    offer = next(offer for offer in world.offers() if offer.ombuds == uma)
    world.book(VERA, share="name", slots=[offer.id])
