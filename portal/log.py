"""The one place that writes a log line, so that none can quote what somebody typed."""

import logging
import traceback
from pathlib import Path

LOG = logging.getLogger("portal")
_FRAMES = 4


def note(error: BaseException) -> None:
    """The kind of an error and its place in the code, and no trace: a trace may quote what somebody typed."""
    LOG.error("%s at %s", type(error).__name__, _place_of(error))


def _place_of(error: BaseException) -> str:
    trace = traceback.extract_tb(error.__traceback__)
    return ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in trace[-_FRAMES:])
