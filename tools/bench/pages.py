"""What a visitor's pages weigh and load, and how far it is to a receipt."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from portal import inline
from tests.cast import VERA, Server, World
from tests.visiting import Answer, Visitor
from tools.bench.figures import Figure, at_most, exactly
from tools.bench.serving import ROOT, running

KIB = 1024
MOST_WORDS = 120
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
#: Elements that load what `src`, `data` or (a link) `href` names.
_LOADING = frozenset(
    {"audio", "embed", "iframe", "img", "input", "link", "object", "script", "source", "track", "video"}
)
_IN_SHEETS = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""")


def distributions() -> Iterator[Figure]:
    """The locked ones; those for another system or Python count too."""
    yield at_most("distributions at run time", len(locked(ROOT / "requirements.txt")), 32)


def locked(requirements: Path) -> list[str]:
    return re.findall(r"(?m)^([A-Za-z0-9._-]+)==", requirements.read_text("utf-8"))


def page_weights(world: World) -> Iterator[Figure]:
    """Every page of a visit with all that it loads."""
    with running(world) as (server, own):
        visitor = Visitor(server.url)
        pages = {name: Load(visitor, page) for name, page in _visit(visitor, own).items()}
    heaviest = max(pages, key=lambda name: pages[name].compressed)
    as_sent = max(pages, key=lambda name: pages[name].bytes)
    yield at_most(f"heaviest visitor page ({heaviest}), compressed, KiB", _kib(pages[heaviest].compressed), 14)
    yield Figure(f"heaviest as sent, not compressed ({as_sent}), KiB", str(_kib(pages[as_sent].bytes)))
    yield at_most("requests for a visitor page", max(len(each.parts) for each in pages.values()), 3)
    yield exactly("requests to third parties, all visitor pages", sum(each.foreign for each in pages.values()), 0)
    yield exactly("bytes of other JavaScript than the fixed", sum(each.scripts for each in pages.values()), 0)
    yield at_most("bytes of fixed JavaScript in a visitor page", max(each.fixed for each in pages.values()), 1_500)


def _kib(size: int) -> float:
    return round(size / KIB, 1)


def _visit(visitor: Visitor, world: World) -> dict[str, Answer]:
    """Each kind of page that a visitor meets."""
    keys = [offer.key for offer in world.offers()]
    pages = {path: visitor.get(path) for path in ("/", "/times", "/week", "/about/limits", "/return", "/leave", "/no")}
    pages["form"] = visitor.choose(keys[:3])
    pages["receipt"] = visitor.book(world, VERA, keys[:1], mode="in-person", share="name")
    pages["taken"] = visitor.book(world, VERA, keys[:1])
    pages["refused"] = visitor.book(world, VERA, keys[1:2], code=world.code_of(VERA)[:-1])
    pages["matter"] = visitor.post("/return", {"words": visitor.words(pages["receipt"])})
    pages["sure?"] = visitor.post("/return", visitor.fill(pages["matter"], action="cancel"))
    pages["letter"] = visitor.choose_to_write(world.ombuds)
    pages["sent"] = visitor.write(world, VERA, share="name")
    pages["letter, refused"] = visitor.write(world, VERA, code=world.code_of(VERA)[:-1])
    pages["messages"] = visitor.post("/return", {"words": visitor.words(pages["sent"])})
    return pages


class Load:
    """A page and what a browser fetches for it: parts by address, and what comes from elsewhere or runs."""

    def __init__(self, visitor: Visitor, page: Answer) -> None:
        names = _Names()
        names.feed(page.body)
        home = urlsplit(visitor.url).netloc
        self.parts = {"": page.body.encode()}
        self.fixed = names.fixed
        self.scripts = names.inline
        self.foreign = 0
        waiting = [urljoin(visitor.url, name) for name in names.found if not name.startswith("data:")]
        while waiting:
            url = waiting.pop()
            if urlsplit(url).netloc != home:
                self.foreign += 1
            elif url not in self.parts:
                part = visitor.get(url)
                self.parts[url] = part.body.encode()
                kind = part.header("Content-Type") or ""
                self.scripts += len(self.parts[url]) if "javascript" in kind else 0
                named = _IN_SHEETS.findall(part.body) if "css" in kind else []
                waiting += [urljoin(url, name) for name in named if not name.startswith("data:")]

    @property
    def bytes(self) -> int:
        return sum(map(len, self.parts.values()))

    @property
    def compressed(self) -> int:
        return sum(len(gzip.compress(part, 6)) for part in self.parts.values())


class _Names(HTMLParser):
    """The addresses that a page loads, and how many bytes of script stand in it: the fixed ones of ours, and others."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline = self.fixed = 0
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        self.inline += sum(len(value or "") for name, value in attrs if name.startswith("on"))
        if tag in _LOADING:
            wanted = {"href"} if tag == "link" else {"src", "data", "poster"}
            self.found += [value for name, value in attrs if name in wanted and value]

    def handle_data(self, data: str) -> None:
        if self._in_script and any(data == each.text for each in inline.KNOWN):
            self.fixed += len(data.encode())
        elif self._in_script:
            self.inline += len(data)

    def handle_endtag(self, _tag: str) -> None:
        self._in_script = False


@dataclass
class _Walk:
    """A visitor's way, page after page."""

    visitor: Visitor
    pages: list[Answer] = field(default_factory=list)

    def see(self, page: Answer) -> Answer:
        self.pages.append(page)
        return page


def way_to_a_receipt(world: World) -> Iterator[Figure]:
    """From the first page by its own links and buttons; what is chosen is no typing."""
    typed = {"with a code": {"email": VERA.email, "code": world.code_of(VERA)}, "without a code": {}}
    with running(world) as (server, own):
        keys = iter([offer.key for offer in own.offers()])
        walks = {name: _walk(server, next(keys), fields) for name, fields in typed.items()}
        halves = [_walk(server, next(keys), dict([pair])) for pair in typed["with a code"].items()]
        needed = sum(not _is_receipt(walk.pages[-1]) for walk in halves)
    assert all(_is_receipt(walk.pages[-1]) for walk in walks.values()), "the way leads to no receipt"
    assert needed == len(typed["with a code"]), "a typed field is not needed"
    yield at_most("pages to a receipt", max(len(walk.pages) for walk in walks.values()), 4)
    yield at_most("typed fields, with a code", len(typed["with a code"]), 2)
    yield exactly("typed fields, without a code", len(typed["without a code"]), 0)
    for name, page in zip(("home", "times", "form"), walks["with a code"].pages, strict=False):
        yield at_most(f"words above the first button, {name}", len(words_above(page.body)), MOST_WORDS)


def _walk(server: Server, key: str, typed: dict[str, str]) -> _Walk:
    walk = _Walk(visitor := Visitor(server.url))
    home = walk.see(visitor.get("/"))
    found = re.search(r'<a class="button" href="([^"]+)"', home.body)
    assert found, "the first page has no button"
    walk.see(visitor.get(found[1]))
    form = walk.see(visitor.choose([key]))
    chosen = {"mode": "phone", "proof": "code" if typed else "none"}
    walk.see(visitor.post("/book", visitor.fill(form, **chosen, **typed)))
    return walk


def _is_receipt(page: Answer) -> bool:
    return '<ol class="words"' in page.body


class _Reading(HTMLParser):
    """The words of `main` down to its first button, as they are seen before anything is pressed.

    What is picked from (answers, lists of times), typed into or unfolded is no reading, nor are other pages' links.
    """

    _APART = frozenset({"nav", "select", "script", "style", "textarea"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        self._is_over = self._is_over or ("button" in classes and self._is_in("main"))
        if tag not in _VOID:
            is_apart = tag in self._APART or bool({"pick", "unseen"} & set(classes))
            self._open.append((tag, is_apart))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._is_over or not self._is_in("main") or any(is_apart for _, is_apart in self._open):
            return
        if not self._is_in("details") or self._is_in("summary"):
            self.words += data.split()

    def _is_in(self, name: str) -> bool:
        return any(tag == name for tag, _ in self._open)


def words_above(html: str) -> list[str]:
    """The words that stand above the first button of a page's own part."""
    reading = _Reading()
    reading.feed(html)
    return reading.words
