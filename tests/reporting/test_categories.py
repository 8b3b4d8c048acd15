"""Nine categories and 87 sub-codes, each with a name that an ombuds can read."""

import pytest

from portal.reporting import labels, rules
from portal.reporting.categories import CATEGORIES, CODES, CONCERNS, category_of
from portal.reporting.concerns import HELP, LABELS
from portal.reporting.rules import NotANumber, TooMany, UnknownCode


def test_there_are_nine_categories_and_eighty_seven_codes() -> None:
    assert len(CATEGORIES) == 9
    assert len(CODES) == len(set(CODES)) == 87
    assert set(LABELS) == CONCERNS
    assert all(str(label) for label in LABELS.values())


def test_the_last_code_of_each_category_is_other() -> None:
    for category in set(CATEGORIES) - {"9"}:
        last = max(code for code in CODES if category_of(code) == category)
        assert str(LABELS[last]) == "Other"


def test_each_category_says_in_one_sentence_what_it_is_about() -> None:
    assert set(CATEGORIES) <= set(HELP) <= CONCERNS
    assert all(str(said).endswith(".") and "\n" not in str(said) for said in HELP.values())


def test_a_hint_says_more_than_its_label() -> None:
    assert all(str(said).rstrip(".") != str(LABELS[concern]) for concern, said in HELP.items())


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (rules.OUTCOMES, labels.OUTCOMES),
        (rules.REFERRALS, labels.REFERRALS),
        (rules.MODES, labels.MODES),
        (rules.TOTALS, labels.TOTALS),
        (rules.DIMENSIONS, labels.DIMENSIONS),
    ],
)
def test_whatever_is_counted_has_a_name(keys: tuple[str, ...], said: dict[str, str]) -> None:
    assert set(keys) == set(said)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (TooMany(12), "Choose 12 concerns at most, those that weighed most."),
        (NotANumber("people", 1, 99), "Give the number of people as a whole number from 1 to 99."),
        (UnknownCode("outcome"), "Choose again from the list: how it ended."),
    ],
)
def test_a_refusal_says_what_to_do(refusal: rules.Refusal, said: str) -> None:
    assert labels.sentence(refusal) == said
