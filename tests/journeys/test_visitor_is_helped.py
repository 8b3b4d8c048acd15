"""Whatever goes wrong, Vera loses nothing that she typed and reads what to do next."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from portal.scheduling.rules import Mode
from portal.sealing import symbols
from tests.cast import NED, PRACTICE, TOMAS, VERA, Server, World, open_hours
from tests.journeys.restarting import restart
from tests.journeys.walking import Office, choose, heading, press, say_who, send, six_words

pytestmark = pytest.mark.xdist_group("visitor-helped")
OpenPage = Callable[..., Page]
REFUSED = "do not belong together here"
TYPED = {
    "A name to use": "Robin",
    "What you need": "Ein Dolmetscher für Igbo, bitte ✓",
    "How to reach you if we must cancel": "+1 555 0199",
    "A few words for the ombuds": "First line.\nSecond <b>line</b> & more.",
}
CHOSEN = {"How many people come?": "3", "What is it about?": "safety"}
TICKED = ("By video", "I have a code", "My profile, without my name")


def say_everything(page: Page, office: Office) -> None:
    """Fill in every field there is."""
    say_who(page, office, VERA)
    page.get_by_label("By video").check()
    page.get_by_label("My profile, without my name").check()
    page.get_by_text("If you want to say more").click()
    for label, value in TYPED.items():
        page.get_by_label(label).fill(value)
    for label, value in CHOSEN.items():
        page.get_by_label(label).select_option(value)


def assert_nothing_is_lost(page: Page) -> None:
    for label, value in (TYPED | CHOSEN).items():
        assert page.get_by_label(label).input_value() == value, label
    for label in TICKED:
        assert page.get_by_label(label).is_checked(), label


def keys(page: Page) -> list[str]:
    return [field.get_attribute("value") or "" for field in page.locator("input[name=slot]").all()]


def test_a_mistake_keeps_every_field(office: Office, open_page: OpenPage) -> None:
    page, offers = open_page(), office.times(3)
    choose(page, office, offers)
    say_everything(page, office)
    page.get_by_label("Your work or school email").fill("vera at example")

    press(page, "Book this time")

    assert page.title().startswith("Please check")
    assert page.get_by_label("Your work or school email").input_value() == "vera at example"
    assert page.get_by_label("Your code").input_value() == office.world.code_of(VERA)
    assert_nothing_is_lost(page)
    assert keys(page) == [offer.key for offer in offers]
    page.get_by_role("link", name="Your work or school email").click()
    expect(page.get_by_label("Your work or school email")).to_be_in_viewport()
    page.get_by_label("Your work or school email").fill(VERA.email)
    press(page, "Book this time")
    assert page.locator("time").first.get_attribute("datetime") == offers[0].starts.isoformat()


def test_what_was_typed_below_the_fold_comes_back_unfolded(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    choose(page, office, office.times())
    say_everything(page, office)
    page.get_by_label("Your work or school email").fill("vera at example")

    press(page, "Book this time")

    assert page.get_by_label("A few words for the ombuds").is_visible()


def test_an_empty_form_names_what_is_missing(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    choose(page, office, office.times())

    press(page, "Book this time")

    summary = page.get_by_role("region", name="Please look at this")
    assert [link.inner_text() for link in summary.get_by_role("link").all()] == [
        "How would you like to meet?",
        "Do you have a code?",
    ]
    assert page.locator("fieldset.is-wrong").count() == 2


def test_a_slip_of_the_pen_in_the_code_is_told_apart(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    choose(page, office, office.times())
    say_everything(page, office)
    code = office.world.code_of(VERA)
    page.get_by_label("Your code").fill(code[:-1] + ("0" if code[-1] != "0" else "1"))

    press(page, "Book this time")

    expect(page.locator("#code-wrong")).to_contain_text("compare it once more")
    assert page.get_by_label("Your code").get_attribute("aria-describedby") == "code-hint code-wrong"
    assert_nothing_is_lost(page)


def test_somebody_elses_code_is_refused_without_blame(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    choose(page, office, office.times())
    say_everything(page, office)
    page.get_by_label("Your code").fill(office.world.code_of(TOMAS))

    press(page, "Book this time")

    expect(page.get_by_text(REFUSED).first).to_be_visible()
    assert_nothing_is_lost(page)


def test_ned_is_refused_kindly_and_shown_another_way(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    choose(page, office, office.times())
    say_who(page, office, NED)
    page.get_by_label("Your code").fill(symbols.grouped(symbols.with_check("ABCDEFGHJK")))
    send(page)
    expect(page.get_by_text(REFUSED).first).to_be_visible()

    page.get_by_label("I have no code at hand").check()
    press(page, "Book this time")

    assert heading(page) == "Your time is booked"
    expect(page.get_by_text("The ombuds asks at the meeting how you belong here.")).to_be_visible()


def test_vera_needs_to_type_nothing_without_a_code(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    choose(page, office, office.times())

    page.get_by_label("I have no code at hand").check()
    expect(page.get_by_label("Your code")).to_be_hidden()
    send(page)

    assert heading(page) == "Your time is booked"


def test_the_second_choice_is_booked_when_the_first_is_gone(office: Office, open_page: OpenPage) -> None:
    page, offers = open_page(), office.times(3)
    choose(page, office, [offers[2], offers[0], offers[1]])
    office.world.book(None, slots=[offers[2].id])

    say_who(page, office, VERA)
    send(page)

    assert page.locator("time").first.get_attribute("datetime") == offers[0].starts.isoformat()


def test_nothing_is_lost_when_all_three_times_are_gone(server: Server, open_page: OpenPage) -> None:
    # An office of its own: the list is made once a day and still names what other tests took.
    office = Office(server, "", iter(server.world.offers()[8:]))
    page, offers = open_page(), office.times(3)
    choose(page, office, offers)
    say_everything(page, office)
    for offer in offers:
        office.world.book(None, slots=[offer.id])

    press(page, "Book this time")

    expect(page.get_by_role("region", name="Please look at this")).to_contain_text("taken")
    assert_nothing_is_lost(page)
    near = keys(page)
    assert len(near) == 5
    assert not {offer.key for offer in offers} & set(near)
    page.locator("input[name=slot]").last.check()
    press(page, "Book this time")
    assert heading(page) == "Your time is booked"


def test_no_near_time_chosen_still_loses_nothing(office: Office, open_page: OpenPage) -> None:
    page, (offer,) = open_page(), office.times()
    choose(page, office, [offer])
    say_everything(page, office)
    office.world.book(None, slots=[offer.id])
    press(page, "Book this time")

    press(page, "Book this time")

    expect(page.get_by_role("region", name="Please look at this")).to_contain_text("Choose a time")
    assert_nothing_is_lost(page)
    assert len(keys(page)) == 5


def test_a_form_from_before_a_restart_comes_back_and_books(server: Server, open_page: OpenPage) -> None:
    office = Office(server, "", iter(server.world.offers()[8:]))
    page, offers = open_page(), office.times(2)
    choose(page, office, offers)
    say_everything(page, office)

    restart(server)
    press(page, "Book this time")
    expect(page.get_by_role("region", name="Please look at this")).to_contain_text("is still here")
    assert_nothing_is_lost(page)
    assert keys(page) == [offer.key for offer in offers]

    press(page, "Book this time")
    assert page.locator("time").first.get_attribute("datetime") == offers[0].starts.isoformat()
    assert len(six_words(page).split()) == 6


@pytest.fixture
def kept_for_codes(world: World) -> None:
    """Ola keeps all her times for people with a code."""
    open_hours(world.stores, world.settings, world.ombuds, replace(PRACTICE, without_code=0))


@pytest.mark.usefixtures("kept_for_codes")
def test_a_time_kept_for_people_with_a_code_says_so(server: Server, open_page: OpenPage) -> None:
    office = Office(server, "", iter(server.world.offers()[8:]))
    page = open_page()
    page.goto(f"{office.url}/times")
    assert page.get_by_text("You need a code for this time.").count() == page.locator("input[name=slot]").count()
    choose(page, office, office.times())
    page.get_by_label("I have no code at hand").check()
    send(page)
    expect(page.get_by_role("region", name="Please look at this")).to_contain_text("people with a code")

    say_who(page, office, VERA)
    press(page, "Book this time")
    assert heading(page) == "Your time is booked"


@pytest.mark.parametrize("mode", list(Mode))
def test_every_way_to_meet_tells_how_to_get_there(office: Office, open_page: OpenPage, mode: Mode) -> None:
    page = open_page()
    choose(page, office, office.times())
    page.get_by_label("I have no code at hand").check()
    send(page, by={Mode.video: "By video", Mode.in_person: "In person", Mode.phone: "By phone"}[mode])

    text = page.locator("main").inner_text()
    assert ("meet.example.org" in text) == (mode is Mode.video)
    assert ("room 214" in text) == (mode is Mode.in_person)
    assert ("+1 555 0142" in text) == (mode is Mode.phone)
