"""The production server: gunicorn with one process and eight threads, and no line about any request."""

import errno
import os
import re
import resource
import socket
import struct
import time
from collections.abc import Callable, Iterable
from functools import partial
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from click import ClickException
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal import log

if TYPE_CHECKING:
    from flask import Flask

    Load = Callable[[bool], Flask]

THREADS = 8
#: Open files that the server asks the system for; some systems start a process with 256.
WANTED_FILES = 4096
#: A line is a file too. More than these would make a flood cost too much memory.
MOST_LINES = 900
#: Files for the stores with their journals in every thread, the roster, and what the server itself holds.
_OTHER_FILES = 124
#: Seconds in which a request must have come whole, and after an answer the end of the call.
PATIENCE = 15
#: The application refuses a longer form by the length that is announced, without reading it.
MOST_BODY = 64 * 1024
#: The same of the desk, where whole pages are written.
MOST_DESK_BODY = 2 * 1024 * 1024
_DESK = b"POST /desk/"
#: So many lines may be in the middle of more than a visitor's form; the oldest of them gives way to one more.
MOST_LONG = 16
_MOST_HEAD = 16 * 1024
_PIECE = 64 * 1024
#: A whole answer fits in here, so that no thread waits for somebody who does not read.
_ANSWER_ROOM = 256 * 1024
_FILES = resource.RLIMIT_NOFILE
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)


def missing_names(kind: type, names: Iterable[str]) -> list[str]:
    """Which of the names neither the class has, nor anything that a new object of it is made with."""
    known = set(dir(kind))
    for base in kind.__mro__:
        known |= set(getattr(getattr(vars(base).get("__init__"), "__code__", None), "co_names", ()))
    return [name for name in names if name not in known]


#: What the worker below takes over or calls. None of it is promised by gunicorn, so another release may rename it.
_BORROWED = {
    ThreadWorker: ("accept", "finish_request", "murder_pending", "enqueue_req", "nr_conns", "poller", "alive"),
    TConn: ("close", "sock", "client", "timeout", "parser", "data_ready"),
}
for _kind, _names in _BORROWED.items():
    assert not missing_names(_kind, _names), (
        f"This gunicorn's {_kind.__name__} has no {missing_names(_kind, _names)}: read gunicorn/workers/gthread.py, "
        "make PatientWorker in portal/server.py fit it, and only then change the bound in pyproject.toml."
    )


#: With this a worker ends that could not open the office, and the server with it.
_REFUSED = Arbiter.APP_LOAD_ERROR
#: What gunicorn has to say then, each with the last of what is filled in.
_OF_A_REFUSAL = (
    ("Worker (pid:%s) exited with code %s.", (_REFUSED,)),
    ("Shutting down: %s", ("Master",)),
    ("Reason: %s", ("App failed to load.",)),
)


class QuietLogger(Logger):  # type: ignore[misc]
    """Keeps lines about the server's own life and drops every line that could quote a request or an address."""

    def access(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's own signature
        """Say nothing."""

    def warning(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        """Say nothing: an invalid request is logged here with its sender's address."""

    def exception(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        super().error("A connection failed.")

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Of a start that was refused, say nothing more: its one line stands there already, with what to do."""
        if (msg, args[-1:]) not in _OF_A_REFUSAL:
            super().error(msg, *args, **kwargs)


def is_whole(received: bytearray) -> bool:
    """Whether there is nothing more to wait for: the request is all there, or will be refused by its head alone."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return len(received) > _MOST_HEAD
    length = _LENGTH.search(received, 0, end + 2)
    most = MOST_DESK_BODY if received.startswith(_DESK) else MOST_BODY
    return length is None or int(length[1]) > most or len(received) - end - 4 >= int(length[1])


def is_long(received: bytearray | None) -> bool:
    """Whether more lies here than a visitor may send."""
    return received is not None and len(received) > _MOST_HEAD + MOST_BODY


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Collects each request before a thread sees it, so that a slow line costs a little memory and no thread.

    gunicorn's own worker reads in the thread: eight lines that send a byte now and then, and nobody else is answered.
    Here one call brings one request, and the line that has waited longest gives way to a new one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's own signature
        super().__init__(*args, **kwargs)
        #: What has come on each line, the oldest line first; None once it was answered.
        self._waiting: dict[Any, bytearray | None] = {}
        self._most_waiting = most_waiting(self.worker_connections)

    def accept(self, listener: socket.socket) -> None:
        try:
            line, sender = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self._make_room(0)
            return
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ANSWER_ROOM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", PATIENCE, 0))
        self.nr_conns += 1
        self._wait(TConn(self.cfg, line, sender, listener.getsockname()), bytearray())

    def finish_request(self, conn: Any, _done: object) -> None:  # noqa: ANN401
        """Leave the end of the call to the visitor: hanging up at once could cut the answer short."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
            self._wait(conn, None)
        except OSError:  # gone already
            self._close(conn)

    def murder_pending(self) -> None:
        """Hang up where it took too long; all of it when the server stops."""
        now = time.monotonic()
        for conn in list(self._waiting):
            if self.alive and conn.timeout > now:
                break
            self._hang_up(conn)

    def _wait(self, conn: Any, received: bytearray | None) -> None:  # noqa: ANN401
        self._make_room(self._most_waiting - 1)
        self.poller.register(conn.sock, EVENT_READ, partial(self._listen, conn))
        conn.timeout = time.monotonic() + PATIENCE
        self._waiting[conn] = received

    def _make_room(self, most: int) -> None:
        if len(self._waiting) > most:
            self._hang_up(next(iter(self._waiting)))

    def _listen(self, conn: Any, _line: object) -> None:  # noqa: ANN401
        if conn not in self._waiting:  # made way for another one in the very moment when it spoke
            return
        received = self._waiting[conn]
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._hang_up(conn)
        elif received is not None:
            received += piece
            if is_whole(received):
                self._hand_over(conn, received)
            elif is_long(received):
                self._bound_long_ones()

    def _bound_long_ones(self) -> None:
        """Without it, a flood of half-sent texts could fill the memory."""
        long_ones = [conn for conn, received in self._waiting.items() if is_long(received)]
        for conn in long_ones[:-MOST_LONG]:
            self._hang_up(conn)

    def _hand_over(self, conn: Any, received: bytearray) -> None:  # noqa: ANN401
        """To a thread, which reads what was collected and never the line itself."""
        self._forget(conn)
        conn.parser, conn.data_ready = get_parser(self.cfg, iter([bytes(received)]), conn.client), True
        self.enqueue_req(conn)

    def _hang_up(self, conn: Any) -> None:  # noqa: ANN401
        self._forget(conn)
        self._close(conn)

    def _forget(self, conn: Any) -> None:  # noqa: ANN401
        del self._waiting[conn]
        self.poller.unregister(conn.sock)

    def _close(self, conn: Any) -> None:  # noqa: ANN401
        self.nr_conns -= 1
        conn.close()


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(self, load: "Load", bind: str, on_start: "Callable[[Flask], object]") -> None:
        self._load = load
        self._bind = bind
        self._on_start = on_start
        self._workers = 0
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": self._bind,
            "workers": 1,  # what lives in memory lives in one place
            "threads": THREADS,
            "worker_class": PatientWorker,
            "worker_connections": most_lines(allow_files()),
            "keepalive": 0,  # a line that is kept open would have to be watched as well
            "accesslog": None,
            "loglevel": "error",
            "logger_class": QuietLogger,
            "control_socket_disable": True,
            "timeout": 60,
            "graceful_timeout": 10,
            "umask": 0o077,
            # In the worker, because a thread does not go along into a forked process.
            "post_worker_init": lambda worker: self._on_start(worker.wsgi),
            "pre_fork": lambda _arbiter, _worker: self._count(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def _count(self) -> None:
        self._workers += 1

    def load(self) -> "Flask":
        """In the worker alone: what it loads, the process that watches over it need not hold as well."""
        try:
            return self._load(self._workers == 1)
        except ClickException as refused:
            refused.show()
            raise SystemExit(_REFUSED) from refused
        except Exception as broken:
            # Its kind and place, for whoever must mend it; gunicorn's own words for it would be those of a lost line.
            log.note(broken)
            raise SystemExit(Arbiter.WORKER_BOOT_ERROR) from broken


def allow_files(most: int = WANTED_FILES) -> int:
    """Raise how many files this process may open to `most`, or as far as the system lets it; gives what is allowed."""
    soft, hard = (most if limit == resource.RLIM_INFINITY else limit for limit in resource.getrlimit(_FILES))
    wanted = min(most, hard)
    if soft >= wanted:
        return min(soft, most)
    try:
        resource.setrlimit(_FILES, (wanted, resource.getrlimit(_FILES)[1]))
    except (OSError, ValueError):  # a system with a lower bound of its own
        return soft
    return wanted


def most_lines(files: int) -> int:
    """Lines at the same time where so many files may be open; the rest is for stores."""
    return min(MOST_LINES, max(files - _OTHER_FILES, files // 2))


def most_waiting(lines: int) -> int:
    """Of them, how many on which a request is still awaited, or the end of a call: idle ones must not fill them all."""
    return max(lines * 5 // 9, 1)


def serve(load: "Load", *, host: str, port: int, on_start: "Callable[[Flask], object]" = lambda _app: None) -> None:
    """Serve until stopped, inside `claim.claim`.

    In each process that answers, `load` makes the application, and is told whether it is the first one since the start;
    then `on_start` is called with it once. A `click.ClickException` of `load` is shown and ends the server.

    Raises:
        SystemExit: always; with status 1 where `load` refused.
    """
    watches = os.getpid()
    try:
        _Application(load, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", on_start).run()
    except SystemExit as ended:
        # A worker ends here too, and says by its status that no other one need be tried.
        is_worker = os.getpid() != watches
        raise SystemExit(1 if ended.code == _REFUSED and not is_worker else ended.code) from None
