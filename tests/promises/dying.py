"""Doing something in a process of its own that is killed in the middle."""

import os
import signal
import warnings
from collections.abc import Callable

from sqlalchemy import Connection, Engine, event

from tests.cast import World


def act_and_die(world: World, act: Callable[[], object], commits: int | None) -> bool:
    """Act, and be killed right before one commit more than `commits` would be done; None lives. True when it did.

    A real process and a real kill: what was not committed by then is lost with it.
    """
    world.stores.close()  # SQLite's locks must not be carried into the other process
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, of which the child has none
        child = os.fork()
    if child == 0:
        _act(world, act, commits)
    _, status = os.waitpid(child, 0)
    world.refresh()
    assert status in {0, signal.SIGKILL}, status
    return status == 0


def _act(world: World, act: Callable[[], object], commits: int | None) -> None:
    code = 1
    try:
        world.refresh()
        left = [commits]

        @event.listens_for(Engine, "commit")
        def count(_connection: Connection) -> None:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            if left[0] is not None:
                left[0] -= 1

        act()
        code = 0
    finally:
        os._exit(code)
