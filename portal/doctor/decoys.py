"""Whether decoys come at all: an ombuds with few free times has none."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from portal.config import Settings
from portal.db import Stores
from portal.doctor.finding import Finding, remark
from portal.office import service as office
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Offer
from portal.scheduling.service import KEEP_FREE
from portal.volatile import Publication


def read_left(stores: Stores, settings: Settings, now: datetime) -> dict[str, int]:
    """How many times a list of now would have of each ombuds who can be booked, by name."""
    with stores.desk.reading() as desk:
        names = office.names(desk)
        listed = scheduling.published(desk, Publication[Offer](), names, settings=settings, now=now)
    count = Counter(offer.ombuds for offer in listed)
    return {name: count[ombuds] for ombuds, name in names.items()}


def findings(settings: Settings, left: Mapping[str, int]) -> Iterator[Finding]:
    """Where no time is left at all, none can go either."""
    if settings.decoys_a_week:
        yield from _about(sorted(name for name, count in left.items() if 0 < count <= KEEP_FREE))


def _about(names: Iterable[str]) -> Iterator[Finding]:
    for name in names:
        yield remark(
            f"{name} has {KEEP_FREE} free times or fewer, so no decoy takes any: whatever goes of them is a visit.",
            f"Ask {name} to open more times (/desk/hours), and to look whether limits, or a calendar that others can "
            "write into, keep them few.",
        )
