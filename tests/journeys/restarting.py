"""Stops a server and starts it again at the same address, as an operator does while people are writing."""

import os
import subprocess
import time
import urllib.request

from tests.cast import START_UP, Server


def restart(server: Server) -> None:
    """Stop, unless it was killed already, and start with the same command line."""
    server.stop()
    with server.log.open("ab") as output:
        server.process = subprocess.Popen(
            server.process.args,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(server.world.instance), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
    until = time.monotonic() + START_UP
    while not answers(server):
        assert time.monotonic() < until, server.log.read_text()
        assert server.process.poll() is None, server.log.read_text()
        time.sleep(0.02)


def answers(server: Server) -> bool:
    try:
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:  # not there yet, or too busy to say so
        return False
