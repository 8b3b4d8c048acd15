"""The daily job: end what is over, open what is new, and let decoys come and go like visitors."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from portal.config import Settings
from portal.db import Stores
from portal.intake import service as intake
from portal.intake import upkeep
from portal.office import service as office
from portal.scheduling import service as scheduling

_WEEK = 7


@dataclass(frozen=True)
class Day:
    """What one run did; the numbers are the same whoever came."""

    ended: int
    opened: int
    lockers: int


def daily(stores: Stores, *, settings: Settings, now: datetime) -> Day:
    """Run once a day, or as often as you like: a second run the same day finds nothing to do."""
    today = now.astimezone(settings.zone).date()
    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        ended = upkeep.end_overdue(desk, keys, today)
        people = office.names(desk)
    with stores.desk.writing() as desk:
        scheduling.remove_past(desk, settings, now)
        opened = scheduling.open_slots(desk, settings, now)
        is_new_day = upkeep.begin_day(desk, today)
    lockers = sum(_make_lockers(stores, ombuds, settings.lockers) for ombuds in people)
    if is_new_day:
        _book_decoys(stores, settings=settings, now=now)
    return Day(ended, opened, lockers)


def _make_lockers(stores: Stores, ombuds: bytes, count: int) -> int:
    """One ombuds in a transaction: a thousand lockers take a second, and visitors wait behind it."""
    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        return upkeep.make_lockers(desk, keys, ombuds, count)


def _book_decoys(stores: Stores, *, settings: Settings, now: datetime) -> None:
    """As many as chance says for one day of the week; the rate is set, and never follows the bookings."""
    count = sum(secrets.randbelow(_WEEK) == 0 for _ in range(settings.decoys_a_week))
    for _ in range(count):
        intake.book_decoy(stores, settings=settings, now=now)
