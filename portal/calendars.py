"""Has ombuds' own calendars read at fixed hours, in a thread of its own, whoever comes and whatever they do."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from random import SystemRandom
from threading import Thread
from zoneinfo import ZoneInfo

from portal import log
from portal.config import Settings
from portal.db import Stores
from portal.scheduling import elsewhere, reading
from portal.scheduling.rules import last_publication
from portal.volatile import Volatile

#: So long before each hour of publication, so that twenty calendars that take half a minute each are read by then.
LEAD = timedelta(minutes=10)
#: And so often in between.
EVERY = timedelta(hours=1)


class NotRead(Exception):  # noqa: N818 - its name is all that the log says of a calendar
    """A calendar that could not be read; the desk page of its ombuds says why."""


class Calendars:
    """One round at a time. The list of times never waits for it: it is made with what is known by then."""

    def __init__(self, stores: Stores, volatile: Volatile, settings: Settings) -> None:
        self._stores, self._volatile, self._settings = stores, volatile, settings
        self._last: datetime | None = None
        self._thread: Thread | None = None

    def read_if_due(self, now: datetime) -> None:
        """Begin the round of this hour, unless it was begun or the one before still goes on; the first one at once."""
        due = find_due(now, self._settings.publish_at, self._settings.zone)
        is_busy = self._thread is not None and self._thread.is_alive()
        if due == self._last or is_busy:
            return
        self._last = due
        with self._stores.keys.reading() as keys:
            people = list(elsewhere.addresses(keys, self._settings))
        if people:
            self._thread = Thread(target=self._read_all, args=(people, now), name="calendars", daemon=True)
            self._thread.start()

    def _read_all(self, people: Collection[bytes], now: datetime) -> None:
        """In an order of chance, so that whoever runs a calendar does not learn which of them is whose."""
        for ombuds in SystemRandom().sample(list(people), len(people)):
            try:
                tried = reading.read(self._stores, self._volatile.calendars, ombuds, settings=self._settings, now=now)
                if tried is not None and tried.problem:
                    raise NotRead  # noqa: TRY301 - the log takes nothing but an error
            except Exception as error:  # noqa: BLE001 - a trace of the thread would quote an address
                log.note(error)


def find_due(now: datetime, publish_at: Sequence[time], zone: ZoneInfo) -> datetime:
    """The latest moment, in UTC and not after `now`, at which calendars are read."""
    first = last_publication(now + LEAD, publish_at, zone) - LEAD
    return first + (now - first) // EVERY * EVERY
