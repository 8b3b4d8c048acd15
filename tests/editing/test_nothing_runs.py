"""Whatever an editor writes, or somebody who has stolen an editor's card: nothing of it runs, and nothing is loaded."""

import json
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from playwright.sync_api import Page

from portal.editing import checking
from portal.site import marks, words
from tests.editing import hostile

ELEMENTS = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "br"}
SCHEMES = {"https", "http", "mailto", "tel"}
_SCHEME = re.compile(r"^[\x00-\x20]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
#: What a reader who lets everything through would make of a text.
EVERYTHING = MarkdownIt("commonmark", {"html": True})
EVERYTHING.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005


class _Forbidden(HTMLParser):
    """Collects what no public page may hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag not in ELEMENTS else []
        for name, value in attrs:
            if (tag, name) not in {("a", "href"), ("a", "rel")}:
                self.found.append(f"{tag} {name}")
            if name == "href" and not _is_allowed(value or ""):
                self.found.append(f"{name} {value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_decl(self, decl: str) -> None:
        self.found.append(decl)

    def handle_pi(self, data: str) -> None:
        self.found.append(data)


def _is_allowed(address: str) -> bool:
    scheme = _SCHEME.match(address)
    return scheme is None or scheme[1].lower() in SCHEMES


def forbidden(html: str) -> list[str]:
    parser = _Forbidden()
    parser.feed(html)
    parser.close()
    return parser.found


def everywhere() -> Iterator[str]:
    for text in hostile.texts():
        yield from hostile.placed(text)


def test_there_are_many_of_them() -> None:
    assert len(hostile.texts()) > 2000


@pytest.mark.parametrize(
    "html",
    ["<img src=x>", "<p onclick=a>", "<a href=' JavaScript:a'>", "<!-- a -->", "<svg/onload=a>", "<a href='data:a'>"],
)
def test_what_a_page_must_not_hold_is_seen(html: str) -> None:
    assert forbidden(html)


def test_of_no_text_anything_is_left_that_could_run() -> None:
    for text in everywhere():
        assert forbidden(str(marks.read(text, {"office": "<b>Us</b>"}).html)) == [], text


def lost(text: str) -> list[str]:
    """What a reader who lets everything through would have made of it, and ours does not; a link's title is no loss."""
    return [each for each in forbidden(EVERYTHING.render(text)) if each not in {"h1", "a title"}]


def test_what_is_refused_is_named() -> None:
    assert [text for text in everywhere() if lost(text) and not marks.refusals(text)] == []


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"<>[]()!*_`#&;:\"'\\/- \n", "script", "javascript:", "alert(1)", "onerror=", "img", "a", "&#x6A;", "\n\n"]
        )
        | st.text(max_size=3),
        max_size=40,
    ).map("".join)
)
def test_of_no_mixture_of_marks_either(text: str) -> None:
    assert forbidden(str(marks.read(text).html)) == []
    if lost(text):
        assert marks.refusals(text)


HIT = "__hit"
SHAKE = """() => { for (const each of document.querySelectorAll('body *'))
    for (const name of ['load', 'error', 'focus', 'mouseover', 'pointerenter', 'toggle', 'animationstart', 'click'])
        if (!(name === 'click' && each.closest('a'))) each.dispatchEvent(new Event(name, {bubbles: false})) }"""
PRESS = """() => { let count = 0; for (const each of document.querySelectorAll('a'))
    if (/^\\s*(javascript|data|vbscript|blob|file)/i.test(each.protocol + each.getAttribute('href'))) count++;
    return count }"""


def attacked(page: Page, html: str) -> list[str]:
    """What ran and what was asked for on a page without any policy."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss())[0])
    page.on("request", lambda request: seen.append(request.url))
    page.route("**/*", lambda route: route.abort())
    page.set_content(f"<!doctype html><html><body>{html}</body></html>", wait_until="load")
    page.evaluate(SHAKE)
    page.wait_for_timeout(500)
    return [*seen, *["a link that runs"] * int(page.evaluate(PRESS))]


def test_in_a_browser_without_a_policy_nothing_runs_and_nothing_is_loaded(open_page: Callable[..., Page]) -> None:
    html = "".join(str(marks.read(text).html) for text in everywhere())

    assert attacked(open_page(js=True), html) == []


@pytest.mark.parametrize(
    "planted",
    ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "<a href='javascript:alert(1)'>x</a>"],
)
def test_a_planted_text_runs_or_is_seen(open_page: Callable[..., Page], planted: str) -> None:
    assert attacked(open_page(js=True), planted)


NASTY = {
    "brackets": "[" * 100_000,
    "links": "[](" * 40_000,
    "pictures": "![" * 60_000,
    "quotes": "> " * 60_000,
    "deep quotes": ">" * 100_000,
    "lists": "\n".join("  " * depth + "- a" for depth in range(400)),
    "stars": "**a " * 30_000,
    "slants": "*a_" * 40_000,
    "angles": "<" * 100_000,
    "comments": "<!--" * 30_000,
    "data": "<![CDATA[" * 12_000,
    "entities": "&#x" * 40_000,
    "titles": '[a](b "' * 20_000,
    "addresses": "[a]: b\n" * 15_000,
    "ticks": " ".join("`" * size for size in range(1, 400)),
    "braces": "{a" * 60_000,
    "megabyte": "[*_<>" * 210_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_a_text_that_is_hard_to_read_costs_little(name: str) -> None:
    """Too long, it is refused by its length alone; as long as a page may be, it is read in time."""
    names = ("office",)
    for text in (NASTY[name], NASTY[name][: words.LONGEST]):
        began = time.process_time()
        found = checking.problems(text, "about/charter", names=names, longest=words.LONGEST)
        if len(text) <= words.LONGEST:
            marks.read(text)
        assert time.process_time() - began < 2, json.dumps(name)
        assert found
