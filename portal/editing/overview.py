"""All pages of a shelf, as those see them who change them: shown or not, and whose words they hold in each language."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.language import SOURCE
from portal.site import added, marks, shelves, words
from portal.site.words import Text


class Whose(StrEnum):
    """Whose words stand there in one language."""

    OWN = "own"
    SHIPPED = "shipped"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Line:
    """One page: where it lies, its title (or its name), whether it is shown, what may be done, whose words it has."""

    key: str
    title: str
    is_shown: bool
    may_hide: bool
    may_remove: bool
    langs: tuple[tuple[str, Whose], ...]


def lines(site: Session, shelf: str, langs: Sequence[str]) -> list[Line]:
    """All pages of a shelf, in three looks at the store however many there are."""
    every = [(f"{shelf}/{name}", shown) for name, shown in words.all_names(site, shelf)]
    keys = [key for key, _shown in every]
    texts, written = words.find_all(site, keys, SOURCE), words.written_in(site, keys)
    return [
        Line(
            key=key,
            title=_title(key, texts.get(key)),
            is_shown=shown,
            may_hide=key not in shelves.ALWAYS,
            may_remove=added.is_added(key),
            # A language that the office gave up stays where it has words: visitors may still be shown them.
            langs=tuple((lang, _whose(key, lang, written[key])) for lang in dict.fromkeys([*langs, *written[key]])),
        )
        for key, shown in every
    ]


def exists(site: Session, key: str) -> bool:
    """Whether there is such a page, shown or not."""
    shelf, _slash, name = key.partition("/")
    return shelf in shelves.SHIPPED and name in dict(words.all_names(site, shelf))


def title(site: Session, key: str, lang: str = SOURCE) -> str:
    """What a page is called; its name, where it has no text yet."""
    return _title(key, words.find(site, key, lang))


def _title(key: str, text: Text | None) -> str:
    """It stands at the head; to read all of each text would take a list of pages too long."""
    return (marks.read(text.text.lstrip().partition("\n\n")[0]).title if text else "") or key.partition("/")[2]


def _whose(key: str, lang: str, written: Collection[str]) -> Whose:
    if lang in written:
        return Whose.OWN
    return Whose.SHIPPED if shelves.shipped(key, lang) else Whose.NOBODY
