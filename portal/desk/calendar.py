"""What an ombuds does with a calendar of their own: connect it, look at what it said, forget it, and give one out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from portal.config import Settings
from portal.db import Stores
from portal.desk.changing import AtDesk
from portal.scheduling import elsewhere, reading
from portal.scheduling.spans import Span
from portal.tried import Tried, Tries

#: How far the page looks ahead, and how many spans it shows at most.
AHEAD = timedelta(days=14)
MOST_SHOWN = 120
#: After so long without an answer the queue says so, and the doctor.
SILENCE = timedelta(days=1)


@dataclass(frozen=True)
class Connected:
    """A calendar as its ombuds may see it again: never its whole address, only the host.

    `read_at` is when it was read last, None if what it said is lost. `tried` is the newest look, None after a restart.
    `spans` are busy times of the coming two weeks, in UTC.
    """

    host: str
    read_at: datetime | None
    tried: Tried | None
    spans: list[Span]

    @property
    def problem(self) -> str:
        return self.tried.problem if self.tried else ""


def look(at: AtDesk, tries: Tries) -> Connected | None:
    """The calendar of whoever is signed in, or None when there is none."""
    ombuds = at.own.ombuds
    address = _address(at.stores, ombuds, at.settings)
    if address is None:
        return None
    with at.stores.desk.reading() as desk:
        last = elsewhere.last_read(desk, at.settings, [ombuds]).get(ombuds)
    tried, spans = tries.find(ombuds), list[Span]()
    if last:
        spans = [each for each in last.busy.spans() if each[1] > at.now and each[0] < at.now + AHEAD][:MOST_SHOWN]
    # On the disk stands the full hour before; a look that went well is remembered to the minute.
    read_at = tried.at if tried and not tried.problem else last.at if last else None
    return Connected(_host(address), read_at if last else None, tried, spans)


def is_silent(at: AtDesk) -> bool:
    """Whether there is a calendar that has not answered for more than a day."""
    ombuds = at.own.ombuds
    if _address(at.stores, ombuds, at.settings) is None:
        return False
    with at.stores.desk.reading() as desk:
        last = elsewhere.last_read(desk, at.settings, [ombuds]).get(ombuds)
    return last is None or at.now - last.at > SILENCE


def connect(at: AtDesk, tries: Tries, address: str) -> Tried | None:
    """Ask a calendar, up to half a minute, and keep its address if it answers; None while another desk is asking."""
    if len(address.encode()) > elsewhere.ADDRESS_LIMIT:
        return Tried(at.now, reading.WRONG)
    if not tries.at_desk.acquire(blocking=False):
        return None
    try:
        return reading.connect(at.stores, tries, at.own.ombuds, address, settings=at.settings, now=at.now)
    finally:
        tries.at_desk.release()


def read_now(at: AtDesk, tries: Tries) -> Tried | None:
    """Ask the connected calendar once more; None while another desk is asking, or when there is none."""
    if not tries.at_desk.acquire(blocking=False):
        return None
    try:
        return reading.read(at.stores, tries, at.own.ombuds, settings=at.settings, now=at.now)
    finally:
        tries.at_desk.release()


def forget(at: AtDesk, tries: Tries) -> None:
    """The address, and at once all that the calendar said."""
    reading.forget(at.stores, tries, at.own.ombuds, settings=at.settings)


def new_feed(at: AtDesk) -> str:
    """The token of a new address for a calendar program; one from before opens nothing any more."""
    with at.stores.keys.writing() as keys:
        return elsewhere.new_feed(keys, at.own.ombuds, settings=at.settings)


def stop_feed(at: AtDesk) -> None:
    with at.stores.keys.writing() as keys:
        elsewhere.stop_feed(keys, at.own.ombuds)


def _address(stores: Stores, ombuds: bytes, settings: Settings) -> str | None:
    with stores.keys.reading() as keys:
        return elsewhere.addresses(keys, settings).get(ombuds)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
