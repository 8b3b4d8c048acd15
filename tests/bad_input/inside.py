"""A visitor without cookies inside the process, which is quicker than a server, and what a page says as plain text."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from portal import create_app
from portal.scheduling.rules import Offer
from portal.seizure.footprint import stamps
from tests.cast import World, change_settings
from tests.visiting import Answer, Visitor

#: Elements that hold nothing, so that nothing closes them.
VOID = {"meta", "link", "input", "br", "hr", "img", "wbr"}


class Inside(Visitor):
    """The whole application in this process, asked as a browser asks; each has a memory of its own."""

    def __init__(self, world: World) -> None:
        super().__init__("http://localhost:8000")
        self.world = world
        self.app = create_app(world.instance)
        self._client = self.app.test_client(use_cookies=False)
        self._given: set[bytes] = set()
        # The first page of a day runs the daily job and makes the list: what changes after it, a request has changed.
        assert self.get("/times").status == 200

    def times(self, count: int = 1) -> list[Offer]:
        """Listed times that no test was given; the first of all may come too near while a test runs."""
        listed = self.app.extensions["portal"].volatile.publication.items[1:]
        found = [offer for offer in listed if offer.id not in self._given][:count]
        assert len(found) == count, "the tests of this module need more times"
        self._given.update(offer.id for offer in found)
        return found

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Any method with any body, sent as a form."""
        sent = {"Content-Type": "application/x-www-form-urlencoded"} | {
            k.replace("_", "-"): headers[k] for k in headers
        }
        return self._sent(method, path, body, sent)

    def _ask(self, request: urllib.request.Request) -> Answer:
        path = request.full_url.removeprefix(self.url)
        body = request.data if isinstance(request.data, bytes) else b""
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if request.data is not None else {}
        return self._sent(request.get_method(), path, body, kind | dict(request.header_items()))

    def _sent(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        measured = headers | {"Content-Length": str(len(body))}  # as every browser says it, also of an empty form
        found = self._client.open(path, base_url=self.url, method=method, data=body, headers=measured)
        return Answer(found.status_code, list(found.headers.items()), found.get_data(as_text=True), len(found.data))


def open_office(first_world: World, folder: Path) -> Inside:
    """An office of a module's own with room for its bookings."""
    world = first_world.copy(folder / "instance")
    change_settings(world.instance, lockers="lockers = 60")
    world.refresh()
    return Inside(world)


@contextmanager
def nothing_changes(world: World) -> Iterator[None]:
    """The office's files are the same to the byte and the nanosecond afterwards."""
    before = stamps(world.instance)
    yield
    after = stamps(world.instance)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert not changed, f"these files changed: {sorted(changed)}"


@dataclass
class _Element:
    tag: str
    kinds: frozenset[str]
    text: str = ""


@dataclass
class Page:
    """A page as a browser builds it: its elements with their text, and its bare frame of tags and attributes."""

    elements: list[_Element] = field(default_factory=list)
    frame: list[tuple[str, ...]] = field(default_factory=list)

    def texts(self, tag: str, kind: str = "") -> list[str]:
        """The text inside each element of a tag (and a class), with what stands in elements inside it."""
        return [each.text.strip() for each in self.elements if each.tag == tag and (not kind or kind in each.kinds)]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The names of attributes only: tickets and keys are others on every page. `value` comes and goes with a text.
        self.page.frame.append((tag, *(name for name, _value in attrs if name != "value")))
        element = _Element(tag, frozenset((dict(attrs).get("class") or "").split()))
        self.page.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        assert "makes all answers equally long" in data, "a comment that is not ours"


def page_of(body: str) -> Page:
    """Read a page.

    Raises:
        AssertionError: when its elements do not close in order, as they would not after markup slipped in.
    """
    builder = _Builder()
    builder.feed(body)
    builder.close()
    return builder.page
