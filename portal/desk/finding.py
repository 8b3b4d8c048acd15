"""Searching texts in memory: without regard to case and accents, and with a short excerpt."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_BEFORE, _AFTER = 30, 50


@dataclass(frozen=True, repr=False)
class Excerpt:
    """Where a word was found: the label of its text, and what stands around it."""

    label: str
    before: str
    hit: str
    after: str


def find(query: str, texts: Iterable[tuple[str, str]]) -> Excerpt | None:
    """The place of the first word of a query in labelled texts; None unless every word is in some of them."""
    words = fold(query)[0].split()
    folded = [(label, text, *fold(text)) for label, text in texts if text]
    if not words or not all(any(word in plain for _, _, plain, _ in folded) for word in words):
        return None
    return next(
        _excerpt(label, text, places, plain.index(words[0]), len(words[0]))
        for label, text, plain, places in folded
        if words[0] in plain
    )


def fold(text: str) -> tuple[str, list[int]]:
    """A text as it is compared, and for each of its letters the place in the text where it came from."""
    found = [
        (part, place)
        for place, symbol in enumerate(text)
        for part in unicodedata.normalize("NFKD", symbol.casefold())
        if not unicodedata.combining(part)
    ]
    return "".join(part for part, _ in found), [place for _, place in found]


def _excerpt(label: str, text: str, places: list[int], at: int, length: int) -> Excerpt:
    first, last = places[at], places[at + length - 1] + 1
    begin, end = max(0, first - _BEFORE), min(len(text), last + _AFTER)
    before = ("…" if begin else "") + text[begin:first]
    return Excerpt(label, before, text[first:last], text[last:end] + ("…" if end < len(text) else ""))
