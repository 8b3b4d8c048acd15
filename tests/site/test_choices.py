"""What the office chose of its site; what means nothing counts as not chosen."""

from datetime import date

import pytest

from portal.site import choices, tables
from portal.site.choices import Campaign, Choices
from tests.cast import World

WEEK = (date(2027, 10, 11), date(2027, 10, 15))
CHOSEN = Choices(languages=("en", "ar"), accent="#1d5a53", campaign=Campaign.ON, week=WEEK)


def test_an_office_that_chose_nothing_speaks_english_in_the_shipped_colour(world: World) -> None:
    with world.stores.site.reading() as site:
        assert choices.read(site) == Choices()


def test_what_was_chosen_is_found_again_and_the_newest_counts(world: World) -> None:
    with world.stores.site.writing() as site:
        choices.keep(site, CHOSEN)
        choices.keep(site, CHOSEN)
        assert choices.read(site) == CHOSEN
        choices.keep(site, Choices())
        assert choices.read(site) == Choices()


def test_a_choice_made_on_top_of_another_one_changes_nothing(world: World) -> None:
    with world.stores.site.writing() as site:
        before = choices.read(site).mark
        assert choices.replace(site, CHOSEN, mark=before) is None
        assert choices.replace(site, Choices(campaign=Campaign.OFF), mark=before) == choices.Changed(CHOSEN)
        assert choices.replace(site, CHOSEN, mark=before) is None
        assert choices.read(site) == CHOSEN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("languages", "[]"),
        ("languages", "7"),
        ("languages", "[7]"),
        ("accent", '"red"'),
        ("accent", '"#1d5a53; } body { display: none"'),
        ("campaign", '"sometimes"'),
        ("campaign", "[]"),
        ("week", '["2027-10-15", "2027-10-11"]'),
        ("week", '["soon", "later"]'),
        ("week", '["2027-10-15"]'),
        ("week", "7"),
        ("accent", "no JSON"),
    ],
)
def test_a_value_that_means_nothing_counts_as_not_chosen(world: World, name: str, value: str) -> None:
    with world.stores.site.writing() as site:
        site.merge(tables.Choice(name=name, value=value))
        site.flush()
        assert choices.read(site) == Choices()
