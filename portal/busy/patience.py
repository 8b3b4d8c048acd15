"""Ends what computes too long, so that one event does not take the time of all others."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(Exception):  # noqa: N818 - it says what happened
    """The time was over."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises TookTooLong inside after so much computing, wherever it is. For the main thread only."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
