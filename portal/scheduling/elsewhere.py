"""When ombuds are busy elsewhere, as their own calendars told it last; and where those calendars are."""

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal.busy.map import BusyMap
from portal.config import Settings
from portal.errors import CannotOpen
from portal.scheduling import hours_store
from portal.sealing import box, symbols
from portal.sealing.places import Place

#: In bytes; addresses of calendars carry long tokens.
ADDRESS_LIMIT = 1000
_ADDRESS_SIZE = 1024
_TOKEN_SIZE = 20
_NO_FEED = 32
_DAY_SIZE = 4


@dataclass(frozen=True)
class LastRead:
    """When a calendar was read last, aware, and what it said."""

    at: datetime
    busy: BusyMap


def busy_maps(desk: Session, settings: Settings, ombuds: Collection[bytes] | None = None) -> dict[bytes, BusyMap]:
    """When each of these ombuds is busy elsewhere, or each who named a calendar."""
    return {key: each.busy for key, each in last_read(desk, settings, ombuds).items()}


def last_read(desk: Session, settings: Settings, ombuds: Collection[bytes] | None = None) -> dict[bytes, LastRead]:
    """The same with the hour of reading. A map that somebody else wrote into the store counts as none."""
    found = {}
    for key, (read_at, locked) in hours_store.busy_maps(desk).items():
        if ombuds is None or key in ombuds:
            try:
                text = box.unlock(locked, settings.secrets.factors, _place("desk", key, "busy"))
                found[key] = LastRead(datetime.fromtimestamp(read_at, UTC), _map(text))
            except (CannotOpen, ValueError, OverflowError, OSError):
                continue
    return found


def keep(desk: Session, ombuds: bytes, busy: BusyMap, *, settings: Settings, now: datetime) -> None:
    """Keep what a calendar said, in the place of what it said before."""
    locked = box.lock(_bytes(busy), settings.secrets.factors, _place("desk", ombuds, "busy"))
    hours_store.put_busy(desk, ombuds, int(now.timestamp()), locked)


def forget(desk: Session, ombuds: bytes) -> None:
    """No calendar, no busy times."""
    hours_store.delete_busy(desk, ombuds)


def addresses(keys: Session, settings: Settings) -> dict[bytes, str]:
    """Where the calendar of each ombuds is who named one."""
    found = {}
    for key, (locked, _feed) in hours_store.calendars(keys).items():
        try:
            text = box.unpad(box.unlock(locked, settings.secrets.factors, _place("keys", key, "calendar")))
        except (CannotOpen, ValueError):
            continue
        if text:
            found[key] = text.decode()
    return found


def set_address(keys: Session, ombuds: bytes, address: str, *, settings: Settings) -> None:
    """Keep where the calendar is, as many bytes whatever it is; an empty one is none."""
    values = {"address": _locked_address(ombuds, address, settings)}
    known = ombuds in hours_store.calendars(keys)
    hours_store.put_calendar(keys, ombuds, values if known else values | {"feed": os.urandom(_NO_FEED)})


def new_feed(keys: Session, ombuds: bytes, *, settings: Settings) -> str:
    """A new token for the feed of an ombuds' times; the old one opens nothing any more. Only its digest is kept."""
    token = symbols.encode(os.urandom(_TOKEN_SIZE)).lower()
    values = {"feed": _digest(token)}
    known = ombuds in hours_store.calendars(keys)
    hours_store.put_calendar(
        keys, ombuds, values if known else values | {"address": _locked_address(ombuds, "", settings)}
    )
    return token


def stop_feed(keys: Session, ombuds: bytes) -> None:
    """No token opens it until there is a new one."""
    if ombuds in hours_store.calendars(keys):
        hours_store.put_calendar(keys, ombuds, {"feed": os.urandom(_NO_FEED)})


def whose_feed(keys: Session, token: str) -> bytes | None:
    """Whose times a token opens."""
    digest = _digest(token)
    return next((key for key, (_address, feed) in hours_store.calendars(keys).items() if feed == digest), None)


def _bytes(busy: BusyMap) -> bytes:
    return busy.first.toordinal().to_bytes(_DAY_SIZE, "big") + busy.to_bytes()


def _map(text: bytes) -> BusyMap:
    first = date.fromordinal(int.from_bytes(text[:_DAY_SIZE], "big"))
    return BusyMap.from_bytes(first, text[_DAY_SIZE:])


def _locked_address(ombuds: bytes, address: str, settings: Settings) -> bytes:
    padded = box.pad(address.encode(), _ADDRESS_SIZE)
    return box.lock(padded, settings.secrets.factors, _place("keys", ombuds, "calendar"))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _place(store: str, ombuds: bytes, name: str) -> Place:
    return Place(store, ombuds, name)
