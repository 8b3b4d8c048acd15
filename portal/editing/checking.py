"""What stands against showing a text to the public, each with its line."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.site import marks, shelves
from portal.site.links import Site
from portal.site.marks import What

#: In letters; the longest that is shipped has some 1,300.
LONGEST_BLOCK = 2_000
#: A title stands in lists of many pages; the longest that is shipped has some 60 letters.
LONGEST_TITLE = 120
_BETWEEN = re.compile(r"\n[ \t]*\n")
_NAMED = re.compile(r"\{([^{}\s]{1,40})\}")


class Also(StrEnum):
    """What is wrong with a text as a whole, or with a name in it."""

    LONG = "long"
    BLOCK = "block"
    NO_TITLE = "no title"
    LONG_TITLE = "long title"
    NO_CASE = "no case"
    NAME = "name"


@dataclass(frozen=True)
class Problem:
    """One reason: in which line (from 1; 0 for the whole text), of what kind, how it begins, what was likely meant."""

    line: int
    what: What | Also
    begins: str = ""
    instead: str = ""


def problems(text: str, key: str, *, names: Collection[str], longest: int, here: Site | None = None) -> list[Problem]:
    """Everything that must change first, in order. The length comes before all else: it bounds the work of the rest."""
    if len(text) > longest:
        return [Problem(0, Also.LONG, str(len(text)))]
    # A reader's work grows faster than a paragraph: one of twenty thousand brackets would keep every visitor waiting.
    if any(len(each) > LONGEST_BLOCK for each in _BETWEEN.split(text)):
        return [Problem(0, Also.BLOCK, str(LONGEST_BLOCK))]
    found = [Problem(**vars(each)) for each in marks.refusals(text, here)]
    found += _unknown_names(text, names)
    return sorted([*_about_the_whole(text, key), *found], key=lambda each: each.line)


def _about_the_whole(text: str, key: str) -> Iterator[Problem]:
    written = marks.read(text)
    if not written.title:
        yield Problem(0, Also.NO_TITLE)
    if len(written.title) > LONGEST_TITLE:
        yield Problem(0, Also.LONG_TITLE, str(LONGEST_TITLE))
    if shelves.lists_cases(key) and not any(map(_is_said, written.items)):
        yield Problem(0, Also.NO_CASE)


def _is_said(sentence: str) -> bool:
    """Whether there is a letter to be read: a space of no width is none."""
    return any(each.isalpha() for each in sentence)


def _unknown_names(text: str, names: Collection[str]) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), start=1):
        for found in _NAMED.finditer(line):
            if found[1] not in names:
                yield Problem(number, Also.NAME, found[0])
