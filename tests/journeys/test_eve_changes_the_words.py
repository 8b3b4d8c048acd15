"""Ola makes Eve an editor; Eve changes the charter without a script; Ola takes the right away again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import OLA_NAME
from tests.journeys.walking import App, Office, follow, press, sign_in, six_words

pytestmark = pytest.mark.xdist_group("eve")
OpenPage = Callable[..., Page]
EVE = "Eve Sandoval"
CHARTER = "# Our charter\n\nThe **council** signed it.\n\n- It is public."


def hand_over(page: Page) -> tuple[str, App]:
    """What Eve copies from the page that is shown once."""
    return six_words(page), App.scanned(page.locator(".code").inner_text())


def eve_signs_in(page: Page, office: Office, words: str, app: App) -> None:
    page.goto(f"{office.url}/desk/site")
    page.get_by_label("Your name").fill(EVE)
    page.get_by_label("Six digits from your authenticator app").fill(app.digits())
    page.get_by_label("Your six words").fill(words)
    press(page, "Sign in")


def charter_on_the_site(page: Page, office: Office) -> str:
    page.goto(f"{office.url}/about/charter")
    return page.locator("main").inner_text()


def write(page: Page, text: str, button: str) -> None:
    page.get_by_label("The text", exact=True).fill(text)
    press(page, button)


def test_eve_is_made_an_editor_changes_the_charter_and_is_out_again(office: Office, open_page: OpenPage) -> None:
    ola, eve, visitor = open_page(), open_page(), open_page()
    kit = office.world.kit
    sign_in(ola, office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    follow(ola, "The site's words")
    follow(ola, "Editors")
    ola.get_by_label("Name").fill(EVE)
    press(ola, "Make an editor")
    words, app = hand_over(ola)

    eve_signs_in(eve, office, words, app)
    expect(eve.get_by_role("heading", name="The words of this site")).to_be_visible()
    expect(eve.get_by_role("link", name="Queue")).to_have_count(0)
    eve.goto(f"{office.url}/desk/site/text?key=about/charter&lang=en")
    before = charter_on_the_site(visitor, office)

    write(eve, CHARTER, "Preview")
    expect(eve.get_by_role("region", name="Preview")).to_contain_text("The council signed it.")
    write(eve, f"{CHARTER}\n\n<b>Now</b>", "Save")
    expect(eve.get_by_role("region", name="Please look at this")).to_contain_text("Line 7: HTML like “<b>”")
    assert charter_on_the_site(visitor, office) == before

    write(eve, CHARTER, "Save")
    expect(eve.get_by_text("Saved. Visitors read it now.")).to_be_visible()
    assert "The council signed it." in charter_on_the_site(visitor, office)
    press(eve, "Take back the last change")
    assert charter_on_the_site(visitor, office) == before

    follow(ola, "I have printed it")
    with ola.expect_navigation():
        ola.get_by_role("button", name=re.compile(f"Take away.*{EVE}")).click()
    eve.goto(f"{office.url}/desk/site")
    expect(eve.get_by_role("heading", name="Sign in to edit")).to_be_visible()


def test_a_text_with_its_line_breaks_comes_through_an_ended_sign_in(office: Office, open_page: OpenPage) -> None:
    """A browser sends what lies in a hidden field as it was typed."""
    page = open_page()
    page.goto(f"{office.url}/desk/site/sign-in")
    typed = "# Ours\n\n- “one” & <two>\n- three"
    token = page.locator("input[name=csrf_token]").get_attribute("value") or ""
    fields = {"key": "about/charter", "lang": "en", "mark": "", "text": typed, "csrf_token": token}
    answer = page.request.post(f"{office.url}/desk/site/text", form=fields)
    page.set_content(answer.text())

    assert page.locator("input[name=text]").input_value() == typed
