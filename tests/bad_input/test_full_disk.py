"""The disk is full while Vera books: she is told that nothing was booked, nothing is halved, and later it works."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.pages import ANSWER_SIZE
from portal.seizure.footprint import Stamp, stamps
from tests import cast
from tests.cast import VERA, Server, World
from tests.intake.pages_cast import text_of
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("bad_input")
#: Room beside the office for the journals of a booking, and a little more.
SPARE = 512 * 1024
JOURNALS = {"desk.db-journal", "keys.db-journal", "site.db-journal"}
SMALL_DISK = 'mount -t tmpfs -o size="$1" tmpfs "$2" && cp -a "$3"/. "$2" && shift 3 && exec "$@"'


def unshare() -> list[str]:
    """The command for mounts of one's own: as root, or as root of a space of one's own."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        ):
            return command
    said = "No small disk can be mounted here: run this test on Linux with `unshare`, as root or with user namespaces."
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@contextmanager
def served_on_a_small_disk(world: World, disk: Path) -> Iterator[tuple[Server, Path]]:
    """The real server with the office on a disk of its own; gives the server and the office's folder seen from here."""
    disk.mkdir()
    size = sum(path.stat().st_size for path in world.instance.iterdir()) + SPARE
    port, log = cast.free_port(), disk.with_suffix(".log")
    serving = [cast.PORTAL, "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*unshare(), "sh", "-c", SMALL_DISK, "sh", str(size), disk, world.instance, *serving],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(disk), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
    server = Server(world, f"http://localhost:{port}", process, log)
    try:
        cast._wait_until_it_answers(server)
        yield server, Path(f"/proc/{process.pid}/root{disk}")
    finally:
        server.kill()


def fill(folder: Path) -> Path:
    """Everything that fits, to the last byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def settled(folder: Path) -> dict[str, Stamp | int]:
    """Bytes and times of the office; of a journal, which is written before anything else, only that it rests empty."""
    found = stamps(folder)
    return {name: stamp.size if name in JOURNALS else stamp for name, stamp in found.items() if name != "filler"}


def test_on_a_full_disk_nothing_is_booked_and_the_same_form_books_later(world: World, tmp_path: Path) -> None:
    key = world.offers()[2].key
    with served_on_a_small_disk(world, tmp_path / "disk") as (server, folder):
        visitor = Visitor(server.url)
        form = visitor.fill(
            visitor.choose([key]), mode="phone", proof="code", email=VERA.email, code=world.code_of(VERA)
        )
        filler, before = fill(folder), settled(folder)

        refused = visitor.post("/book", form)
        assert_kind(refused)
        assert settled(folder) == before
        assert visitor.get("/times").status == visitor.get("/healthz").status == 200

        filler.unlink()
        booked = visitor.post("/book", form)
        assert 'class="words"' in booked.body
        assert settled(folder) != before, "a booking shows, so a half-written one would have shown"
        words = Visitor.words(booked)
        filler = fill(folder)
        assert 'value="erase"' in visitor.post("/return", {"words": words}).body, "looking needs no room"
        filler.unlink()
    assert_silent(server.log.read_text())


def assert_kind(answer: Answer) -> None:
    assert answer.status == 503
    assert "Nothing was booked" in text_of(answer)
    assert "once more" in text_of(answer)
    assert answer.length % ANSWER_SIZE == 0


def assert_silent(said: str) -> None:
    assert all("OperationalError at " in line for line in said.splitlines()), said
    assert not any(trace in said for trace in ("vera", "INSERT", "UPDATE", "localhost", "127.0.0.1", "/book"))


def test_a_page_without_the_sentence_would_not_be_kind() -> None:
    body = "<h1>Something broke here</h1><p>If you saw no receipt, send the form once more.</p>"
    with pytest.raises(AssertionError):
        assert_kind(Answer(503, [], body, ANSWER_SIZE))
