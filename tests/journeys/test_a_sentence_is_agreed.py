"""Without scripts: Ola asks, Vera changes, Ola agrees and says it, Vera takes it back, and it is never said again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import OLA_NAME, VERA
from tests.journeys.walking import App, Office, book, come_back, follow, press, sign_in, unfold

pytestmark = pytest.mark.xdist_group("sentence-agreed")
OpenPage = Callable[..., Page]
ASKED = "A postdoc in my lab is afraid to ask for safer shifts."
CHANGED = "Somebody in a lab asks for safer shifts."


def test_asked_changed_agreed_said_and_taken_back(office: Office, open_page: OpenPage) -> None:
    vera, ola = open_page(), open_page(width=1280)
    words = book(vera, office, VERA)
    kit = office.world.kit
    sign_in(ola, office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    follow(ola, ola.locator(".queue a").first)
    matter = ola.url

    follow(ola, "Ask for a permission")
    ola.get_by_label("The very sentence").fill(ASKED)
    ola.get_by_label("To whom").fill("the dean")
    ola.get_by_label("What for").fill("safer shifts")
    assert ola.get_by_label("May not be said").is_checked()
    press(ola, "Keep it")
    expect(ola.get_by_role("status")).to_contain_text("Do not say it before.")
    assert not ola.get_by_role("button", name="I said it today").count()

    come_back(vera, office, words)
    assert vera.locator("blockquote").inner_text() == ASKED
    press(vera, "Change the words")
    vera.get_by_label("What may be said, word for word").fill(CHANGED)
    press(vera, "Keep my change")
    expect(vera.get_by_role("status")).to_contain_text("until the ombuds agrees")

    ola.goto(matter)
    assert ola.locator(".versions blockquote").all_inner_texts() == [ASKED, CHANGED]
    press(ola, "Agree to the change")
    press(ola, "I said it today")
    expect(ola.get_by_role("status")).to_contain_text("it was said today")

    come_back(vera, office, words)
    expect(vera.get_by_text("Said on:")).to_be_visible()
    press(vera, "Take it back")
    expect(vera.get_by_role("status")).to_contain_text("From now on it may not be said.")
    unfold(vera, "Answered or over (1)")
    expect(vera.get_by_text("cannot be unsaid")).to_be_visible()
    assert not vera.get_by_role("button", name="Change the words").count()

    press(ola, "Withdraw it")
    expect(ola.get_by_role("status")).to_contain_text("Nothing was changed")
    unfold(ola, "Ended")
    expect(ola.get_by_text("It cannot be used any more.")).to_be_visible()
    assert not ola.get_by_role("button", name="I said it today").count()
