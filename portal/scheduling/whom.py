"""Whom a visitor is ready to meet: whoever has time, one ombuds, all but some, who speaks a language, who is near.

A choice is a few parts, and an ombuds is in it only if every part allows them. A part is written as

    <id>         this ombuds and nobody else
    not-<id>     never this one
    lang-<code>  whoever speaks this language, like lang-ga
    in-<digest>  whoever works in this region

so that no name ever stands in an address.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.language import tongue

#: One person or group to meet, and three to leave out: as many as the sealed address of a form has room for.
MOST_PARTS = 4
LONGEST_PART = 36
WITHOUT, SPEAKS, REGION = "not-", "lang-", "in-"
#: What stands for an exclusion that nobody can read: it must never become "anybody".
UNREADABLE = WITHOUT

_ID = r"[0-9a-f]{32}"
_PART = re.compile(rf"(?:not-)?{_ID}|lang-[A-Za-z]{{2,8}}(?:-[A-Za-z0-9]{{1,8}}){{0,2}}|in-[0-9a-f]{{16}}")


@dataclass(frozen=True)
class Person:
    """An ombuds as the public is told; `is_open` where visitors can book or write."""

    id: bytes
    name: str
    languages: tuple[str, ...] = ()
    region: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class Whom:
    """A choice; without parts it is anybody.

    With `is_unreadable` somebody was to be left out and it cannot be told who: then nobody is allowed.
    """

    parts: tuple[str, ...] = ()
    is_unreadable: bool = False

    @property
    def is_anybody(self) -> bool:
        return not self.parts and not self.is_unreadable

    @property
    def left_out(self) -> tuple[bytes, ...]:
        """The ids of whoever is left out."""
        return tuple(bytes.fromhex(part.removeprefix(WITHOUT)) for part in self.parts if part.startswith(WITHOUT))

    @property
    def wanted(self) -> tuple[str, ...]:
        """The other parts: who is asked for."""
        return tuple(part for part in self.parts if not part.startswith(WITHOUT))

    @property
    def can_leave_out_more(self) -> bool:
        """Whether another one can be left out, with room for somebody to ask for."""
        return len(self.left_out) < MOST_PARTS - 1


ANYBODY = Whom()


def tidy(values: Iterable[str]) -> tuple[str, ...]:
    """The parts as links and forms carry them on, each once; what nobody can mean is dropped.

    An exclusion that cannot be read stays, as `UNREADABLE`, and so do too many parts: what is carried on must not
    allow more than what came.
    """
    found: dict[str, None] = {}
    for value in values:
        part = value.strip()
        if _PART.fullmatch(part) and len(part) <= LONGEST_PART:
            found[part] = None
        elif part.casefold().startswith("not"):
            found[UNREADABLE] = None
    return tuple(found) if len(found) <= MOST_PARTS else (UNREADABLE,)


def read(values: Iterable[str], people: Iterable[Person]) -> Whom:
    """What the values mean among all ombuds of the office, open or not.

    Nobody's id, an unknown language and nobody's region are passed over, as an old link still shows times. One who is
    to be left out and is not known is another matter: the id may be half of another one's.
    """
    known = list(people)
    parts = tidy(values)
    if UNREADABLE in parts or not all(_is_known(part, known) for part in parts if part.startswith(WITHOUT)):
        return Whom(is_unreadable=True)
    return Whom(tuple(part for part in parts if _is_known(part, known)))


def allows(whom: Whom, person: Person) -> bool:
    """Whether a choice allows an ombuds: the one question that list, form, letter, booking and near times ask."""
    return not whom.is_unreadable and all(_holds(part, person) for part in whom.parts)


def allowed(whom: Whom, people: Iterable[Person]) -> frozenset[bytes]:
    """The ids of all whom a choice allows, open or not: the list of times may still hold some of who is closed."""
    return frozenset(person.id for person in people if allows(whom, person))


def region_key(region: str) -> str:
    """A region as addresses name it: 16 hexadecimal digits; no secret, whoever knows the region can work it out."""
    return hashlib.sha256(region.encode()).hexdigest()[:16]


def languages_of(people: Sequence[Person]) -> list[str]:
    """The languages that tell open ombuds apart: what everybody speaks is no choice."""
    return _telling([set(person.languages) for person in people if person.is_open])


def regions_of(people: Sequence[Person]) -> list[str]:
    """The regions that tell open ombuds apart."""
    return _telling([{person.region} - {""} for person in people if person.is_open])


def _telling(sets: Sequence[set[str]]) -> list[str]:
    every = set[str]().union(*sets)
    return sorted(each for each in every if not all(each in found for found in sets))


def _is_known(part: str, people: Sequence[Person]) -> bool:
    if part.startswith(SPEAKS):
        return bool(tongue(part.removeprefix(SPEAKS)))
    if part.startswith(REGION):
        return any(person.region and region_key(person.region) == part.removeprefix(REGION) for person in people)
    return any(person.id.hex() == part.removeprefix(WITHOUT) for person in people)


def _holds(part: str, person: Person) -> bool:
    if part.startswith(WITHOUT):
        return person.id.hex() != part.removeprefix(WITHOUT)
    if part.startswith(SPEAKS):
        return part.removeprefix(SPEAKS) in person.languages
    if part.startswith(REGION):
        return bool(person.region) and region_key(person.region) == part.removeprefix(REGION)
    return person.id.hex() == part
