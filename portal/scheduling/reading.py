"""Asks ombuds' own calendars when they are busy, and keeps the answers; what failed is kept in memory only."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from portal import log
from portal.busy.answers import Reading
from portal.busy.asking import Question, inquire
from portal.busy.map import BusyMap
from portal.busy.problems import Problem
from portal.config import Settings
from portal.db import Stores
from portal.scheduling import elsewhere, hours_store, opening, store
from portal.scheduling.feed import OWN
from portal.tried import Tried, Tries

#: Besides the words of `Problem`: this machine could not start what asks.
BROKEN = "broken"
#: What is no address at all.
WRONG = Problem.address.value


def read(stores: Stores, tries: Tries, ombuds: bytes, *, settings: Settings, now: datetime) -> Tried | None:
    """Ask the calendar of an ombuds, for up to half a minute; None when there is none.

    What it says takes the place of what it said before. A failure leaves that as it is. So does a calendar that its
    ombuds forgot or exchanged while it was asked.
    """
    with stores.keys.reading() as keys:
        address = elsewhere.addresses(keys, settings).get(ombuds)
    if address is None:
        return None
    found, tried = _ask(stores, ombuds, address, settings, now)
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        if elsewhere.addresses(keys, settings).get(ombuds) != address:
            return None
        if found:
            _keep(desk, ombuds, found.map, settings, now)
    tries.note(ombuds, tried)
    return tried


def connect(stores: Stores, tries: Tries, ombuds: bytes, address: str, *, settings: Settings, now: datetime) -> Tried:
    """Ask a calendar for the first time, and keep where it is when it answers; a failure changes nothing."""
    found, tried = _ask(stores, ombuds, address, settings, now)
    if found:
        with stores.desk.writing() as desk, stores.keys.writing() as keys:
            elsewhere.set_address(keys, ombuds, address, settings=settings)
            _keep(desk, ombuds, found.map, settings, now)
        tries.note(ombuds, tried)
    return tried


def forget(stores: Stores, tries: Tries, ombuds: bytes, *, settings: Settings) -> None:
    """Where the calendar is, and what it said: both in one step, so that no reading brings them back."""
    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        if ombuds in elsewhere.addresses(keys, settings):
            elsewhere.set_address(keys, ombuds, "", settings=settings)
        elsewhere.forget(desk, ombuds)
    tries.forget(ombuds)


def _keep(desk: Session, ombuds: bytes, busy: BusyMap, settings: Settings, now: datetime) -> None:
    """Keep what a calendar said, but for the ombuds' own taken times, which nobody can be given anyway.

    An ombuds who notes visits in that calendar would make all that is both taken and busy a visit, and the rest decoys.
    Whole cells are cleared, or the edges of a visit would be left of it.
    """
    for slot in store.taken_of(desk, ombuds):
        busy.clear(slot.starts, slot.ends)
    elsewhere.keep(desk, ombuds, busy, settings=settings, now=_hour(now))


def _ask(
    stores: Stores, ombuds: bytes, address: str, settings: Settings, now: datetime
) -> tuple[Reading | None, Tried]:
    with stores.desk.reading() as desk:
        practice = hours_store.find_practice(desk, ombuds)
    zone = (opening.zone_of(practice, settings) if practice else settings.zone).key
    first = now.astimezone(UTC).date()
    try:
        found = inquire(Question(address, settings.calendar_hosts, first, zone, OWN))
    except OSError as error:  # no memory, no process, a system that forbids it
        log.note(error)
        return None, Tried(now, BROKEN)
    if isinstance(found, Problem):
        return None, Tried(now, found.value)
    return found, Tried(now, doubts=found.doubts, skipped=found.skipped)


def _hour(now: datetime) -> datetime:
    """An ombuds may have a calendar read at any moment; on the disk it looks as if the last full hour had done it."""
    return now.replace(minute=0, second=0, microsecond=0)
