"""Ten thousand requests that no page of ours would send: no breakdown, no line in a log, nothing changed on disk."""

import logging
import random
import re
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import create_app, fields
from portal.seizure.footprint import stamps
from tests.bad_input.requests_of_all_kinds import ENDS_THE_DESK, FORMS, METHODS, Sent, names, paths, requests
from tests.cast import NED, VERA, Server, World
from tests.promises.day_of_visits import disturb
from tests.visiting import Visitor, fields_of

pytestmark = pytest.mark.xdist_group("bad_input")
VISITORS, DESK = 8004, 2004
#: Each drawn request is also sent to other routes, because drawing takes longer than answering.
ROUTES = 12
RAW = 300
#: Asked besides the drawn routes; dear answers are rarer: a page of times takes 15 ms, comparing a wrong word 25.
FIXED = (
    *("/week", "/leave", "/about/limits", "/desk/sign-in", "/desk/recover", "/desk/join", "/desk/join/confirm"),
    *("/static/0/site.css", "/healthz", "/leave/out", "/desk/recover/confirm", "/book"),
)
QUIET = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False
)


def send(client: FlaskClient, sent: Sent) -> int:
    """As a browser would put it on the line; gives the status."""
    path, body = quote(sent.path.encode("utf-8", "replace"), safe="/%?&="), sent.body
    pairs = [(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in sent.fields]
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | {
        name: value.replace("\r", "").replace("\n", "") for name, value in sent.headers
    }
    answer = client.open(path, method=sent.method, data=urlencode(pairs) if body is None else body, headers=headers)
    answer.close()
    return answer.status_code


def flood(client: FlaskClient, strategy: st.SearchStrategy[Sent], count: int) -> Counter[int]:
    """So many requests, the same in every run; gives how often each status came."""
    seen: Counter[int] = Counter()

    @settings(QUIET, max_examples=count // ROUTES)
    @given(strategy)
    def sends(sent: Sent) -> None:
        turn = seen.total() // ROUTES
        elsewhere = [FIXED[(turn + place) % len(FIXED)] for place in range(ROUTES - 1)]
        for each in (sent, *(replace(sent, method="POST", path=path) for path in elsewhere)):
            status = send(client, each)
            assert status < 500, each
            seen[status] += 1

    sends()
    return seen


def known(world: World, client: FlaskClient) -> list[str]:
    """What means something: times, a ticket, addresses, codes, ids, answers of every list. Together they never book."""
    offer = world.offers()[1].key
    form = client.post("/book", data={"slot": offer}, follow_redirects=True).get_data(as_text=True)
    ticket = dict(fields_of(form))["ticket"]
    answers = [
        "code",
        "name",
        "profile",
        "phone",
        "video",
        "in-person",
        "yes",
        "no",
        "cancel",
        "erase",
        "met",
        "y",
        "2",
    ]
    return [offer, ticket[:-1], VERA.email, NED.email, world.code_of(VERA)[:-1], world.ombuds.hex(), "0" * 32, *answers]


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


def test_a_signed_in_desk_takes_anything_and_breaks_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(world.instance)
    client = app.test_client()
    token = sign_in(client, world)
    strategy = requests(app, [*known(world, client), token], skip=frozenset(ENDS_THE_DESK))
    others = {name: stamp for name, stamp in stamps(world.instance).items() if not name.startswith("desk.db")}
    with caplog.at_level(logging.DEBUG):
        seen = flood(client, strategy.map(lambda sent: with_token(sent, token)), DESK)
    assert seen.total() >= DESK
    assert client.get("/desk/").status_code == 200, "the desk was open all the time"
    assert {name: stamp for name, stamp in stamps(world.instance).items() if not name.startswith("desk.db")} == others
    assert not told(caplog)


def test_together_they_are_ten_thousand_over_every_route_and_field() -> None:
    assert VISITORS + DESK >= 10_000
    asked = {form for form in every_form() if form.__module__.startswith("portal.")}
    assert {form.__name__ for form in asked} - {form.__name__ for form in FORMS} == {"SignOutForm"}
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


def every_form() -> set[type]:
    """All forms there are, by their two roots."""
    found, todo = set(), [fields.VisitorForm, fields.DeskForm]
    while todo:
        children = todo.pop().__subclasses__()
        found.update(children)
        todo += children
    return found


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Lines of the portal and of what serves it; a test's own tools may speak."""
    return [
        each.getMessage() for each in caplog.records if each.name.split(".")[0] in {"portal", "gunicorn", "werkzeug"}
    ]


def sign_in(client: FlaskClient, world: World) -> str:
    """Ola's desk in this client; gives the token of its forms."""
    for _ in range(3):
        page = client.get("/desk/sign-in").get_data(as_text=True)
        typed = {"ombuds": world.ombuds.hex(), "second_factor": world.digits(), "passphrase": world.kit.passphrase}
        if client.post("/desk/sign-in", data=dict(fields_of(page)) | typed).status_code == 302:
            found = re.search(
                r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/desk/hours").get_data(as_text=True)
            )
            assert found
            return found[1]
    raise AssertionError("Ola could not sign in")


def with_token(sent: Sent, token: str) -> Sent:
    """On the desk's own pages, with the token that lets a form in, and without a cookie in place of the desk's."""
    headers = tuple(pair for pair in sent.headers if pair[0] not in {"Cookie", "Host"})
    return Sent(sent.method, sent.path, (("csrf_token", token), *sent.fields), sent.body, headers)


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
