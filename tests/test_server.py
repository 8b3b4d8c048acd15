"""The real server: one on an office, and never a line about anybody's request."""

import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from tests.cast import PORTAL, VERA, Server, World, serve
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("test_server")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serve(first_world.copy(tmp_path_factory.mktemp("served") / "instance"))
    yield running
    running.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_another(office: Server) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(office.world.instance), "LANG": "C.UTF-8"}
    return subprocess.run(
        [PORTAL, "serve", "--port", str(free_port())],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def send(office: Server, request: bytes) -> bytes:
    """Raw bytes to the server's port, and whatever comes back."""
    port = int(office.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(4096):
            answer += piece
        return answer


def test_a_second_server_on_the_same_office_is_refused_and_the_first_goes_on(office: Server) -> None:
    second = start_another(office)

    assert second.returncode == 1
    assert second.stderr == f"Error: Another server is running on {office.world.instance}. Stop it first.\n"
    assert second.stdout == ""
    assert Visitor(office.url).get("/healthz").status == 200


def test_health_says_nothing_but_ok(office: Server) -> None:
    answer = Visitor(office.url).get("/healthz")

    assert (answer.status, answer.body) == (200, "ok\n")


def test_pages_bookings_and_mistakes_leave_no_line(office: Server) -> None:
    visitor, offer = Visitor(office.url), office.world.offers()[1]
    before = office.log.read_text()
    for path in ("/", "/times", "/nowhere?who=vera", "/desk/", "/leave"):
        visitor.get(path)
    booked = visitor.book(office.world, VERA, [offer.key], call_name="Robin")
    assert "Your time is booked" in booked.body
    visitor.post("/return", {"words": "amber " * 6})

    assert office.log.read_text() == before


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /book/vera HTTP/1.1\r\nHost: x\r\nContent-Length: vera\r\n\r\n",
        b"GET /" + b"v" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"POST /book HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nemail=vera",
        b"POST /book HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nvera\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["no request", "no version", "no length", "too long a line", "broken off", "broken chunks", "TLS"],
)
def test_an_invalid_request_leaves_no_line_with_an_address(office: Server, request_bytes: bytes) -> None:
    before = len(office.log.read_text())
    send(office, request_bytes)
    assert Visitor(office.url).get("/healthz").status == 200
    said = office.log.read_text()[before:]

    assert not any(trace in said for trace in (*LOOPBACK, "vera", "GET", "POST", "/book", "Traceback"))


def test_an_orderly_stop_leaves_no_line_and_the_office_starts_again(world: World) -> None:
    first = serve(world)
    first.stop()
    assert first.log.read_text() == ""
    assert first.process.returncode == 0

    again = serve(world)
    assert Visitor(again.url).get("/").status == 200
    again.kill()


def test_a_killed_server_leaves_no_lock_behind(world: World) -> None:
    serve(world).kill()

    again = serve(world)
    assert Visitor(again.url).get("/").status == 200
    again.kill()
