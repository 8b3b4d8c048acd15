"""What the page being made needs of the site: the choices of the office, and its words in the language of the page."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import language
from portal.notices.board import today
from portal.pages import state
from portal.site import choices, marks, shelves, words
from portal.site.choices import Choices
from portal.site.marks import Written

#: Where the cases stand in which the ombuds must speak.
EXCEPTIONS = "about/exceptions"
_MARK = re.compile(r"[\\`*_{}\[\]<>#+!|]")


@dataclass(frozen=True)
class Shown:
    """A page, read, in the language in which it is there."""

    name: str
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
    if found is None:
        return None
    text = _with_items(found.text, exceptions()) if key == EXCEPTIONS else found.text
    return Shown(key.partition("/")[2], found.lang, _read(text))


def shelf(name: str) -> list[Shown]:
    """All shown pages of a shelf, in their order."""
    found: list[Shown] = []
    with state().stores.site.reading() as site:
        words.each_of(
            site, name, language.current(), lambda each, text: found.append(Shown(each, text.lang, _read(text.text)))
        )
    return found


def titles(shelf: str, names: Collection[str] | None = None) -> list[Titled]:
    """The pages of a shelf, or those of these names that are shown, by their titles alone, in their order."""
    with state().stores.site.reading() as site:
        shown = [each for each in words.names(site, shelf) if names is None or each in names]
        found = [(each, words.find(site, f"{shelf}/{each}", language.current())) for each in shown]
    # A title stands at the head of its text; to read all of it would take a list of twenty pages too long.
    return [
        Titled(name, text.lang, _read(text.text.lstrip().partition("\n\n")[0]).title) for name, text in found if text
    ]


def exceptions() -> tuple[str, ...]:
    """The cases that hold for everybody: of the office's own page, else of its settings; empty where it lists none.

    What is shipped is no office's word: it stands in the place of the settings only where they say the same, in the
    languages that these do not speak.
    """
    settings = state().settings
    with state().stores.site.reading() as site:
        found, is_own = _exceptions(site)
    shipped = marks.read(shelves.shipped(EXCEPTIONS, language.SOURCE) or "").items
    return found if is_own or settings.exceptions == shipped else settings.exceptions


def _exceptions(site: Session) -> tuple[tuple[str, ...], bool]:
    """What the page lists in this language, and whether the office wrote it."""
    text = words.find(site, EXCEPTIONS, language.current())
    is_own = any(words.standing(site, EXCEPTIONS, each).is_own for each in (language.current(), language.SOURCE))
    return _read(text.text).items if text else (), is_own


def groups() -> list[Titled]:
    """The pages of exceptions for one constituency."""
    return [each for each in titles(shelves.ABOUT) if each.name.startswith(shelves.GROUP)]


def _with_items(text: str, items: tuple[str, ...]) -> str:
    """A text with these sentences in the place of its list, so that a page and the forms never say two things."""
    if _read(text).items == items:
        return text
    rest = [line for line in text.splitlines() if not line.startswith("- ")]
    plain = [_MARK.sub(_escape, item) for item in items]
    return "\n".join([*rest, "", *(f"- {item}" for item in plain)])


def _escape(mark: re.Match[str]) -> str:
    return f"\\{mark[0]}"


def _title(text: str) -> str:
    """It stands at the head; to read all of the text would take a list of twenty pages too long."""
    return _read(text.lstrip().partition("\n\n")[0]).title


def _read(text: str) -> Written:
    settings = state().settings
    return marks.read(text, {"office": settings.office_name, "days": str(settings.keep_days)})
