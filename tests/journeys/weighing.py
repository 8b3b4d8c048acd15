"""What a page and all that it loads weigh, and whom they ask."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Response

BUDGET = 14 * 1024
MOST_REQUESTS = 3


@dataclass
class Visit:
    """A page as it was reached, with everything that it asked for."""

    page: Page
    asked: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def note(self, answer: Response) -> None:
        """Start anew with each page: what it loads follows it."""
        if answer.request.is_navigation_request():
            self.answers.clear()
        self.answers.append(answer)


@contextmanager
def watched(page: Page) -> Iterator[Visit]:
    """Whoever comes has a browser that kept nothing of the pages before."""
    page.goto("about:blank")
    page.context.clear_cookies()
    memory = page.context.new_cdp_session(page)
    memory.send("Network.clearBrowserCache")
    memory.detach()
    visit = Visit(page)
    page.on("request", visit.ask)
    page.on("response", visit.note)
    yield visit
    page.remove_listener("request", visit.ask)
    page.remove_listener("response", visit.note)


def assert_fits_into_one_flight(visit: Visit) -> None:
    weights = {urlsplit(each.url).path: len(gzip.compress(each.body())) for each in visit.answers}

    assert 1 <= len(weights) <= MOST_REQUESTS
    assert sum(weights.values()) <= BUDGET, weights


def assert_asks_nobody_else(visit: Visit, url: str) -> None:
    assert {urlsplit(asked).netloc for asked in visit.asked} == {urlsplit(url).netloc}
