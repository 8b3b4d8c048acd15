"""What public pages show, kept in memory until it changes."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Rendered:
    """Pages that are the same for everybody, made ahead by the server itself and never because somebody asked.

    One that was kept at a visitor's look would come sooner at the next: it would tell that somebody had been here.
    """

    def __init__(self) -> None:
        self._pages: dict[Hashable, str] = {}

    def find(self, key: Hashable) -> str | None:
        return self._pages.get(key)

    def keep(self, pages: dict[Hashable, str]) -> None:
        """These in the place of all that were kept before."""
        self._pages = pages


class Board(Generic[T]):
    """What all pages show for a day, or for a minute; a look into its store for each would cost more than the page."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: date | datetime | None = None
        self._items: tuple[T, ...] = ()

    def read(self, of: date | datetime, load: Callable[[], Sequence[T]]) -> tuple[T, ...]:
        """What `load` gave for this day, or this moment; it is asked once."""
        # Under the lock, so that a change that comes meanwhile makes it forget what was loaded before.
        with self._lock:
            if self._of != of:
                self._items, self._of = tuple(load()), of
            return self._items

    def forget(self) -> None:
        with self._lock:
            self._of = None
