"""Theo with the disk, before and after a day of editing: nothing of a visitor is near it, and nobody's hours are."""

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from portal.seizure.footprint import stamps
from tests.cast import VERA, World
from tests.editing.conftest import app, card, stranger  # noqa: F401 - Eve, at the door
from tests.editing.eve import Eve

TEXT = "# Our charter\n\nThe council signed it."


def contents(world: World, store: str) -> bytes:
    return (world.instance / f"{store}.db").read_bytes()


def work(eve: Eve) -> None:
    """A day of Eve's: a wrong try, a sign-in, a look, a refusal, a change, a step back, a page, a choice, and out."""
    eve.sign_in(passphrase="amber bagpipe cabbage daybreak eagle fabric", second_factor="000000")
    assert eve.sign_in().status_code == 302
    eve.browser.get("/desk/site")
    for action in ("preview", "save"):
        eve.write(TEXT, action=action)
    eve.write("# T\n\n<script>")
    eve.browser.post("/desk/site/text", data=eve.text_page() | {"action": "back"})
    eve.send("/desk/site", to="/desk/site/page", kind="about/", page_name="parking")
    eve.send("/desk/site/look", first_language="en", campaign="on", accent="", week_first="", week_last="")
    eve.send("/desk/site", to="/desk/site/sign-out")


def test_editing_changes_nothing_that_visitors_or_keys_lie_in(world: World, stranger: Eve) -> None:  # noqa: F811
    world.book(VERA)
    stranger.app.test_client().get("/times")
    before = stamps(world.instance)
    work(stranger)
    after = stamps(world.instance)

    changed = {name for name in after if after[name] != before.get(name)}
    assert {name.partition(".")[0] for name in changed} == {"site"}


def test_a_sign_in_leaves_no_byte_anywhere(world: World, stranger: Eve) -> None:  # noqa: F811
    stranger.app.test_client().get("/times")
    before = stamps(world.instance)
    assert stranger.sign_in().status_code == 302
    stranger.browser.get("/desk/site")
    stranger.write(TEXT, action="preview")

    assert stamps(world.instance) == before


def test_no_line_is_logged(stranger: Eve, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    with caplog.at_level(logging.DEBUG):
        work(stranger)

    assert [each.getMessage() for each in caplog.records if each.name.startswith(("portal", "werkzeug"))] == []
    assert capfd.readouterr() == ("", "")


def test_no_word_and_no_day_of_an_editor_is_in_the_open(world: World, app: Flask, stranger: Eve) -> None:  # noqa: F811
    """Theo reads a name. The words are a slow hash, the second factor is under a secret beside the store."""
    assert app
    work(stranger)
    keys = contents(world, "keys")

    assert stranger.card.factor not in keys
    assert stranger.card.passphrase.encode() not in keys
    with closing(sqlite3.connect(world.instance / "keys.db")) as store:
        names = {row[1] for row in store.execute("PRAGMA table_info(editor)")}
    assert names == {"id", "name", "salt", "hash", "factor"}


def test_nothing_says_when_or_by_whom_a_word_was_changed(world: World, stranger: Eve) -> None:  # noqa: F811
    work(stranger)
    with closing(sqlite3.connect(world.instance / "site.db")) as store:
        rows = store.execute("SELECT * FROM words").fetchall() + store.execute("SELECT * FROM page").fetchall()

    assert stranger.card.name.encode() not in contents(world, "site")
    assert not re.search(r"20\d\d-\d\d-\d\d|\d{10}", repr(rows))


def test_a_stamp_that_moves_would_be_seen(world: World) -> None:
    """The planted leak: one byte more in the keys store."""
    before = stamps(world.instance)
    path = Path(world.instance / "keys.db")
    path.write_bytes(path.read_bytes() + b"1")

    assert stamps(world.instance) != before
