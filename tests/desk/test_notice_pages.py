"""Ola says that she cannot come: at her desk, or from her sickbed with a PIN that can do nothing else."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.bounds import WrongPins
from portal.notices import service
from portal.notices.board import today
from tests.cast import World
from tests.desk.test_open_desks import Ola

DAY = timedelta(days=1)
WRONG = "This PIN opens nothing here."
BOUNDED = "Too many wrong PINs."


@pytest.fixture(scope="module")
def signed_in(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Ola:
    """Once for all, because a sign-in takes a second and 256 MiB."""
    world = first_world.copy(tmp_path_factory.mktemp("ill") / "instance")
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    return ola


@pytest.fixture
def ola(signed_in: Ola) -> Iterator[Ola]:
    """With no notice and no PIN."""
    yield signed_in
    with signed_in.world.stores.site.writing() as site, signed_in.world.stores.keys.writing() as keys:
        service.clear_notice(site, signed_in.world.ombuds)
        service.drop_pin(keys, signed_in.world.ombuds)
    signed_in.app.extensions["portal"].volatile.board.forget()


@pytest.fixture
def phone(world: World) -> FlaskClient:
    """A browser that never signed in, at an office in which Ola has a PIN."""
    with world.stores.keys.writing() as keys:
        service.keep_pin(keys, world.ombuds, service.pinned("12345678", world.settings.secrets.factors))
    return create_app(world.instance).test_client()


def day_of(client: FlaskClient) -> date:
    with client.application.test_request_context():
        return today()


def send(client: FlaskClient, path: str, to: str = "", **fields: str) -> str:
    """Send a page's form; gives the page that follows."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert token
    fields = {"csrf_token": token.group(1), "day": day_of(client).isoformat(), "part": "day"} | fields
    answer = client.post(to or path, data=fields, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def use_pin(client: FlaskClient, world: World, pin: str = "12345678", action: str = "set", **fields: str) -> str:
    return send(client, "/desk/moved", ombuds=world.ombuds.hex(), pin=pin, action=action, **fields)


def is_told(client: FlaskClient) -> bool:
    return "are moved" in client.get("/").text


def test_ola_shows_a_notice_at_her_desk_and_takes_it_off(ola: Ola) -> None:
    stranger = ola.app.test_client()

    page = send(ola.browser, "/desk/notice", action="set", part="morning")
    assert "It stands on the first page now: Appointments with Ola Brandt on the morning of" in page
    assert "Everybody reads now" in page
    assert is_told(stranger)

    page = send(ola.browser, "/desk/notice", action="clear")
    assert "No notice stands on the first page any more." in page
    assert "Everybody reads now" not in page
    assert not is_told(stranger)


def test_other_days_are_typed_and_a_mistake_is_told_at_its_field(ola: Ola) -> None:
    soon = (day_of(ola.browser) + 3 * DAY).isoformat()
    for typed, said in (
        ({}, "Choose the first day."),
        ({"first": "31.3."}, "Type a day like 2027-03-31."),
        ({"first": "2020-01-01"}, "This day is over."),
        ({"first": soon, "last": day_of(ola.browser).isoformat()}, "must not come before the first"),
        ({"first": soon, "last": "9999-12-31"}, "within the next 60 days"),
        ({"first": soon, "part": "night"}, "Choose one of these answers."),
    ):
        assert said in send(ola.browser, "/desk/notice", action="set", day="other", **typed), typed
        assert not is_told(ola.browser)

    send(ola.browser, "/desk/notice", action="set", day="other", first=soon, last=soon, part="afternoon")
    assert "on the afternoon of" in ola.browser.get("/").text


def test_yesterdays_page_does_not_speak_of_another_day(ola: Ola) -> None:
    yesterday = (day_of(ola.browser) - DAY).isoformat()

    assert "Choose one of these answers." in send(ola.browser, "/desk/notice", action="set", day=yesterday)
    assert not is_told(ola.browser)


@pytest.mark.parametrize("action", ["", "burn"])
def test_a_form_without_one_of_its_buttons_does_nothing(ola: Ola, action: str) -> None:
    assert "Press one of the buttons." in send(ola.browser, "/desk/notice", action=action)
    send(ola.browser, "/desk/notice", to="/desk/notice/pin", action=action)

    assert not is_told(ola.browser)
    assert "Make a PIN" in ola.browser.get("/desk/notice").text


def test_a_pin_is_shown_once_works_and_is_taken_away(ola: Ola) -> None:
    page = send(ola.browser, "/desk/notice", to="/desk/notice/pin", action="make")
    shown = re.search(r'<bdi dir="ltr">(\d{4} \d{4})</bdi>', page)
    assert shown
    pin = shown.group(1)
    assert pin not in ola.browser.get("/desk/notice").text

    stranger = ola.app.test_client()
    assert "It stands on the first page now" in use_pin(stranger, ola.world, pin)
    assert is_told(stranger)

    assert "no longer works" in send(ola.browser, "/desk/notice", to="/desk/notice/pin", action="drop")
    assert WRONG in use_pin(stranger, ola.world, pin, "clear")
    assert is_told(stranger)


@pytest.mark.parametrize("path", ["/desk/notice", "/desk/notice/pin"])
def test_the_desks_own_page_is_behind_the_door(phone: FlaskClient, path: str) -> None:
    assert phone.post(path, data={"action": "make"}).headers["Location"] == "/desk/sign-in"


def test_the_pin_sets_the_notice_and_takes_it_off_and_opens_nothing(phone: FlaskClient, world: World) -> None:
    tomorrow = (day_of(phone) + DAY).isoformat()

    assert "It stands on the first page now" in use_pin(phone, world, "1234 5678", day=tomorrow)
    assert is_told(phone)
    assert phone.get("/desk/").headers["Location"] == "/desk/sign-in"
    assert phone.get("/desk/notice").headers["Location"] == "/desk/sign-in"

    use_pin(phone, world, action="clear")
    assert not is_told(phone)


def test_a_wrong_pin_is_answered_alike_with_a_pin_and_without_one(phone: FlaskClient, world: World) -> None:
    def answer() -> str:
        page = use_pin(phone, world, "00000000")
        assert WRONG in page
        assert not is_told(phone)
        return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]+"', r"\1", page)

    with_one = answer()
    with world.stores.keys.writing() as keys:
        service.drop_pin(keys, world.ombuds)

    assert answer() == with_one


def test_days_that_cannot_be_are_told_without_a_look_at_the_pin(phone: FlaskClient, world: World) -> None:
    pages = [use_pin(phone, world, pin, day="other", first="2020-01-01") for pin in ("12345678", "00000000")]

    assert all("This day is over." in page and WRONG not in page for page in pages)


def test_after_ten_wrong_pins_even_the_right_one_waits(phone: FlaskClient, world: World) -> None:
    assert [WRONG in use_pin(phone, world, f"{number:08}") for number in range(10)] == [True] * 10

    assert BOUNDED in use_pin(phone, world)
    assert not is_told(phone)

    (tries,) = [phone.application.extensions["portal"].volatile.wrong_pins]
    tries._taken = [each - WrongPins.HOUR for each in tries._taken]
    assert "It stands on the first page now" in use_pin(phone, world)


def test_right_pins_are_not_counted(phone: FlaskClient, world: World) -> None:
    assert not [page for _ in range(12) if BOUNDED in (page := use_pin(phone, world))]


@pytest.mark.parametrize("fields", [{"pin": "1234"}, {"pin": ""}, {"ombuds": "00"}, {"ombuds": "zz" * 16}])
def test_an_incomplete_form_costs_no_try(phone: FlaskClient, world: World, fields: dict[str, str]) -> None:
    good = {"ombuds": world.ombuds.hex(), "pin": "12345678", "action": "set"}

    assert "Please look at this" in send(phone, "/desk/moved", **good | fields)
    assert phone.application.extensions["portal"].volatile.wrong_pins._taken == []


def test_a_form_without_its_token_changes_nothing(phone: FlaskClient, world: World) -> None:
    phone.post("/desk/moved", data={"ombuds": world.ombuds.hex(), "pin": "12345678", "action": "set"})

    assert not is_told(phone)


def test_ten_wrong_pins_an_hour_are_let_through() -> None:
    tries = WrongPins()

    assert [tries.take(float(number)) for number in range(11)] == [True] * 10 + [False]
    assert not tries.take(WrongPins.HOUR - 1)
    assert tries.take(WrongPins.HOUR)
    assert not tries.take(WrongPins.HOUR)
    tries.give_back(WrongPins.HOUR)
    assert tries.take(WrongPins.HOUR)
