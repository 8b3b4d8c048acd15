"""One running office for each module, and a site on this machine to leave to."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page

from tests.cast import World
from tests.journeys.opening import opened_office
from tests.journeys.walking import PATIENCE, Office


class _Elsewhere(BaseHTTPRequestHandler):
    """A site that everybody opens."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><html lang=en><title>Weather</title><h1>It may rain</h1></html>")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{site.server_address[1]}/"
    site.shutdown()
    thread.join()
    site.server_close()


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory, elsewhere: str) -> Iterator[Office]:
    world = first_world.copy(tmp_path_factory.mktemp("journeys") / "instance")
    with opened_office(world, elsewhere) as office:
        yield office


@pytest.fixture
def open_page(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Pages that give up: everything here answers within a second or two, unless the machine does much else."""

    def opened(**wishes: object) -> Page:
        page = open_page(**wishes)
        page.set_default_timeout(PATIENCE)
        return page

    return opened
