"""What ombuds do with their own times, whatever is on today's public list; the caller holds the write lock."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import hours_store, opening, store
from portal.scheduling.rules import Offer, Practice, SlotFacts
from portal.scheduling.service import conditions, give_back
from portal.scheduling.spans import Span, hits, overlaps
from portal.scheduling.walls import first_instant
from portal.volatile import Publication

_DAY = timedelta(days=1)


def free(desk: Session, ombuds: bytes, now: datetime) -> list[SlotFacts]:
    """An ombuds' own free times to come, in order; also those that are not on the list, and those that rest."""
    return [slot for slot in store.free_slots(desk) if slot.ombuds == ombuds and slot.starts > now]


def offerable(desk: Session, ombuds: bytes, settings: Settings, now: datetime) -> list[SlotFacts]:
    """Those free times that a visitor, too, could be given now: not too soon, and not while the ombuds is busy."""
    terms = conditions(desk, settings, {ombuds}).get(ombuds)
    return [slot for slot in free(desk, ombuds, now) if terms and terms.allow(slot, now)]


def taken(desk: Session, ombuds: bytes, now: datetime) -> list[SlotFacts]:
    """An ombuds' own taken times to come, in order; by whom is not known here."""
    return [slot for slot in store.taken_of(desk, ombuds) if slot.starts > now]


def within(slots: Iterable[SlotFacts], span: Span) -> list[SlotFacts]:
    return [slot for slot in slots if overlaps((slot.starts, slot.ends), [span])]


def take(desk: Session, ombuds: bytes, slot: bytes, now: datetime) -> SlotFacts | None:
    """Take one of an ombuds' own free times; None when it is gone."""
    found = next((each for each in free(desk, ombuds, now) if each.id == slot), None)
    return found if found and store.take_slot(desk, slot) else None


def take_all(desk: Session, slots: Iterable[bytes]) -> bool:
    """Take these times; False at the first that somebody else has: the caller then undoes the others."""
    return all(store.take_slot(desk, slot) for slot in slots)


def block(desk: Session, ombuds: bytes, span: Span, *, settings: Settings, now: datetime) -> int:
    """Take all free times of an ombuds that lie in a span, also those not opened yet; gives how many."""
    _open_beyond(desk, ombuds, span, settings, now)
    found = within(free(desk, ombuds, now), span)
    return sum(store.take_slot(desk, slot.id) for slot in found)


def open_again(
    desk: Session,
    slots: Collection[SlotFacts],
    publication: Publication[Offer],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Give taken times back; they return at the next publication. What no day has reached yet waits for its day."""
    for slot in slots:
        give_back(desk, slot.id, publication)
    practices = hours_store.practices(desk)
    beyond = (slot for slot in slots if slot.ombuds in practices)
    store.withdraw(desk, {slot.id for slot in beyond if slot.starts >= _end(practices[slot.ombuds], settings, now)})


def _open_beyond(desk: Session, ombuds: bytes, span: Span, settings: Settings, now: datetime) -> None:
    """Make the times of a span that the daily job would open later: once taken, it opens nothing in their place."""
    table = opening.timetable(desk, ombuds, settings, now.date())
    if table is None:
        return
    today, days = opening.horizon(table.practice, settings, now)
    first = max(today + days * _DAY, span[0].astimezone(table.zone).date())
    days = (span[1].astimezone(table.zone).date() - first).days + 1
    if days <= 0:
        return
    kept = opening.apart_from(store.slots_of(desk, ombuds, since=now), table.practice)
    missing = within(opening.fit(desk, ombuds, table, first, days), span)
    store.add_slots(desk, [slot for slot in missing if not hits((slot.starts, slot.ends), kept)])


def _end(practice: Practice, settings: Settings, now: datetime) -> datetime:
    """When the times that are open now end."""
    first, days = opening.horizon(practice, settings, now)
    return first_instant(first + days * _DAY, opening.zone_of(practice, settings))
