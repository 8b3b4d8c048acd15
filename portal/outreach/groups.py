"""In which group a page of the office's words is offered, and which pages are worth reading first."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

#: What somebody reads who wonders whether to come at all, in this order.
FIRST = ("ombuds", "can-and-cannot", "visit", "device", "practice")


class Group(StrEnum):
    """What a page is about, in the order in which the groups are shown."""

    OFFICE = "office"
    VISIT = "visit"
    PRIVATE = "private"
    HELP = "help"


_PAGES: dict[Group, tuple[str, ...]] = {
    Group.VISIT: ("visit", "prepare", "device", "practice", "together", "covenant"),
    Group.PRIVATE: ("exceptions", "under-18", "not-notice", "records"),
    Group.HELP: ("referrals", "help-now"),
}


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Page = TypeVar("Page", bound=_Named)


def group_of(name: str) -> Group:
    """Where a page belongs; one that the office added tells of the office."""
    exact = next((group for group, names in _PAGES.items() if name in names), None)
    return exact or (Group.PRIVATE if name.startswith("exceptions-") else Group.OFFICE)


def grouped(pages: Iterable[Page]) -> list[tuple[Group, list[Page]]]:
    """The pages by groups, each in the order in which they came; every group is there."""
    found = list(pages)
    return [(group, [each for each in found if group_of(each.name) is group]) for group in Group]


def first(pages: Iterable[Page]) -> list[Page]:
    """Those to read first, in the order of reading."""
    by_name = {each.name: each for each in pages}
    return [by_name[name] for name in FIRST if name in by_name]
