"""An open desk is covered when it rests and ends with the working day; its cookie alone opens nothing for long."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask, session

from portal import clock, create_app
from portal.desk import door
from portal.desk import service as desk_service
from portal.desk.changing import AtDesk
from portal.office import service as office
from portal.office.rules import desk_keys
from portal.sessions import Desks, OpenDesk
from tests.cast import OLA_NAME, World
from tests.journeys.walking import App

if TYPE_CHECKING:
    from flask.testing import FlaskClient

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Ola:
    """Ola at her browser, signed in, with a way to let time pass on her desk."""

    def __init__(self, world: World, app: Flask) -> None:
        self.world = world
        self.app = app
        self.browser: FlaskClient = app.test_client()
        self.phone = App(world.kit.factor)

    @property
    def desk(self) -> OpenDesk:
        (desk,) = self.desks._open.values()
        return desk

    @property
    def desks(self) -> Desks:
        found = self.app.extensions["portal"].volatile.desks
        assert isinstance(found, Desks)
        return found

    def sign_in(self) -> None:
        self.send("/desk/sign-in", ombuds=self.world.ombuds.hex(), passphrase=self.world.kit.passphrase)
        assert len(self.desks._open) == 1

    def open_desk(self) -> None:
        """As the door does it once digits and words are right, with the keys on paper: deriving one takes a second."""
        world, now = self.world, clock.now()
        self.browser.get("/desk/sign-in")
        state = self.app.extensions["portal"]
        with state.stores.keys.reading() as keys:
            wrapped = office.find_wrapped(keys, world.ombuds)
        assert wrapped
        own = desk_keys(world.ombuds, world.kit.recovery, office._office_private(wrapped, world.kit.recovery))
        desk_service.unlock(AtDesk(state.stores, own, state.settings, now))
        with self.app.test_request_context("/desk/sign-in", method="POST"):
            door._open_desk(own, now)
            kept = dict(session)
        with self.browser.session_transaction("/desk/") as cookie:
            cookie.clear()
            cookie.update(kept)
        assert len(self.desks._open) == 1

    def send(self, path: str, digits: str = "", **fields: str) -> str:
        """Fill in a page's form and send it; gives where the answer leads, or its text.

        Digits only where the page asks for them: each are good once, and the next ones may be half a minute away.
        """
        page = self.browser.get(path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, page
        fields |= {"csrf_token": token.group(1)}
        if 'name="second_factor"' in page:
            fields |= {"second_factor": digits or self.phone.digits()}
        answer = self.browser.post(path, data=fields)
        return answer.headers.get("Location", answer.text)

    def rest(self, idle: timedelta) -> None:
        self.desk.seen = clock.now() - idle


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    ola = Ola(world, create_app(world.instance))
    ola.sign_in()
    yield ola
    world.refresh()


def test_a_rested_desk_shows_the_cover_and_nothing_else(ola: Ola) -> None:
    ola.world.book(None, message="a line that must stay covered")
    key = re.search(r"/desk/matter/(\w+)", ola.browser.get("/desk/").text)
    assert key
    ola.rest(15 * MINUTE)

    for path in ("/desk/", f"/desk/matter/{key.group(1)}", "/desk/hours", "/desk/colleagues"):
        answer = ola.browser.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/cover")
        assert key.group(1) not in answer.text.replace(path, "")
    page = ola.browser.get("/desk/cover").text
    assert "<h1>Covered</h1>" in page
    assert OLA_NAME not in page
    assert "/desk/matter" not in page
    assert ola.browser.post(f"/desk/matter/{key.group(1)}", data={"action": "met"}).headers["Location"] == "/desk/cover"


def test_work_within_the_quarter_hour_keeps_the_cover_off(ola: Ola) -> None:
    for _ in range(3):
        ola.rest(14 * MINUTE)
        assert "<h1>Queue</h1>" in ola.browser.get("/desk/").text


def test_looking_at_the_cover_does_not_lift_it(ola: Ola) -> None:
    ola.rest(15 * MINUTE)

    for _ in range(3):
        ola.browser.get("/desk/cover")

    assert ola.browser.get("/desk/").headers["Location"] == "/desk/cover"


def test_six_new_digits_lift_the_cover(ola: Ola) -> None:
    ola.rest(HOUR)

    assert ola.send("/desk/cover") == "/desk/"
    assert "<h1>Queue</h1>" in ola.browser.get("/desk/").text


def test_digits_that_were_used_to_sign_in_do_not_lift_the_cover(world: World) -> None:
    ola = Ola(world, create_app(world.instance))
    digits = ola.phone.digits()
    ola.send("/desk/sign-in", digits, ombuds=world.ombuds.hex(), passphrase=world.kit.passphrase)
    ola.rest(HOUR)

    assert "These digits are wrong or were used already." in ola.send("/desk/cover", digits)


def test_five_wrong_tries_at_the_cover_close_the_desk(ola: Ola) -> None:
    ola.rest(HOUR)

    said = [ola.send("/desk/cover", "000000") for _ in range(5)]

    assert said[-1] == "/desk/sign-in"
    assert all("These digits are wrong" in page for page in said[:-1])
    assert not ola.desks._open
    assert ola.browser.get("/desk/").headers["Location"] == "/desk/sign-in"


def test_after_eight_hours_only_the_passphrase_opens_the_desk(ola: Ola) -> None:
    ola.desk.signed_in = clock.now() - 8 * HOUR

    for path in ("/desk/", "/desk/cover"):
        assert ola.browser.get(path).headers["Location"] == "/desk/sign-in"


def test_the_cookie_of_another_browser_opens_nothing(ola: Ola) -> None:
    stranger = ola.app.test_client()

    assert stranger.get("/desk/").headers["Location"] == "/desk/sign-in"


def test_what_lies_in_memory_does_not_open_without_the_cookie(ola: Ola) -> None:
    """The keys of an open desk are not in the open: neither Ola's private key nor the office's."""
    locked = ola.desk.locked_keys

    own = desk_keys(ola.world.ombuds, ola.world.kit.recovery, None)
    assert own.private not in locked
    assert own.own not in locked
