"""What ombuds do with their own times, whatever is on today's public list; the caller holds the write lock."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import rules, store
from portal.scheduling.rules import SlotFacts, Span
from portal.scheduling.service import fit, give_back
from portal.volatile import Publication

_DAY = timedelta(days=1)


def free(desk: Session, ombuds: bytes, now: datetime) -> list[SlotFacts]:
    """An ombuds' own free times to come, in order; also those that are not on the list, and those that rest."""
    return [slot for slot in store.free_slots(desk) if slot.ombuds == ombuds and slot.starts > now]


def taken(desk: Session, ombuds: bytes, now: datetime) -> list[SlotFacts]:
    """An ombuds' own taken times to come, in order; by whom is not known here."""
    return [slot for slot in store.taken_of(desk, ombuds) if slot.starts > now]


def within(slots: Iterable[SlotFacts], span: Span) -> list[SlotFacts]:
    return [slot for slot in slots if rules.overlaps((slot.starts, slot.ends), [span])]


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
    publication: Publication[rules.Offer],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Give taken times back; they return at the next publication. What no day has reached yet waits for its day."""
    for slot in slots:
        give_back(desk, slot.id, publication)
    end = rules.first_instant(now.astimezone(settings.zone).date() + settings.horizon_weeks * 7 * _DAY, settings.zone)
    store.withdraw(desk, {slot.id for slot in slots if slot.starts >= end})


def _open_beyond(desk: Session, ombuds: bytes, span: Span, settings: Settings, now: datetime) -> None:
    """Make the times of a span that the daily job would open later: once taken, it opens nothing in their place."""
    practice, today = store.find_practice(desk, ombuds), now.astimezone(settings.zone).date()
    first = max(today + settings.horizon_weeks * 7 * _DAY, span[0].astimezone(settings.zone).date())
    days = (span[1].astimezone(settings.zone).date() - first).days + 1
    if practice is None or days <= 0:
        return
    kept = [(slot.starts, slot.ends) for slot in store.slots_of(desk, ombuds, since=now)]
    missing = within(fit(desk, ombuds, practice, settings, first, days), span)
    store.add_slots(desk, [slot for slot in missing if not rules.overlaps((slot.starts, slot.ends), kept)])
