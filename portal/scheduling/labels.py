"""What a visitor may call an appointment in a calendar, how places are told of, and the numbers in a text."""

import re
from collections.abc import Iterable
from itertools import groupby

from portal.language import _, _l
from portal.scheduling.rules import Place

#: None of them says whom the visitor meets; the first is what most entries of a calendar are anyway.
TITLES: tuple[tuple[str, str], ...] = (
    ("appointment", _l("Appointment")),
    ("call", _l("Call")),
    ("errand", _l("Errand")),
    ("private", _l("Private")),
    ("coffee", _l("Coffee")),
)

#: Only what begins as numbers do when they are written to be called; a year or an amount is none.
_NUMBER = re.compile(r"(?<![\w.+-])(\+\d[\d ()-]{5,18}\d|0[\d ()-]{6,18}\d)(?![\w])")

_GETTING_IN = (
    ("is_step_free", _l("step-free")),
    ("has_no_sign", _l("no sign on the door")),
    ("is_apart", _l("not near HR or managers")),
)


def getting_in(place: Place | None) -> str:
    """How one gets into a place, as is told before booking: what its ombuds ticked, then what they wrote."""
    if place is None:
        return ""
    said = [str(words) for name, words in _GETTING_IN if getattr(place, name)]
    return _(", ").join([*said, place.access] if place.access else said)


def told_apart(places: Iterable[Place]) -> dict[bytes, str]:
    """What the desk calls each place, by id: its name, and the door too where another place has that name."""
    found = sorted(places, key=lambda each: alike(each.name))
    groups = (list(same) for _name, same in groupby(found, key=lambda each: alike(each.name)))
    return {each.id: _beside(each) if len(same) > 1 else each.name for same in groups for each in same}


def alike(name: str) -> str:
    """A name as people hear it; two places whose names sound the same are taken for each other."""
    return " ".join(name.casefold().split())


def _beside(place: Place) -> str:
    return _("%(place)s (%(door)s)") % {"place": place.name, "door": place.door} if place.door else place.name


def numbers(text: str) -> list[tuple[str, bool]]:
    """The parts of a text in their order, each with whether it is a phone number."""
    return [(part, place % 2 == 1) for place, part in enumerate(_NUMBER.split(text)) if part]
