"""What the server does by itself, at moments that follow nobody's visit: noise, decoys, publication, the daily job."""

import heapq
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from threading import Event, Thread

from portal import clock, jobs, log
from portal.config import Settings
from portal.db import Stores
from portal.intake import returning, upkeep
from portal.intake import service as intake
from portal.office import service as office
from portal.scheduling import service as scheduling
from portal.volatile import Volatile

#: The server looks at least so often whether something is due, so that a clock that jumps does not put it to sleep.
LONGEST_SLEEP = 20.0
#: One decoy in so many gives its time back before the meeting. Nobody knows how many visitors do: nothing counts them.
ONE_LEAVES_OF = 6
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_CHANCE = SystemRandom()


@dataclass(order=True)
class _Due:
    at: datetime
    tie: int
    act: Callable[[datetime], None] = field(compare=False)


class Pulse:
    """What is due, and when. It lives in memory only, so no disk tells which bookings were decoys.

    Noise and decoys come at random moments with a set rate: the wait for the next one never depends on the last.
    """

    def __init__(self, stores: Stores, volatile: Volatile, settings: Settings, now: datetime) -> None:
        self._stores, self._volatile, self._settings = stores, volatile, settings
        self._due: list[_Due] = []
        self._again(self._stir, settings.noise_a_day, _DAY, now)
        self._again(self._book_decoy, settings.decoys_a_week, _WEEK, now)

    def beat(self, now: datetime) -> None:
        """Do all that is due. What was missed while the machine slept is done once, not many times."""
        run_daily(self._stores, self._volatile, self._settings, now)
        self._publish(now)
        waiting = self._due
        while waiting and waiting[0].at <= now:
            heapq.heappop(waiting).act(now)

    def seconds_to_next(self, now: datetime) -> float:
        """How long nothing is due, `LONGEST_SLEEP` at most."""
        wait = (self._due[0].at - now).total_seconds() if self._due else LONGEST_SLEEP
        return min(max(wait, 0.0), LONGEST_SLEEP)

    def _publish(self, now: datetime) -> None:
        """The list is made at its hour, not when the first visitor of the day asks for it."""
        with self._stores.desk.reading() as desk:
            scheduling.published(desk, self._volatile.publication, office.names(desk), settings=self._settings, now=now)

    def _stir(self, now: datetime) -> None:
        self._again(self._stir, self._settings.noise_a_day, _DAY, now)
        with self._stores.desk.writing() as desk, self._stores.keys.writing() as keys:
            upkeep.stir(desk, keys)

    def _book_decoy(self, now: datetime) -> None:
        self._again(self._book_decoy, self._settings.decoys_a_week, _WEEK, now)
        resting = self._volatile.publication.resting
        decoy = intake.book_decoy(self._stores, settings=self._settings, now=now, resting=resting)
        if decoy is not None and secrets.randbelow(ONE_LEAVES_OF) == 0:
            self._let_leave(decoy, now)

    def _let_leave(self, decoy: intake.Decoy, now: datetime) -> None:
        """Cancel or erase it at some moment before its meeting, as visitors do."""
        leave = secrets.choice((returning.cancel_with, returning.erase_with))

        def act(later: datetime) -> None:
            leave(self._stores, decoy.keys, publication=self._volatile.publication, now=later)

        self._put(now + (decoy.starts - now) * _CHANCE.random(), act)

    def _again(self, act: Callable[[datetime], None], times: int, span: timedelta, now: datetime) -> None:
        if times:
            self._put(now + span / times * _CHANCE.expovariate(1.0), act)

    def _put(self, at: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self._due, _Due(at, len(self._due), act))


def run_daily(stores: Stores, volatile: Volatile, settings: Settings, now: datetime) -> None:
    """The daily job, when today's has not run in this process; also asked before the first request of a day."""
    today = now.astimezone(settings.zone).date()
    volatile.dawn.run(today, clock.seconds(), lambda: jobs.daily(stores, settings=settings, now=now))


def start(stores: Stores, volatile: Volatile, settings: Settings) -> Callable[[], None]:
    """Beat in a thread of its own until the process ends; gives what stops it."""
    pulse, is_over = Pulse(stores, volatile, settings, clock.now()), Event()

    def live() -> None:
        while not is_over.wait(pulse.seconds_to_next(clock.now())):
            try:
                pulse.beat(clock.now())
            except Exception as error:  # noqa: BLE001 - whatever it is, the next beat may do better
                log.note(error)

    Thread(target=live, name="pulse", daemon=True).start()
    return is_over.set
