"""Asks one address for its calendar: one request, at most three steps on, and nothing that says who asks."""

import socket
import ssl
from collections.abc import Iterable, Sequence
from http.client import HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from time import monotonic
from urllib.parse import urljoin

from portal.busy.addresses import Target, find_target, resolve
from portal.busy.problems import Problem

#: Seconds for all of it, however slowly or in however many steps it comes.
PATIENCE = 20.0
#: Seconds for one of several addresses of a host to be picked up, so that a dead one leaves time for the next.
_PICK_UP = 6.0
#: In bytes: the calendar, and everything that stands around it.
BIGGEST = 2_000_000
_AROUND = 64_000
REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_OK = 200
#: It names no office and no product; servers that sort by it give programs like this one their calendar.
_WHO = "Mozilla/5.0 (compatible; calendar subscription)"


def fetch(url: str, allowed: Iterable[str] = (), patience: float = PATIENCE) -> bytes | Problem:
    """What lies at `url`, at most `BIGGEST` bytes, or why not. `allowed` is the operator's list of hosts.

    The list counts for the host of `url` alone: whoever answers there must not lead the server to another listed one.
    The name is looked up without a limit of time, because the system knows none: whoever calls ends this process.
    """
    listed, until = tuple(allowed), monotonic() + patience
    target = typed = find_target(url, listed)
    for _ in range(REDIRECTS + 1):
        if isinstance(target, Problem):
            return target
        answer = _ask(target, until)
        if not isinstance(answer, _Moved):
            return answer
        target = _next(target, urljoin(target.url, answer.to), typed, listed)
    return Problem.redirect


def _next(now: Target, url: str, typed: Target | Problem, listed: Sequence[str]) -> Target | Problem:
    """Where an answer points to, checked anew; never from a line that nobody reads to one that everybody reads."""
    found = find_target(url, listed)
    if isinstance(found, Target) and isinstance(typed, Target) and found.is_listed and found.host != typed.host:
        found = find_target(url, ())
    if isinstance(found, Target) and now.is_secure and not found.is_secure:
        return Problem.redirect
    return found


class _Moved:
    """An answer that points elsewhere."""

    def __init__(self, to: str) -> None:
        self.to = to


class _TooBig(Exception):  # noqa: N818 - it says what the answer is
    """More came than any calendar needs."""


def _ask(target: Target, until: float) -> bytes | Problem | _Moved:
    addresses = resolve(target)
    if isinstance(addresses, Problem):
        return addresses
    try:
        with _connect(target, addresses, until) as line:
            line.settimeout(_left(until))
            line.sendall(_request(target))
            return _answer(line, until)
    except TimeoutError:
        return Problem.slow
    except _TooBig:
        return Problem.too_big
    except ssl.SSLError:
        return Problem.tls
    except (OSError, HTTPException, ValueError):
        return Problem.unreachable


def _connect(target: Target, addresses: Sequence[str], until: float) -> socket.socket:
    """A line to the first of the checked addresses that picks up.

    Raises:
        OSError: when none does, or the certificate is wrong.
    """
    failed: OSError = OSError()
    for address in addresses:
        try:
            line = socket.create_connection((address, target.port), min(_PICK_UP, _left(until)))
        except OSError as error:
            failed = error
            continue
        if not target.is_secure:
            return line
        try:
            line.settimeout(_left(until))
            return ssl.create_default_context().wrap_socket(line, server_hostname=target.host)
        except BaseException:
            line.close()
            raise
    raise failed


def _request(target: Target) -> bytes:
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.name}",
        f"User-Agent: {_WHO}",
        "Accept: text/calendar, */*;q=0.1",
        "Accept-Encoding: identity",  # a few compressed bytes can hold gigabytes
        "Connection: close",
        "",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def _answer(line: socket.socket, until: float) -> bytes | Problem | _Moved:
    """What came back.

    Raises:
        OSError, HTTPException, _TooBig: when it does not come whole and in time, or is more than a calendar.
    """
    with HTTPResponse(_Patient(line, until), method="GET") as answer:  # type: ignore[arg-type] # asks for makefile only
        answer.begin()
        if answer.status in _MOVED:
            to = answer.getheader("Location")
            return _Moved(to) if to else Problem.redirect
        if answer.status != _OK:
            return Problem.refused
        if answer.getheader("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            return Problem.no_calendar
        if (answer.length or 0) > BIGGEST:
            return Problem.too_big
        content = answer.read(BIGGEST + 1)
        if len(content) > BIGGEST:
            return Problem.too_big
        # Half a calendar would show the other half as free.
        return Problem.unreachable if answer.length else content


def _left(until: float) -> float:
    """Seconds that are left.

    Raises:
        TimeoutError: when there are none.
    """
    if (left := until - monotonic()) <= 0:
        raise TimeoutError
    return left


class _Patient(RawIOBase):
    """Reads from a line until a moment comes or too much has come, whichever bytes trickle in between."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until, self._room = line, until, BIGGEST + _AROUND

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override] # BufferedReader gives nothing else
        self._line.settimeout(_left(self._until))
        came = self._line.recv_into(into)
        self._room -= came
        if self._room < 0:
            raise _TooBig
        return came
