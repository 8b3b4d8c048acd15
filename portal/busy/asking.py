"""Has a calendar fetched and read in a child process, so that nothing in it can hang or fill the server."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from portal.busy.answers import Reading, understand
from portal.busy.map import BusyMap
from portal.busy.problems import Problem

#: Seconds after which the child is killed, whatever it does.
LIMIT = 30.0
#: All that the child learns of the server's environment: how the machine finds certificates, zones and libraries.
_PASSED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONTZPATH", "LD_LIBRARY_PATH")
_START = Path(__file__).with_name("start.py")


@dataclass(frozen=True, repr=False)
class Question:
    """Which calendar, and how to read it.

    `url` as the ombuds typed it; `allowed` the operator's list of `host` or `host:port`; `first` the day on which the
    map begins, in UTC; `zone` the name of the zone of whole days and times without one; `ignore` a pattern that the
    UIDs of our own events match as a whole, or nothing.
    """

    url: str
    allowed: tuple[str, ...]
    first: date
    zone: str
    ignore: str = ""


def ask(question: Question) -> BusyMap | Problem:
    """When its owner is busy, or why that is not known. Takes up to `LIMIT` seconds, and never raises for what came."""
    found = inquire(question)
    return found if isinstance(found, Problem) else found.map


def inquire(question: Question) -> Reading | Problem:
    """As `ask`, with the counts of what was doubted and skipped."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    asked = json.dumps({**asdict(question), "first": question.first.isoformat()}).encode()
    try:
        # -P: the folder of the file holds modules with everyday names, which are not meant for the libraries.
        done = subprocess.run(  # noqa: S603 - nothing of it comes from anybody
            [sys.executable, "-P", "-s", "-B", "-W", "ignore", str(_START)],
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # an error of a library quotes what it stumbled over
            env=environment,
            cwd="/",
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Problem.slow
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT}:
        return Problem.too_much
    return understand(done.stdout, question.first)
