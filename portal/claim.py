"""Being the one server of an instance. Light: it is loaded before the process that serves is begun."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from portal.errors import NotReady


@contextmanager
def claim(instance: Path, refusal: str = "") -> Iterator[None]:
    """Be the only one who serves the instance, or changes the shape of its stores, as long as the context lasts.

    Raises:
        NotReady: with `refusal`, when a server runs; two would not share what lives in memory.
    """
    descriptor = os.open(instance / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, True)  # noqa: FBT003 - the command becomes the server, and keeps the claim
    try:
        _lock(descriptor, refusal or f"Another server is running on {instance}. Stop it first.")
        yield
    finally:
        # Closed and not unlocked: the worker has its own descriptor of the same lock, and whoever ends first keeps it.
        os.close(descriptor)


def _lock(descriptor: int, refusal: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise NotReady(refusal) from error


def become_server(instance: Path, host: str, port: int) -> NoReturn:
    """Inside `claim`: go on as a process of another kind, under the same number, with the claim still held."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "portal", str(instance), host, str(port)])  # noqa: S606
