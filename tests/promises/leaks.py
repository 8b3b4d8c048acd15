"""What a page or a header can give away to somebody who is not asked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from portal import inline
from tests.visiting import Answer

#: Words that a title must not carry into a history, a task bar or a lock screen.
TELLING = re.compile(r"ombuds|complain|grievance|harass|report|misconduct|confidential|crisis|roster", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^\s\"'<>)]+", re.IGNORECASE)
_NAMES = frozenset({"http://www.w3.org/2000/svg"})
_TIGHT = frozenset({"'none'", "'self'", "data:"})
#: The scripts that may stand in a page, and what a policy calls them: these, letter by letter, and no other.
FIXED = frozenset(each.text for each in inline.KNOWN)
_FIXED_SOURCES = frozenset(each.source for each in inline.KNOWN)
#: Where the script of the way out goes on to, once; nothing else of what follows may stand in any of them.
WAY_OUT = 'location.replace("/leave/out")'
#: What a script would load, send, keep or go on with; none of the fixed ones may name it.
REACHING = re.compile(
    r"fetch|XMLHttp|sendBeacon|WebSocket|EventSource|import|\bsrc\b|href|cookie|Storage|indexedDB|caches|eval|Function"
    r"|innerHTML|createElement|write|postMessage|Worker|history|submit|click\(|navigator|Image|location(?!\.search)",
    re.IGNORECASE,
)
_LOADING = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.title = ""
        self._in_title = False
        self._script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if tag == "script":
            self._script = ""
            self.found += [f"{name} on <script>" for name, _value in attrs]
        if tag in {"style", "iframe", "object", "embed", "video", "audio", "portal", "base"}:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "ping", "srcdoc", "integrity"}:
                self.found.append(f"{name} on <{tag}>")
            if name == "rel" and {"preconnect", "dns-prefetch", "prefetch", "prerender"} & set((value or "").split()):
                self.found.append(f"rel={value}")
            if name == "http-equiv" and (value or "").lower() == "refresh":
                self.found.append("a page that moves by itself")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"
        if tag == "script":
            self.found += [] if self._script in FIXED else ["<script>"]
            self._script = None

    def handle_data(self, data: str) -> None:
        self.title += data if self._in_title else ""
        self._script = None if self._script is None else self._script + data

    def close(self) -> None:
        super().close()
        self.found += [] if self._script is None else ["<script> without an end"]


def of_page(answer: Answer, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Foreign hosts, scripts, loaders and a telling title; `allowed` are hosts that may stand in the text as a link."""
    page = _Page()
    page.feed(answer.body)
    page.close()
    found = [*page.found, *(f"address {each}" for each in _foreign(answer.body, allowed))]
    if TELLING.search(page.title):
        found.append(f"title {page.title}")
    return found


def of_script(text: str, *, leaves: bool = False) -> list[str]:
    """What a script would load, send, keep or change beside the page that it stands in."""
    return REACHING.findall(text.replace(WAY_OUT, "", 1) if leaves else text)


def of_sheet(answer: Answer) -> list[str]:
    return [*_foreign(answer.body, frozenset()), *_LOADING.findall(answer.body)]


def of_headers(answer: Answer, *, leaves_to: str = "") -> list[str]:
    """Cookies, foreign hosts, a loose policy, and text that a shared cache or the history would keep."""
    found = [f"{name}: {value}" for name, value in answer.headers if name.lower() in {"set-cookie", "etag", "nel"}]
    found += [f"{name}: {value}" for name, value in answer.headers if name == "Vary" and "cookie" in value.lower()]
    found += [
        f"{name}: {value}"
        for name, value in answer.headers
        if _ADDRESS.search(value) and not (name == "Location" and value == leaves_to)
    ]
    policy = answer.header("Content-Security-Policy") or ""
    if "default-src 'none'" not in policy or "unsafe" in policy or set(_sources(policy)) - _TIGHT - _FIXED_SOURCES:
        found.append(f"policy {policy}")
    if answer.header("Referrer-Policy") != "same-origin":
        found.append("referrer")
    if answer.header("Cache-Control") not in {"no-store", "public, max-age=31536000, immutable"}:
        found.append("cache")
    return found


def _foreign(text: str, allowed: frozenset[str]) -> Iterator[str]:
    for each in _ADDRESS.findall(text):
        if each not in _NAMES and urlsplit(each).hostname not in allowed:
            yield each


def _sources(policy: str) -> Iterator[str]:
    return (source for directive in policy.split(";") for source in directive.split()[1:])
