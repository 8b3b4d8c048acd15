"""The portal's own server with much more noise than an operator may set, because a test cannot wait for hours.

Everything else is `portal serve`: its application, its pulse, its process. Started as a program: folder, port, a day's
noise.
"""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from flask import Flask

from portal import create_app, pulse, server
from portal.claim import claim
from portal.pages import State
from tests import cast
from tests.cast import Server, World

ROOT = Path(__file__).parents[2]


def serve_restless(world: World, noise_a_day: int) -> Server:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = world.instance.parent / f"{world.instance.name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.restless", str(world.instance), str(port), str(noise_a_day)],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
    running = Server(world, f"http://localhost:{port}", process, log)
    cast._wait_until_it_answers(running)
    return running


def _main(instance: Path, port: int, noise_a_day: int) -> None:
    app = create_app(instance)
    state = app.extensions["portal"]
    assert isinstance(state, State)
    settings = replace(state.settings, noise_a_day=noise_a_day)
    state.stores.close()

    def start(_app: Flask) -> None:
        pulse.start(state.stores, state.volatile, settings)

    with claim(instance):
        server.serve(lambda _is_first: app, host="127.0.0.1", port=port, on_start=start)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
