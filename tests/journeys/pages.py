"""The way to every page of a visitor, each under the name of its template and what is special about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import text

from portal import clock
from portal.desk import meetings, permitting, service
from portal.desk.meetings import Wish
from portal.desk.service import MatterView
from portal.intake import returning
from portal.intake.permissions import Terms
from portal.office.rules import desk_keys
from portal.scheduling.rules import Mode
from portal.sealing import words
from portal.sealing.keys import visitor_keys
from portal.site import voices
from portal.site import words as public_words
from portal.site.voices import Kind, Voice
from tests.cast import VERA, World
from tests.journeys.walking import Office, choose, come_back, press, say_who, send, turn_to, unfold
from tests.site.happenings import on, plan

Walk = Callable[[Page, Office], object]
TEMPLATES = Path(__file__).parents[2] / "portal" / "templates"


@dataclass(frozen=True)
class At:
    """A page that opens by its address alone."""

    path: str

    def __call__(self, page: Page, office: Office) -> object:
        return page.goto(office.url + self.path)


at = At


def refused_at(path: str, button: str) -> Walk:
    def walk(page: Page, office: Office) -> None:
        page.goto(office.url + path)
        press(page, button)

    return walk


def times_with_nobody(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/times?ombuds=not-{office.world.ombuds.hex()}")


def times_without_a_choice(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/times")
    press(page, "Go on")


def week_with_events(page: Page, office: Office) -> None:
    """Two to come, one of them with a link and for students; other pages of the module show them too."""
    day = clock.now().date() + timedelta(days=5)
    write(office.world, "week/students", "# For students\n\nYou can come *as you are*.")
    plan(office.world, on(day, link=""), "Tea")
    plan(office.world, on(day, audience="students"), "A talk", key="00112233445566bb")
    page.goto(f"{office.url}/week")


def page_of_the_week(page: Page, office: Office) -> None:
    week_with_events(page, office)
    page.goto(f"{office.url}/week/students")


def write(world: World, key: str, typed: str) -> None:
    with world.stores.site.writing() as site:
        public_words.keep(site, key, "en", typed, mark=public_words.standing(site, key, "en").mark)


def form(page: Page, office: Office) -> None:
    choose(page, office, office.times())


def form_with_three_times(page: Page, office: Office) -> None:
    choose(page, office, office.times(3))


def form_with_mistakes(page: Page, office: Office) -> None:
    form(page, office)
    page.get_by_label("I have a code").check()
    page.get_by_text("If you want to say more").click()
    page.get_by_label("A few words for the ombuds").fill("word " * 120)
    press(page, "Book this time")


def form_refused(page: Page, office: Office) -> None:
    form(page, office)
    say_who(page, office, VERA)
    page.get_by_label("Your work or school email").fill("ned.marsh@example.org")
    send(page)


def form_with_near_times(page: Page, office: Office) -> None:
    offers = office.times()
    choose(page, office, offers)
    say_who(page, office, VERA)
    office.world.book(None, slots=[offers[0].id])
    send(page)


def receipt(by: str) -> Walk:
    def walk(page: Page, office: Office) -> None:
        form(page, office)
        say_who(page, office, VERA)
        page.get_by_text("If you want to say more").click()
        page.get_by_label("A name to use").fill("Robin")
        send(page, by=by)

    return walk


def form_to_practise(page: Page, office: Office) -> None:
    choose(page, office, office.times(), button="Only practise")


def form_to_practise_refused(page: Page, office: Office) -> None:
    form_to_practise(page, office)
    say_who(page, office, VERA)
    page.get_by_label("Your work or school email").fill("ned.marsh@example.org")
    page.get_by_label("By phone").check()
    press(page, "Practise: book nothing")


def practised(by: str) -> Walk:
    def walk(page: Page, office: Office) -> None:
        form_to_practise(page, office)
        say_who(page, office, VERA)
        page.get_by_label(by).check()
        press(page, "Practise: book nothing")

    return walk


def letter_to_practise(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/times")
    press(page, "Only practise writing")


def practised_writing(page: Page, office: Office) -> None:
    letter_to_practise(page, office)
    page.get_by_label("Your message").fill("My hours changed again.")
    page.get_by_label("I have no code at hand").check()
    press(page, "Practise: send nothing")


def letter(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/times")
    press(page, "Write a message")


def letter_with_mistakes(page: Page, office: Office) -> None:
    letter(page, office)
    page.get_by_label("Your message").fill("word " * 220)
    page.get_by_label("My profile, without my name").check()
    press(page, "Send the message")


def letter_refused(page: Page, office: Office) -> None:
    letter(page, office)
    page.get_by_label("Your message").fill("My hours changed again.")
    say_who(page, office, VERA)
    page.get_by_label("Your work or school email").fill("ned.marsh@example.org")
    press(page, "Send the message")


def sent(page: Page, office: Office) -> None:
    letter(page, office)
    page.get_by_label("Your message").fill("My hours changed again.")
    say_who(page, office, VERA)
    page.get_by_text("If you want to say more").click()
    page.get_by_label("A name to use").fill("Robin")
    page.get_by_label("Another way to reach you").fill("a private number")
    press(page, "Send the message")


def messages(page: Page, office: Office) -> None:
    typed = words.draw()
    office.world.write(VERA, "My hours changed again.", typed=typed)
    come_back(page, office, typed)


def erasing_messages(page: Page, office: Office) -> None:
    messages(page, office)
    press(page, "Erase everything")


def words_that_open_nothing(page: Page, office: Office) -> None:
    come_back(page, office, "zoom zoom zoom zoom zoom zoom")


def matter(page: Page, office: Office) -> None:
    typed = words.draw()
    office.world.book(VERA, slots=[office.times()[0].id], typed=typed)
    come_back(page, office, typed)


def offered(page: Page, office: Office) -> None:
    """A time that was called off, with two others instead."""
    typed, world = words.draw(), office.world
    before = _used(office)
    world.book(VERA, slots=[office.times()[0].id], typed=typed)
    (key,) = _used(office) - before
    at = world.at_desk(desk_keys(world.ombuds, world.kit.recovery, None))
    view = service.open_matter(at, key)
    assert isinstance(view, MatterView)
    instead = Wish([each.id for each in office.times(2)], Mode.phone)
    assert meetings.call_off(at, key, view.matter.meetings[0].uid, instead) is None
    come_back(page, office, typed)


def _used(office: Office) -> set[bytes]:
    with office.world.stores.desk.reading() as desk:
        return set(desk.scalars(text("SELECT id FROM locker WHERE state = 9")))


def cancelling(page: Page, office: Office) -> None:
    matter(page, office)
    press(page, "Cancel this time")


def cancelled(page: Page, office: Office) -> None:
    cancelling(page, office)
    press(page, "Yes, cancel it")


def moving(page: Page, office: Office) -> None:
    matter(page, office)
    press(page, "Move it to another time")


def moving_without_a_choice(page: Page, office: Office) -> None:
    moving(page, office)
    press(page, "Move to this time")


def moving_to_a_time_that_is_gone(page: Page, office: Office) -> None:
    (gone,) = office.times()
    moving(page, office)
    turn_to(page, gone).check()
    office.world.book(None, slots=[gone.id])
    press(page, "Move to this time")


def moved(page: Page, office: Office) -> None:
    (new,) = office.times()
    moving(page, office)
    turn_to(page, new).check()
    press(page, "Move to this time")


def erasing(page: Page, office: Office) -> None:
    matter(page, office)
    press(page, "Erase everything")


def erased(page: Page, office: Office) -> None:
    erasing(page, office)
    press(page, "Yes, erase it")


def asked(page: Page, office: Office) -> None:
    """Three things that Ola would like to say: one waits, one is agreed, one was given aloud and is over."""
    typed, world = words.draw(), office.world
    world.book(VERA, slots=[office.times()[0].id], typed=typed)
    own, now = desk_keys(world.ombuds, world.kit.recovery, None), clock.now()
    with world.stores.desk.reading() as desk, world.stores.keys.reading() as keys:
        found = returning.find(desk, keys, visitor_keys(typed, world.settings.secrets.words))
    assert found
    for days, aloud in ((-2, True), (30, True), (30, False)):
        at = world.at_desk(own, now - timedelta(days=3 if days < 0 else 0))
        until = at.today + timedelta(days=abs(days))
        terms = Terms("Somebody in the lab asks for safer shifts.", "the dean", "safer shifts", not aloud, until)
        assert permitting.ask(at, found.locker, terms, page=str(days), aloud=aloud)
    come_back(page, office, typed)


def permission(page: Page, office: Office) -> None:
    asked(page, office)
    with page.expect_navigation():
        page.get_by_role("button", name="Change the words").first.click()


def permission_with_mistakes(page: Page, office: Office) -> None:
    permission(page, office)
    page.get_by_label("What may be said, word for word").fill("")
    page.get_by_label("The last day it may be said").fill("2020-01-01")
    press(page, "Keep my change")


def revealing(page: Page, office: Office) -> None:
    matter(page, office)
    unfold(page)
    press(page, "Show the ombuds more")


def revealing_without_a_code(page: Page, office: Office) -> None:
    typed = words.draw()
    office.world.book(None, slots=[office.times()[0].id], typed=typed)
    come_back(page, office, typed)
    unfold(page)
    press(page, "Show the ombuds more")


def revealing_with_mistakes(page: Page, office: Office) -> None:
    revealing_without_a_code(page, office)
    press(page, "Go on")


def revealing_sure(page: Page, office: Office) -> None:
    revealing(page, office)
    page.get_by_label("Your work or school email").fill(VERA.email)
    page.get_by_label("Your code").fill(office.world.code_of(VERA))
    press(page, "Go on")


def revealing_sure_without_a_code(page: Page, office: Office) -> None:
    revealing_without_a_code(page, office)
    page.get_by_label("I have no code at hand").check()
    page.get_by_label("Your work or school email").fill(VERA.email)
    press(page, "Go on")


def stored(page: Page, office: Office) -> None:
    matter(page, office)
    unfold(page)
    press(page, "See all that is stored")


def calendar(page: Page, office: Office) -> None:
    matter(page, office)
    unfold(page)
    press(page, "Put it in a calendar")


def calendar_with_mistakes(page: Page, office: Office) -> None:
    calendar(page, office)
    page.get_by_label("My own words").check()
    press(page, "Take the file")


def note_left(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/say")
    page.get_by_label("Your note").fill("It helped to be heard.")
    page.get_by_label("Did you feel heard?").select_option("yes")
    press(page, "Leave the note")


def note_with_mistakes(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/say")
    page.get_by_label("Your note").fill("word " * 140)
    press(page, "Leave the note")


def quoted(page: Page, office: Office) -> None:
    """One of each kind, in both directions of writing."""
    hebrew = "\u05dc\u05de\u05d4 \u05d0\u05d9\u05df \u05db\u05d0\u05df \u05e1\u05e4\u05e1\u05dc?"
    shown = (
        Voice("1" * 16, Kind.EXPERIENCE, "2026-Q3", "en", "I came with a knot in my stomach and left with options."),
        Voice("2" * 16, Kind.WISH, "2026-Q3", "en", "Open on one evening a week."),
        Voice("3" * 16, Kind.QUESTION, "2026-Q2", "en", "Do you tell my manager?", "No. Not unless you ask us to."),
        Voice("4" * 16, Kind.QUESTION, "2026-Q2", "he", hebrew, hebrew),
    )
    with office.world.stores.site.writing() as site:
        for each in shown:
            voices.publish(site, each)
    page.goto(f"{office.url}/about/voices")


VISITOR_PAGES: dict[str, Walk] = {
    "outreach/home.html": at("/"),
    # Before the mailboxes fill up: half of them take no note.
    "intake/say.html": at("/say"),
    "intake/say.html, with mistakes": note_with_mistakes,
    "intake/said.html": note_left,
    "outreach/voices.html, none yet": at("/about/voices"),
    "outreach/voices.html": quoted,
    "outreach/week.html": at("/week"),
    "outreach/week.html, with events": week_with_events,
    "outreach/week_page.html": page_of_the_week,
    "outreach/poster.html": at("/week/poster"),
    "outreach/poster.html, for the year, on letter": at("/week/poster?paper=letter&week=no"),
    "outreach/cards.html": at("/week/cards"),
    "outreach/about.html": at("/about"),
    "outreach/page.html": at("/about/ombuds"),
    "outreach/page.html, help-now": at("/about/help-now"),
    "outreach/page.html, device": at("/about/device"),
    "outreach/page.html, exceptions": at("/about/exceptions"),
    "outreach/page.html, exceptions-staff": at("/about/exceptions-staff"),
    "outreach/page.html, not-notice": at("/about/not-notice"),
    "outreach/page.html, who-we-report-to": at("/about/who-we-report-to"),
    "outreach/page.html, prepare": at("/about/prepare"),
    "outreach/limits.html": at("/about/limits"),
    "scheduling/times.html": at("/times"),
    "scheduling/times.html, one way to meet": at("/times?mode=phone&week=1"),
    "scheduling/times.html, nothing chosen": times_without_a_choice,
    "scheduling/times.html, one person": lambda page, office: page.goto(
        f"{office.url}/times?ombuds={office.world.ombuds.hex()}"
    ),
    "scheduling/times.html, nobody left": times_with_nobody,
    "scheduling/times.html, unreadable choice": at("/times?ombuds=not-x"),
    "intake/form.html": form,
    "intake/form.html, three times": form_with_three_times,
    "intake/form.html, with mistakes": form_with_mistakes,
    "intake/form.html, refused": form_refused,
    "intake/form.html, all times gone": form_with_near_times,
    "intake/form.html, to practise": form_to_practise,
    "intake/form.html, to practise, refused": form_to_practise_refused,
    "intake/letter.html, to practise": letter_to_practise,
    "intake/practised.html, by video": practised("By video"),
    "intake/practised.html, in person": practised("In person"),
    "intake/practised.html, by phone": practised("By phone"),
    "intake/practised.html, in writing": practised_writing,
    "intake/receipt.html, by video": receipt("By video"),
    "intake/receipt.html, in person": receipt("In person"),
    "intake/receipt.html, by phone": receipt("By phone"),
    "intake/letter.html": letter,
    "intake/letter.html, with mistakes": letter_with_mistakes,
    "intake/letter.html, refused": letter_refused,
    "intake/sent.html": sent,
    "intake/matter.html, in writing": messages,
    "intake/confirm.html, erase messages": erasing_messages,
    "intake/again.html": at("/book"),
    "intake/return.html": at("/return"),
    "intake/return.html, nothing there": words_that_open_nothing,
    "intake/matter.html": matter,
    "intake/matter.html, cancelled": cancelled,
    "intake/matter.html, offered other times": offered,
    "intake/matter.html, asked": asked,
    "intake/permission.html": permission,
    "intake/permission.html, with mistakes": permission_with_mistakes,
    "intake/confirm.html, cancel": cancelling,
    "intake/move.html": moving,
    "intake/move.html, nothing chosen": moving_without_a_choice,
    "intake/move.html, gone": moving_to_a_time_that_is_gone,
    "intake/moved.html": moved,
    "intake/confirm.html, erase": erasing,
    "intake/ended.html": erased,
    "intake/reveal.html": revealing,
    "intake/reveal.html, without a code": revealing_without_a_code,
    "intake/reveal.html, with mistakes": revealing_with_mistakes,
    "intake/reveal_sure.html": revealing_sure,
    "intake/reveal_sure.html, without a code": revealing_sure_without_a_code,
    "intake/stored.html": stored,
    "intake/calendar.html": calendar,
    "intake/calendar.html, with mistakes": calendar_with_mistakes,
    "errors/error.html": at("/nowhere"),
}

ADDRESSES = [walk.path for walk in VISITOR_PAGES.values() if isinstance(walk, At)]
