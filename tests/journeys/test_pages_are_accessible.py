"""Every page outside the desk, for machine-checkable accessibility; and that the checks can fail."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from portal import clock, create_app, setup
from tests.cast import OLA_NAME, World
from tests.journeys.accessible import (
    COLOURS_ONLY,
    PHONE,
    assert_accessible,
    checked,
    names,
    on_a_phone,
    shown,
    tab,
)
from tests.journeys.desk_pages import DESK_PAGES, DOOR_PAGES
from tests.journeys.pages import TEMPLATES, VISITOR_PAGES
from tests.journeys.walking import App, Office, press, sign_in

OUTSIDE = VISITOR_PAGES | DOOR_PAGES
PAGES = OUTSIDE | DESK_PAGES
#: The cover has a test of its own below, as it needs an office of its own; the way out is an empty page, gone at once.
ELSEWHERE = {"desk/cover.html", "outreach/leave.html"}


@pytest.fixture(scope="module")
def visitors_tab(browser: Browser) -> Iterator[Page]:
    with tab(browser) as page:
        yield page


@pytest.fixture(scope="module", params=OUTSIDE)
def page(request: pytest.FixtureRequest, office: Office, visitors_tab: Page) -> Page:
    """One page after the other, with scripts allowed, because axe is one."""
    return shown(visitors_tab, office, OUTSIDE[request.param])


def test_a_page_is_accessible(page: Page) -> None:
    assert_accessible(page)


def test_an_office_without_times_is_accessible(tmp_path: Path, browser: Browser) -> None:
    instance = tmp_path / "new"
    setup.make_office(instance, name="Office of Tests", zone="UTC", address="http://localhost:8000")
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    with served(create_app(instance)) as url:
        for path in ("/times", "/week", "/"):
            page.goto(url + path)
            assert_accessible(page)
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
        assert_accessible(page)
        press(page, "Go on")
        assert_accessible(page)
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
    faults = on_a_phone(page)
    context.close()

    assert {"color-contrast", "label"} <= set(found)
    assert by_night == ["color-contrast"]
    assert any("400px" in each for each in faults)
    assert any("<button" in each for each in faults)


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
