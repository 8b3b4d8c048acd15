"""Sets and takes off notices, and keeps the PIN that may do so from a phone."""

import hmac
import os
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.notices import tables
from portal.notices.rules import Days, Notice, Part, Pinned, Refused, refuse
from portal.office import faces
from portal.sealing.keys import KEY_SIZE, pin_hash

_SALT = 16


def set_notice(site: Session, ombuds: bytes, days: Days, *, today: date) -> Refused | None:
    """Put an ombuds' notice in the place of the one before; a refusal changes nothing."""
    refused = refuse(days, today)
    if refused is None:
        first, last = days.first.isoformat(), days.last.isoformat()
        site.merge(tables.Notice(ombuds=ombuds, first=first, last=last, part=days.part.value))
        site.flush()
    return refused


def clear_notice(site: Session, ombuds: bytes) -> None:
    site.execute(delete(tables.Notice).where(tables.Notice.ombuds == ombuds))


def find_notice(site: Session, ombuds: bytes, today: date) -> Days | None:
    """The days of an ombuds' notice; None when there is none, or it is over."""
    found = site.get(tables.Notice, ombuds)
    days = None if found is None else _days(found)
    return days if days and days.last >= today else None


def find_notices(site: Session, today: date) -> list[Notice]:
    """Everybody's notices that are not over, the earliest first."""
    names = faces.public_names(site)
    found = [
        Notice(names[row.ombuds], days)
        for row in site.scalars(select(tables.Notice))
        if (days := _days(row)) and row.ombuds in names
    ]
    return sorted((each for each in found if each.days.last >= today), key=_order)


def remove_past(site: Session, today: date) -> None:
    # Days are written as year, month, day, so that their order is the alphabet's.
    site.execute(delete(tables.Notice).where(tables.Notice.last < today.isoformat()))


def pinned(pin: str, pepper: bytes) -> Pinned:
    """A new PIN as it is kept. It takes 19 MiB and some 30 ms: do it before any store is held."""
    salt = os.urandom(_SALT)
    return Pinned(salt, pin_hash(pin, salt, pepper))


def keep_pin(keys: Session, ombuds: bytes, new: Pinned) -> None:
    """The PIN before it no longer works."""
    keys.merge(tables.Pin(ombuds=ombuds, salt=new.salt, hash=new.hash))
    keys.flush()


def drop_pin(keys: Session, ombuds: bytes) -> None:
    keys.execute(delete(tables.Pin).where(tables.Pin.ombuds == ombuds))


def find_pin(keys: Session, ombuds: bytes) -> Pinned | None:
    """What is kept of an ombuds' PIN; None too for what cannot be a salt and a hash."""
    found = keys.get(tables.Pin, ombuds)
    if found is None or len(found.salt) != _SALT or len(found.hash) != KEY_SIZE:
        return None
    return Pinned(found.salt, found.hash)


def is_pin(kept: Pinned | None, typed: str, pepper: bytes) -> bool:
    """Whether this is the PIN. It takes one derivation also where there is none, so that the time does not tell."""
    against = kept or Pinned(os.urandom(_SALT), os.urandom(KEY_SIZE))
    is_same = hmac.compare_digest(pin_hash(typed, against.salt, pepper), against.hash)
    return is_same and kept is not None


def _order(found: Notice) -> tuple[date, str]:
    return found.days.first, str(found.name)  # somebody may have written there what is no text


def _days(found: tables.Notice) -> Days | None:
    try:
        return Days(date.fromisoformat(found.first), date.fromisoformat(found.last), Part(found.part))
    except (TypeError, ValueError):  # somebody wrote there what is no day
        return None
