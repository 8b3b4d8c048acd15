"""Vera leaves Otto out, reads French and lives in Tokyo: whatever link she follows, all three go on with her.

Every link of every page is followed, so that a new page which is in no list of ours is found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from portal import clock, create_app
from portal.site import shelves, voices, words
from portal.site.voices import Kind, Voice
from tests.cast import World
from tests.colleagues import NOT_OTTO, with_otto
from tests.site.happenings import on, plan
from tests.speaking import offer

CHOSEN = {"ombuds": [NOT_OTTO], "tz": ["Asia/Tokyo"], "lang": ["fr"]}
START = f"/?ombuds={NOT_OTTO}&tz=Asia/Tokyo&lang=fr"
LINK = re.compile(r"<a\b[^>]*\bhref=\"([^\"]*)\"[^>]*>")
#: What shows no page of ours, or no time and nobody to meet: files, and the way out, which speaks and no more.
NO_PAGE = re.compile(r"/static/.*|/leave|.*\.ics")
#: Whoever comes by Ombuds Week, by a poster, by a text of the office, by the way back, or by a note.
CERTAIN = {
    *("/", "/times", "/week", "/week/poster", "/week/cards", "/week/students", "/week/kit", "/week/welcome"),
    *("/about", "/about/limits", "/about/voices", "/about/exceptions", "/return", "/say"),
}


@dataclass
class Crawl:
    """The pages that links led to, by their paths, and the links that dropped something on the way."""

    pages: dict[str, str] = field(default_factory=dict)
    dropped: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def client(world: World) -> Iterator[FlaskClient]:
    with_otto(world)
    offer(world, "en", "fr")
    furnish(world)
    yield create_app(world.instance).test_client()
    world.refresh()


def furnish(world: World) -> None:
    """All that a page may link to: events, voices, every page that is shipped, and a text that links by itself."""
    plan(world, on(clock.now().date() + timedelta(days=3), audience="students"))
    with world.stores.site.writing() as site:
        voices.publish(site, Voice("1" * 16, Kind.EXPERIENCE, "2026-Q3", "fr", "Elles ont écouté."))
        for key in (f"{shelf}/{name}" for shelf, names in shelves.SHIPPED.items() for name in names):
            words.show(site, key, shown=True)
        mark = words.standing(site, "week/students", "fr").mark
        text = "# Vous étudiez\n\n[Bienvenue](/week/welcome), [affiche](/week/poster), [semaine](/week#next)."
        words.keep(site, "week/students", "fr", text, mark=mark)


def is_to_a_page(url: str) -> bool:
    return url.startswith("/") and not NO_PAGE.fullmatch(urlsplit(url).path)


def drops(url: str, *, to_another_language: bool = False) -> bool:
    asked, needed = parse_qs(urlsplit(url).query), CHOSEN.keys() - ({"lang"} if to_another_language else set())
    return any(asked.get(name) != CHOSEN[name] for name in needed)


def crawled(client: FlaskClient) -> Crawl:
    """From the first page on, along all links in French; each address once."""
    crawl, seen, waiting = Crawl(), {START}, [START]
    while waiting:
        url = waiting.pop()
        answer = client.get(url)
        path = urlsplit(url).path
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}, url
        crawl.pages[path] = answer.text
        for link, to_another in links(answer.text, answer.headers.get("Location")):
            if drops(link, to_another_language=to_another):
                crawl.dropped.append((path, link))
            elif not to_another and (address := link.partition("#")[0]) not in seen:
                seen.add(address)
                waiting.append(address)
    return crawl


def links(page: str, location: str | None) -> Iterator[tuple[str, bool]]:
    """The addresses of our own pages, each with whether it shows the same page in another language."""
    for found in LINK.finditer(page):
        url = unescape(found[1])
        if is_to_a_page(url):
            yield url, "hreflang=" in found[0] and 'lang="fr"' not in found[0]
    if location:
        yield location, False


def test_no_link_drops_whom_she_leaves_out_nor_her_zone_nor_her_language(client: FlaskClient) -> None:
    crawl = crawled(client)

    assert set(crawl.pages) >= CERTAIN
    assert crawl.dropped == []


def test_a_link_that_drops_something_is_found(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is forgotten in the list of those that carry a choice."""
    listed = "portal.scheduling.asked_whom._LEADS_THERE"
    monkeypatch.setattr(listed, frozenset({"scheduling.times", "outreach.home", "outreach.week"}))

    assert {urlsplit(link).path for _page, link in crawled(client).dropped} >= {"/about", "/return"}


@pytest.mark.parametrize("path", ["/week/poster?paper=letter&week=no", "/week/cards?paper=letter", "/times?mode=phone"])
def test_another_language_shows_the_same_page(client: FlaskClient, path: str) -> None:
    """The same paper, the same poster, the same list."""
    page = client.get(path).text
    (other,) = re.findall(r'href="([^"]*)" lang="fr" hreflang', page)

    asked = parse_qs(urlsplit(path).query)
    assert parse_qs(urlsplit(unescape(other)).query) == asked | {"lang": ["fr"]}
