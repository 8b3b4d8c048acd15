"""The cases in which the ombuds must speak, and the names that every text may use for what the settings hold."""

from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.language import SOURCE
from portal.site import marks, shelves, words


def values(settings: Settings) -> dict[str, str]:
    """What `{office}`, `{days}` and `{address}` become in a text."""
    return {
        "office": settings.office_name,
        "days": str(settings.keep_days),
        "address": urlsplit(settings.address).netloc,
    }


def listed(site: Session, lang: str, settings: Settings) -> tuple[str, ...]:
    """Those of the office's own page, else of its settings; empty where it lists none.

    What is shipped is no office's word: it stands in the place of the settings only where they say the same, in the
    languages that these do not speak.
    """
    text = words.find(site, shelves.EXCEPTIONS, lang)
    found = marks.read(text.text, values(settings)).items if text else ()
    shipped = marks.read(shelves.shipped(shelves.EXCEPTIONS, SOURCE) or "").items
    return found if is_own(site) or settings.exceptions == shipped else settings.exceptions


def is_own(site: Session) -> bool:
    """Whether the office wrote that page, in whichever language."""
    return words.is_written(site, shelves.EXCEPTIONS)
