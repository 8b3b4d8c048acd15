"""Thousands of drawn requests, put to the application in this process, and what it may say meanwhile."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bad_input.requests_of_all_kinds import Sent
from tests.cast import NED, VERA, World
from tests.visiting import fields_of

#: Together they are ten thousand; in two files, so that two processes may send them.
VISITORS, DESK = 8004, 2004
#: Each drawn request is also sent to other routes, because drawing takes longer than answering.
ROUTES = 12
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


def flood(
    client: FlaskClient, strategy: st.SearchStrategy[Sent], count: int, others: Sequence[str] = FIXED
) -> Counter[int]:
    """So many requests, the same in every run; gives how often each status came."""
    seen: Counter[int] = Counter()

    @settings(QUIET, max_examples=count // ROUTES)
    @given(strategy)
    def sends(sent: Sent) -> None:
        turn = seen.total() // ROUTES
        elsewhere = [others[(turn * (ROUTES - 1) + place) % len(others)] for place in range(ROUTES - 1)]
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
        "move",
        "erase",
        "met",
        "y",
        "2",
    ]
    return [offer, ticket[:-1], VERA.email, NED.email, world.code_of(VERA)[:-1], world.ombuds.hex(), "0" * 32, *answers]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Lines of the portal and of what serves it; a test's own tools may speak."""
    return [
        each.getMessage() for each in caplog.records if each.name.split(".")[0] in {"portal", "gunicorn", "werkzeug"}
    ]
