"""The ways to the pages at which the public words are changed, for whoever walks over all of them."""

import os
from datetime import timedelta

from playwright.sync_api import Page

from portal import clock
from portal.site import words
from tests.journeys.pages import Walk, at, refused_at
from tests.journeys.walking import Office, follow, press
from tests.site.happenings import KEY, on, plan

CHARTER = "# Our charter\n\nThe **council** signed it.\n\n## It says\n\n- one\n- two\n\n> It is public."


def text_with(text: str, button: str) -> Walk:
    def walk(page: Page, office: Office) -> None:
        page.goto(f"{office.url}/desk/site/text?key=about/charter&lang=en")
        page.get_by_label("The text", exact=True).fill(text)
        press(page, button)

    return walk


def text_taken_back(page: Page, office: Office) -> None:
    text_with(f"{CHARTER}\n\n{os.urandom(4).hex()}", "Save")(page, office)
    page.get_by_role("heading", name="The text from before").wait_for()


def text_of_two(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/site/text?key=about/charter&lang=en")
    with office.world.stores.site.writing() as site:
        mark = words.standing(site, "about/charter", "en").mark
        words.keep(site, "about/charter", "en", f"# Theirs\n\n{os.urandom(4).hex()}\n", mark=mark)
    page.get_by_label("The text", exact=True).fill(CHARTER)
    press(page, "Save")
    page.get_by_role("heading", name="What stands there now").wait_for()


def new_card(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/site/editors")
    page.get_by_label("Name").fill(f"Eve {os.urandom(4).hex()}")
    press(page, "Make an editor")


def with_an_editor(page: Page, office: Office) -> None:
    new_card(page, office)
    follow(page, "I have printed it")


def planned(page: Page, office: Office, path: str = "") -> None:
    """One event to come, one that is over."""
    today = clock.now().date()
    plan(office.world, on(today + timedelta(days=5)))
    plan(office.world, on(today - timedelta(days=5)), "A past talk", key="00112233445566cc")
    page.goto(f"{office.url}/desk/site/events{path}")


def another_event(page: Page, office: Office) -> None:
    planned(page, office, f"/{KEY}")


def looking_at_an_event(page: Page, office: Office) -> None:
    another_event(page, office)
    press(page, "Look at it first")
    page.get_by_role("heading", name="As visitors will see it").wait_for()


def removing_an_event(page: Page, office: Office) -> None:
    planned(page, office, f"/{KEY}/remove")


def removing_a_page(page: Page, office: Office) -> None:
    with office.world.stores.site.writing() as site:
        words.show(site, "about/parkign", shown=True)
    page.goto(f"{office.url}/desk/site/page/remove?key=about/parkign")


SITE_PAGES: dict[str, Walk] = {
    "editing/events.html": planned,
    "editing/event.html": at("/desk/site/events/new"),
    "editing/event.html, with mistakes": refused_at("/desk/site/events/new", "Save and show it"),
    "editing/event.html, another": another_event,
    "editing/event.html, as visitors will see it": looking_at_an_event,
    "editing/event_remove.html": removing_an_event,
    "editing/overview.html": at("/desk/site"),
    "editing/overview.html, with mistakes": refused_at("/desk/site", "Add the page"),
    "editing/page_remove.html": removing_a_page,
    "editing/text.html": text_taken_back,
    "editing/text.html, cases": at("/desk/site/text?key=about/exceptions&lang=en"),
    "editing/text.html, preview": text_with(CHARTER, "Preview"),
    "editing/text.html, refused": text_with("No title, and <b>bold</b>\n\n[a](javascript:b)", "Save"),
    "editing/text.html, of two": text_of_two,
    "editing/editors.html": with_an_editor,
    "editing/editors.html, with mistakes": refused_at("/desk/site/editors", "Make an editor"),
    "editing/card.html": new_card,
    "editing/look.html": at("/desk/site/look"),
}
