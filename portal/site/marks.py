"""Reads the Markdown of a page: what it says, and what of it a public page must not hold.

Two walls stand one behind the other: the reader never lets HTML or an image through, and what it made is cleaned once
more by a sanitizer that knows a dozen elements.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from portal.site import links
from portal.site.links import Site

_ELEMENTS = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "br"}
_HEADINGS = {"h1", "h2", "h3"}
_VALUE = re.compile(r"\{([a-z_]+)\}")
_MOST_TITLES = 1
_BREAKS = {"softbreak", "hardbreak"}
#: A link to a page of this site in a cleaned text, the page, and the words of the link: only a tag begins with "<".
_INNER_LINK = re.compile(r'<a href="/([a-z0-9/-]+)(?:#[^"]*)?"[^>]*>(.*?)</a>', re.DOTALL)


# Blocks that an office needs, and no others: code, tables, images and HTML are no part of a public page here.
_READER = MarkdownIt("zero", {"html": False}).enable(
    ["heading", "lheading", "list", "blockquote", "hr", "emphasis", "link", "autolink", "escape", "entity", "newline"]
)
_READER.validateLink = lambda url: not links.runs(url)  # type: ignore[method-assign]
# The same with everything let through, so that what is refused can be called by its name.
_FINDER = MarkdownIt("commonmark", {"html": True})
_FINDER.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005


class What(StrEnum):
    """Why a text is refused."""

    HTML = "html"
    IMAGE = "image"
    LINK = "link"
    NOWHERE = "nowhere"
    TITLE = "title"
    CODE = "code"
    DEEP = "deep"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Refused:
    """One thing that a text must not hold: in which line (from 1), what, how it begins, what was likely meant."""

    line: int
    what: What
    begins: str
    instead: str = ""


@dataclass(frozen=True)
class Written:
    """A text, read: its title, the first sentence of it, the sentences of its last list, and the rest as safe HTML.

    `lines` are all words of that rest, for where no HTML is read.
    """

    title: str
    lead: str
    items: tuple[str, ...]
    html: str
    lines: tuple[str, ...] = ()


def read(text: str, values: Mapping[str, str] | None = None, host: str = "") -> Written:
    """Read a text; `{name}` becomes the value of that name. What may not stand there is shown as plain letters.

    A link to this site, which is at `host`, becomes one to its path; of a link that may not stand there, as in a text
    of before, the words stay.
    """
    tokens = _READER.parse(text)
    _fill(tokens, values or {})
    _guide(tokens, host)
    title, rest = _parted(tokens)
    html = nh3.clean(
        _READER.renderer.render(rest, _READER.options, {}),
        tags=_ELEMENTS,
        attributes={"*": set(), "a": {"href"}},  # without "*", titles and languages would be let through
        url_schemes=set(links.SCHEMES),
        link_rel="noreferrer",
    )
    return Written(title, _lead(rest), tuple(_items(rest)), Markup(html), tuple(_lines(rest)))  # noqa: S704 - cleaned


def without_links(written: Written, pages: Collection[str]) -> Written:
    """The same words, with no link to these pages of the site, such as "about/charter"."""
    html = _INNER_LINK.sub(lambda found: found[2] if found[1] in pages else found[0], str(written.html))
    return replace(written, html=Markup(html))  # noqa: S704 - a cleaned text, with tags taken out of it


def refusals(text: str, here: Site | None = None) -> list[Refused]:
    """All that a public page must not hold, in order; links to pages that are not `here` among it, if that is given."""
    found: list[Refused] = []
    titles, env = 0, dict[str, Any]()
    for token in _FINDER.parse(text, env):
        line = (token.map or [0])[0] + 1
        if token.type == "html_block":
            found.append(Refused(line, What.HTML, _begin(token.content)))
        if token.type in {"fence", "code_block"}:
            found.append(Refused(line, What.CODE, _begin(token.content)))
        if token.type == "heading_open" and token.tag == "h1":
            titles += 1
            if titles > _MOST_TITLES:
                found.append(Refused(line, What.TITLE, "#"))
        if token.type == "heading_open" and token.tag not in _HEADINGS:
            found.append(Refused(line, What.DEEP, token.markup))
        found += _refused_inside(token.children or [], line, here)
    return [*found, *_references(env)]


def _references(env: Mapping[str, Any]) -> Iterator[Refused]:
    """Links whose address stands elsewhere in the text: the reader would show them as letters."""
    for each in env.get("references", {}).values():
        yield Refused(each["map"][0] + 1, What.REFERENCE, _begin(each["href"]))


def _refused_inside(children: Sequence[Token], line: int, here: Site | None) -> Iterator[Refused]:
    for child in children:
        match child.type:
            case "softbreak" | "hardbreak":
                line += 1
            case "code_inline":
                yield Refused(line, What.CODE, _begin(child.content))
            case "html_inline":
                yield Refused(line, What.HTML, _begin(child.content))
            case "image":
                yield Refused(line, What.IMAGE, _begin(str(child.attrGet("src") or "")))
            case "link_open":
                yield from _refused_link(str(child.attrGet("href") or ""), line, here)


def _refused_link(url: str, line: int, here: Site | None) -> Iterator[Refused]:
    is_safe = links.is_safe(url)
    if not is_safe or (here and not links.leads(url, here)):
        what = What.NOWHERE if is_safe else What.LINK
        yield Refused(line, what, _begin(url), links.instead(url, here) if here else "")


def _fill(tokens: Sequence[Token], values: Mapping[str, str]) -> None:
    for token in tokens:
        for child in token.children or []:
            if child.type == "text":
                child.content = _VALUE.sub(lambda found: values.get(found[1], found[0]), child.content)


def _guide(tokens: Sequence[Token], host: str) -> None:
    for token in tokens:
        if token.children:
            token.children = [*_guided(token.children, host)]


def _guided(children: Sequence[Token], host: str) -> Iterator[Token]:
    """Each link to where a page may lead; of one that may lead nowhere, its words."""
    leads = True
    for child in children:
        if child.type == "link_open":
            url = links.shown(str(child.attrGet("href") or ""), host)
            leads = url is not None
            child.attrSet("href", url or "")
        if leads or child.type not in {"link_open", "link_close"}:
            yield child


def _parted(tokens: Sequence[Token]) -> tuple[str, list[Token]]:
    """The title, and what stands below it: pages show their title by themselves."""
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return _plain(tokens[1]), [*tokens[3:]]
    return "", [*tokens]


def _lead(tokens: Sequence[Token]) -> str:
    return next((_plain(each) for each in tokens if each.type == "inline"), "")


def _items(tokens: Sequence[Token]) -> Iterator[str]:
    """What stands in the last list, one sentence each: a page may list other things before what it is about."""
    opens = [n for n, token in enumerate(tokens) if token.type.endswith("_list_open") and token.level == 0]
    depth = 0
    for token in tokens[opens[-1] :] if opens else ():
        depth += (token.type == "list_item_open") - (token.type == "list_item_close")
        if depth and token.type == "inline":
            yield _plain(token)


def _plain(token: Token) -> str:
    return "".join(" " if child.type in _BREAKS else child.content for child in token.children or []).strip()


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    """A line for each paragraph and heading, behind its number or a dash in a list."""
    begins = ""
    for token in tokens:
        if token.type == "list_item_open":
            begins = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            yield begins + _with_addresses(token)
            begins = ""


def _with_addresses(token: Token) -> str:
    """What a paragraph says, with the address that a link to elsewhere leads to: plain text cannot be pressed."""
    said, leads_to = "", ""
    for child in token.children or []:
        said += " " if child.type in _BREAKS else child.content
        if child.type == "link_open":
            leads_to = str(child.attrGet("href") or "")
        elif child.type == "link_close" and urlsplit(leads_to).scheme:
            address = leads_to.removeprefix("mailto:").removeprefix("tel:")
            said += "" if said.endswith(address) else f" ({address})"
    return said.strip()


def _begin(content: str) -> str:
    return content.strip().splitlines()[0][:40] if content.strip() else ""
