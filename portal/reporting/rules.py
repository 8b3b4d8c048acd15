"""What is counted of a matter, without a person in it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.reporting.categories import CONCERNS, category_of
from portal.roster.rules import ATTRIBUTE_FIELDS, GROUP_FIELDS
from portal.scheduling.rules import Mode

UNKNOWN = "unknown"
CONSTITUENCY = GROUP_FIELDS[0]
ATTRIBUTES = (*GROUP_FIELDS, *ATTRIBUTE_FIELDS)
OUTCOMES = ("heard", "options", "coached", "shuttled", "facilitated", "referred", "resolved", "unresolved", "left")
NOBODY = "none"
REFERRALS = (NOBODY, "hr", "ethics", "union", "counselling", "legal", "security", "other")
MODES = (*(mode.value for mode in Mode), "write")
#: How a contact reaches an ombuds, before there is any matter.
WAYS = ("phone", "in-person", "email", "letter", "corridor")
TOTALS = ("matters", "people", "meetings", "contacts", "contact_people")

TOTAL, CONCERN, OUTCOME, REFERRAL, MODE = "total", "concern", "outcome", "referral", "mode"
#: Of contacts, apart from those of matters: else no sum of a table would agree with another.
CONTACT_WAY, CONTACT_CATEGORY, CONTACT_CONSTITUENCY = "contact_way", "contact_category", "contact_constituency"
CONTACTS = (CONTACT_WAY, CONTACT_CATEGORY, CONTACT_CONSTITUENCY)
#: The one pair that is counted; a value reads "2/Staff". Any other pair could point at one person.
BY_CONSTITUENCY = "category_by_constituency"
DIMENSIONS = (TOTAL, CONCERN, BY_CONSTITUENCY, OUTCOME, REFERRAL, MODE, *ATTRIBUTES, *CONTACTS)

MOST_CONCERNS = 12
MOST_PEOPLE = 99
MOST_MEETINGS = 99


class Kind(StrEnum):
    """A matter with a visitor, or a short contact that became none."""

    MATTER = "matter"
    CONTACT = "contact"


@dataclass(frozen=True, kw_only=True, repr=False)
class Count:
    """What an ombuds says of a matter when it is closed.

    `concerns` are codes such as "2.f", or a whole category such as "2"; `attributes` are values of the profile by
    field, a missing one is unknown; `mode` is one of `MODES`, of a contact one of `WAYS`; `continues` says that an
    earlier matter of the same people was counted already.
    """

    kind: Kind = Kind.MATTER
    concerns: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "heard"
    referral: str = NOBODY
    mode: str
    meetings: int = 1
    people: int = 1
    continues: bool = False


@dataclass(frozen=True)
class Line:
    """A number that will be added: to which value of which dimension."""

    dimension: str
    value: str
    number: int


@dataclass(frozen=True)
class UnknownCode:
    """Something that is on none of our lists; `field` is the one of `Count`."""

    field: str


@dataclass(frozen=True)
class TooMany:
    """More concerns than one matter may have."""

    most: int


@dataclass(frozen=True)
class NotANumber:
    """A number that cannot be true."""

    field: str
    least: int
    most: int


Refusal = UnknownCode | TooMany | NotANumber


def refusals(count: Count) -> list[Refusal]:
    """Why a count cannot be kept; empty when it can."""
    found: list[Refusal] = [UnknownCode(name) for name, is_known in _known(count).items() if not is_known]
    if len(count.concerns) > MOST_CONCERNS:
        found.append(TooMany(MOST_CONCERNS))
    if not 1 <= count.people <= MOST_PEOPLE:
        found.append(NotANumber("people", 1, MOST_PEOPLE))
    if not 0 <= count.meetings <= MOST_MEETINGS:
        found.append(NotANumber("meetings", 0, MOST_MEETINGS))
    return found


def _known(count: Count) -> dict[str, bool]:
    modes = WAYS if count.kind is Kind.CONTACT else MODES
    return {
        "kind": count.kind in set(Kind),
        "concerns": CONCERNS.issuperset(count.concerns),
        "attributes": set(ATTRIBUTES).issuperset(count.attributes),
        "outcome": count.outcome in OUTCOMES,
        "referral": count.referral in REFERRALS,
        "mode": count.mode in modes,
    }


def kept(count: Count) -> list[Line]:
    """Exactly the numbers that will be added.

    Of a matter that continues an earlier one only what is new: meetings, concerns, where somebody was sent. Of a
    contact each thing by itself, and no pair.
    """
    lines = list(_contact(count) if count.kind is Kind.CONTACT else _matter(count))
    if count.referral != NOBODY:
        lines.append(Line(REFERRAL, count.referral, 1))
    return [line for line in lines if line.number]


def _contact(count: Count) -> Iterator[Line]:
    yield Line(TOTAL, "contacts", 1)
    yield Line(TOTAL, "contact_people", count.people)
    yield Line(CONTACT_WAY, count.mode, 1)
    for category in sorted({category_of(concern) for concern in count.concerns}):
        yield Line(CONTACT_CATEGORY, category, 1)
    yield Line(CONTACT_CONSTITUENCY, value_of(count, CONSTITUENCY), 1)


def _matter(count: Count) -> Iterator[Line]:
    if not count.continues:
        yield Line(TOTAL, "matters", 1)
        yield Line(TOTAL, "people", count.people)
        yield Line(OUTCOME, count.outcome, 1)
        yield Line(MODE, count.mode, 1)
    yield Line(TOTAL, "meetings", count.meetings)
    yield from _concerns(count)
    if not count.continues:
        yield from _attributes(count)


def _concerns(count: Count) -> Iterator[Line]:
    """Each concern once; by category for the group of whoever brought them."""
    concerns = sorted(set(count.concerns))
    group = value_of(count, CONSTITUENCY)
    for concern in concerns:
        yield Line(CONCERN, concern, 1)
    for category, number in Counter(map(category_of, concerns)).items():
        yield Line(BY_CONSTITUENCY, f"{category}/{group}", number)


def _attributes(count: Count) -> Iterator[Line]:
    """The profile is that of one person; of whoever came along nothing is known."""
    for name in ATTRIBUTES:
        numbers = Counter({value_of(count, name): 1})
        numbers[UNKNOWN] += count.people - 1
        for value, number in numbers.items():
            yield Line(name, value, number)


def value_of(count: Count, name: str) -> str:
    """The value of one field of the profile, without what does not print."""
    said = "".join(symbol for symbol in count.attributes.get(name, "") if symbol.isprintable()).strip()
    return said or UNKNOWN
