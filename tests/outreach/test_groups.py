"""Which pages stand together on the list of all, and which are to be read first."""

from dataclasses import dataclass

from portal.outreach.groups import FIRST, Group, first, group_of, grouped
from portal.site.shelves import ABOUT, SHIPPED


@dataclass(frozen=True)
class Leaf:
    name: str


def test_every_shipped_page_is_in_one_group_and_none_is_lost() -> None:
    pages = [Leaf(name) for name in SHIPPED[ABOUT]]
    found = grouped(pages)
    assert [group for group, _pages in found] == list(Group)
    assert sorted(page.name for _group, several in found for page in several) == sorted(SHIPPED[ABOUT])
    assert all(several for _group, several in found)


def test_a_page_for_one_group_of_people_stands_with_the_cases() -> None:
    assert group_of("exceptions-night-shift") is Group.PRIVATE
    assert group_of("our-team") is Group.OFFICE


def test_what_to_read_first_comes_in_its_own_order_and_only_where_it_is_shown() -> None:
    assert set(FIRST) <= set(SHIPPED[ABOUT])
    assert first([Leaf("device"), Leaf("charter"), Leaf("ombuds")]) == [Leaf("ombuds"), Leaf("device")]
