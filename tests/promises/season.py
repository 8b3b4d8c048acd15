"""Six weeks of a public list on a stepped clock: visitors and decoys take times, and somebody watches every change.

The visitors are a model, because nobody counts real ones. They come on any day between seven and eleven at night, take
nearer times more often, by the same weight as decoys do; one in eight moves at some moment before the meeting, one in
eight of these once more, and so on, and one in six of all cancels or erases after that. So what is tested is not
whether people are like that, but whether anything else tells the two apart: the minute, the weekday, the order, the way
back onto the list.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import SystemRandom

from portal import clock
from portal.intake import moves, returning
from portal.intake import service as intake
from portal.intake.moves import Moved, Wish
from portal.intake.rules import Meeting, Share, Stub
from portal.office import service as office
from portal.pulse import ONE_LEAVES_OF, ONE_MOVES_OF, Pulse
from portal.roster.rules import Claim
from portal.scheduling import rules
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer
from portal.sealing import words
from portal.volatile import Volatile
from tests.cast import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_CHANCE = SystemRandom()
_WAKES, _SLEEPS = 7, 23
_CHOICES = 3


@dataclass(frozen=True)
class Gone:
    """A time that left the list although it was not too near: when, and when it was on it again."""

    starts: datetime
    left: datetime
    back: datetime | None = None

    @property
    def lead(self) -> float:
        """Days between leaving the list and the appointment."""
        return (self.starts - self.left) / DAY

    @property
    def rests(self) -> float:
        """Days until it came back, 0 when it did not."""
        return (self.back - self.left) / DAY if self.back else 0.0


@dataclass
class Season:
    """One office, its memory, its pulse, and a watcher's notes by who it was."""

    world: World
    now: datetime = field(default_factory=clock.now)
    volatile: Volatile = field(default_factory=Volatile)
    notes: dict[str, list[Gone]] = field(default_factory=lambda: {"visitor": [], "decoy": []})
    _due: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)
    _listed: dict[bytes, Offer] = field(default_factory=dict)
    _owner: dict[bytes, str] = field(default_factory=dict)
    _away: dict[bytes, tuple[str, int]] = field(default_factory=dict)

    def live(self, days: int, visitors_a_day: float, *, decoys: bool = True) -> None:
        """Visitors come at random, and the server beats whenever something is due; every change is looked at."""
        end = self.now + days * DAY
        pulse = Pulse(self.world.stores, self.volatile, self.world.settings, self.now) if decoys else None
        if visitors_a_day:
            for day in range(days):
                for _ in range(int(_CHANCE.gauss(visitors_a_day, visitors_a_day**0.5) + 0.5)):
                    awake = timedelta(hours=_CHANCE.uniform(_WAKES, _SLEEPS))
                    self.put(self._midnight() + day * DAY + awake, self._visit)
        while (following := self._next(pulse)) < end:
            self.now = following
            self._beat(pulse)
            while self._due and self._due[0][0] <= self.now:
                heapq.heappop(self._due)[2]()
            self.look()

    def put(self, at: datetime, act: Callable[[], None]) -> None:
        if at > self.now:
            heapq.heappush(self._due, (at, next(self._number), act))

    def list(self) -> list[Offer]:
        settings = self.world.settings
        with self.world.stores.desk.reading() as desk:
            names, publication = office.names(desk), self.volatile.publication
            return scheduling.published(desk, publication, names, settings=settings, now=self.now)

    def look(self) -> None:
        """What a watcher of the list notes: who is shown is gone, and who is there again."""
        shown = {offer.id: offer for offer in self.list()}
        for slot in self._listed.keys() - shown.keys():
            offer = self._listed[slot]
            if slot in self._owner and rules.is_offerable(offer.starts, self.now, self.world.settings.notice_hours):
                notes = self.notes[self._owner[slot]]
                self._away[slot] = self._owner[slot], len(notes)
                notes.append(Gone(offer.starts, self.now))
        for slot in (shown.keys() - self._listed.keys()) & self._away.keys():
            who, place = self._away.pop(slot)
            self.notes[who][place] = replace(self.notes[who][place], back=self.now)
        self._listed = shown

    def own(self, before: set[bytes], who: str) -> None:
        """Whoever acted since `before` has taken what is taken now and was not."""
        taken = self.taken()
        self._owner |= dict.fromkeys(taken - before, who)
        for slot in self._owner.keys() - taken:
            del self._owner[slot]

    def taken(self) -> set[bytes]:
        with self.world.stores.desk.reading() as desk:
            rows = desk.connection().exec_driver_sql("SELECT id FROM slot WHERE state = 9")
            return {bytes(slot) for (slot,) in rows}

    def _beat(self, pulse: Pulse | None) -> None:
        if pulse is not None:
            before = self.taken()
            pulse.beat(self.now)
            self.own(before, "decoy")

    def _next(self, pulse: Pulse | None) -> datetime:
        settings = self.world.settings
        found = [rules.next_publication(self.now, settings.publish_at, settings.zone)]
        found += [self._due[0][0]] if self._due else []
        found += [pulse._due[0].at] if pulse is not None and pulse._due else []
        return min(found)

    def _midnight(self) -> datetime:
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0)

    def _visit(self) -> None:
        offers, before, typed = self.list(), self.taken(), words.draw()
        if not offers:
            return
        slots = [offer.id for offer in self._drawn(offers)]
        request = intake.Request(
            words=typed, claim=Claim("", "", "none"), slots=slots, mode=Mode.phone, stub=Stub(Share.NOTHING)
        )
        found = intake.request_meeting(
            self.world.stores,
            request,
            publication=self.volatile.publication,
            settings=self.world.settings,
            now=self.now,
        )
        self.own(before, "visitor")
        if isinstance(found, intake.Receipt):
            self._plan(typed, found.matter.meeting)

    def _plan(self, typed: str, meeting: Meeting) -> None:
        if _CHANCE.randrange(ONE_MOVES_OF) == 0:
            self.put(self._before(meeting), lambda: self._move(typed, meeting))
        else:
            self._plan_end(typed, meeting)

    def _plan_end(self, typed: str, meeting: Meeting) -> None:
        if _CHANCE.randrange(ONE_LEAVES_OF) == 0:
            leaves = _CHANCE.choice((returning.cancel, returning.erase))
            self.put(self._before(meeting), lambda: self._leave(leaves, typed))

    def _before(self, meeting: Meeting) -> datetime:
        return self.now + (meeting.starts - self.now) * _CHANCE.random()

    def _move(self, typed: str, meeting: Meeting) -> None:
        """To times of the list, as a visitor sees it; whoever is too late keeps the old one."""
        offers, before = [each for each in self.list() if each.id != meeting.slot], self.taken()
        if offers:
            wish = Wish(meeting.uid, meeting.slot, [offer.id for offer in self._drawn(offers)])
            how = {"publication": self.volatile.publication, "settings": self.world.settings, "now": self.now}
            found = moves.move(self.world.stores, typed, wish, **how)
            self.own(before, "visitor")
            meeting = found.meeting if isinstance(found, Moved) else meeting
        self._plan(typed, meeting)

    def _drawn(self, offers: Sequence[Offer]) -> Sequence[Offer]:
        """Nearer ones more often."""
        weights = [DAY / (DAY + offer.starts - self.now) for offer in offers]
        return _CHANCE.choices(offers, weights, k=_CHOICES)

    def _leave(self, leave: Callable[..., object], typed: str) -> None:
        before = self.taken()
        leave(
            self.world.stores,
            typed,
            publication=self.volatile.publication,
            settings=self.world.settings,
            now=self.now,
        )
        self.own(before, "visitor")
