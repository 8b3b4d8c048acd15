"""What came of the newest look at each ombuds' calendar; it lives in memory, and a failure is dated nowhere else."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True)
class Tried:
    """When a calendar was asked, aware, and what went wrong in one word, or nothing.

    `doubts` and `skipped` count events whose zone nobody knows, and events that could not be read.
    """

    at: datetime
    problem: str = ""
    doubts: int = 0
    skipped: int = 0


class Tries:
    """The newest look for each ombuds, and nothing of those before it."""

    def __init__(self) -> None:
        self._newest: dict[bytes, Tried] = {}
        self._lock = Lock()
        #: Held while a desk asks a calendar: eight that ask at once would leave no thread for a visitor.
        self.at_desk = Lock()

    def note(self, ombuds: bytes, tried: Tried) -> None:
        with self._lock:
            self._newest[ombuds] = tried

    def find(self, ombuds: bytes) -> Tried | None:
        with self._lock:
            return self._newest.get(ombuds)

    def forget(self, ombuds: bytes) -> None:
        with self._lock:
            self._newest.pop(ombuds, None)
