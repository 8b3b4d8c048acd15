"""Somebody without scripts answers four questions; Ola reads them, types something over, and everybody reads that."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import OLA_NAME, Server, World
from tests.intake.sealed import used_lockers
from tests.journeys.walking import App, follow, heading, press, sign_in

pytestmark = pytest.mark.xdist_group("note")
OpenPage = Callable[..., Page]
WISH, TYPED = "A bench in the sun, please.", "Somebody would like a bench."


def test_from_a_note_to_what_everybody_reads_and_back(server: Server, world: World, open_page: OpenPage) -> None:
    vera = open_page()
    vera.goto(f"{server.url}/about")
    follow(vera, "Leave a note")
    vera.get_by_label("Was it easy to book?").select_option("yes")
    press(vera, "Leave the note")
    assert heading(vera) == "Thank you: your note is kept"
    vera.goto(f"{server.url}/say")
    vera.get_by_label("A wish").check()
    vera.get_by_label("Your note").fill(WISH)
    press(vera, "Leave the note")
    assert len(used_lockers(world)) == 2

    ola = open_page()
    sign_in(ola, server.url, OLA_NAME, App(world.kit.factor).digits(), world.kit.passphrase)
    follow(ola, "Notes from visitors")
    expect(ola.get_by_text(WISH, exact=True)).to_be_visible()
    follow(ola, "Show something to everybody")
    ola.get_by_label("A wish").check()
    ola.get_by_label("The text").fill(TYPED)
    press(ola, "Show it to everybody")

    follow(vera, "About this office")
    follow(vera, "What visitors say")
    expect(vera.get_by_text(TYPED)).to_be_visible()
    expect(vera.get_by_text(WISH)).to_have_count(0)

    press(ola, "Take it off")
    vera.reload()
    expect(vera.get_by_text(TYPED)).to_have_count(0)
    ola.goto(f"{server.url}/desk/said")
    press(ola, "Destroy this note")
    press(ola, "Destroy the notes without a text")
    expect(ola.get_by_text("There is no note for you.")).to_be_visible()
    assert used_lockers(world) == set()
