"""How much may go wrong: counted for the whole portal and in memory only, never for a person or an address."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock


class WrongClaims:
    """Wrong claims, fifty a second at most."""

    A_SECOND = 50.0
    BURST = 100.0

    def __init__(self) -> None:
        self._left, self._at = self.BURST, 0.0
        self._lock = Lock()

    def has_room(self, moment: float) -> bool:
        with self._lock:
            self._left = min(self.BURST, self._left + max(0.0, moment - self._at) * self.A_SECOND)
            self._at = moment
            return self._left >= 1

    def count(self) -> None:
        with self._lock:
            self._left = max(0.0, self._left - 1)


class WrongPins:
    """Wrong PINs, ten an hour at most: eight digits are few."""

    MOST = 10
    HOUR = 3600.0

    def __init__(self) -> None:
        self._taken: list[float] = []
        self._lock = Lock()

    def take(self, moment: float) -> bool:
        """Take a try before the PIN is looked at, so that many at once do not all pass; False when none is left."""
        with self._lock:
            self._taken = [each for each in self._taken if moment - each < self.HOUR]
            if len(self._taken) >= self.MOST:
                return False
            self._taken.append(moment)
            return True

    def give_back(self, moment: float) -> None:
        """The PIN of this moment was right."""
        with self._lock:
            if moment in self._taken:
                self._taken.remove(moment)


class NoteRoom:
    """How many notes each ombuds takes from one publication to the next: drawn at the first, and then only used up.

    A bound that followed every booking would tell whoever leaves notes when somebody books or erases.
    """

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._left: dict[bytes, int] = {}
        self._lock = Lock()

    def left(self, since: datetime, draw: Callable[[], Mapping[bytes, int]]) -> dict[bytes, int]:
        """What is left of the publication at `since`; `draw` is asked once for each."""
        with self._lock:
            if self._since != since:
                self._since, self._left = since, dict(draw())
            return dict(self._left)

    def use(self, ombuds: bytes) -> None:
        with self._lock:
            self._left[ombuds] = self._left.get(ombuds, 0) - 1
