"""What the server does by itself, following nobody's visit: noise, decoys, list, daily job, mail and calendars."""

import heapq
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import SystemRandom
from threading import Event, Thread

from portal import clock, jobs, log
from portal.calendars import Calendars
from portal.config import Settings
from portal.db import Stores
from portal.digest import Digest
from portal.intake import moves, returning, upkeep
from portal.intake import service as intake
from portal.office import service as office
from portal.roster import service as roster
from portal.scheduling import service as scheduling
from portal.sealing import words
from portal.sealing.keys import visitor_keys
from portal.volatile import Volatile

#: The server looks at least so often whether something is due, so that a clock that jumps does not put it to sleep.
LONGEST_SLEEP = 20.0
#: And at most so often, whatever goes wrong.
SHORTEST_SLEEP = 0.05
#: One decoy in so many gives its time back, and one in so many of the others is erased after its meeting. Nobody knows
#: how many visitors do: nothing counts them.
ONE_LEAVES_OF = 6
#: One decoy in so many is moved before its meeting, one in so many of these once more, and so on: with a most of moves,
#: or of changes, whatever had more would be known for a visitor's. It may leave after that as any other.
ONE_MOVES_OF = 8
#: One decoy in so many takes no time, as somebody who writes, or is written down at the desk.
ONE_WRITES_OF = 8
#: How likely a decoy looks in and changes its matter (once more) until some weeks after its meeting: 1.5 times, in the
#: mean.
TOUCHES_AGAIN = 0.6
#: Hours of the office's day in which visitors book, and so decoys; their rate is a rate of these hours.
WAKING = range(7, 23)
_DAY = timedelta(days=1)
_WAKING_WEEK = timedelta(weeks=1) * len(WAKING) / 24
_AFTERWARDS = timedelta(weeks=4)
_CHANCE = SystemRandom()
_DRAWS = 60


@dataclass(order=True)
class _Due:
    at: datetime
    tie: int
    act: Callable[[datetime], None] = field(compare=False)


class Pulse:
    """What is due, and when. It lives in memory only, so no disk tells which bookings were decoys.

    Noise and decoys come at random moments with a set rate: the wait for the next one never depends on the last.
    """

    def __init__(
        self,
        stores: Stores,
        volatile: Volatile,
        settings: Settings,
        now: datetime,
        make_pages: Callable[[], None] | None = None,
    ) -> None:
        """`make_pages` makes ahead what many ask for, from the list of now."""
        self._stores, self._volatile, self._settings = stores, volatile, settings
        self.make_pages = make_pages or (lambda: None)
        self._due: list[_Due] = []
        self._count, self._last = 0, now
        self._digest = Digest(settings.digest, settings.zone)
        self._calendars = Calendars(stores, volatile, settings)
        self._again(self._stir, settings.noise_a_day, _DAY, now)
        self._again(self._book_decoy, settings.decoys_a_week, _WAKING_WEEK, now)

    def beat(self, now: datetime) -> None:
        """Do all that is due. One part that fails does not keep the others from their turn."""
        self._follow(now)
        # First: what the others take may follow how much there is in the stores, and these tell their moment outside.
        _try(lambda: self._digest.send_if_due(now))
        _try(lambda: self._calendars.read_if_due(now))
        _try(lambda: run_daily(self._stores, self._volatile, self._settings, now))
        _try(self._look_at_the_keys_and_the_roster)
        _try(lambda: self._publish(now))
        _try(self.make_pages)
        while self._due and self._due[0].at <= now:
            act = heapq.heappop(self._due).act
            _try(partial(act, now))

    def seconds_to_next(self, now: datetime) -> float:
        """How long nothing is due, `LONGEST_SLEEP` at most."""
        wait = (self._due[0].at - now).total_seconds() if self._due else LONGEST_SLEEP
        return min(max(wait, SHORTEST_SLEEP), LONGEST_SLEEP)

    def _follow(self, now: datetime) -> None:
        """After a jump of the clock, or a long sleep, everything is still due after the wait that was left."""
        gap, self._last = now - self._last, now
        if not timedelta(0) <= gap <= _DAY:
            for each in self._due:
                each.at += gap

    def _publish(self, now: datetime) -> None:
        """The list is made at its hour, not when the first visitor of the day asks for it."""
        with self._stores.desk.reading() as desk:
            scheduling.published(desk, self._volatile.publication, office.names(desk), settings=self._settings, now=now)

    def _look_at_the_keys_and_the_roster(self) -> None:
        """So that the times at which these files were last read do not date a form that was opened, or a return."""
        roster.facts(self._settings.roster)
        with self._stores.keys.reading() as keys:
            upkeep.look(keys)

    def _stir(self, now: datetime) -> None:
        self._again(self._stir, self._settings.noise_a_day, _DAY, now)
        with self._stores.desk.writing() as desk, self._stores.keys.writing() as keys:
            upkeep.stir(desk, keys)
        # Somebody who comes back makes the server derive keys for the time of a breath; so does this.
        visitor_keys(words.draw(), self._settings.secrets.words)

    def _book_decoy(self, now: datetime) -> None:
        self._again(self._book_decoy, self._settings.decoys_a_week, _WAKING_WEEK, now)
        if now.astimezone(self._settings.zone).hour not in WAKING:
            return
        if secrets.randbelow(ONE_WRITES_OF) == 0:
            decoy = intake.write_decoy(self._stores, settings=self._settings, now=now)
        else:
            publication = self._volatile.publication
            decoy = intake.book_decoy(self._stores, publication=publication, settings=self._settings, now=now)
        if decoy is not None:
            self._plan(decoy, now)

    def _plan(self, decoy: intake.Decoy, now: datetime) -> None:
        """What else a visitor might do: look in and write now and then, move, cancel, erase at once or weeks later."""
        while _CHANCE.random() < TOUCHES_AGAIN:
            self._put(self._between(now, decoy.starts + _AFTERWARDS), partial(self._touch, decoy))
        self._plan_move(decoy, now)

    def _plan_move(self, decoy: intake.Decoy, now: datetime) -> None:
        if secrets.randbelow(ONE_MOVES_OF) == 0:
            self._put(self._between(now, decoy.starts), partial(self._move, decoy))
        else:
            self._plan_end(decoy, now)

    def _plan_end(self, decoy: intake.Decoy, now: datetime) -> None:
        if secrets.randbelow(ONE_LEAVES_OF) == 0:
            self._let_leave(decoy, self._between(now, decoy.starts))
        elif secrets.randbelow(ONE_LEAVES_OF) == 0:
            self._let_erase(decoy, self._between(decoy.starts, decoy.starts + _AFTERWARDS))

    def _let_leave(self, decoy: intake.Decoy, leaving: datetime) -> None:
        if secrets.randbelow(2):
            self._let_erase(decoy, leaving)
            return
        self._put(leaving, partial(self._leave, decoy, returning.cancel_with))
        if secrets.randbelow(2):
            self._let_erase(decoy, self._between(leaving, decoy.starts + _AFTERWARDS))

    def _let_erase(self, decoy: intake.Decoy, leaving: datetime) -> None:
        self._put(leaving, partial(self._leave, decoy, returning.erase_with))

    def _touch(self, decoy: intake.Decoy, now: datetime) -> None:
        returning.touch_with(self._stores, decoy.keys, settings=self._settings, now=now)

    def _move(self, decoy: intake.Decoy, now: datetime) -> None:
        starts = moves.move_decoy(
            self._stores, decoy.keys, publication=self._volatile.publication, settings=self._settings, now=now
        )
        self._plan_move(replace(decoy, starts=starts or decoy.starts), now)

    def _leave(self, decoy: intake.Decoy, leave: Callable[..., object], now: datetime) -> None:
        leave(self._stores, decoy.keys, publication=self._volatile.publication, now=now)

    def _between(self, first: datetime, last: datetime) -> datetime:
        """Some moment in hours in which visitors come back too, if there is one."""
        for _ in range(_DRAWS):
            found = first + (last - first) * _CHANCE.random()
            if found.astimezone(self._settings.zone).hour in WAKING:
                break
        return found

    def _again(self, act: Callable[[datetime], None], times: int, span: timedelta, now: datetime) -> None:
        if times:
            self._put(now + span / times * _CHANCE.expovariate(1.0), act)

    def _put(self, at: datetime, act: Callable[[datetime], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, _Due(at, self._count, act))


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever it is, the next beat may do better
        log.note(error)


def run_daily(stores: Stores, volatile: Volatile, settings: Settings, now: datetime) -> None:
    """The daily job, when today's has not run in this process; also asked before the first request of a day."""
    today = now.astimezone(settings.zone).date()
    volatile.dawn.run(today, clock.seconds(), lambda: jobs.daily(stores, settings=settings, now=now))


def start(
    stores: Stores, volatile: Volatile, settings: Settings, make_pages: Callable[[], None] | None = None
) -> Callable[[], None]:
    """Beat in a thread of its own until the process ends; gives what stops it."""
    pulse, is_over = Pulse(stores, volatile, settings, clock.now(), make_pages), Event()

    def live() -> None:
        _try(pulse.make_pages)
        while not is_over.wait(pulse.seconds_to_next(clock.now())):
            _try(lambda: pulse.beat(clock.now()))

    Thread(target=live, name="pulse", daemon=True).start()
    return is_over.set
