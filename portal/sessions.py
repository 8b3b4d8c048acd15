"""Which editors are signed in; it lives in memory, and holds no key."""

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
