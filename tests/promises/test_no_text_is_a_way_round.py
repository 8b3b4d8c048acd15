"""P1: whom a visitor left out stays left out, wherever the office's texts lead, however old they are."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from portal import clock, create_app
from portal.scheduling import asked_whom
from portal.site import links, marks, words
from tests.cast import World
from tests.colleagues import NOT_OTTO, with_otto
from tests.editing import hostile
from tests.site.happenings import on, plan

#: The one way to write to a page here, and many that an editor may have pasted before they were refused.
WAYS = (
    "/times",
    "/say#top",
    "/times?",
    "/times?ombuds=x",
    "../times",
    "voices",
    "times",
    "http://{host}/say",
    "http://{host}/times?ombuds=x",
    "http://www.{host}/say",
    "https://{host}/say",
    "HTTP://{host}./say#a?b",
    "http://{host}",
    "http://{host}//example.org/say",
    "http:/times",
    "http:say?ombuds=x",
    "http:///{host}/say",
    "//{host}/say",
    "?ombuds=x",
    "#top",
)
WRITTEN = "# A page\n\n- if a child is in danger\n" + "".join(f"- [on](<{way}>)\n" for way in WAYS)


#: Links to other sites, so that no page is without one.
_PLAIN = '<a href="https://a.example">a</a>' * 4


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def ways_round(page: str, address: str) -> list[str]:
    """Links of a page that lead to this site, as a browser reads them, without whom its visitor left out."""
    parser = _Links()
    parser.feed(page)
    assert len(parser.found) > 3
    host = urlsplit(address).hostname or ""
    there = {link: urlsplit(urljoin(address, link)) for link in parser.found}
    ours = {link: to for link, to in there.items() if (to.hostname or "").rstrip(".").removeprefix("www.") == host}
    return [link for link, to in ours.items() if parse_qs(to.query).get("ombuds") != [NOT_OTTO]]


def body_of(page: str) -> str:
    """What the office wrote on it."""
    return "".join(re.findall(r'<div class="text.*?</div>', page, re.DOTALL))


@pytest.fixture
def vera(world: World) -> FlaskClient:
    with_otto(world)
    return create_app(world.instance).test_client()


def write(world: World, key: str, typed: str) -> None:
    """As somebody wrote it who was not refused."""
    with world.stores.site.writing() as site:
        words.keep(site, key, "en", typed, mark=words.standing(site, key, "en").mark)


@pytest.mark.parametrize("key", ["about/charter", "about/exceptions", "week/welcome", "week/students"])
def test_no_link_of_a_text_forgets_whom_vera_left_out(world: World, vera: FlaskClient, key: str) -> None:
    host = urlsplit(world.settings.address).netloc
    write(world, key, WRITTEN.replace("{host}", host))
    path = f"/{key}?ombuds={NOT_OTTO}"
    answer = vera.get(path, follow_redirects=True)

    assert "on</" in answer.text
    assert ways_round(body_of(answer.text), urljoin(world.settings.address, path)) == []


def test_no_link_of_a_hostile_text_forgets_it_either(world: World) -> None:
    app, address = create_app(world.instance), f"{world.settings.address}/about/charter?ombuds={NOT_OTTO}"
    with app.test_request_context(address):
        for each in hostile.texts():
            page = _PLAIN + str(asked_whom.carry(marks.read(each, host=links.host_of(address)).html))
            assert ways_round(page, address) == [], each


def test_of_the_ways_to_write_a_page_here_the_words_are_left(world: World, vera: FlaskClient) -> None:
    write(world, "about/charter", WRITTEN.replace("{host}", "localhost:8000"))

    assert vera.get("/about/charter").text.count("<li>") >= len(WAYS)


@pytest.mark.parametrize(
    "way",
    [
        "/times",
        "/times?",
        "../times",
        "voices",
        "http://localhost:8000/say",
        "http:say?ombuds=x",
        "//localhost:8000/say",
    ],
)
def test_a_link_that_was_left_as_it_was_written_would_be_found(world: World, way: str) -> None:
    """Planted."""
    page = "".join(f'<a href="{each}">a</a>' for each in ("https://a.example", "https://b.example", "#", way))

    assert ways_round(page, f"{world.settings.address}/about/charter?ombuds={NOT_OTTO}") == [way]


def test_no_event_leads_back_here_without_whom_vera_left_out(world: World, vera: FlaskClient) -> None:
    plan(
        world,
        on(clock.now().date() + timedelta(days=1)),
        "A talk",
        "See [us](http://localhost:8000/say) and [it](voices).",
    )
    own = "https://www.localhost.example:8000/week"
    with world.stores.site.writing() as site:
        site.execute(sql("UPDATE event SET link = :link"), {"link": own})
    assert own in vera.get("/week").text, "another site"

    settings = world.instance / "portal.toml"
    settings.write_text(settings.read_text().replace("http://localhost:8000", "https://localhost.example"))
    page = create_app(world.instance).test_client().get(f"/week?ombuds={NOT_OTTO}").text
    assert own not in page
    assert "A talk" in page


def test_the_page_of_the_week_takes_the_choice_along(vera: FlaskClient) -> None:
    assert f"ombuds={NOT_OTTO}" in vera.get(f"/week/welcome?ombuds={NOT_OTTO}").headers["Location"]
