"""The only place that reads the time."""

from datetime import UTC, datetime
from time import monotonic


def now() -> datetime:
    """The present moment, aware, in UTC, without a fraction of a second."""
    return datetime.now(UTC).replace(microsecond=0)


def seconds() -> float:
    """Seconds of a clock that never jumps, for measuring how fast something comes."""
    return monotonic()
