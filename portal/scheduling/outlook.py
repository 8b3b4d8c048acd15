"""Reads all that decides on an ombuds' own times in one go, for whoever explains them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import elsewhere, opening, service, store
from portal.scheduling.explaining import Outlook
from portal.scheduling.rules import Offer, next_publication
from portal.scheduling.timetable import Time, Timetable
from portal.scheduling.walls import first_instant
from portal.volatile import Publication

_DAY = timedelta(days=1)
_WEEK = 7


def read(  # noqa: PLR0913 - the list lives in memory, and what else is asked about is a date of its own
    desk: Session,
    ombuds: bytes,
    publication: Publication[Offer],
    names: Mapping[bytes, str],
    *,
    settings: Settings,
    now: datetime,
    also: date | None = None,
    has_mailbox: bool = True,
) -> Outlook | None:
    """What decides on the times of an ombuds who set hours, from this Monday to a week after what is open now.

    `names` are all who can be booked, `also` is one more date to plan, and `has_mailbox` whether a matter has room.
    """
    table = opening.timetable(desk, ombuds, settings, now.date())
    if table is None:
        return None
    today, days = opening.horizon(table.practice, settings, now)
    slots = store.slots_of(desk, ombuds, since=now)
    offers = service.published(desk, publication, names, settings=settings, now=now)
    read_last = elsewhere.last_read(desk, settings, {ombuds}).get(ombuds)
    change = opening.difference(desk, ombuds, table, settings, now)
    return Outlook(
        table=table,
        conditions=service.conditions(desk, settings, {ombuds})[ombuds],
        now=now,
        next_list=next_publication(now, settings.publish_at, settings.zone),
        ends=first_instant(today + days * _DAY, table.zone),
        slots={slot.starts: slot for slot in slots if slot.starts > now},
        taken=frozenset(slot.id for slot in store.taken_of(desk, ombuds)),
        resting=publication.resting,
        listed={offer.starts: offer.id for offer in offers if offer.ombuds == ombuds},
        planned=_planned(desk, ombuds, table, today, days, also),
        opens=frozenset(slot.starts for slot in change.opened),
        is_open=ombuds in names,
        has_mailbox=has_mailbox,
        calendar_read=read_last.at if read_last else None,
    )


def _planned(desk: Session, ombuds: bytes, table: Timetable, today: date, days: int, also: date | None) -> list[Time]:
    monday = today - today.weekday() * _DAY
    count = days + 2 * _WEEK
    found = opening.planned(desk, ombuds, table, monday, count)
    if also is not None and not monday <= also < monday + count * _DAY:
        found += opening.planned(desk, ombuds, table, also, 1)
    return found
