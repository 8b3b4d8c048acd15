"""The daily job: end what is over, open what is new."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal import leftovers
from portal.config import Settings
from portal.db import Stores
from portal.errors import NotReady
from portal.intake import upkeep
from portal.notices import service as notices
from portal.office import service as office
from portal.scheduling import opening
from portal.scheduling.walls import first_instant

#: After a longer pause somebody must say that the clock is right: what a wrong clock ends never comes back.
LONGEST_PAUSE = timedelta(days=31)


@dataclass(frozen=True)
class Day:
    """What one run did; the numbers are the same whoever came."""

    ended: int
    opened: int
    lockers: int


def daily(stores: Stores, *, settings: Settings, now: datetime, catch_up: bool = False) -> Day:
    """Run once a day, or as often as you like: a second run the same day finds nothing to do.

    Raises:
        NotReady: when the last run was more than `LONGEST_PAUSE` ago; `catch_up` says that the clock is right.
    """
    today = now.astimezone(settings.zone).date()
    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        last = upkeep.last_day(desk)
        if last is not None and today - last > LONGEST_PAUSE and not catch_up:
            raise NotReady(_too_long_ago(last, today))
        ended = upkeep.end_overdue(desk, keys, today)
        people = office.names(desk)
        keep_hours = opening.keep_hours(desk)
    with stores.desk.writing() as desk:
        opening.remove_past(desk, settings, now)
    opened = sum(_open_slots(stores, ombuds, settings, _not_before(last, now, settings)) for ombuds in keep_hours)
    with stores.desk.writing() as desk:
        upkeep.note_day(desk, today)
    with stores.site.writing() as site:
        notices.remove_past(site, today)
    furthest = upkeep.furthest_end(today, settings)
    lockers = sum(_make_lockers(stores, ombuds, settings.lockers, furthest) for ombuds in people)
    leftovers.clear(settings.instance)  # a seizure test and its watcher may have been killed together
    return Day(ended, opened, lockers)


def _not_before(last: date | None, now: datetime, settings: Settings) -> datetime:
    """After a clock was set back, days that were over once are not opened again: what was taken then is forgotten."""
    return now if last is None else max(now, first_instant(last, settings.zone))


def _open_slots(stores: Stores, ombuds: bytes, settings: Settings, now: datetime) -> int:
    """One ombuds in a transaction: twenty with half a year each take two seconds, and visitors wait behind them."""
    with stores.desk.writing() as desk:
        return opening.open_slots(desk, settings, now, ombuds)


def _make_lockers(stores: Stores, ombuds: bytes, count: int, furthest: date) -> int:
    """One ombuds in a transaction: a thousand lockers take a second, and visitors wait behind it."""
    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        return upkeep.make_lockers(desk, keys, ombuds, count, furthest)


def _too_long_ago(last: date, today: date) -> str:
    return (
        f"The daily job last ran on {last}, {(today - last).days} days before today, {today}. Nothing was changed. "
        "Is this machine's clock right? Then run: portal tick --catch-up"
    )
