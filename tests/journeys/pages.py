"""The way to every page there is, each under the name of its template and what is special about it."""

import re
from collections.abc import Callable
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
from tests.cast import VERA
from tests.journeys.joining import invite, read_papers, type_code
from tests.journeys.walking import Office, choose, come_back, follow, press, say_who, send, unfold

Walk = Callable[[Page, Office], object]
TEMPLATES = Path(__file__).parents[2] / "portal" / "templates"


def at(path: str) -> Walk:
    return lambda page, office: page.goto(office.url + path)


def times_without_a_choice(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/times")
    press(page, "Go on")


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


VISITOR_PAGES: dict[str, Walk] = {
    "outreach/home.html": at("/"),
    "outreach/week.html": at("/week"),
    "outreach/limits.html": at("/about/limits"),
    "scheduling/times.html": at("/times"),
    "scheduling/times.html, one way to meet": at("/times?mode=phone&week=1"),
    "scheduling/times.html, nothing chosen": times_without_a_choice,
    "intake/form.html": form,
    "intake/form.html, three times": form_with_three_times,
    "intake/form.html, with mistakes": form_with_mistakes,
    "intake/form.html, refused": form_refused,
    "intake/form.html, all times gone": form_with_near_times,
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


def papers(page: Page, office: Office) -> None:
    type_code(page, office.url, invite(office.world.instance, "Ivo Kraus"))


def papers_not_kept(page: Page, office: Office) -> None:
    papers(page, office)
    assert read_papers(page)
    press(page, "I have all of it")


def refused_at(path: str, button: str) -> Walk:
    def walk(page: Page, office: Office) -> None:
        page.goto(office.url + path)
        press(page, button)

    return walk


DOOR_PAGES: dict[str, Walk] = {
    "desk/join.html": at("/desk/join"),
    "desk/join.html, no code": refused_at("/desk/join", "Make my keys"),
    "desk/joined.html": papers,
    "desk/joined.html, not kept": papers_not_kept,
    "desk/sign_in.html": at("/desk/sign-in"),
    "desk/sign_in.html, refused": refused_at("/desk/sign-in", "Sign in"),
    "desk/recover.html": at("/desk/recover"),
    "desk/recover.html, refused": refused_at("/desk/recover", "Go on"),
    "desk/moved.html": at("/desk/moved"),
    "desk/moved.html, refused": refused_at("/desk/moved", "Show the notice"),
}


def queue(page: Page, office: Office) -> None:
    office.world.book(VERA, share="name", message="One line.", slots=[office.times()[0].id])
    page.goto(f"{office.url}/desk/")


def opened_matter(page: Page, office: Office) -> None:
    queue(page, office)
    follow(page, page.locator(".queue a").first)


def made(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/make")
    press(page, "Make it, and show the six words")


def losing_words(page: Page, office: Office) -> None:
    """Of a matter that nobody else comes back to."""
    made(page, office)
    follow(page, "Go on to the matter")
    follow(page, "The visitor lost the six words")


def arranging(page: Page, office: Office) -> None:
    opened_matter(page, office)
    follow(page, "Propose or set another time")


def arranging_with_mistakes(page: Page, office: Office) -> None:
    arranging(page, office)
    press(page, "Propose")


def calling_off(page: Page, office: Office) -> None:
    """One that is booked: other pages call some off."""
    office.world.book(None, slots=[office.times()[0].id])
    queue(page, office)
    follow(page, page.get_by_role("region", name=re.compile("^(Today|Tomorrow|This week|Later)$")).locator("a").first)
    follow(page, page.get_by_role("link", name="Call it off").first)


def asking(page: Page, office: Office) -> None:
    opened_matter(page, office)
    follow(page, "Ask for a permission")


def asking_with_mistakes(page: Page, office: Office) -> None:
    asking(page, office)
    press(page, "Keep it")


def asked_at_the_desk(page: Page, office: Office) -> None:
    asking(page, office)
    page.get_by_label("The very sentence").fill("Somebody in the lab asks for safer shifts.")
    page.get_by_label("To whom").fill("the dean")
    page.get_by_label("What for").fill("safer shifts")
    press(page, "Keep it")


def matter_before_a_meeting(page: Page, office: Office) -> None:
    notes(page, office)
    press(page, "Save the notes")


def notes(page: Page, office: Office) -> None:
    opened_matter(page, office)
    page.goto(f"{page.url}/notes")  # another page may have written some before
    page.get_by_label("Your notes").fill("A line of Ola's.")


def stale_notes(page: Page, office: Office) -> None:
    notes(page, office)
    page.locator("input[name=version]").evaluate("each => each.value = 7")
    press(page, "Save the notes")


def linking(page: Page, office: Office) -> None:
    queue(page, office)
    opened_matter(page, office)
    follow(page, "Link it with another matter")


def linked(page: Page, office: Office) -> None:
    linking(page, office)
    press(page, "Link them")


def searched(page: Page, office: Office) -> None:
    queue(page, office)
    page.get_by_label("Search your open matters").fill("ONE line")
    press(page, "Search")


def tampered(page: Page, office: Office) -> None:
    queue(page, office)
    key = (page.locator(".queue a").first.get_attribute("href") or "").rpartition("/")[2]
    with office.world.stores.desk.writing() as desk:
        desk.execute(
            text("UPDATE locker SET notes = zeroblob(length(notes)) WHERE id = :id"), {"id": bytes.fromhex(key)}
        )
    page.goto(f"{office.url}/desk/matter/{key}")


def bad_hours(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/hours")
    page.get_by_label("To", exact=True).first.fill("01:00")
    page.get_by_label("The door").fill("")
    press(page, "Save my hours")


def bad_days(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/notice")
    page.get_by_label("Other days").check()
    press(page, "Show the notice")


def new_pin(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/notice")
    page.get_by_role("button", name=re.compile("Make a")).click()
    page.get_by_role("heading", name="Your PIN").wait_for()


def bad_leave(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/away")
    press(page, "Block this time")


def asked_before_leaving(page: Page, office: Office) -> None:
    world, first = office.world, office.times()[0]
    world.book(VERA, slots=[first.id])
    page.goto(f"{office.url}/desk/away")
    day = first.starts.astimezone(world.settings.zone).date().isoformat()
    for label in ("First day", "Last day"):
        page.get_by_label(label).fill(day)
    press(page, "Block this time")
    page.get_by_role("button", name="Yes, call").wait_for()


def asked_why(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/week?week=2")
    page.get_by_label("Day", exact=True).fill((clock.now() + timedelta(days=15)).date().isoformat())
    page.get_by_label("Time", exact=True).fill("10:20")
    press(page, "Tell me why")


def kept_in_a_week(page: Page, office: Office) -> None:
    """Vera is quicker than Ola's button; no other test loses a time."""
    world, first = office.world, office.times()[0]
    page.goto(f"{office.url}/desk/week")
    wanted = page.locator(f'input[value="{first.key}"]')
    while not wanted.count():
        follow(page, "The next week")
    wanted.check()
    world.book(VERA, slots=[first.id])
    press(page, "Take off the list")
    page.get_by_role("heading", name="Nothing happens to these").wait_for()


def opened_letter(page: Page, office: Office) -> None:
    office.world.write(VERA, "My hours changed again.", share="name")
    page.goto(f"{office.url}/desk/")
    follow(page, page.locator(".queue li", has_text="in writing").locator("a").first)


def closing(page: Page, office: Office) -> None:
    opened_matter(page, office)
    follow(page, "Close it: count it, and erase everything")


def closing_with_mistakes(page: Page, office: Office) -> None:
    closing(page, office)
    page.get_by_text("2 Evaluative relationships").click()
    page.get_by_label("2.f Bullying, mobbing").check()
    page.get_by_label("How many people came?").fill("0")
    page.get_by_label("How did it end?").select_option("coached")
    press(page, "Show what will be counted")


def what_remains(page: Page, office: Office) -> None:
    closing(page, office)
    page.get_by_label("How did it end?").select_option("coached")
    press(page, "Show what will be counted")


def closed(page: Page, office: Office) -> None:
    what_remains(page, office)
    press(page, "Close and erase")


def changing_a_count(page: Page, office: Office) -> None:
    counts(page, office)
    page.locator("details summary").first.click()
    follow(page, page.get_by_role("link", name="Change it").first)


def counts(page: Page, office: Office) -> None:
    closed(page, office)
    page.goto(f"{office.url}/desk/contact")
    press(page, "Count it")
    page.goto(f"{office.url}/desk/counts")


DESK_PAGES: dict[str, Walk] = {
    "desk/queue.html": queue,
    "desk/matter.html, in writing": opened_letter,
    "desk/matter.html": opened_matter,
    "desk/matter.html, asked": asked_at_the_desk,
    "desk/permission.html": asking,
    "desk/permission.html, with mistakes": asking_with_mistakes,
    "desk/times.html": arranging,
    "desk/times.html, with mistakes": arranging_with_mistakes,
    "desk/call_off.html": calling_off,
    "desk/away.html": at("/desk/away"),
    "desk/away.html, with mistakes": bad_leave,
    "desk/away_sure.html": asked_before_leaving,
    "desk/week.html": at("/desk/week?week=2"),
    "desk/week.html, asked why": asked_why,
    "desk/week.html, with mistakes": refused_at("/desk/week", "Tell me why"),
    "desk/week.html, what is kept": kept_in_a_week,
    "desk/matter.html, with notes": matter_before_a_meeting,
    "desk/matter.html, linked": linked,
    "desk/matter.html, tampered": tampered,
    "desk/notes.html": notes,
    "desk/notes.html, stale": stale_notes,
    "desk/link.html": linking,
    "desk/search.html": searched,
    "desk/search.html, nothing typed": refused_at("/desk/search", "Search"),
    "desk/today.html": at("/desk/today?day=tomorrow"),
    "desk/close.html": closing,
    "desk/close.html, with mistakes": closing_with_mistakes,
    "desk/close_kept.html": what_remains,
    "desk/closed.html": closed,
    "desk/counts.html": counts,
    "desk/count.html": changing_a_count,
    "desk/contact.html": at("/desk/contact"),
    "desk/hours.html": at("/desk/hours"),
    "desk/make.html": at("/desk/make"),
    "desk/paper.html": made,
    "desk/words.html": losing_words,
    "desk/hours.html, with mistakes": bad_hours,
    "desk/colleagues.html": at("/desk/colleagues"),
    "desk/notice.html": at("/desk/notice"),
    "desk/notice.html, with mistakes": bad_days,
    "desk/notice.html, a PIN": new_pin,
}
