"""The portal behind gunicorn's own worker, which reads a request in the thread that answers it: the planted fault."""

import sys
from pathlib import Path

from portal import create_app
from portal.server import _Application


class Impatient(_Application):  # type: ignore[misc]
    """The server as it would be without a worker of our own."""

    def load_config(self) -> None:
        super().load_config()
        self.cfg.set("worker_class", "gthread")


if __name__ == "__main__":
    Impatient(lambda _is_first: create_app(Path(sys.argv[1])), f"127.0.0.1:{sys.argv[2]}", lambda _app: None).run()
