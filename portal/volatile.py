"""What lives only in memory, and is forgotten when the process ends."""

import hashlib
import os
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from portal.boards import Board, Rendered
from portal.bounds import NoteRoom, WrongClaims, WrongPins
from portal.sessions import Desks, Editors
from portal.tried import Tries

T = TypeVar("T")


class Closing(Protocol):
    """What stands on a list until some moment, after which nobody can have it."""

    @property
    def closes(self) -> datetime: ...


C = TypeVar("C", bound=Closing)


class Publication(Generic[C]):
    """One list that everybody sees, unchanged from one hour of publication to the next.

    A list that followed every booking would tell a patient reader the minute in which somebody booked or cancelled.
    """

    #: By more, a look is of a clock that was put right, and not of a visitor who waited past the hour.
    JUMP = timedelta(days=2)

    def __init__(self) -> None:
        self._lock = Lock()
        self._since: datetime | None = None
        self._items: tuple[C, ...] = ()
        self._resting: frozenset[bytes] = frozenset()
        self._aside: Mapping[bytes, Sequence[Any]] | None = None
        self._of: tuple[C, ...] = ()
        self._closes: list[datetime] = []
        self._gone = 0
        self._left: tuple[C, ...] = ()

    def read(
        self,
        since: datetime,
        compute: Callable[[frozenset[bytes]], Sequence[C]],
        aside: Callable[[Sequence[C]], Mapping[bytes, Sequence[Any]]] = lambda _items: {},
    ) -> tuple[C, ...]:
        """The list of the publication at `since`, made by `compute` at the first look after that hour.

        `compute` is told which slots rest. While the list is empty it is made anew at every look: a new office does
        not wait a day for its first visitor. A clock that is set back publishes nothing until its next hour. `aside` is
        given the list, and tells what is not on it; this stands as long as the list, and also while that is empty.
        """
        with self._lock:
            if self._since is None or since > self._since:
                self._since, self._items, self._resting, self._aside = since, (), frozenset(), None
            elif self._since - since > self.JUMP:
                self._since = since  # or the list of a day that only a wrong clock saw would stand until that day
            if not self._items:
                self._items = tuple(compute(self._resting))
                if self._items or self._aside is None:
                    self._aside = aside(self._items)
            return self._items

    def left(self, items: tuple[C, ...], now: datetime) -> tuple[C, ...]:
        """Of the list's items, in their order, those that have not closed; found by halving, as every page asks."""
        with self._lock:
            if self._of is not items:
                self._of, self._closes, self._gone = items, sorted(each.closes for each in items), 0
                self._left = items
            gone = bisect_left(self._closes, now)
            if gone != self._gone:
                self._gone, self._left = gone, tuple(each for each in items if each.closes >= now)
            return self._left

    def rest(self, slot: bytes) -> None:
        """Keep a slot that was given back out of everybody's hands until the next publication."""
        with self._lock:
            self._resting |= {slot}

    @property
    def items(self) -> tuple[C, ...]:
        """The list as it is; empty before the first publication."""
        with self._lock:
            return self._items

    @property
    def aside(self) -> Mapping[bytes, Sequence[Any]]:
        """What is not on the list, as it was when the list was made."""
        with self._lock:
            return self._aside or {}

    @property
    def resting(self) -> frozenset[bytes]:
        """Ids of slots given back since the last publication."""
        with self._lock:
            return self._resting


class Factors:
    """The newest second factor that each ombuds has used, so that none works twice."""

    def __init__(self) -> None:
        self._last: dict[bytes, int] = {}
        self._lock = Lock()

    def last(self, ombuds: bytes) -> int:
        with self._lock:
            return self._last.get(ombuds, 0)

    def use(self, ombuds: bytes, step: int) -> bool:
        """False when another sign-in has used this step in the meantime."""
        with self._lock:
            if step <= self._last.get(ombuds, 0):
                return False
            self._last[ombuds] = step
            return True


class TicketKeys:
    """The key under which a visitor's place in a flow is kept, renewed daily; yesterday's still opens."""

    LIFE = timedelta(days=1)

    def __init__(self) -> None:
        self._keys: list[tuple[datetime, bytes]] = []
        self._lock = Lock()

    def current(self, now: datetime) -> bytes:
        return self.valid(now)[0]

    def valid(self, now: datetime) -> list[bytes]:
        """The newest key first."""
        with self._lock:
            # A clock that was wrong for a while must not make a key live as long as it was wrong.
            if not self._keys or abs(now - self._keys[0][0]) >= self.LIFE:
                self._keys.insert(0, (now, os.urandom(32)))
            self._keys = [(made, key) for made, key in self._keys if abs(now - made) < 2 * self.LIFE]
            return [key for _, key in self._keys]


class Erased:
    """The forms of erased matters, as long as their tickets live, so that Back and Send do not book them again.

    A form is known by a digest of the six words that its own ticket holds; it is no function of a person.
    """

    LIFE = 2 * TicketKeys.LIFE

    def __init__(self) -> None:
        self._until: dict[bytes, datetime] = {}
        self._lock = Lock()

    def add(self, words: str, now: datetime) -> None:
        with self._lock:
            self._until = {key: until for key, until in self._until.items() if until > now}
            self._until[_digest(words)] = now + self.LIFE

    def has(self, words: str, now: datetime) -> bool:
        with self._lock:
            return self._until.get(_digest(words), now) > now


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class SentNotes:
    """The forms of notes that were kept, as long as their tickets live: what became of a note changes no answer.

    A form is known by its number, which stands nowhere on the disk, and by the day on which its ticket is dead: nobody
    who copies this learns which mailbox holds a note, when it came, or after which other.
    """

    LIFE = 2 * TicketKeys.LIFE

    def __init__(self) -> None:
        self._forms: dict[date, set[bytes]] = {}
        self._lock = Lock()

    def once(self, form: bytes, now: datetime, keep: Callable[[], bool]) -> bool:
        """Whether the note of this form was kept, before or by `keep` now; meanwhile the same form waits."""
        with self._lock:
            self._forms = {day: forms for day, forms in self._forms.items() if day >= now.date()}
            if any(form in forms for forms in self._forms.values()):
                return True
            # First, because what failed must not be called kept when it is sent again.
            if not keep():
                return False
            self._forms.setdefault((now + self.LIFE).date(), set()).add(form)
            return True


class Dawn:
    """Runs the daily job once a day in this process; whoever comes meanwhile waits for it.

    A clock that jumps by days is believed after it has stood for an hour: what the job ends never comes back.
    """

    JUMP = timedelta(days=2)
    PATIENCE = 3600.0
    RETRY = 600.0

    def __init__(self) -> None:
        self._done: date | None = None
        self._not_before = 0.0
        self._doubted: date | None = None
        self._lock = Lock()

    def run(self, today: date, moment: float, job: Callable[[], object]) -> None:
        """Run `job` if today's is due; `moment` is in seconds of a clock that never jumps."""
        if self._done is not None and today <= self._done:
            self._doubted = None
            return
        with self._lock:
            if not self._is_due(today, moment):
                return
            # First, because a job that fails is tried again later, and not by every visitor.
            self._not_before = moment + self.RETRY
            job()
            self._done, self._doubted, self._not_before = today, None, moment

    def _is_due(self, today: date, moment: float) -> bool:
        if self._done is None:
            return moment >= self._not_before
        if self._doubted is None and today - self._done > self.JUMP:
            self._doubted, self._not_before = today, moment + self.PATIENCE
        return today > self._done and moment >= self._not_before

    def forget(self) -> None:
        """Ask anew whether the job is due: a worker may be forked days after the start, with that day's memory."""
        with self._lock:
            self._done, self._doubted, self._not_before = None, None, 0.0


@dataclass(frozen=True)
class Volatile:
    """All of it, one for a process; a restart forgets everything here, and nothing else may need it."""

    publication: Publication[Any] = field(default_factory=Publication)
    rendered: Rendered = field(default_factory=Rendered)
    desks: Desks = field(default_factory=Desks)
    editors: Editors = field(default_factory=Editors)
    wrong_editors: WrongPins = field(default_factory=WrongPins)
    factors: Factors = field(default_factory=Factors)
    tickets: TicketKeys = field(default_factory=TicketKeys)
    erased: Erased = field(default_factory=Erased)
    taken_off: Erased = field(default_factory=Erased)  # voices, by the random numbers of their forms
    wrong_claims: WrongClaims = field(default_factory=WrongClaims)
    wrong_pins: WrongPins = field(default_factory=WrongPins)
    note_room: NoteRoom = field(default_factory=NoteRoom)
    sent_notes: SentNotes = field(default_factory=SentNotes)
    board: Board[Any] = field(default_factory=Board)
    choices: Board[Any] = field(default_factory=Board)  # of the office for its site
    calendars: Tries = field(default_factory=Tries)
    open_hours: Board[Any] = field(default_factory=Board)
    dawn: Dawn = field(default_factory=Dawn)
