"""Who is signed in: open desks, with keys that only a cookie unlocks, and editors, who hold none. Memory only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock


@dataclass
class Editing:
    """One sign-in of an editor, by the random id of the editor."""

    editor: bytes
    signed_in: datetime
    seen: datetime


class Editors:
    """Who is signed in: gone after an hour at rest, because a text takes long to write, and after eight hours."""

    IDLE = timedelta(minutes=60)
    LONGEST = timedelta(hours=8)

    def __init__(self) -> None:
        self._open: dict[bytes, Editing] = {}
        self._lock = Lock()

    def open(self, session: bytes, editor: bytes, now: datetime) -> None:
        with self._lock:
            self._open[session] = Editing(editor, signed_in=now, seen=now)

    def find(self, session: bytes, now: datetime) -> Editing | None:
        """The sign-in of a session, which counts as seen by it; None once its time is over."""
        with self._lock:
            self._open = {key: each for key, each in self._open.items() if self._is_open(each, now)}
            found = self._open.get(session)
            if found is not None:
                found.seen = now
            return found

    def close(self, session: bytes) -> None:
        with self._lock:
            self._open.pop(session, None)

    def close_all_of(self, editor: bytes) -> None:
        with self._lock:
            self._open = {key: each for key, each in self._open.items() if each.editor != editor}

    def _is_open(self, each: Editing, now: datetime) -> bool:
        # A clock that was set back must not lengthen anything, as with the desks.
        return abs(now - each.signed_in) < self.LONGEST and abs(now - each.seen) < self.IDLE


@dataclass(repr=False)
class OpenDesk:
    """One sign-in. `locked_keys` opens only with the secret that the browser's cookie holds."""

    ombuds: bytes
    locked_keys: bytes
    signed_in: datetime
    seen: datetime
    is_covered: bool = False
    wrong_factors: int = 0


class Desks:
    """Who is signed in: covered after fifteen idle minutes, gone after eight hours."""

    IDLE = timedelta(minutes=15)
    LONGEST = timedelta(hours=8)
    TRIES = 5

    def __init__(self) -> None:
        self._open: dict[bytes, OpenDesk] = {}
        self._lock = Lock()

    def open(self, session: bytes, desk: OpenDesk) -> None:
        with self._lock:
            self._open[session] = desk

    def find(self, session: bytes, now: datetime) -> OpenDesk | None:
        """The open desk of a session; covers or ends it when its time is over."""
        with self._lock:
            self._open = {key: desk for key, desk in self._open.items() if abs(now - desk.signed_in) < self.LONGEST}
            desk = self._open.get(session)
            if desk is not None and abs(now - desk.seen) >= self.IDLE:
                desk.is_covered = True
            return desk

    def touch(self, desk: OpenDesk, now: datetime) -> None:
        with self._lock:
            desk.seen = now

    def cover(self, desk: OpenDesk) -> None:
        with self._lock:
            desk.is_covered = True

    def uncover(self, desk: OpenDesk, now: datetime) -> None:
        with self._lock:
            desk.is_covered, desk.wrong_factors, desk.seen = False, 0, now

    def miss(self, session: bytes, desk: OpenDesk) -> bool:
        """Count a wrong second factor on a covered desk; after five the desk is closed. True when it was."""
        with self._lock:
            desk.wrong_factors += 1
            if desk.wrong_factors >= self.TRIES:
                self._open.pop(session, None)
                return True
            return False

    def close(self, session: bytes) -> None:
        with self._lock:
            self._open.pop(session, None)

    def close_all_of(self, ombuds: bytes) -> None:
        with self._lock:
            self._open = {key: desk for key, desk in self._open.items() if desk.ombuds != ombuds}
