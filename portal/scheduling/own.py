"""What ombuds do with their own times, whatever is on today's public list; the caller holds the write lock."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import hours_store, opening, store
from portal.scheduling.rules import Offer, SlotFacts
from portal.scheduling.service import conditions, give_back
from portal.scheduling.spans import Span, hits, overlaps
from portal.scheduling.timetable import Timetable
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
    """Take all free times of an ombuds that lie in a span, also those not opened yet; gives how many.

    Whole dates in it are days away: whatever becomes of hours and places later, nothing is opened on them.
    """
    table = opening.timetable(desk, ombuds, settings, now.date())
    if table is not None:
        _open_all(desk, ombuds, table, span, now)
    found = within(free(desk, ombuds, now), span)
    hours_store.add_away(desk, ombuds, whole_days(span, table.zone if table else settings.zone))
    return store.take_slots(desk, {slot.id for slot in found})


def whole_days(span: Span, zone: ZoneInfo) -> list[date]:
    """The civil dates that lie in a span from their beginning to their end."""
    first, last = (each.astimezone(zone).date() for each in span)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    return [day for day in days if span[0] <= first_instant(day, zone) and first_instant(day + _DAY, zone) <= span[1]]


def days_away(desk: Session, ombuds: bytes) -> frozenset[date]:
    """The dates on which an ombuds said they are not there, in the zone of their hours."""
    return hours_store.find_away(desk, ombuds)


def open_again(  # noqa: PLR0913 - times or days, and when
    desk: Session,
    ombuds: bytes,
    slots: Collection[SlotFacts],
    publication: Publication[Offer],
    *,
    settings: Settings,
    now: datetime,
    days: Collection[date] = (),
) -> None:
    """Give taken times back, and days away with them; they return at the next publication.

    What the hours no longer make goes, and what no day has reached yet waits for its day.
    """
    for slot in slots:
        give_back(desk, slot.id, publication)
    table = opening.timetable(desk, ombuds, settings, now.date())
    if table is None:
        return
    hours_store.delete_away(desk, ombuds, {*days, *(slot.starts.astimezone(table.zone).date() for slot in slots)})
    table = replace(table, away=hours_store.find_away(desk, ombuds))
    unfit = opening.difference(desk, ombuds, table, settings, now).withdrawn
    store.withdraw(desk, {slot.id for slot in unfit} & {slot.id for slot in slots})


def _open_all(desk: Session, ombuds: bytes, table: Timetable, span: Span, now: datetime) -> None:
    """Make the times of a span that the daily job would open later: once taken, it opens nothing in their place."""
    first = max(now, span[0]).astimezone(table.zone).date()
    days = (span[1].astimezone(table.zone).date() - first).days + 1
    if days <= 0:
        return
    kept = opening.apart_from(store.slots_of(desk, ombuds, since=now), table.practice)
    missing = within(opening.fit(desk, ombuds, table, first, days), span)
    store.add_slots(desk, [slot for slot in missing if slot.starts > now and not hits((slot.starts, slot.ends), kept)])
