"""A thousand lines that hardly speak, or never read, or never hang up: Vera books all the same."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.editing import carrying
from portal.server import MOST_BODY, MOST_DESK_BODY, MOST_LONG, PATIENCE, THREADS, is_whole
from portal.web import MAX_FORM
from tests import cast
from tests.cast import VERA, Server, World, serve
from tests.load.pressing import MIB, allow_files, is_hung_up, memory, slow_lines
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("load")
LINES = 1000
#: Seconds for two pages and a booking: many times what they take in peace.
IN_TIME = 8.0
FORM = b"POST /book HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HEAD_ONLY = b"GET /times HTTP/1.1\r\nHost: x"
ENDLESS_BODY = FORM + b"Content-Length: 60000\r\n\r\nslot="
ENDLESS_CHUNKS = FORM + b"Transfer-Encoding: chunked\r\n\r\nffff\r\nslot="
NEVER_HANGS_UP = b"GET /times HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serve(first_world.copy(tmp_path_factory.mktemp("slow") / "instance"))
    Visitor(running.url).get("/times")
    yield running
    running.kill()


@pytest.mark.parametrize(
    ("begin", "again"),
    [(HEAD_ONLY, True), (ENDLESS_BODY, True), (ENDLESS_CHUNKS, False), (NEVER_HANGS_UP, False)],
    ids=["head only", "endless body", "endless chunks", "never hangs up"],
)
def test_vera_books_while_a_thousand_lines_hardly_speak(office: Server, begin: bytes, *, again: bool) -> None:
    allow_files(LINES + 500)
    before = memory(office)
    with slow_lines(office, LINES, begin, again=again):
        began = time.monotonic()
        assert books(office)
        assert time.monotonic() - began < IN_TIME
        assert memory(office) < 1.5 * before + 64 * MIB
    assert office.log.read_text() == ""


def books(office: Server) -> bool:
    """The next time that nobody has, by phone."""
    visitor = Visitor(office.url)
    office.world.publication = type(office.world.publication)()
    key = office.world.offers()[1].key
    return 'class="words"' in visitor.book(office.world, VERA, [key]).body


def test_gunicorns_own_worker_would_answer_nobody(first_world: World, tmp_path: Path) -> None:
    """The planted fault: as many slow lines as threads, and the test above could not pass."""
    world = first_world.copy(tmp_path / "instance")
    server = impatient(world)
    try:
        with slow_lines(server, THREADS, HEAD_ONLY) as lines:
            time.sleep(0.5)
            asked = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))
            asked.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert not is_hung_up(asked, 2), "it was not even answered"
            asked.close()
            assert len(lines) == THREADS
    finally:
        server.kill()


def impatient(world: World) -> Server:
    port, log = cast.free_port(), world.instance.parent / "impatient.log"
    script = Path(__file__).with_name("impatient.py")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, script, world.instance, str(port)],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    server = Server(world, f"http://localhost:{port}", process, log)
    cast._wait_until_it_answers(server)
    return server


def test_a_line_that_does_not_come_to_an_end_is_hung_up(office: Server) -> None:
    with slow_lines(office, 3, HEAD_ONLY) as lines:
        first = list(lines)
        assert not is_hung_up(first[0], 1)
        assert all(is_hung_up(line, PATIENCE + 3) for line in first)


def test_an_orderly_stop_does_not_wait_for_slow_lines(first_world: World, tmp_path: Path) -> None:
    server = serve(first_world.copy(tmp_path / "instance"))
    line = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))
    line.sendall(ENDLESS_BODY)
    time.sleep(0.2)
    began = time.monotonic()
    server.stop()
    line.close()
    assert time.monotonic() - began < 5
    assert server.log.read_text() == ""


WHOLE = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    FORM + b"Content-Length: 9\r\n\r\nslot=vera",
    FORM + b"content-LENGTH:\t9 \r\nX: y\r\n\r\nslot=vera",
]
REFUSED_BY_THE_HEAD = [
    FORM + b"Transfer-Encoding: chunked\r\n\r\n",
    FORM + b"Content-Length: nine\r\n\r\n",
    FORM + b"Content-Length: -9\r\n\r\n",
    FORM + b"Content-Length: %d\r\n\r\n" % (MAX_FORM + 1),
    FORM + b"Content-Length: 99999999999999999999\r\n\r\n",
    b"GET /" + b"v" * 20_000,
]


@pytest.mark.parametrize("request_bytes", WHOLE)
def test_a_request_is_whole_with_its_last_byte_and_not_before(request_bytes: bytes) -> None:
    assert is_whole(bytearray(request_bytes))
    assert not any(is_whole(bytearray(request_bytes[:size])) for size in range(len(request_bytes)))


@pytest.mark.parametrize("request_bytes", REFUSED_BY_THE_HEAD)
def test_nobody_waits_for_the_rest_of_what_will_be_refused(request_bytes: bytes) -> None:
    assert is_whole(bytearray(request_bytes))


def test_every_form_that_the_pages_take_is_waited_for() -> None:
    assert MOST_BODY >= MAX_FORM
    assert MOST_DESK_BODY >= carrying.MOST


def test_a_long_text_is_waited_for_at_the_desk_and_nowhere_else() -> None:
    head = b" HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\ntext="

    assert is_whole(bytearray(b"POST /book" + head))
    assert not is_whole(bytearray(b"POST /desk/site/text" + head))
    assert is_whole(bytearray(b"POST /desk/site/text" + head + b"x" * 999_995))


def test_half_sent_texts_do_not_fill_the_memory(office: Server) -> None:
    """Sixteen may be under way; the oldest gives way."""
    begin = b"POST /desk/site/text HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 100_000
    with slow_lines(office, MOST_LONG, begin, again=False) as lines:
        first = lines[0]
        assert not is_hung_up(first, 0.5)
        with slow_lines(office, 1, begin, again=False):
            assert is_hung_up(first, 3)
