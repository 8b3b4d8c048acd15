import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from socket import socket
from time import monotonic

import pytest

from portal.busy import asking
from portal.busy.answers import Reading, understand, write
from portal.busy.asking import Question, ask, inquire
from portal.busy.map import SIZE, BusyMap
from portal.busy.problems import Problem
from tests.busy.feeds import FEEDS, FIRST, SECRETS, calendar, event
from tests.busy.servers import Place, environment, make_trust, raw, saying, serving, silent

FEED = FEEDS["exchange, windows zones"]
START = Path(asking.__file__).with_name("start.py")


def question(place: Place, scheme: str = "http") -> Question:
    return Question(place.url(scheme), place.allowed, FIRST, "Europe/Berlin")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/Los_Angeles"])
def test_a_calendar_is_asked_and_answers_with_a_map(zone: str) -> None:
    with serving(saying("200 OK", FEEDS["times without a zone"].content)) as place, environment(TZ=zone):
        found = inquire(question(place))
    assert isinstance(found, Reading)
    assert list(found.map.spans()) == FEEDS["times without a zone"].spans
    assert (found.doubts, found.skipped) == (1, 0)


def test_what_is_wrong_comes_back_as_one_word() -> None:
    with serving(saying("404 Gone")) as place:
        assert ask(question(place)) is Problem.refused
        assert ask(replace(question(place), allowed=())) is Problem.address
        assert ask(replace(question(place), url="https://127.0.0.1/")) is Problem.private
    with serving(saying("200 OK", b"<html>")) as place:
        assert ask(question(place)) is Problem.no_calendar


def test_our_own_events_are_named_by_a_pattern() -> None:
    content = calendar(event("DTSTART:20260303T090000Z", "DURATION:PT1H", uid="ab12@times"))
    with serving(saying("200 OK", content)) as place:
        found = ask(replace(question(place), ignore="[0-9a-f]+@times"))
    assert found == BusyMap.blank(FIRST)


def test_a_certificate_that_the_operator_trusts_is_trusted(tmp_path: Path) -> None:
    trust, path = make_trust(tmp_path)
    with serving(saying("200 OK", FEED.content), trust) as place:
        assert ask(question(place, "webcal")) is Problem.tls
        with environment(SSL_CERT_FILE=str(path)):
            found = ask(question(place, "webcal"))
    assert isinstance(found, BusyMap)
    assert list(found.spans()) == FEED.spans


@pytest.mark.parametrize(("name", "days"), [("calendar.example.org", 1), ("127.0.0.1", -1)])
def test_a_certificate_of_another_name_or_of_yesterday_is_not(tmp_path: Path, name: str, days: int) -> None:
    trust, path = make_trust(tmp_path, name, days)
    with serving(saying("200 OK", FEED.content), trust) as place, environment(SSL_CERT_FILE=str(path)):
        assert ask(question(place, "https")) is Problem.tls


def each(count: int) -> str:
    return ",".join(map(str, range(count)))


EVERY_SECOND = f"RRULE:FREQ=DAILY;BYHOUR={each(24)};BYMINUTE={each(60)};BYSECOND={each(60)}"
BOMB = calendar(*(event("DTSTART:20200101T000000Z", "DURATION:PT1S", EVERY_SECOND, uid=f"{n}") for n in range(9)))


def test_a_calendar_that_would_fill_or_hang_us_is_too_much() -> None:
    began = monotonic()
    with serving(saying("200 OK", BOMB)) as place:
        assert ask(question(place)) is Problem.too_much
    assert monotonic() - began < 28


def run_child(asked: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-s", "-B", str(START)]
    return subprocess.run(command, input=asked, capture_output=True, env={}, cwd="/", timeout=30, check=False)


@pytest.mark.parametrize(
    "damage", [b"", b"DTSTART:Vera\r\n", b"RRULE:FREQ=Vera\r\n", b"BEGIN:VTIMEZONE\r\nTZID:Vera\r\nEND:VTIMEZONE\r\n"]
)
def test_nothing_of_a_calendar_s_words_comes_out_of_the_child(damage: bytes) -> None:
    content = FEED.content.replace(b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\r\n" + damage)
    with serving(saying("200 OK", content)) as place:
        asked = (
            f'{{"url":"{place.url()}","allowed":["{place.allowed[0]}"],"first":"2026-03-02","zone":"UTC","ignore":""}}'
        )
        done = run_child(asked.encode())
    said = done.stdout + done.stderr
    assert done.stdout.startswith(b"read ")
    assert len(done.stdout) == len(done.stdout.partition(b"\n")[0]) + 1 + SIZE
    assert [each for each in (*SECRETS, "4711", "basic.ics") if each.encode() in said] == []


def test_a_planted_leak_would_be_found() -> None:
    """The words do reach the child: what it was sent holds them all."""
    assert [each for each in SECRETS if each.encode() in FEED.content] == list(SECRETS)


LOOKING = f"""
import os, runpy, sys
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
try:
    runpy.run_path({str(START)!r}, run_name="__main__")
except ValueError:
    pass  # an empty question
print(*sorted(sys.modules))
"""


def test_the_child_knows_neither_the_web_nor_the_stores() -> None:
    command = [sys.executable, "-P", "-s", "-c", LOOKING]
    done = subprocess.run(command, capture_output=True, env={}, timeout=30, check=False)
    known = set(done.stdout.decode().split())
    assert "portal.busy.reading" in known
    assert known.isdisjoint({"flask", "werkzeug", "sqlalchemy", "sqlite3", "cryptography", "logging.handlers"})
    assert [name for name in known if name.startswith("portal.") and not name.startswith("portal.busy")] == []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
def test_the_child_is_told_nothing_of_the_server_s_environment() -> None:
    seen: list[str] = []

    def answering(line: socket) -> None:
        for children in Path("/proc/self/task").glob("*/children"):
            found = (Path(f"/proc/{child}") for child in children.read_text().split())
            seen.extend(
                (each / "environ").read_text() for each in found if "start.py" in (each / "cmdline").read_text()
            )
        saying("200 OK", FEED.content)(line)

    with (
        environment(PORTAL_SECRET="Vera", HTTPS_PROXY="http://127.0.0.1:1", SSL_CERT_DIR="/etc/ssl/certs"),
        serving(answering) as place,
    ):
        assert isinstance(ask(question(place)), BusyMap)
    names = {pair.partition("=")[0] for pair in seen[0].split("\0") if pair}
    assert {"SSL_CERT_DIR"} <= names <= {"SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONTZPATH", "LD_LIBRARY_PATH"}


def test_a_child_starts_soon_and_stays_small() -> None:
    began = monotonic()
    assert ask(Question("https://127.0.0.1/", (), FIRST, "Europe/Berlin")) is Problem.private
    took, most = monotonic() - began, getrusage(RUSAGE_CHILDREN).ru_maxrss
    print(f"start-up {took:.2f} s, at most {most / 1024:.0f} MiB in any child")
    assert took < 10


def test_a_child_that_breaks_down_has_read_no_calendar() -> None:
    assert understand(b"", FIRST) is Problem.no_calendar
    assert understand(b"Traceback", FIRST) is Problem.no_calendar
    assert run_child(b"{}").stdout == b""


def test_an_answer_is_understood_as_it_was_meant() -> None:
    found = Reading(BusyMap.blank(FIRST), 2, 3)
    assert understand(write(found), FIRST) == found
    assert [understand(write(each), FIRST) for each in Problem] == list(Problem)


def test_a_silent_server_ends_with_the_child() -> None:
    """The child gives up by itself, before it is killed."""
    began = monotonic()
    with serving(silent) as place:
        assert ask(question(place)) is Problem.slow
    assert 15 < monotonic() - began < asking.LIMIT
    assert signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL


def test_an_answer_that_is_no_http_leaves_no_words_either() -> None:
    with serving(raw(b"HTTP/1.1 Vera geheimnisvoll\r\n\r\n")) as place:
        assert ask(question(place)) is Problem.unreachable
