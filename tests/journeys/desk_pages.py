"""The way to every page of the door and the desk, each under the name of its template and what is special about it."""

import re
from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import text

from portal import clock
from portal.busy.map import BusyMap
from portal.scheduling import elsewhere
from tests.cast import VERA
from tests.journeys.joining import invite, read_papers, type_code
from tests.journeys.pages import Walk, at, note_left, quoted, refused_at
from tests.journeys.site_pages import SITE_PAGES
from tests.journeys.walking import Office, follow, press


def papers(page: Page, office: Office) -> None:
    type_code(page, office.url, invite(office.world.instance, "Ivo Kraus"))


def papers_not_kept(page: Page, office: Office) -> None:
    papers(page, office)
    assert read_papers(page)
    press(page, "I have all of it")


def rested_while_editing(page: Page, office: Office) -> None:
    """A text that is sent when nobody is signed in any more."""
    page.goto(f"{office.url}/desk/site/sign-in")
    page.evaluate("""() => {
        const form = document.querySelector('form');
        form.action = '/desk/site/text';
        for (const [name, value] of [['key', 'about/charter'], ['lang', 'en'], ['mark', ''], ['text', '# Ours']]) {
            form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
        }
    }""")
    press(page, "Sign in")
    page.get_by_text("Your text is safe").wait_for()


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
    "editing/sign_in.html": at("/desk/site/sign-in"),
    "editing/sign_in.html, refused": refused_at("/desk/site/sign-in", "Sign in"),
    "editing/sign_in.html, with a text": rested_while_editing,
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
    page.get_by_label("From", exact=True).nth(2).fill("10:00")
    page.get_by_label("To", exact=True).nth(2).fill("09:00")
    press(page, "Save my hours")


def fewer_hours(page: Page, office: Office) -> None:
    """What stands on no page of a day: a taken time stays, a free one goes."""
    office.world.book(None, slots=[office.times()[0].id])
    page.goto(f"{office.url}/desk/hours")
    for day in page.get_by_role("group").filter(has=page.get_by_label("From", exact=True)).all():
        day.get_by_label("To", exact=True).first.fill("10:00")
    press(page, "Save my hours")
    page.get_by_role("heading", name="What this changes").wait_for()


def bad_practice(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/practice")
    page.get_by_label("My usual place").select_option(label="No place")
    press(page, "Save how I meet")


def another_place(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/places")
    follow(page, page.get_by_role("link", name="Change").first)


def bad_dates(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/dates")
    page.get_by_label("I have these hours").check()
    press(page, "Save the dates")


def open_on_a_date(page: Page, office: Office) -> None:
    """A date that stands on the page, with hours of its own in the night."""
    page.goto(f"{office.url}/desk/dates")
    page.get_by_label("Date, or the first one").fill((clock.now() + timedelta(days=400)).date().isoformat())
    page.get_by_label("I have these hours").check()
    page.get_by_label("From", exact=True).first.fill("22:30")
    page.get_by_label("To", exact=True).first.fill("02:00")
    press(page, "Save the dates")


def bad_days(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/notice")
    page.get_by_label("Other days").check()
    press(page, "Show the notice")


def silent_calendar(page: Page, office: Office) -> None:
    """Of a calendar that nobody has read yet."""
    connected(page, office)
    with office.world.stores.desk.writing() as desk:
        elsewhere.forget(desk, office.world.ombuds)
    page.goto(f"{office.url}/desk/calendar")
    page.get_by_text("no busy times are known").wait_for()


def connected(page: Page, office: Office) -> None:
    """With times of which one ends on another day."""
    world, now = office.world, clock.now()
    busy = BusyMap(now.date())
    for hours in (20, 40, 70):
        busy.mark(now + timedelta(hours=hours), now + timedelta(hours=hours + 14))
    with world.stores.keys.writing() as keys:
        elsewhere.set_address(keys, world.ombuds, "https://calendar.invalid/ola.ics", settings=world.settings)
    with world.stores.desk.writing() as desk:
        elsewhere.keep(desk, world.ombuds, busy, settings=world.settings, now=now)
    page.goto(f"{office.url}/desk/calendar")
    page.get_by_role("heading", name="Connected").wait_for()


def bad_calendar(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/calendar")
    page.get_by_label("The address of your calendar").fill("https://127.0.0.1/ola.ics")
    press(page, "Connect it")


def forgetting_calendar(page: Page, office: Office) -> None:
    connected(page, office)
    press(page, "Forget this calendar")


def new_feed(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/desk/calendar")
    press(page, "Make a new address")


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


def notes_from_visitors(page: Page, office: Office) -> None:
    """One with a text and answers, one with answers alone."""
    note_left(page, office)
    page.goto(f"{office.url}/say")
    page.get_by_label("Was it easy to book?").select_option("partly")
    press(page, "Leave the note")
    page.goto(f"{office.url}/desk/said")


def what_visitors_say(page: Page, office: Office) -> None:
    quoted(page, office)
    page.goto(f"{office.url}/desk/voices")


DESK_PAGES: dict[str, Walk] = {
    "desk/said.html, none": at("/desk/said"),
    "desk/said.html": notes_from_visitors,
    "desk/voices.html, with mistakes": refused_at("/desk/voices", "Show it to everybody"),
    "desk/voices.html": what_visitors_say,
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
    "desk/calendar.html": at("/desk/calendar"),
    "desk/calendar.html, refused": bad_calendar,
    "desk/calendar.html, connected": connected,
    "desk/calendar.html, silent": silent_calendar,
    "desk/calendar.html, a new address": new_feed,
    "desk/calendar_sure.html": forgetting_calendar,
    "desk/hours_sure.html": fewer_hours,
    "desk/practice.html": at("/desk/practice"),
    "desk/practice.html, with mistakes": bad_practice,
    "desk/places.html": at("/desk/places"),
    "desk/places.html, with mistakes": refused_at("/desk/places", "Add the place"),
    "desk/place.html": another_place,
    "desk/dates.html": open_on_a_date,
    "desk/dates.html, with mistakes": bad_dates,
    "desk/colleagues.html": at("/desk/colleagues"),
    "desk/notice.html": at("/desk/notice"),
    "desk/notice.html, with mistakes": bad_days,
    "desk/notice.html, a PIN": new_pin,
} | SITE_PAGES
