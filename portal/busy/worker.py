"""The child process: takes a question on stdin, fetches and reads, and answers on stdout. It keeps and logs nothing."""

import json
import sys
from datetime import date
from zoneinfo import ZoneInfo

from portal.busy.answers import Reading, write
from portal.busy.fetching import fetch
from portal.busy.problems import Problem
from portal.busy.reading import read


def answer(question: bytes) -> Reading | Problem:
    """Fetches and reads the calendar of a question as `asking` puts it."""
    asked = json.loads(question)
    try:
        content = fetch(asked["url"], asked["allowed"])
        if isinstance(content, Problem):
            return content
        return read(content, date.fromisoformat(asked["first"]), ZoneInfo(asked["zone"]), asked["ignore"])
    except (MemoryError, RecursionError):
        return Problem.too_much


if __name__ == "__main__":
    sys.stdout.buffer.write(write(answer(sys.stdin.buffer.read())))
