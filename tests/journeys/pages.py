"""The way to every page there is, each under the name of its template and what is special about it."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import text

from portal.sealing import words
from tests.cast import VERA
from tests.journeys.joining import invite, read_papers, type_code
from tests.journeys.walking import Office, choose, come_back, follow, press, say_who, send

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


def words_that_open_nothing(page: Page, office: Office) -> None:
    come_back(page, office, "zoom zoom zoom zoom zoom zoom")


def matter(page: Page, office: Office) -> None:
    typed = words.draw()
    office.world.book(VERA, slots=[office.times()[0].id], typed=typed)
    come_back(page, office, typed)


def cancelling(page: Page, office: Office) -> None:
    matter(page, office)
    press(page, "Cancel the appointment")


def cancelled(page: Page, office: Office) -> None:
    cancelling(page, office)
    press(page, "Yes, cancel it")


def erasing(page: Page, office: Office) -> None:
    matter(page, office)
    press(page, "Erase everything")


def erased(page: Page, office: Office) -> None:
    erasing(page, office)
    press(page, "Yes, erase it")


def revealing(page: Page, office: Office) -> None:
    matter(page, office)
    press(page, "Show the ombuds more")


def revealing_without_a_code(page: Page, office: Office) -> None:
    typed = words.draw()
    office.world.book(None, slots=[office.times()[0].id], typed=typed)
    come_back(page, office, typed)
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
    press(page, "See all that is stored")


def calendar(page: Page, office: Office) -> None:
    matter(page, office)
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
    "intake/again.html": at("/book"),
    "intake/return.html": at("/return"),
    "intake/return.html, nothing there": words_that_open_nothing,
    "intake/matter.html": matter,
    "intake/matter.html, cancelled": cancelled,
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
}


def queue(page: Page, office: Office) -> None:
    office.world.book(VERA, share="name", message="One line.", slots=[office.times()[0].id])
    page.goto(f"{office.url}/desk/")


def opened_matter(page: Page, office: Office) -> None:
    queue(page, office)
    follow(page, page.locator(".queue a").first)


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


DESK_PAGES: dict[str, Walk] = {
    "desk/queue.html": queue,
    "desk/matter.html": opened_matter,
    "desk/matter.html, tampered": tampered,
    "desk/hours.html": at("/desk/hours"),
    "desk/hours.html, with mistakes": bad_hours,
    "desk/colleagues.html": at("/desk/colleagues"),
}
