"""Asking a server on loopback as fast as it answers, by a client that costs as little as it can."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

CLIENTS = 4
_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = b"content-length:"
_PIECE = 262_144


class Client:
    """One connection for each request, as the portal's server wants it: it hangs up after one answer.

    Bytes go out and come in as they are: a heavier client would be what is measured.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.netloc
        # Looked up once: the way from a name to an address is no part of what is measured.
        with socket.create_connection((parts.hostname or "", parts.port or 80)) as found:
            self._place = found.getpeername()[:2]

    def request(self, path: str, *headers: str, body: bytes = b"", method: str = "GET") -> bytes:
        """A whole request, ready to be sent as often as one likes; a server that would hold the line is told not to."""
        length = [f"Content-Length: {len(body)}"] if body else []
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", "Connection: close", *headers, *length, "", ""]
        return "\r\n".join(head).encode() + body

    def call(self) -> socket.socket:
        """A connection for one request."""
        line = socket.create_connection(self._place)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def ask(self, request: bytes) -> bytes:
        """Connect, send it, hang up; gives the body of the answer."""
        with self.call() as line:
            return answer(line, request)


def answer(line: socket.socket, request: bytes) -> bytes:
    """Send a request; gives the body of the answer, which must be a 200 that says its length and comes whole."""
    line.sendall(request)
    found = b""
    while _HEAD_ENDS not in found:
        found += _more(line)
    head, _, body = found.partition(_HEAD_ENDS)
    assert head.startswith(b"HTTP/1.1 200"), head.split(b"\r\n", 1)[0]
    lines = head.lower().split(b"\r\n")
    length = next(int(each.removeprefix(_LENGTH)) for each in lines if each.startswith(_LENGTH))
    while len(body) < length:
        body += _more(line)
    return body


def _more(line: socket.socket) -> bytes:
    found = line.recv(_PIECE)
    assert found, "the server closed the connection"
    return found


def requests_a_second(url: str, requests: int, *headers: str) -> float:
    """A few clients at once, a fixed number of requests each; what a connection takes is counted."""
    parts = urlsplit(url)
    client = Client(url)
    request = client.request(f"{parts.path}?{parts.query}" if parts.query else parts.path, *headers)

    def ask(_client: int) -> None:
        for _ in range(requests // CLIENTS):
            client.ask(request)

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = seconds_of(lambda: list(pool.map(ask, range(CLIENTS))))
    return requests / taken


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
