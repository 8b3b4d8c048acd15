"""S8: the server's own words name nobody and no visit, whatever is sent to it and whatever breaks."""

import re

import pytest

from portal import create_app
from tests.cast import VERA, Server, World
from tests.promises.day_of_visits import SAID, Day, disturb
from tests.visiting import Visitor

#: One line of a log: a moment, a process, a level, and one of the few sentences that may stand there.
LINE = re.compile(
    r"(?:\[[^\]]*\] \[\d+\] \[(?:ERROR|CRITICAL)\] )?"
    r"(?:A connection failed\.|[A-Za-z]+ at (?:[a-z_]+\.py:\d+(?:, )?)+|Worker \(pid:\d+\) (?:was sent|exited).*)"
)
TELLING = re.compile(
    r"127\.0\.0\.1|::1|localhost|/book|/return|/times|GET |POST |@example|vera|lindqvist|mozilla|python-urllib",
    re.IGNORECASE,
)


@pytest.mark.xdist_group("seizure")
def test_a_day_of_visits_and_broken_lines_leaves_no_telling_line(day: Day) -> None:
    assert day.loot
    (log,) = day.loot.outputs
    text = log.read_text()
    assert TELLING.findall(text) == []
    assert [line for line in text.splitlines() if not LINE.fullmatch(line)] == []


def test_a_broken_part_is_logged_by_its_place_and_nothing_that_was_typed(server: Server) -> None:
    visitor, world = Visitor(server.url), server.world
    form = visitor.choose([world.offers()[0].key])
    said = visitor.fill(form, mode="phone", proof="code", email=VERA.email, code=world.code_of(VERA), **SAID)
    world.settings.roster.write_bytes(b"no database at all " * 1000)
    answer = visitor.post("/book", said)
    disturb(server)
    server.stop()
    assert answer.status == 500
    assert VERA.email not in answer.body
    text = server.log.read_text()
    assert "DatabaseError at " in text
    assert TELLING.findall(text) == []
    for typed in (*SAID.values(), world.code_of(VERA)):
        assert typed not in text
    assert [line for line in text.splitlines() if not LINE.fullmatch(line)] == []


def test_even_a_broken_error_page_logs_no_address_of_a_page(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    app = create_app(world.instance)
    app.template_context_processors[None].append(_break)
    answer = app.test_client().get(f"/book/{VERA.email}")
    assert answer.status_code == 500
    text = capsys.readouterr().err
    assert VERA.email not in text
    assert SAID["message"] not in text


def _break() -> dict[str, object]:
    """What a bug in a template would do, quoting what it stumbled over."""
    raise ValueError(SAID["message"])


@pytest.mark.parametrize(
    "line",
    [
        '127.0.0.1 - - "POST /book HTTP/1.1" 200',
        "[2026-11-22 10:00:00] [7] [WARNING] Invalid request from ip=10.0.0.7",
        f"[2026-11-22 10:00:00] [7] [ERROR] Refused at service.py:12: {VERA.email}",
    ],
)
def test_a_planted_line_shows(line: str) -> None:
    assert not LINE.fullmatch(line)
