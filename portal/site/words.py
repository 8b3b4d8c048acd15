"""The texts of the office: found in the language of the page, changed with one step back, and never lost."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.language import SOURCE, is_language
from portal.site import links, shelves, tables

#: So long may a text be, in letters. A page of them is read in a quarter of an hour.
LONGEST = 20_000


@dataclass(frozen=True)
class Text:
    """A text as a page shows it, and the language in which it is there."""

    text: str
    lang: str


@dataclass(frozen=True)
class Standing:
    """A text as its editor finds it: what stands there now, what stood there before, and whose it is.

    `mark` names what stands there, so that a change made on top of something else is noticed.
    """

    text: str
    is_own: bool
    before: str | None

    @property
    def mark(self) -> str:
        return sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Changed:
    """Somebody else changed the text meanwhile: what stands there now."""

    now: Standing


def standing(site: Session, key: str, lang: str) -> Standing:
    row = site.get(tables.Words, (key, lang))
    shipped = shelves.shipped(key, lang) or ""
    if row is None or not isinstance(row.text, str | None):
        return Standing(shipped, is_own=False, before=None)
    return Standing(shipped if row.text is None else row.text, is_own=row.text is not None, before=row.before)


def find(site: Session, key: str, lang: str) -> Text | None:
    """A text in this language; else in the source language; else in any that it was written in; else None."""
    return find_all(site, [key], lang).get(key)


def find_all(site: Session, keys: Sequence[str], lang: str) -> dict[str, Text]:
    """Those of these texts that are there, in this order and in one look at the store."""
    own: dict[str, dict[str, str]] = {key: {} for key in keys}
    columns = tables.Words.key, tables.Words.lang, tables.Words.text
    for key, written_in, text in site.execute(select(*columns).where(tables.Words.key.in_(keys))):
        # Somebody may have written there what is no text.
        if text and isinstance(text, str) and is_language(written_in):
            own[key][written_in] = text
    found = ((key, _best(key, lang, own[key])) for key in keys)
    return {key: text for key, text in found if text}


def _best(key: str, lang: str, own: Mapping[str, str]) -> Text | None:
    # What the office says of its duties stands above what was shipped: better in a foreign language than too little.
    sources: tuple[Callable[[str], str | None], ...] = (own.get, partial(shelves.shipped, key))
    orders = [(source, each) for source in sources for each in (lang, SOURCE, *sorted(own))]
    if not shelves.lists_cases(key):
        orders = [(source, each) for each in (lang, SOURCE, *sorted(own)) for source in sources]
    return next((Text(found, each) for source, each in orders if (found := source(each))), None)


def _written(site: Session, keys: Collection[str]) -> set[str]:
    """Those of these pages for which the office wrote a text, in whichever language."""
    if not keys:
        return set()
    return {*site.scalars(select(tables.Words.key).where(tables.Words.key.in_(keys), tables.Words.text != ""))}


def is_written(site: Session, key: str) -> bool:
    """Whether the office wrote a text of its own for this page, in whichever language."""
    return any(site.scalars(select(tables.Words.text).where(tables.Words.key == key)))


def keep(site: Session, key: str, lang: str, text: str, *, mark: str) -> Standing | Changed:
    """Put a text in the place of the one that `mark` names; what stood there can be taken back once."""
    now, new = standing(site, key, lang), tidy(text)
    if now.mark != mark:
        return now if now.text == new else Changed(now)
    if now.text != new:
        _write(site, key, lang, new, before=now.text)
    return standing(site, key, lang)


def take_back(site: Session, key: str, lang: str, *, mark: str) -> Standing | Changed:
    """Go back to the text before; taking back twice is where it began."""
    now = standing(site, key, lang)
    if now.mark != mark:
        return Changed(now)
    if now.before is not None:
        _write(site, key, lang, now.before, before=now.text)
    return standing(site, key, lang)


def tidy(text: str) -> str:
    """A text as it is kept: a browser sends other line ends than files have."""
    return "\n".join(text.splitlines()).strip() + "\n"


def _write(site: Session, key: str, lang: str, text: str, *, before: str) -> None:
    own = None if text == shelves.shipped(key, lang) else text
    site.merge(tables.Words(key=key, lang=lang, text=own, before=before))
    site.flush()


def written_in(site: Session, keys: Sequence[str]) -> dict[str, list[str]]:
    """In which languages the office wrote each of these texts, in one look at the store; shipped ones are not told."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    asked = select(tables.Words.key, tables.Words.lang)
    for key, lang in site.execute(asked.where(tables.Words.key.in_(keys), tables.Words.text != "")):
        if is_language(lang):
            found[key].append(lang)
    return {key: sorted(langs) for key, langs in found.items()}


def names(site: Session, shelf: str) -> list[str]:
    """The pages of a shelf that are shown: the shipped ones in their order, then those that the office added."""
    return [name for name, shown in all_names(site, shelf) if shown]


def all_names(site: Session, shelf: str) -> list[tuple[str, bool]]:
    """The same, and those that are not shown; beside each name, whether it is."""
    rows = {row.key: row.shown for row in site.scalars(select(tables.Page)) if isinstance(row.key, str)}
    shipped = shelves.SHIPPED[shelf]
    added = sorted(key.partition("/")[2] for key in rows if key.startswith(f"{shelf}/"))
    every = [*shipped, *(name for name in added if name not in shipped)]
    return [(name, bool(rows.get(f"{shelf}/{name}", True))) for name in every]


def hidden(site: Session) -> frozenset[str]:
    """The keys of the pages that no visitor can open: they are not shown, or nobody has written them yet."""
    rows = {row.key: row.shown for row in site.scalars(select(tables.Page))}
    added = {key for key, shown in rows.items() if shown and shelves.shipped(key, SOURCE) is None}
    return frozenset(key for key, shown in rows.items() if not shown) | (added - _written(site, added))


def addresses(site: Session) -> frozenset[str]:
    """The paths of all pages to which a text may lead; those that are hidden now are unlinked as long as they are."""
    every = {f"/{shelf}/{name}" for shelf in shelves.SHIPPED for name, _shown in all_names(site, shelf)}
    return links.PUBLIC | every


def is_shown(site: Session, key: str) -> bool:
    shelf, _slash, name = key.partition("/")
    return shelf in shelves.SHIPPED and name in names(site, shelf)


def show(site: Session, key: str, *, shown: bool) -> None:
    """Show a page or not; one that is always shown stays."""
    if shown or key not in shelves.ALWAYS:
        site.merge(tables.Page(key=key, shown=shown))
        site.flush()


def on_shelf(site: Session, shelf: str, lang: str) -> dict[str, Text]:
    """The shown pages of a shelf that have a text, by their names, in their order."""
    keys = [f"{shelf}/{name}" for name in names(site, shelf)]
    return {key.partition("/")[2]: text for key, text in find_all(site, keys, lang).items()}
