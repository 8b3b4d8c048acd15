"""A page whose walker knows English: buttons and fields are looked for as the language of the page calls them."""

import re
from functools import cache
from pathlib import Path

from playwright.sync_api import Locator, Page

from tools.translating import words

_MARKUP = re.compile(r"<[^>]+>")
_VALUE = re.compile(r"%\(\w+\)[sd]")


class Phrases:
    """What a language says for the English words on buttons and fields, whole or in part."""

    def __init__(self, lang: str, folder: Path = words.FOLDER) -> None:
        self.lang = lang
        self._said = _said(lang, folder)

    def __call__(self, english: str) -> str:
        if english in self._said:
            return self._said[english]
        around = sorted((each for each in self._said if english in each), key=len)
        assert around, f"no visible sentence says {english!r}"
        return self._said[around[0]]


class SpokenPage:
    """Goes wherever a walk sends a page, in another language; all else is the page's own."""

    def __init__(self, page: Page, phrases: Phrases) -> None:
        self._page, self._phrases = page, phrases

    def __getattr__(self, name: str) -> object:
        return getattr(self._page, name)

    def goto(self, url: str) -> object:
        return self._page.goto(f"{url}{'&' if '?' in url else '?'}lang={self._phrases.lang}")

    def get_by_label(self, text: str) -> Locator:
        return self._page.get_by_label(self._beginning(text))

    def get_by_text(self, text: str) -> Locator:
        return self._page.get_by_text(self._phrases(text))

    def get_by_role(self, role: str, *, name: str, exact: bool = False) -> Locator:
        said = self._phrases(name) if exact else self._beginning(name)
        return self._page.get_by_role(role, name=said, exact=exact)

    def locator(self, selector: str, *, has_text: str | None = None) -> Locator:
        return self._page.locator(selector, has_text=self._phrases(has_text) if has_text else None)

    def _beginning(self, english: str) -> re.Pattern[str]:
        """Not anywhere in a name: a language may say "I have not …" with the whole of "I have …" inside."""
        return re.compile(r"^\s*" + r"\s+".join(map(re.escape, self._phrases(english).split())))


@cache
def _said(lang: str, folder: Path) -> dict[str, str]:
    catalogue = words.read(words.file_of(lang, folder), lang)
    return {_bare(_first(each.id)): _bare(_first(each.string)) for each in catalogue if each.id}


def _first(said: str | tuple[str, ...]) -> str:
    return said if isinstance(said, str) else said[0]


def _bare(said: str) -> str:
    """The longest part of a sentence that stands on a page as it is written here."""
    return max((part.strip() for part in _VALUE.split(_MARKUP.sub("", said))), key=len)
