"""What people call the fields of a roster."""

from collections.abc import Collection

from portal.language import _l
from portal.roster.rules import ATTRIBUTE_FIELDS, GROUP_FIELDS, IDENTITY_FIELDS

LABELS = {
    "constituency": _l("Group"),
    "department": _l("Department"),
    "unit": _l("Unit"),
    "location": _l("Location"),
    "role": _l("Role"),
    "tenure": _l("How long here"),
    "gender": _l("Gender"),
    "race": _l("Race or ethnicity"),
    "age": _l("Age group"),
    "first": _l("First name"),
    "last": _l("Last name"),
    "name": _l("Name"),
    "id": _l("Staff or student number"),
    "supervisor": _l("Supervisor"),
    "title": _l("Job title"),
    "phone": _l("Work phone"),
    "email": _l("Work email"),
    "other_emails": _l("Other work email"),
}


#: A form has no room for every column; what belongs together stands as one.
_TOGETHER = {
    "first": _l("Name"),
    "last": _l("Name"),
    "phone": _l("Work phone and email"),
    "email": _l("Work phone and email"),
    "other_emails": _l("Work phone and email"),
}

#: In the order of the bands that `rules.band_of` gives, with `ONLY_YOU` first.
_HOW_MANY = (
    _l("only you"),
    _l("fewer than 5 people"),
    _l("about 10 people"),
    _l("about 20 people"),
    _l("about 40 people"),
    _l("about 100 people"),
    _l("about 200 people"),
    _l("about 500 people"),
    _l("about 1,000 people"),
    _l("about 2,000 people or more"),
)


def how_many(band: int) -> str:
    """How many people fit, in words that tell no number."""
    return str(_HOW_MANY[band])


def labels_by_share(fields: Collection[str]) -> dict[str, list[str]]:
    """For each level of sharing, the labels of exactly the fields that the ombuds would see."""
    attributes = [name for name in ATTRIBUTE_FIELDS if name in fields]
    identity = [name for name in IDENTITY_FIELDS if name in fields]
    levels = {"nothing": [], "profile": attributes, "name": [*attributes, *identity]}
    return {level: _labels((*GROUP_FIELDS, *names)) for level, names in levels.items()}


def _labels(names: Collection[str]) -> list[str]:
    return list(dict.fromkeys(str(_TOGETHER.get(name) or LABELS[name]) for name in names))
