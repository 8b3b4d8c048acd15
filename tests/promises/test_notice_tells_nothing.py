"""P1, P2, P4: a notice and its PIN touch nothing of any visitor, and the PIN lies nowhere in clear."""

import hashlib
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from portal import create_app
from portal.intake.service import Receipt
from portal.seizure.footprint import take
from tests.cast import VERA, World
from tests.desk.test_notice_pages import is_told, send, use_pin
from tests.desk.test_open_desks import Ola

Tables = dict[str, list[tuple[object, ...]]]
Keep = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def ola(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Ola:
    """Vera has booked, and Ola has signed in."""
    world = first_world.copy(tmp_path_factory.mktemp("notice") / "instance")
    assert isinstance(world.book(VERA, message="Are you there?"), Receipt)
    ola = Ola(world, create_app(world.instance))
    ola.sign_in()
    ola.browser.get("/")  # the first page of a day runs the daily job
    return ola


def tables(world: World, store: str) -> Tables:
    with closing(sqlite3.connect(world.instance / f"{store}.db")) as found:
        names = [name for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: found.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608 - their names


def differing(before: Tables, after: Tables) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def new_pin(ola: Ola) -> str:
    page = send(ola.browser, "/desk/notice", to="/desk/notice/pin", action="make")
    shown = re.search(r"\d{4} \d{4}", page)
    assert shown
    return shown.group().replace(" ", "")


def in_clear(world: World, pin: str) -> list[str]:
    """Files that hold the PIN as it is, or as a hash that a hundred million quick tries undo."""
    disguises = [pin.encode(), f"{pin[:4]} {pin[4:]}".encode(), pin.encode("utf-16-le")]
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, pin.encode())
        disguises += [digest.digest(), digest.hexdigest().encode()]
    return [file for file, body in take(world.instance).items() if any(each in body for each in disguises)]


def test_a_notice_and_a_pin_change_one_table_each_and_no_byte_of_the_desk_store(ola: Ola) -> None:
    world = ola.world
    before = {store: tables(world, store) for store in ("desk", "keys", "site")}
    desk = (world.instance / "desk.db").read_bytes()

    pin = new_pin(ola)
    send(ola.browser, "/desk/notice", action="set")
    use_pin(ola.app.test_client(), world, "00000000", "clear")
    use_pin(ola.app.test_client(), world, pin, "clear")
    use_pin(ola.app.test_client(), world, pin, "set", part="morning")

    assert is_told(ola.app.test_client())
    assert (world.instance / "desk.db").read_bytes() == desk
    assert differing(before["keys"], tables(world, "keys")) == {"pin"}
    assert differing(before["site"], tables(world, "site")) == {"notice"}


def test_a_planted_change_of_another_table_is_seen(ola: Ola) -> None:
    before = tables(ola.world, "desk")
    with closing(sqlite3.connect(ola.world.instance / "desk.db")) as desk, desk:
        desk.execute("UPDATE locker SET notes = randomblob(length(notes)) WHERE id = (SELECT min(id) FROM locker)")

    assert differing(before, tables(ola.world, "desk")) == {"locker"}


def test_a_wrong_pin_and_every_look_leave_no_byte_changed(ola: Ola) -> None:
    new_pin(ola)
    before = take(ola.world.instance)

    use_pin(ola.app.test_client(), ola.world, "00000000")
    for path in ("/", "/times", "/return", "/desk/moved", "/desk/notice"):
        assert ola.browser.get(f"{path}?action=set&day=today&pin=00000000").status_code == 200

    assert take(ola.world.instance) == before


def test_no_visitor_needs_a_cookie_to_read_a_notice(ola: Ola) -> None:
    send(ola.browser, "/desk/notice", action="set")

    for path in ("/", "/times", "/return"):
        answer = ola.app.test_client().get(path)
        assert "are moved" in answer.text
        assert "Set-Cookie" not in answer.headers


def test_the_pin_lies_in_no_file_and_no_log(ola: Ola, caplog: pytest.LogCaptureFixture) -> None:
    pin = new_pin(ola)
    use_pin(ola.app.test_client(), ola.world, pin)
    use_pin(ola.app.test_client(), ola.world, "00000000")

    assert in_clear(ola.world, pin) == []
    assert caplog.text == ""


@pytest.mark.parametrize("kept", [lambda pin: pin, lambda pin: hashlib.sha256(pin).digest()], ids=["clear", "hashed"])
def test_a_pin_that_is_kept_in_clear_or_under_a_quick_hash_is_caught(ola: Ola, kept: Keep) -> None:
    pin = new_pin(ola)
    with closing(sqlite3.connect(ola.world.instance / "keys.db")) as keys, keys:
        keys.execute("UPDATE pin SET hash = ?", (kept(pin.encode()),))

    assert in_clear(ola.world, pin) == ["keys.db"]
