"""Ten thousand requests that no page of ours would send: no breakdown, no line in a log, nothing changed on disk."""

import logging
import random
import socket
from collections.abc import Callable

import pytest
from flask import Flask

from portal import create_app
from portal.seizure.footprint import stamps
from tests.bad_input.flooding import DESK, ROUTES, VISITORS, flood, known, told
from tests.bad_input.requests_of_all_kinds import METHODS, Sent, every_form, names, paths, requests
from tests.cast import Server, World
from tests.promises.day_of_visits import disturb
from tests.visiting import Visitor

pytestmark = pytest.mark.xdist_group("bad_input")
RAW = 300


def test_visitors_who_send_anything_break_and_change_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(world.instance)
    client = app.test_client()
    strategy = requests(app, known(world, client))
    before = stamps(world.instance)
    with caplog.at_level(logging.DEBUG):
        seen = flood(client, strategy, VISITORS)
    assert seen.total() >= VISITORS
    assert {200, 302, 400, 403, 404, 405, 415} <= set(seen), "the requests reach all kinds of answers"
    assert stamps(world.instance) == before
    assert not told(caplog)


def test_together_they_are_ten_thousand_over_every_route_and_field() -> None:
    assert VISITORS + DESK >= 10_000
    assert {"BookForm", "WriteForm", "ReplyForm", "SignOutForm"} <= {form.__name__ for form in every_form()}
    assert {"email", "ticket", "mon_1_from", "second_factor", "slot", "csrf_token"} <= set(names())


def test_a_route_that_breaks_is_found(world: World) -> None:
    """The planted fault: a field that is read as a number without a look."""
    app = create_app(world.instance)
    app.add_url_rule("/planted", view_func=_planted(app), methods=["POST"])
    strategy = requests(app, ["9"]).map(lambda sent: Sent("POST", "/planted", (*sent.fields, ("people", "x")), None))
    with pytest.raises(AssertionError):
        flood(app.test_client(), strategy, ROUTES)


def _planted(app: Flask) -> Callable[[], str]:
    return lambda: str(int(app.request_class.from_values().args.get("people", "x")))


def test_hundreds_of_broken_lines_leave_the_real_server_as_it_was(server: Server) -> None:
    chance, before = random.Random(1), stamps(server.world.instance)  # noqa: S311 - the same in every run
    rules = [rule for rule, _ in paths(create_app(server.world.instance))]
    for _ in range(RAW):
        assert b"HTTP/1.1 5" not in say(server, broken(chance, rules))
    disturb(server)
    assert Visitor(server.url).get("/healthz").status == 200
    assert stamps(server.world.instance) == before
    assert server.log.read_text() == ""


def broken(chance: random.Random, rules: list[str]) -> bytes:
    """A request with bytes changed, left out or put in, or cut off."""
    method, rule = chance.choice([*METHODS, "get", "G\0T"]), chance.choice(rules)
    length = chance.choice([b"4", b"0", b"-4", b"4444444444", b"4\r\nContent-Length: 5", b"\xb9"])
    whole = f"{method} {rule} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ".encode() + length + b"\r\n\r\nslot=vera"
    line = bytearray(whole)
    for _ in range(chance.randrange(4)):
        line[chance.randrange(len(line))] = chance.randrange(256)
    return bytes(line[: chance.randrange(1, len(line) + 1)]) if chance.random() < 0.3 else bytes(line)


def say(server: Server, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=20) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        heard = b""
        try:
            while piece := line.recv(65536):
                heard += piece
        except ConnectionResetError:
            return heard
        return heard
