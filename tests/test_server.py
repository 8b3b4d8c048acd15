"""The real server: one on an office, and never a line about anybody's request."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal import clock
from portal import server as serving
from portal.claim import claim
from portal.errors import NotReady
from tests.cast import PORTAL, START_UP, VERA, Server, World, _wait_until_it_answers, free_port, serve
from tests.intake.sealed import ask_desk
from tests.load.pressing import allow_files
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("test_server")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serve(first_world.copy(tmp_path_factory.mktemp("served") / "instance"))
    yield running
    running.kill()


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


@contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.kill()


def last_day(world: World) -> str:
    ((day,),) = ask_desk(world, "SELECT last_day FROM diary")
    return str(day)


def workers(server: Server) -> list[int]:
    if shutil.which("pgrep") is None:
        said = "Which process answers cannot be seen: install your system's package 'procps' to run this test."
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    found = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=False)
    return [int(each) for each in found.stdout.split()]


def test_housekeeping_that_fails_does_not_keep_the_office_closed(world: World) -> None:
    ask_desk(world, "CREATE TRIGGER planted BEFORE INSERT ON diary BEGIN SELECT RAISE(ABORT, 'vera'); END")
    with running(serve(world)) as server:
        assert Visitor(server.url).get("/times").status == 200
        said = server.log.read_text()

    assert said.startswith("IntegrityError at ")
    assert not any(trace in said for trace in ("vera", "Traceback", "INSERT"))


def test_a_worker_that_takes_a_dead_ones_place_asks_again_what_is_due(server: Server) -> None:
    """It may have been forked days after the start, whose day it inherits."""
    world = server.world
    today, yesterday = (str(clock.now().date() - timedelta(days=days)) for days in (0, 1))
    (worker,) = workers(server)
    Visitor(server.url).get("/times")
    ask_desk(world, "UPDATE diary SET last_day = ?", yesterday)
    Visitor(server.url).get("/times")
    assert last_day(world) == yesterday, "this worker has run today's, so nothing but a new one runs it again"

    end_worker(server, worker, signal.SIGKILL)
    Visitor(server.url).get("/times")
    assert last_day(world) >= today


def end_worker(server: Server, worker: int, number: int) -> None:
    """End the process that answers, and wait for the one that takes its place."""
    os.kill(worker, number)
    until = time.monotonic() + START_UP
    while workers(server) in ([], [worker]) and time.monotonic() < until:
        time.sleep(0.05)
    _wait_until_it_answers(server)


def test_a_worker_that_ends_in_order_leaves_the_lock_with_the_server(server: Server) -> None:
    (worker,) = workers(server)
    end_worker(server, worker, signal.SIGTERM)

    with pytest.raises(NotReady, match="Another server is running"), claim(server.world.instance):
        pass


def serve_with_files(world: World, files: int) -> Server:
    """The real server where no more files may be open at once."""
    port, log = free_port(), world.instance.parent / "few.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["sh", "-c", 'ulimit -n "$1" && exec "$2" serve --port "$3"', "sh", str(files), PORTAL, str(port)],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(world.instance), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
    server = Server(world, f"http://localhost:{port}", process, log)
    _wait_until_it_answers(server)
    return server


def test_where_few_files_may_be_open_idle_lines_keep_nobody_from_booking(world: World) -> None:
    allow_files(600)
    keys = [offer.key for offer in world.offers()[1:7]]
    with running(serve_with_files(world, 256)) as server, ExitStack() as idle:
        port, visitor = int(server.url.rpartition(":")[2]), Visitor(server.url)
        for _ in range(320):
            idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        booked = ["Your time is booked" in visitor.book(world, VERA, [key]).body for key in keys]

    assert booked == [True] * 6
    assert server.log.read_text() == ""


@pytest.mark.parametrize("files", [16, 128, 256, 1024, 4096, 1_000_000])
def test_lines_leave_files_for_the_stores_and_for_whoever_comes_next(files: int) -> None:
    lines = serving.most_lines(files)

    assert 0 < serving.most_waiting(lines) < lines <= serving.MOST_LINES
    assert lines <= files / 2 or files - lines >= 124


def test_the_server_raises_how_many_files_it_may_open_as_far_as_it_is_let() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    hard = before[1] if before[1] != resource.RLIM_INFINITY else 4096
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        assert serving.allow_files() == min(4096, hard) == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == before[1]
        assert serving.allow_files(128) == 128, "more than is wanted is not made less"
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(4096, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_name_that_gunicorn_gave_up_would_stop_the_start() -> None:
    class Renamed(TConn):  # type: ignore[misc]
        pass

    assert serving.missing_names(ThreadWorker, ["accept", "poller", "alive", "welcome"]) == ["welcome"]
    assert serving.missing_names(Renamed, ["sock", "parser", "line"]) == ["line"]
