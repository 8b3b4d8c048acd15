"""What remains of a matter: numbers that belong to nobody, and the same ones that Ola was shown."""

from collections import Counter
from dataclasses import replace

import pytest

from portal.reporting.categories import category_of
from portal.reporting.quarter import Table, add
from portal.reporting.rules import (
    ATTRIBUTES,
    BY_CONSTITUENCY,
    Count,
    Kind,
    Line,
    NotANumber,
    TooMany,
    UnknownCode,
    kept,
    refusals,
)
from tests.reporting.closing import CONTINUED, MEI, TOMAS, VERA

CONTACT = Count(kind=Kind.CONTACT, mode="phone", referral="hr", concerns=("2.f",), attributes=VERA.attributes)


def _table(*counts: Count) -> Table:
    return add(Table(), (line for count in counts for line in kept(count)))


def test_a_matter_is_counted_under_everything_a_report_tells() -> None:
    found = {(line.dimension, line.value): line.number for line in kept(VERA)}
    assert found == {
        ("total", "matters"): 1,
        ("total", "people"): 1,
        ("total", "meetings"): 2,
        ("concern", "2.f"): 1,
        ("concern", "2.h"): 1,
        ("concern", "6.i"): 1,
        ("category_by_constituency", "2/Staff"): 2,
        ("category_by_constituency", "6/Staff"): 1,
        ("outcome", "coached"): 1,
        ("referral", "counselling"): 1,
        ("mode", "in-person"): 1,
        **dict.fromkeys(VERA.attributes.items(), 1),
    }


def test_no_pair_is_counted_but_category_and_group() -> None:
    """Department and gender together would point at one person."""
    for count in (VERA, MEI):
        lines = [line for line in kept(count) if line.dimension != BY_CONSTITUENCY]
        said = [sum(value in line.value for value in count.attributes.values()) for line in lines]
        assert max(said) == 1


def test_of_whoever_came_along_nothing_is_known() -> None:
    found = _table(TOMAS)
    assert found.values("constituency") == {"Faculty": 1, "unknown": 2}
    assert found.values("age") == {"unknown": 3}


def test_the_sums_of_a_table_agree() -> None:
    found = _table(VERA, TOMAS, MEI, CONTINUED, CONTACT)
    total = found.values("total")
    assert total == {"matters": 3, "people": 5, "meetings": 4, "contacts": 1, "contact_people": 1}
    assert {name: sum(found.values(name).values()) for name in ATTRIBUTES} == dict.fromkeys(ATTRIBUTES, 5)
    assert sum(found.values("outcome").values()) == sum(found.values("mode").values()) == 3
    by_category: Counter[str] = Counter()
    for concern, number in found.values("concern").items():
        by_category[category_of(concern)] += number
    pairs: Counter[str] = Counter()
    for pair, number in found.values(BY_CONSTITUENCY).items():
        pairs[category_of(pair.partition("/")[0])] += number
    assert by_category == pairs


def test_a_matter_that_goes_on_is_not_counted_twice() -> None:
    before, after = _table(VERA), _table(VERA, CONTINUED)
    differing = {place: number for place, number in after.counts.items() if before.counts.get(place) != number}
    assert differing == {
        ("total", "meetings"): 3,
        ("concern", "9.a"): 1,
        ("category_by_constituency", "9/Staff"): 1,
    }


def test_of_a_contact_each_thing_is_counted_by_itself_and_apart_from_matters() -> None:
    assert kept(CONTACT) == [
        Line("total", "contacts", 1),
        Line("total", "contact_people", 1),
        Line("contact_way", "phone", 1),
        Line("contact_category", "2", 1),
        Line("contact_constituency", "Staff", 1),
        Line("referral", "hr", 1),
    ]


def test_a_concern_said_twice_is_one() -> None:
    assert _table(replace(VERA, concerns=("2.f", "2.f"))).values("concern") == {"2.f": 1}


def test_a_value_of_nothing_but_spaces_is_unknown() -> None:
    assert _table(replace(MEI, attributes={"unit": " \t\x00"})).values("unit") == {"unknown": 1}


@pytest.mark.parametrize("count", [VERA, TOMAS, MEI, CONTINUED, CONTACT])
def test_an_honest_count_is_kept(count: Count) -> None:
    assert refusals(count) == []


@pytest.mark.parametrize(
    ("count", "refusal"),
    [
        (replace(VERA, concerns=("2.z",)), UnknownCode("concerns")),
        (replace(VERA, concerns=("2.f",) * 13), TooMany(12)),
        (replace(VERA, outcome="won"), UnknownCode("outcome")),
        (replace(VERA, referral="press"), UnknownCode("referral")),
        (replace(VERA, mode="letter"), UnknownCode("mode")),
        (replace(CONTACT, mode="video"), UnknownCode("mode")),
        (replace(VERA, attributes={"name": "Vera"}), UnknownCode("attributes")),
        (replace(VERA, people=0), NotANumber("people", 1, 99)),
        (replace(VERA, people=100), NotANumber("people", 1, 99)),
        (replace(VERA, meetings=-1), NotANumber("meetings", 0, 99)),
        (replace(VERA, meetings=100), NotANumber("meetings", 0, 99)),
    ],
)
def test_what_cannot_be_is_refused(count: Count, refusal: object) -> None:
    assert refusals(count) == [refusal]
