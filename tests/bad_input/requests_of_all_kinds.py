"""Requests that no page of ours would send: every route, field and header, with values that hurt careless code."""

from dataclasses import dataclass, field

from flask import Flask
from hypothesis import strategies as st
from wtforms import Form

import portal.web  # noqa: F401 - it knows all pages, and so all forms
from portal import fields

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
#: These end the session that the other requests need.
ENDS_THE_DESK = {"/desk/cover", "/desk/sign-out"}
NASTY = (
    "",
    "0",
    "-1",
    "9" * 400,
    "1e999",
    "nan",
    "\0",
    "\x1b[2J",
    "\r\nSet-Cookie: a=b",
    "<script>alert(1)</script>",
    "{{ settings.secrets }}",
    "%(word)s %s %n",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "\u202efdp.exe",
    "\U0001f9d1\u200d\U0001f91d\u200d\U0001f9d1" * 60,
    "a" * 9000,
    "é̂" * 300,
    "\ud800",
    "xn--\ud7ff",
    "vera@" + "a." * 130 + "org",
    "\ufb00\ufb01@\u017ft.example",
    "25:61",
    "Pacific/Chatham",
    "not-" + "0" * 32,
    "lang-ga",
    "Europe/../../etc/passwd",
    "abacus " * 7,
)
HEADERS = {
    "Host": ("", "localhost:8000", "evil.example", "[::1", "a" * 300, "localhost:99999", "\xe9"),
    "Cookie": ("desk=", "desk=.e.e.e", "desk=eyJhIjoxfQ.aaaa.bbbb", "=;;;=", "desk=" + "x" * 5000, "a=\xff"),
    "Accept-Language": ("", "ar", "de-DE;q=nan", "xx-" * 200, "*;q=-1"),
    "Content-Type": (
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-7",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain; charset=\xff",
        ";;;",
        "",
    ),
    "Content-Length": ("", "-1", "nine", "1", "99999999999", "0x10"),
    "Sec-Fetch-Site": ("same-origin", "none", "cross-site", "same-site", "", "\xff"),
    "Origin": ("null", "http://localhost:8000", "http://evil.example", "://", "http://[", ""),
    "Range": ("bytes=0-1", "bytes=-1", "lines=\xff"),
    "If-None-Match": ("*", '"', 'W/"x"'),
    "If-Modified-Since": ("yesterday", "Sun, 06 Nov 1994 08:49:37 GMT"),
    "X-Forwarded-For": ("127.0.0.1, \xff",),
}


@dataclass(frozen=True)
class Sent:
    """One request as the client sends it."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]
    body: bytes | None
    headers: tuple[tuple[str, str], ...] = field(default=())


def paths(app: Flask) -> list[tuple[str, frozenset[str]]]:
    """Every rule of the product's own map, with its arguments."""
    return sorted((rule.rule, frozenset(rule.arguments)) for rule in app.url_map.iter_rules())


def every_form() -> set[type[Form]]:
    """All forms there are, by their two roots."""
    found, todo = set[type[Form]](), [fields.VisitorForm, fields.DeskForm]
    while todo:
        children = todo.pop().__subclasses__()
        found |= set(children)
        todo += children
    return {form for form in found if form.__module__.startswith("portal.")}


def names() -> list[str]:
    """Every field of every form, and some that are none."""
    fields = {name for form in every_form() for name in dir(form) if hasattr(getattr(form, name), "field_class")}
    return sorted(fields | {"slot", "csrf_token", "tz", "week", "whom", "nobody", "", "\xff"})


def values(known: list[str]) -> st.SearchStrategy[str]:
    """What hurts, what is nearly right, and anything at all."""
    mistyped = st.builds(
        lambda text, at, to: text[:at] + to + text[at:], st.sampled_from(known), st.integers(0, 60), st.text(max_size=2)
    )
    return st.sampled_from(NASTY) | st.sampled_from(known) | mistyped | st.text(max_size=40)


def requests(app: Flask, known: list[str], *, skip: frozenset[str] = frozenset()) -> st.SearchStrategy[Sent]:
    """Any method on any address, with any fields, bytes and headers; `known` are values that mean something."""
    value = values(known)
    rules = [each for each in paths(app) if each[0] not in skip]
    path = st.sampled_from(rules).flatmap(lambda rule: _filled(*rule, value)) | value.map(lambda text: f"/{text}")
    headers = st.lists(
        st.sampled_from(sorted(HEADERS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(HEADERS[name]))),
        max_size=2,
    )
    pairs = st.lists(st.tuples(st.sampled_from(names()), value), max_size=8).map(tuple)
    return st.builds(
        Sent,
        method=st.sampled_from(METHODS) | st.just("POST"),
        path=path,
        fields=pairs,
        body=st.none() | st.none() | st.binary(max_size=60),
        headers=headers.map(tuple),
    )


def _filled(rule: str, arguments: frozenset[str], value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    if not arguments:
        return st.just(rule)
    name, *rest = sorted(arguments)
    return value.flatmap(lambda text: _filled(rule.replace(f"<{name}>", text or "-"), frozenset(rest), value))
