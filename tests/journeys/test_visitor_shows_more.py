"""Vera comes back with six words, shows her profile after all, reads what is stored, and takes a calendar file."""

from collections.abc import Callable
from pathlib import Path

import ics
import pytest
from playwright.sync_api import Page, expect

from tests.cast import VERA
from tests.journeys.walking import Office, book, come_back, heading, press, say_who, unfold

pytestmark = pytest.mark.xdist_group("shows-more")
OpenPage = Callable[..., Page]


def test_vera_shows_more_reads_all_and_takes_a_file_without_scripts(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    come_back(page, office, book(page, office))

    unfold(page)
    press(page, "Show the ombuds more")
    page.get_by_label("My profile, without my name").check()
    say_who(page, office, VERA)
    press(page, "Go on")
    assert heading(page) == "Show this to the ombuds?"
    expect(page.get_by_text("Department")).to_be_visible()
    press(page, "Yes, show it")
    unfold(page, "What the ombuds knows")
    expect(page.get_by_text("the ombuds sees your profile, without your name")).to_be_visible()

    unfold(page)
    press(page, "See all that is stored")
    assert heading(page) == "All that is stored about this"
    expect(page.get_by_text("A sealed copy of what our list says of you")).to_contain_text("Department")
    unfold(page, "The sealed mailbox")
    expect(page.get_by_text("destroy_on")).to_be_visible()
    assert VERA.email not in page.content()
    press(page, "Back to my page")

    unfold(page)
    press(page, "Put it in a calendar")
    page.get_by_label("Errand").check()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the file").click()
    assert taken.value.suggested_filename == "appointment.ics"
    (event,) = ics.Calendar(Path(taken.value.path()).read_text("utf-8")).events
    assert event.name == "Errand"
    assert page.url == f"{office.url}/return"
    expect(page.get_by_role("link", name="Leave this site")).to_be_visible()


def test_a_slip_brings_the_form_back_with_what_was_typed(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    come_back(page, office, book(page, office))

    unfold(page)
    press(page, "Show the ombuds more")
    say_who(page, office, VERA)
    page.get_by_label("Your code").fill("ABCD")
    press(page, "Go on")

    expect(page.get_by_text("A code has eleven letters and digits. I read 4.").first).to_be_visible()
    assert page.get_by_label("Your work or school email").input_value() == VERA.email
