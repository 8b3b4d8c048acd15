"""What weighs on Vera is about Otto. On a phone without scripts she leaves him out, asks for Irish and books."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal import clock, jobs
from portal.scheduling.rules import Mode
from tests.cast import OLA_NAME, World, change_settings, serve
from tests.colleagues import ENGLISH, OTTO, OTTO_NAME, add_ombuds, with_otto
from tests.journeys.walking import Office, come_back, heading, press, send, six_words, unfold

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory, elsewhere: str) -> Iterator[Office]:
    """Ola and Otto keep the same hours and both speak Irish; Aoife speaks none."""
    world = first_world.copy(Path(tmp_path_factory.mktemp("whom")) / "instance")
    change_settings(world.instance, overseen_by='overseen_by = "The chair of the council oversees this office."')
    world.refresh()
    with_otto(world)
    add_aoife(world)
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    server = serve(world)
    yield Office(server, elsewhere, iter(world.offers()))
    server.kill()


def add_aoife(world: World) -> None:
    add_ombuds(world, b"\xaf" * 16, "Aoife Ní Bhriain", ENGLISH)


def pick(page: Page, label: str) -> None:
    unfold(page, "With ")
    page.get_by_label("With whom").select_option(label=label)
    press(page, "Show these times")


def shown(page: Page, office: Office) -> set[bytes]:
    """Whose times stand on the page."""
    of = {offer.key: offer.ombuds for offer in office.world.offers()}
    values = page.locator("input[type=radio][name=slot], select[name=slot] option").evaluate_all(
        "all => all.map(each => each.value).filter(each => each)"
    )
    return {of[value] for value in values}


def test_vera_leaves_out_otto_asks_for_irish_books_and_comes_back(office: Office, open_page: OpenPage) -> None:
    page, ola = open_page(), office.world.ombuds
    page.goto(f"{office.url}/times")
    expect(page.locator("summary", has_text="With anyone. Change")).to_be_visible()

    pick(page, f"Anyone except {OTTO_NAME}")
    assert OTTO not in shown(page, office)
    pick(page, "Irish")
    expect(page.locator("summary", has_text=f"With anyone except {OTTO_NAME}, in Irish. Change")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for link in ("By phone", "Later times", "Earlier times"):
        with page.expect_navigation():
            page.get_by_role("link", name=link, exact=True).click()
        assert shown(page, office) == {ola}
    unfold(page, "Times are in")
    page.get_by_label("Your time zone").select_option(label="Tokyo, Japan Time")
    press(page, "Show times in this zone")
    assert shown(page, office) == {ola}

    taken = page.locator("input[type=radio][name=slot]").nth(3)
    gone = bytes.fromhex(taken.get_attribute("value") or "")
    taken.check()
    press(page, "Go on")
    assert re.fullmatch(r".*/book/[\w-]+", page.url)
    page.get_by_label("I have no code at hand").check()
    office.world.book(None, slots=[gone])
    send(page)
    expect(page.get_by_role("heading", name="Choose another time")).to_be_visible()
    assert shown(page, office) == {ola}
    page.locator("input[type=radio][name=slot]").first.check()
    send(page)

    assert heading(page) == "Your time is booked"
    expect(page.get_by_text(f"You meet {OLA_NAME}.")).to_be_visible()
    assert OTTO_NAME not in page.content()
    come_back(page, office, six_words(page))
    expect(page.get_by_text(f"You meet {OLA_NAME}.")).to_be_visible()
    assert page.context.cookies() == []


def test_whoever_may_meet_nobody_here_reads_what_to_do(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{office.url}/times")
    for name in (OLA_NAME, OTTO_NAME, "Aoife Ní Bhriain"):
        pick(page, f"Anyone except {name}")

    expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()
    expect(page.get_by_text("The chair of the council oversees this office.")).to_be_visible()
    assert shown(page, office) == set()

    page.get_by_label(f"Still not with {OTTO_NAME}").uncheck()
    press(page, "Show these times")
    assert shown(page, office) == {OTTO}


def test_by_keyboard_alone(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{office.url}/times")
    page.locator("summary", has_text="With anyone").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Otto")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith(f"/times?ombuds={OTTO.hex()}")
    assert shown(page, office) == {OTTO}


@pytest.fixture(scope="module")
def long_names(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    world = first_world.copy(Path(tmp_path_factory.mktemp("long")) / "instance")
    add_ombuds(world, b"\x1a" * 16, "Lakshminarayanan Venkatasubramanian", replace(ENGLISH, modes=(Mode.phone,)))
    add_ombuds(world, b"\x1b" * 16, "Gráinne Ní Bhriain-O\u2019Shaughnessy", replace(ENGLISH, modes=(Mode.video,)))
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    server = serve(world)
    yield server.url
    server.kill()


def test_the_longest_surname_fits_a_narrow_phone(long_names: str, open_page: OpenPage) -> None:
    page = open_page()
    for query in ("", "?mode=phone", "?mode=video"):
        page.goto(f"{long_names}/times{query}")
        rows = page.locator(".day-times .pick")
        assert rows.count() > 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert rows.evaluate_all("all => all.every(each => each.scrollWidth <= each.clientWidth + 1)")
