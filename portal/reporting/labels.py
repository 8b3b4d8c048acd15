"""What an ombuds reads for the short words of a count, and for what cannot be kept."""

from collections.abc import Mapping

from portal.language import _, _l
from portal.reporting.concerns import LABELS as CONCERN_LABELS
from portal.reporting.rules import (
    BY_CONSTITUENCY,
    CONCERN,
    CONTACT_CATEGORY,
    CONTACT_CONSTITUENCY,
    CONTACT_WAY,
    MODE,
    OUTCOME,
    REFERRAL,
    TOTAL,
    UNKNOWN,
    NotANumber,
    Refusal,
    TooMany,
    UnknownCode,
)
from portal.roster.labels import LABELS as FIELDS
from portal.roster.rules import OTHER

OUTCOMES = {
    "heard": _l("Was heard, and wanted no more"),
    "options": _l("Left with options"),
    "coached": _l("Was coached to act alone"),
    "shuttled": _l("The ombuds went between the sides"),
    "facilitated": _l("The ombuds led a talk between the sides"),
    "referred": _l("Was sent on to somebody else"),
    "resolved": _l("Was resolved"),
    "unresolved": _l("Stayed unresolved"),
    "left": _l("Did not come back"),
}
REFERRALS = {
    "none": _l("Nobody"),
    "hr": _l("Personnel office"),
    "ethics": _l("Ethics or compliance office"),
    "union": _l("Union or staff council"),
    "counselling": _l("Counselling or medical help"),
    "legal": _l("Legal advice"),
    "security": _l("Security or police"),
    "other": _l("Somebody else"),
}
MODES = {
    "video": _l("Video call"),
    "in-person": _l("In person"),
    "phone": _l("Phone"),
    "write": _l("In writing only"),
}
WAYS = {
    "phone": _l("Phone"),
    "in-person": _l("In person"),
    "email": _l("E-mail"),
    "letter": _l("Letter"),
    "corridor": _l("In passing"),
}
TOTALS = {
    "matters": _l("Matters"),
    "people": _l("People"),
    "meetings": _l("Meetings"),
    "contacts": _l("Contacts"),
    "contact_people": _l("People in contacts"),
}
DIMENSIONS = (
    {
        "total": _l("In all"),
        "concern": _l("Concerns"),
        "category_by_constituency": _l("Concerns by category and group"),
        "outcome": _l("How it ended"),
        "referral": _l("Sent on to"),
        "mode": _l("How you met"),
    }
    | {name: FIELDS[name] for name in ("constituency", "department", "unit", "location", "role")}
    | {name: FIELDS[name] for name in ("tenure", "gender", "race", "age")}
    | {
        CONTACT_WAY: _l("Contacts: how"),
        CONTACT_CATEGORY: _l("Contacts: about what"),
        CONTACT_CONSTITUENCY: _l("Contacts: group"),
    }
)
_VALUES: Mapping[str, Mapping[str, str]] = {
    TOTAL: TOTALS,
    CONCERN: CONCERN_LABELS,
    OUTCOME: OUTCOMES,
    REFERRAL: REFERRALS,
    MODE: MODES,
    CONTACT_WAY: WAYS,
    CONTACT_CATEGORY: CONCERN_LABELS,
}
_ASKED = {
    "kind": _l("a matter or a contact"),
    "concerns": _l("concerns"),
    "attributes": _l("fields of the profile"),
    "outcome": _l("how it ended"),
    "referral": _l("where you sent them"),
    "mode": _l("how you met"),
    "people": _l("people"),
    "meetings": _l("meetings"),
}


def sentence(refusal: Refusal) -> str:
    """What an ombuds reads when a count cannot be kept, and what to do."""
    match refusal:
        case TooMany(most):
            return _("Choose %(most)d concerns at most, those that weighed most.") % {"most": most}
        case NotANumber(field, least, most):
            said = {"what": _ASKED[field], "least": least, "most": most}
            return _("Give the number of %(what)s as a whole number from %(least)d to %(most)d.") % said
        case UnknownCode(field):
            return _("Choose again from the list: %(what)s.") % {"what": _ASKED[field]}


def value_words(dimension: str, value: str) -> str:
    """What an ombuds reads for one value of a dimension, such as "2.f Bullying, mobbing"."""
    if dimension == BY_CONSTITUENCY:
        category, _slash, group = value.partition("/")
        return f"{category} {CONCERN_LABELS.get(category, '')}: {value_words('constituency', group)}"
    if dimension in {CONCERN, CONTACT_CATEGORY}:
        return f"{value} {CONCERN_LABELS.get(value, '')}"
    free = {UNKNOWN: _("Unknown"), OTHER: _("Other")}
    return str(_VALUES.get(dimension, free).get(value, value))


def quarter_words(quarter: str) -> str:
    """A quarter such as 2026-Q4 in words."""
    year, _dash, number = quarter.partition("-Q")
    return _("quarter %(number)s of %(year)s") % {"number": number, "year": year}
