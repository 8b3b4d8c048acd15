"""Every page there is, at a phone's width and a desk's, by day and by night, for machine-checkable accessibility."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, StorageState
from werkzeug.serving import make_server

from portal import clock, create_app, setup
from tests.cast import OLA_NAME, World
from tests.journeys.desk_pages import DESK_PAGES, DOOR_PAGES
from tests.journeys.pages import TEMPLATES, VISITOR_PAGES
from tests.journeys.walking import PATIENCE, App, Office, press, sign_in

pytestmark = pytest.mark.xdist_group("accessible")
PAGES = VISITOR_PAGES | DOOR_PAGES | DESK_PAGES
PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
#: The cover has a test of its own below, as it needs an office of its own; the way out is an empty page, gone at once.
ELSEWHERE = {"desk/cover.html", "outreach/leave.html"}
#: By night nothing else is different.
COLOURS_ONLY = {"runOnly": ["color-contrast"]}

OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter(each => each.getClientRects().length)
    .map(each => each.outerHTML.slice(0, 80))"""
#: A radio or a box to tick is pressed by its whole row. A link inside a sentence is exempt (WCAG 2.5.8).
TOO_SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(each => each.type !== 'hidden' && !each.classList.contains('skip') && each.checkVisibility())
    .filter(each => !(each.matches('a') && getComputedStyle(each).display === 'inline'))
    .map(each => [each, (each.closest('label.pick') || each).getBoundingClientRect()])
    .filter(([each, box]) => {
        const least = each.matches('button, .button, .leave') ? 44 : 24;
        return box.height < least || box.width < least;
    })
    .map(([each, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${each.outerHTML.slice(0, 80)}`)"""


@pytest.fixture(scope="module")
def signed_in(office: Office, browser: Browser) -> StorageState:
    """The cookie of Ola's open desk."""
    context = browser.new_context()
    kit = office.world.kit
    sign_in(context.new_page(), office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    cookies = context.storage_state()
    context.close()
    return cookies


@contextmanager
def tab(browser: Browser, state: StorageState | None = None) -> Iterator[Page]:
    """One for many pages: a window for each would cost more than the page in it."""
    context = browser.new_context(viewport=PHONE, storage_state=state)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


@pytest.fixture(scope="module")
def visitors_tab(browser: Browser) -> Iterator[Page]:
    with tab(browser) as page:
        yield page


@pytest.fixture(scope="module")
def olas_tab(browser: Browser, signed_in: StorageState) -> Iterator[Page]:
    with tab(browser, signed_in) as page:
        yield page


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest, office: Office) -> Page:
    """One page after the other, with scripts allowed, because axe is one."""
    shown: Page = request.getfixturevalue("olas_tab" if request.param in DESK_PAGES else "visitors_tab")
    shown.set_viewport_size(PHONE)
    shown.emulate_media(color_scheme="light")
    PAGES[request.param](shown, office)
    shown.evaluate(OPEN_ALL)
    return shown


def test_axe_finds_nothing_wrong(page: Page) -> None:
    assert_nothing_wrong(page)


def test_nothing_runs_off_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size(PHONE)

    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_everything_to_press_is_big_enough(page: Page) -> None:
    page.set_viewport_size(PHONE)

    assert page.evaluate(TOO_SMALL) == []


def test_an_office_without_times_is_accessible(tmp_path: Path, browser: Browser) -> None:
    instance = tmp_path / "new"
    setup.make_office(instance, name="Office of Tests", zone="UTC", address="http://localhost:8000")
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    with served(create_app(instance)) as url:
        for path in ("/times", "/week", "/"):
            page.goto(url + path)
            assert_nothing_wrong(page)
    context.close()


def test_a_covered_desk_is_accessible(world: World, browser: Browser) -> None:
    app, context = create_app(world.instance), browser.new_context(viewport=PHONE)
    page = context.new_page()
    with served(app) as url:
        sign_in(page, url, OLA_NAME, App(world.kit.factor).digits(), world.kit.passphrase)
        (desk,) = app.extensions["portal"].volatile.desks._open.values()
        desk.seen = clock.now() - timedelta(hours=1)
        page.goto(f"{url}/desk/")
        assert page.url == f"{url}/desk/cover"
        assert_nothing_wrong(page)
        press(page, "Go on")
        assert_nothing_wrong(page)
    context.close()


def test_a_fault_that_was_planted_is_found(browser: Browser) -> None:
    """The checks above can fail: contrast, an unnamed field, a wide box, a small button."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_content(
        "<!doctype html><html lang=en><title>A</title><main><h1>A</h1><p style='color: #bbb'>pale</p><input>"
        "<div style='width: 400px'>wide</div><button style='height: 30px'>small</button></main>"
    )
    found = names(checked(page, {}).response)
    by_night = names(checked(page, COLOURS_ONLY).response)
    wide, small = page.evaluate(TOO_WIDE), page.evaluate(TOO_SMALL)
    context.close()

    assert {"color-contrast", "label"} <= set(found)
    assert by_night == ["color-contrast"]
    assert "400px" in " ".join(wide)
    assert any("button" in each for each in small)


def test_no_template_was_forgotten() -> None:
    shown = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/*.html")}
    pages = {name for name in shown if not name.partition("/")[2].startswith(("_", "base_"))}

    assert {name.partition(",")[0] for name in PAGES} | ELSEWHERE == pages


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application in this process, where a test can let an hour pass on a desk."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("localhost", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def assert_nothing_wrong(page: Page) -> None:
    found = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for scheme, rules in (("light", {}), ("dark", COLOURS_ONLY)):
            page.emulate_media(color_scheme=scheme)
            result = checked(page, rules)
            assert result.response["violations"] is not None
            found += [(size["width"], scheme, name, result.generate_report()) for name in names(result.response)]
    assert not found, "\n".join(map(str, found))


def checked(page: Page, rules: dict[str, list[str]]) -> AxeResults:
    """What axe says; its half megabyte is brought to each document once."""
    script = "" if page.evaluate("'axe' in window") else AXE_SCRIPT
    return Axe(script).run(page, options={"resultTypes": ["violations"]} | rules)


def names(response: dict[str, object]) -> list[str]:
    violations = response["violations"]
    assert isinstance(violations, list)
    return [each["id"] for each in violations]
