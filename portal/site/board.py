"""What the page being made needs of the site: the choices of the office, and its words in the language of the page."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from markupsafe import Markup

from portal import clock, language
from portal.notices.board import today
from portal.pages import state
from portal.site import cases, choices, event_rules, events, links, marks, shelves, words
from portal.site.cases import Cases
from portal.site.choices import Choices
from portal.site.events import Event
from portal.site.links import Site
from portal.site.marks import Written
from portal.site.words import Text

_MARK = re.compile(r"[\\`*_{}\[\]<>#+!|]")


@dataclass(frozen=True)
class Shown:
    """A page, read, in the language in which it is there."""

    name: str
    lang: str
    written: Written


@dataclass(frozen=True)
class Told:
    """An event with its words, in the language in which they are there."""

    event: Event
    lang: str
    written: Written


@dataclass(frozen=True)
class Titled:
    """A page by its title, in the language in which it is there."""

    name: str
    lang: str
    title: str


def chosen() -> Choices:
    """The choices of the office, looked up once a day and after each change of them."""

    def load() -> tuple[Choices]:
        with state().stores.site.reading() as site:
            return (choices.read(site),)

    (found,) = state().volatile.choices.read(today(), load)
    assert isinstance(found, Choices)
    return found


def page(key: str) -> Shown | None:
    """A page as visitors see it; None where it is not shown or nobody wrote it."""
    with state().stores.site.reading() as site:
        found = words.find(site, key, language.current()) if words.is_shown(site, key) else None
        hidden = words.hidden(site)
    if found is None:
        return None
    written = _with_cases(found, exceptions()) if key == shelves.EXCEPTIONS else _read(found.text)
    return Shown(key.partition("/")[2], found.lang, marks.without_links(written, hidden))


def titles(shelf: str, names: Collection[str] | None = None) -> list[Titled]:
    """The shown pages of a shelf, or those of them with these names, by their titles alone, in their order."""
    found = _on(shelf).items()
    return [Titled(each, text.lang, _title(text.text)) for each, text in found if names is None or each in names]


def coming() -> list[Told]:
    """The events that are not over, in order of time; one without words is not shown yet."""
    with state().stores.site.reading() as site:
        found = events.coming(site, state().settings.zone, clock.now())
        texts = words.find_all(site, [each.key for each in found], language.current())
        hidden = words.hidden(site)
    every = [(each, texts[each.key]) for each in found if each.key in texts]
    return [Told(_led(each), text.lang, marks.without_links(_read(text.text), hidden)) for each, text in every]


def told(event: Event, text: str, lang: str) -> Told:
    """An event with words that are not kept yet, as its page would show it."""
    return Told(_led(event), lang, _unkept(text))


def preview(key: str, text: str, lang: str) -> Shown:
    """A text that is not kept yet, as its page would show it."""
    return Shown(key.partition("/")[2], lang, _unkept(text))


def here() -> Site:
    """What the links of a text are held against."""
    with state().stores.site.reading() as site:
        return Site(links.host_of(state().settings.address), words.addresses(site))


def exceptions() -> Cases:
    """The cases that hold for everybody; empty where the office lists none."""
    with state().stores.site.reading() as site:
        return cases.listed(site, language.current(), state().settings)


def groups() -> list[Titled]:
    """The pages of exceptions for one constituency."""
    found = _on(shelves.ABOUT).items()
    return [Titled(each, text.lang, _title(text.text)) for each, text in found if each.startswith(shelves.GROUP)]


def _on(shelf: str) -> dict[str, Text]:
    with state().stores.site.reading() as site:
        return words.on_shelf(site, shelf, language.current())


def _with_cases(found: Text, listed: Cases) -> Written:
    """A text with these sentences in the place of its list, so that a page and the forms never say two things."""
    written = _read(found.text)
    if written.items == listed.sentences:
        return written
    rest = [line for line in found.text.splitlines() if not line.startswith("- ")]
    plain = [_MARK.sub(_escape, item) for item in listed]
    written = _read("\n".join([*rest, "", *(f"- {item}" for item in plain)]))
    return written if listed.lang == found.lang else _with_list_in(listed.lang, written)


def _with_list_in(lang: str, written: Written) -> Written:
    """The last list is in another language than the text around it, and a voice must not read it in that one's."""
    before, _tag, after = str(written.html).rpartition("<ul>")
    tag = Markup('<ul lang="{}" dir="{}">').format(lang, language.text_direction(lang))
    return replace(written, html=Markup(before) + tag + Markup(after))  # noqa: S704 - cleaned, and one tag of ours


def _escape(mark: re.Match[str]) -> str:
    return f"\\{mark[0]}"


def _title(text: str) -> str:
    """It stands at the head; to read all of the text would take a list of twenty pages too long."""
    return _read(text.lstrip().partition("\n\n")[0]).title


def _unkept(text: str) -> Written:
    with state().stores.site.reading() as site:
        return marks.without_links(_read(text), words.hidden(site))


def _led(event: Event) -> Event:
    """Without its link if that leads to this very site, where it would lose what a visitor chose."""
    own = links.host_of(state().settings.address)
    if event_rules.is_link(event.facts.link, own):
        return event
    return replace(event, facts=replace(event.facts, link=""))


def _read(text: str) -> Written:
    settings = state().settings
    return marks.read(text, cases.values(settings), links.host_of(settings.address))
