"""The production server: gunicorn with one process and eight threads, and no line about any request."""

import fcntl
import os
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from portal.errors import NotReady

THREADS = 8


class QuietLogger(Logger):  # type: ignore[misc]
    """Keeps lines about the server's own life and drops every line that could quote a request or an address."""

    def access(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's own signature
        """Say nothing."""

    def warning(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        """Say nothing: an invalid request is logged here with its sender's address."""

    def exception(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        super().error("A connection failed.")


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, bind: str) -> None:
        self._app = app
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": self._bind,
            "workers": 1,  # what lives in memory lives in one place
            "threads": THREADS,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": "error",
            "logger_class": QuietLogger,
            "control_socket_disable": True,
            "timeout": 60,
            "graceful_timeout": 10,
            "umask": 0o077,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def serve(app: Flask, instance: Path, *, host: str, port: int) -> None:
    """Serve until stopped.

    Raises:
        NotReady: when another server runs on the same instance; two would not share what lives in memory.
    """
    # The descriptor stays open, and with it the lock, in this process and the worker that it forks.
    descriptor = os.open(instance / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise NotReady(f"Another server is running on {instance}. Stop it first.") from error
    _Application(app, f"[{host}]:{port}" if ":" in host else f"{host}:{port}").run()
