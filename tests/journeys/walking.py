"""What people do in a browser: find a time, fill a form, type six digits, press Back."""

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Locator, Page

from portal.scheduling.rules import Offer
from tests.cast import Person, Server, World

STEP = 30
#: Milliseconds in which a page must have come, on a machine that does much else.
PATIENCE = 30_000
#: Digits of the step before are used only while this many seconds are left in which the server takes them.
SPARE = 8


@dataclass
class Office:
    """A running office, times in it that no other test uses, and a harmless site to leave to."""

    server: Server
    elsewhere: str
    unused: Iterator[Offer]

    @property
    def world(self) -> World:
        return self.server.world

    @property
    def url(self) -> str:
        return self.server.url

    def times(self, count: int = 1) -> list[Offer]:
        return [next(self.unused) for _ in range(count)]


@dataclass
class App:
    """An authenticator app whose digits are typed once only; it waits for the next ones when it must."""

    secret: bytes
    used: int = field(default=0)

    @classmethod
    def scanned(cls, shown: str) -> "App":
        """From the letters that the page shows below the picture."""
        letters = "".join(shown.split())
        return cls(base64.b32decode(letters + "=" * (-len(letters) % 8)))

    def digits(self) -> str:
        current, into = divmod(time.time(), STEP)
        earliest = int(current) - (1 if STEP - into > SPARE else 0)
        step = max(earliest, self.used + 1)
        time.sleep(max(0.0, (step - 1) * STEP - time.time()))
        self.used = step
        return TOTP(self.secret, 6, SHA1(), STEP).generate(step * STEP).decode()  # noqa: S303 - RFC 6238


def press(page: Page, name: str) -> None:
    """Press a button that sends a form, and wait for what answers it."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=name.startswith("Only practise")).click()


def unfold(page: Page, summary: str = "More you can do") -> None:
    """Open a part that is folded."""
    page.locator("summary", has_text=summary).click()


def follow(page: Page, link: Locator | str) -> None:
    """Follow a link, and wait for the page that it leads to."""
    with page.expect_navigation():
        (page.get_by_role("link", name=link, exact=True) if isinstance(link, str) else link).click()


def see_times(page: Page, office: Office, offer: Offer) -> Locator:
    """Open the list and turn its pages until the time is there."""
    page.goto(f"{office.url}/times")
    return leaf_to(page, offer.key)


def leaf_to(page: Page, key: str) -> Locator:
    """Turn the pages of the list until this time is there."""
    wanted = page.locator(f'input[type=radio][value="{key}"]')
    while not wanted.count():
        follow(page, "Later times")
    return wanted


def turn_to(page: Page, offer: Offer) -> Locator:
    """Turn the pages of the times to which an appointment may move until this one is there."""
    wanted = page.locator(f'input[type=radio][value="{offer.key}"]')
    while not wanted.count():
        press(page, "Later times")
    return wanted


def choose(page: Page, office: Office, offers: list[Offer], button: str = "Go on") -> None:
    """Choose one to three times in order of preference and go on to the form."""
    see_times(page, office, offers[0]).check()
    if offers[1:]:
        page.get_by_text("If that time is taken").click()
    for label, offer in zip(("Second choice", "Third choice"), offers[1:], strict=False):
        page.get_by_label(label).select_option(offer.key)
    press(page, button)


def say_who(page: Page, office: Office, person: Person) -> None:
    """Fill in an email and the code that everybody on the roster was mailed."""
    page.get_by_label("I have a code").check()
    page.get_by_label("Your work or school email").fill(person.email)
    page.get_by_label("Your code").fill(office.world.code_of(person))


def send(page: Page, *, by: str = "By phone") -> None:
    page.get_by_label(by).check()
    press(page, "Book this time")


def book(page: Page, office: Office, person: Person | None = None, offers: list[Offer] | None = None) -> str:
    """All the way to a receipt; gives its six words."""
    choose(page, office, offers or office.times())
    if person:
        say_who(page, office, person)
    else:
        page.get_by_label("I have no code at hand").check()
    send(page)
    return six_words(page)


def six_words(page: Page) -> str:
    words = page.locator("ol.words li").all_inner_texts()
    assert len(words) == 6, heading(page)
    return " ".join(word.strip() for word in words)


def come_back(page: Page, office: Office, words: str) -> None:
    page.goto(f"{office.url}/return")
    page.get_by_label("Your six words").fill(words)
    press(page, "Open my page")


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def go_back(page: Page) -> None:
    """Press Back. A page out of the browser's own memory fires no load, so wait for its text alone."""
    page.go_back(wait_until="commit")
    page.locator("h1").wait_for()


def focus(page: Page) -> tuple[str, str]:
    """Role and accessible name of what has the focus, as a screen reader says them."""
    shown = page.locator(":focus").aria_snapshot().splitlines()[0]
    role, _, name = shown.removeprefix("- ").partition(" ")
    if role == "text:":  # the line that unfolds a part has no role of its own here
        return "summary", name
    return role.strip("':"), name.partition('"')[2].rpartition('"')[0]


def tab_through(page: Page, most: int = 80) -> Iterator[tuple[str, str]]:
    """Everything that Tab reaches, in order, until it leaves the page."""
    for number in range(most):
        if not has_tabbed(page, tries=5 if number == 0 else 1):
            return
        yield focus(page)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    assert any(name in heard for _role, heard in tab_through(page)), f"Tab never reached {name}"


def has_tabbed(page: Page, tries: int = 5) -> bool:
    """Press Tab. A page that has just come may not listen yet, so press again while nothing has the focus."""
    for _ in range(tries):
        page.keyboard.press("Tab")
        for _ in range(10):
            if page.locator(":focus").count():
                return True
            page.wait_for_timeout(20)
    return False


def sign_in(page: Page, url: str, name: str, digits: str, passphrase: str) -> None:
    page.goto(f"{url}/desk/sign-in")
    page.get_by_label("Who are you?").select_option(label=name)
    page.get_by_label("Six digits from your authenticator app").fill(digits)
    page.get_by_label("Your six words").fill(passphrase)
    press(page, "Sign in")
