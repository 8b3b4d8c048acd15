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


class Line:
    """One keep-alive connection. Bytes go out and come in as they are: a heavier client would be what is measured."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._socket = socket.create_connection(_address(url))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def request(self, path: str, *headers: str, body: bytes = b"", method: str = "GET") -> bytes:
        """A whole request, ready to be sent as often as one likes."""
        length = [f"Content-Length: {len(body)}"] if body else []
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", *headers, *length, "", ""]
        return "\r\n".join(head).encode() + body

    def ask(self, request: bytes) -> bytes:
        """Send it; gives the body of the answer, which must be a 200 that says its length."""
        self._socket.sendall(request)
        found = self._socket.recv(_PIECE)
        while _HEAD_ENDS not in found:
            found += self._more()
        head, _, body = found.partition(_HEAD_ENDS)
        assert head.startswith(b"HTTP/1.1 200"), head.split(b"\r\n", 1)[0]
        lines = head.lower().split(b"\r\n")
        length = next(int(line.removeprefix(_LENGTH)) for line in lines if line.startswith(_LENGTH))
        while len(body) < length:
            body += self._more()
        return body

    def _more(self) -> bytes:
        found = self._socket.recv(_PIECE)
        assert found, "the server closed the connection"
        return found


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 80


def requests_a_second(url: str, requests: int, *headers: str) -> float:
    """A few keep-alive clients, a fixed number of requests each."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path

    def ask(_client: int) -> None:
        line = Line(url)
        request = line.request(path, *headers)
        for _ in range(requests // CLIENTS):
            line.ask(request)
        line.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = seconds_of(lambda: list(pool.map(ask, range(CLIENTS))))
    return requests / taken


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
