"""The cases in which the ombuds must speak, and the names that every text may use for what the settings hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.language import SOURCE
from portal.site import choices, marks, shelves, words


@dataclass(frozen=True)
class Cases:
    """The sentences, and the language in which they are there; an office that lists none has none in any."""

    sentences: tuple[str, ...]
    lang: str

    def __iter__(self) -> Iterator[str]:
        return iter(self.sentences)

    def __len__(self) -> int:
        return len(self.sentences)


def values(settings: Settings) -> dict[str, str]:
    """What `{office}`, `{days}` and `{address}` become in a text."""
    return {
        "office": settings.office_name,
        "days": str(settings.keep_days),
        "address": urlsplit(settings.address).netloc,
    }


def listed(site: Session, lang: str, settings: Settings) -> Cases:
    """Those of the office's own page, else of its settings; empty where it lists none.

    What is shipped is no office's word: it stands in the place of the settings only where they say the same, in the
    languages that these do not speak.
    """
    text = words.find(site, shelves.EXCEPTIONS, lang)
    shipped = marks.read(shelves.shipped(shelves.EXCEPTIONS, SOURCE) or "").items
    if text and (is_own(site) or settings.exceptions == shipped):
        return Cases(marks.read(text.text, values(settings)).items, text.lang)
    # Settings have one language: whoever fills them in writes them for the office's own visitors.
    return Cases(settings.exceptions, choices.read(site).languages[0])


def is_own(site: Session) -> bool:
    """Whether the office wrote that page, in whichever language."""
    return words.is_written(site, shelves.EXCEPTIONS)
