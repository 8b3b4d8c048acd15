"""An office of one's own for every test, the real server, and a real browser."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakSet

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Connection, Engine, event

from portal.pulse import LONGEST_SLEEP
from portal.seizure.footprint import stamps
from tests.cast import Server, World, make_world, serve
from tests.visiting import Visitor

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


HOUR = 3600
#: Seconds in which most tests are over.
A_TEST = 20
#: Seconds after which every server has seen that an hour struck.
A_BEAT = LONGEST_SLEEP + 2

_ENGINES: WeakSet[Engine] = WeakSet()


@event.listens_for(Engine, "engine_connect")
def _remember(connection: Connection) -> None:
    _ENGINES.add(connection.engine)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """No test, and no office of a module, begins near the stroke of an hour.

    Lists are made at fixed hours, and at midnight every office that runs has its daily job.
    """
    since = time.time() % HOUR
    if since > HOUR - A_TEST:
        time.sleep(HOUR - since + A_BEAT)
    elif since < A_BEAT:
        time.sleep(A_BEAT - since)


@pytest.fixture(autouse=True)
def _close_stores() -> Iterator[None]:
    """No test leaves a file open: newer Pythons say so, and a warning is an error here."""
    yield
    for engine in list(_ENGINES):
        engine.dispose()


@pytest.fixture(scope="session")
def first_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made once; everybody else gets a copy, because joining takes seconds of Argon2."""
    first = make_world(tmp_path_factory.mktemp("office") / "instance")
    before = stamps(first.instance)
    yield first
    assert stamps(first.instance) == before, "a test changed the office that the others are copies of"


@pytest.fixture
def world(first_world: World, tmp_path: Path) -> World:
    return first_world.copy(tmp_path / "instance")


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    running = serve(world)
    yield running
    running.kill()


@pytest.fixture
def visitor(server: Server) -> Visitor:
    return Visitor(server.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        said = "Chromium was not found: install your system's package 'chromium' to run the browser tests."
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        # Playwright switches the back-forward cache off; visitors have it on.
        started = playwright.chromium.launch(
            executable_path=path, args=list(FLAGS), ignore_default_args=["--disable-back-forward-cache"]
        )
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own: JavaScript off and 320 px wide, unless said."""
    contexts = []

    def opened(*, js: bool = False, width: int = 320, height: int = 640, scheme: str = "light") -> Page:
        context = browser.new_context(
            java_script_enabled=js, viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


#: What takes longest begins first, or the last process works on alone while the others are done.
SLOW = (
    "docs/test_readme.py",
    "journeys/test_pages_in_every_language.py",
    "journeys/test_pages_are_accessible.py",
    "journeys/test_desk_pages_are_accessible.py",
    "promises/test_operator_disturbs.py",
    "bad_input/test_ten_thousand_requests.py",
    "bad_input/test_requests_to_an_open_desk.py",
    "promises/test_codes_tell_nothing.py",
    "promises/test_operator_writes.py",
    "seizure/test_command.py",
    "seizure/test_checks.py",
    "journeys/test_every_visitor_page.py",
    "journeys/test_ombuds_joins.py",
    "load/",
    "promises/",
    "seizure/",
    "journeys/",
    "desk/",
    "intake/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((place for place, name in enumerate(SLOW) if path.startswith(name)), len(SLOW))

    items.sort(key=rank)
