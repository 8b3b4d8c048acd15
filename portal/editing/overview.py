"""All pages of a shelf, as those see them who change them: shown or not, and whose words they hold in each language."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.language import SOURCE
from portal.site import marks, shelves, words


class Whose(StrEnum):
    """Whose words stand there in one language."""

    OWN = "own"
    SHIPPED = "shipped"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Line:
    """One page: where it lies, its title (or its name), whether it is shown, may be hidden, and whose its words are."""

    key: str
    title: str
    is_shown: bool
    may_hide: bool
    langs: tuple[tuple[str, Whose], ...]


def lines(site: Session, shelf: str, langs: Sequence[str]) -> list[Line]:
    return [_line(site, f"{shelf}/{name}", shown, langs) for name, shown in words.all_names(site, shelf)]


def exists(site: Session, key: str) -> bool:
    """Whether there is such a page, shown or not."""
    shelf, _slash, name = key.partition("/")
    return shelf in shelves.SHIPPED and name in dict(words.all_names(site, shelf))


def title(site: Session, key: str, lang: str = SOURCE) -> str:
    """What a page is called; its name, where it has no text yet."""
    found = words.find(site, key, lang)
    return (marks.read(found.text).title if found else "") or key.partition("/")[2]


def _line(site: Session, key: str, shown: bool, langs: Sequence[str]) -> Line:  # noqa: FBT001 - as it is stored
    return Line(
        key=key,
        title=title(site, key),
        is_shown=shown,
        may_hide=key not in shelves.ALWAYS,
        langs=tuple((lang, _whose(site, key, lang)) for lang in langs),
    )


def _whose(site: Session, key: str, lang: str) -> Whose:
    found = words.standing(site, key, lang)
    if found.is_own and found.text:
        return Whose.OWN
    return Whose.SHIPPED if found.text else Whose.NOBODY
