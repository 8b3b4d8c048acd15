"""Six words to come back with, from the EFF large word list."""

import difflib
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

COUNT = 6
_LIST = files("portal.sealing").joinpath("eff_large_wordlist.txt").read_text("ascii").split()
#: Four words carry a hyphen of their own; without them hyphens between words mean nothing.
#: 7,772 words are left: 77.5 bits for six.
WORDS = tuple(word for word in _LIST if "-" not in word)
_KNOWN = frozenset(WORDS)
_DRAW_BITS = 13


@dataclass(frozen=True)
class Unknown:
    """A typed word that is not in the list, and the nearest one that is (or None)."""

    word: str
    nearest: str | None


@dataclass(frozen=True)
class WrongCount:
    """Another number of words than six."""

    count: int


def word_at(number: int) -> str | None:
    """The word for thirteen random bits; None means: draw again, so that every word is equally likely."""
    return WORDS[number] if number < len(WORDS) else None


def draw(bits: Callable[[int], int] = secrets.randbits) -> str:
    """Six words with spaces between; `bits(n)` gives n random bits."""
    found: list[str] = []
    while len(found) < COUNT:
        word = word_at(bits(_DRAW_BITS))
        if word is not None:
            found.append(word)
    return " ".join(found)


def _plain(typed: str) -> str:
    """Small letters without the accents that a phone's spelling aid puts on them."""
    return "".join(each for each in unicodedata.normalize("NFKD", typed.casefold()) if not unicodedata.combining(each))


def read(typed: str) -> str | Unknown | WrongCount:
    """What somebody typed, as six words: capitals, hyphens, commas, digits and spaces between them do not matter."""
    found = re.findall(r"[a-z]+", _plain(typed))
    for word in found:
        if word not in _KNOWN:
            return Unknown(word, next(iter(difflib.get_close_matches(word, WORDS, n=1, cutoff=0.75)), None))
    if len(found) != COUNT:
        return WrongCount(len(found))
    return " ".join(found)
