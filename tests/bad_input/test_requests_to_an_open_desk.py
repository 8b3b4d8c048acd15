"""Of the ten thousand requests, those of a browser that is signed in: nothing breaks, and the desk stays open."""

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app
from portal.seizure.footprint import stamps
from tests.bad_input.flooding import DESK, flood, known, told
from tests.bad_input.requests_of_all_kinds import ENDS_THE_DESK, Sent, requests
from tests.cast import VERA, World
from tests.intake.sealed import used_lockers
from tests.visiting import fields_of

pytestmark = pytest.mark.xdist_group("bad_input")


def test_a_signed_in_desk_takes_anything_and_breaks_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(world.instance)
    client = app.test_client()
    token = sign_in(client, world)
    for offer in world.offers()[2:5]:
        world.book(VERA, slots=[offer.id], share="name")
    strategy = requests(app, [*known(world, client), token], skip=frozenset(ENDS_THE_DESK))
    others = public(world)
    with caplog.at_level(logging.DEBUG):
        seen = flood(client, strategy.map(lambda sent: with_token(sent, token)), DESK, desk_routes(app, world))
    assert seen.total() >= DESK
    assert client.get("/desk/").status_code == 200, "the desk was open all the time"
    assert public(world) == others
    assert not told(caplog)


def public(world: World) -> dict[str, object]:
    """What a desk changes with no button but those of the notice."""
    kept = ("desk.db", "keys.db", "site.db")
    return {name: stamp for name, stamp in stamps(world.instance).items() if not name.startswith(kept)}


def desk_routes(app: Flask, world: World) -> list[str]:
    """Every page behind the door that takes a form, for each of some matters."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk/") and "POST" in (rule.methods or ()) and rule.rule not in ENDS_THE_DESK:
            keys = [locker.hex() for locker in sorted(used_lockers(world))] if "key" in rule.arguments else [""]
            found += [re.sub(r"<(\w+:)?key>", key, rule.rule) for key in keys]
    return [re.sub(r"<.*?>", "5" * 32, path) for path in found]


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
