"""From booking to the end in two browsers, with a copy of the disk after each step; afterwards nothing opens it.

Vera has no scripts and a narrow screen. The copies are desk backups of every earlier moment; whoever has them also has
the keys store of today, Ola's passphrase and recovery code, and Vera's six words.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.desk import service
from portal.desk.service import MatterView
from portal.intake import returning
from portal.intake.returning import Opened
from portal.office.rules import DeskKeys
from tests.cast import OLA_NAME, VERA, World, serve
from tests.intake.sealed import used_lockers
from tests.journeys.walking import App, Office, book, come_back, follow, heading, press, say_who, sign_in, unfold

pytestmark = pytest.mark.xdist_group("whole-life")
OpenPage = Callable[..., Page]
NOTE, MESSAGE, REPLY = "Ola writes this for herself.", "Vera has a question.", "Ola has an answer."
SENTENCE, CHANGED = "Somebody in a lab needs another desk.", "Somebody needs another desk."


@dataclass
class Copies:
    """Desk stores as they were, one for each step."""

    world: World
    folder: Path
    taken: list[Path] = field(default_factory=list)

    def take(self) -> None:
        copy = self.folder / f"desk{len(self.taken)}.db"
        shutil.copyfile(self.world.instance / "desk.db", copy)
        self.taken.append(copy)


@pytest.fixture
def quiet(world: World) -> Iterator[Office]:
    """An office of its own: at the end its server is killed."""
    server = serve(world)
    yield Office(server, "", iter(world.offers()[8:]))
    server.kill()


def test_nothing_of_a_whole_life_opens_after_its_end(quiet: Office, open_page: OpenPage, tmp_path: Path) -> None:
    vera, ola, world = open_page(), open_page(js=True, width=1280), quiet.world
    copies = Copies(world, tmp_path)
    words = book(vera, quiet)
    copies.take()
    _ola_opens(ola, quiet)
    copies.take()
    matter = ola.url
    _talk(vera, ola, quiet, words, matter, copies)
    _agree(vera, ola, quiet, words, matter, copies)
    _meet_again(vera, ola, quiet, words, matter, copies)
    own = world.desk_keys()
    assert _opens(world, own, copies.taken[0], words), "a copy is a good one, while the matter lives"

    ola.goto(matter)
    follow(ola, "Close it: count it, and erase everything")
    ola.get_by_label("How did it end?").select_option("coached")
    press(ola, "Show what will be counted")
    press(ola, "Close and erase")

    come_back(vera, quiet, words)
    expect(vera.get_by_text("These words open nothing here.").first).to_be_visible()
    quiet.server.kill()
    world.refresh()
    assert used_lockers(world) == set()
    assert [copy.name for copy in copies.taken if _opens(world, own, copy, words)] == []
    everything = b"".join(path.read_bytes() for path in (*world.instance.iterdir(), *copies.taken, quiet.server.log))
    assert [text for text in (NOTE, MESSAGE, REPLY, SENTENCE, CHANGED) if text.encode() in everything] == []


def _ola_opens(ola: Page, office: Office) -> None:
    kit = office.world.kit
    sign_in(ola, office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    follow(ola, ola.locator(".queue a").first)


def _talk(vera: Page, ola: Page, office: Office, words: str, matter: str, copies: Copies) -> None:
    """A note, a message, a reply, and more of who she is."""
    ola.goto(f"{matter}/notes")
    ola.get_by_label("Your notes").fill(NOTE)
    press(ola, "Save the notes")
    copies.take()
    come_back(vera, office, words)
    vera.get_by_label("Your message").fill(MESSAGE)
    press(vera, "Send the message")
    copies.take()
    ola.goto(matter)
    expect(ola.get_by_text(MESSAGE).first).to_be_visible()
    ola.get_by_label("Your message").fill(REPLY)
    press(ola, "Send the message")
    copies.take()
    come_back(vera, office, words)
    expect(vera.get_by_text(REPLY).first).to_be_visible()
    unfold(vera)
    press(vera, "Show the ombuds more")
    vera.get_by_label("My profile and my name").check()
    say_who(vera, office, VERA)
    press(vera, "Go on")
    press(vera, "Yes, show it")
    copies.take()
    ola.goto(matter)
    expect(ola.get_by_text(VERA.name.split()[-1]).first).to_be_visible()


def _agree(vera: Page, ola: Page, office: Office, words: str, matter: str, copies: Copies) -> None:
    """A permission asked, changed, agreed to, used and taken back."""
    ola.goto(matter)
    follow(ola, "Ask for a permission")
    ola.get_by_label("The very sentence").fill(SENTENCE)
    ola.get_by_label("To whom").fill("the dean")
    ola.get_by_label("What for").fill("a desk")
    press(ola, "Keep it")
    copies.take()
    come_back(vera, office, words)
    press(vera, "Change the words")
    vera.get_by_label("What may be said, word for word").fill(CHANGED)
    press(vera, "Keep my change")
    copies.take()
    ola.goto(matter)
    press(ola, "Agree to the change")
    copies.take()
    press(ola, "I said it today")
    copies.take()
    come_back(vera, office, words)
    press(vera, "Take it back")
    copies.take()
    ola.goto(matter)
    assert not ola.get_by_role("button", name="I said it today").count()


def _meet_again(vera: Page, ola: Page, office: Office, words: str, matter: str, copies: Copies) -> None:
    ola.goto(matter)
    follow(ola, "Propose or set another time")
    ola.locator("input[type=checkbox][name=slot]").nth(3).check()
    ola.get_by_label("By phone").check()
    press(ola, "Propose")
    copies.take()
    come_back(vera, office, words)
    vera.get_by_role("button", name="Take this time").first.click()
    vera.wait_for_load_state()
    assert heading(vera)
    copies.take()


def _opens(world: World, own: DeskKeys, copy: Path, words: str) -> bool:
    """Whether somebody opens anything of a copy, with today's keys store and with all that people know."""
    scratch = world.copy(copy.with_suffix(".tried"))
    scratch.stores.close()
    shutil.copyfile(copy, scratch.instance / "desk.db")
    scratch.refresh()
    by_words = returning.come_back(scratch.stores, words, settings=scratch.settings)
    at = scratch.at_desk(own)
    by_ola = [service.open_matter(at, locker) for locker in used_lockers(scratch)]
    scratch.stores.close()
    shutil.rmtree(scratch.instance)
    return isinstance(by_words, Opened) or any(isinstance(each, MatterView) for each in by_ola)
