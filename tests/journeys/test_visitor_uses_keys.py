"""A whole visit by keyboard alone, in both directions of writing: what has the focus is always seen.

Focus shown: WCAG 2.4.7. Focus not hidden below the bar: WCAG 2.4.11.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from portal import language
from tests.cast import TOMAS, World
from tests.journeys.opening import opened_office
from tests.journeys.spoken_pages import Phrases
from tests.journeys.walking import Office, focus, has_tabbed, six_words
from tests.speaking import offer

OpenPage = Callable[..., Page]
RIGHT_TO_LEFT = [each for each in language.shipped() if language.text_direction(each) == "rtl"]
MOST_STOPS = 100
#: What is wrong with how the focus is shown: no ring, or something that stands in front of it or outside of the screen.
#: A radio is seen by its whole row.
FAULTS = """() => {
    const each = document.activeElement, seen = each.closest('label.pick') || each;
    const box = seen.getClientRects()[0], bar = document.querySelector('.top'), top = bar.getBoundingClientRect();
    const ring = [seen, each].map(one => getComputedStyle(one))
        .some(style => style.outlineStyle != 'none' && parseFloat(style.outlineWidth) >= 2);
    const inside = bar.contains(each) || each.matches('.skip');
    return [
        !ring && 'has no ring',
        !inside && box.top < top.bottom && box.bottom > top.top && 'stands below the bar',
        (box.top < 0 || box.bottom > innerHeight + 1) && 'is outside of the screen',
    ].filter(fault => fault).map(fault => `${each.outerHTML.slice(0, 80)} ${fault}`);
}"""


@dataclass
class Keys:
    """Hands that know no mouse."""

    page: Page
    say: Callable[[str], str]

    def tab_to(self, name: str) -> None:
        """Press Tab until something of this name has the focus, and look where it is at every stop."""
        wanted = self.say(name)
        for stop in range(MOST_STOPS):
            assert has_tabbed(self.page, tries=1 if stop else 5), f"Tab never reached {wanted}"
            assert self.page.evaluate(FAULTS) == []
            if focus(self.page)[1].startswith(wanted):
                return
        raise AssertionError(f"Tab never reached {wanted}")

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            assert self.page.evaluate(FAULTS) == []

    def go(self, name: str) -> None:
        """Reach a link or a button and press Enter."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, name: str, typed: str) -> None:
        self.tab_to(name)
        self.page.keyboard.type(typed)

    def answer(self, name: str, downs: int = 0) -> None:
        """Reach the first of a group of answers, and choose it or one further down."""
        self.tab_to(name)
        self.press("Space")
        self.press("ArrowDown", downs)

    def choose_a_time(self) -> str:
        """The third of the first day, past the top of the page by the link that skips it."""
        self.tab_to("Skip to the text")
        self.page.keyboard.press("Enter")
        while focus(self.page)[0] != "radio":
            assert has_tabbed(self.page)
            assert self.page.evaluate(FAULTS) == []
        self.press("Space")
        self.press("ArrowDown", 2)
        return self.page.locator("input[name=slot]:checked").input_value()

    def say_who(self, office: Office) -> None:
        self.answer("I have a code")
        self.fill("Your work or school email", TOMAS.email)
        self.fill("Your code", office.world.code_of(TOMAS))

    def reads(self, title: str) -> None:
        expect(self.page.locator("h1")).to_have_text(self.say(title))


def in_english(words: str) -> str:
    return words


@pytest.fixture(scope="module", params=[language.SOURCE, *RIGHT_TO_LEFT[:1]])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory, elsewhere: str, lang: str) -> Iterator[Office]:
    """One that speaks this language first, so that its first address does."""
    world = first_world.copy(tmp_path_factory.mktemp("keys") / "instance")
    offer(world, lang, *(each for each in language.shipped() if each != lang))
    with opened_office(world, elsewhere) as office:
        yield office


@pytest.fixture
def keys(open_page: OpenPage, lang: str) -> Keys:
    return Keys(open_page(), in_english if lang == language.SOURCE else Phrases(lang))


def test_vera_practises_books_and_comes_back(keys: Keys, office: Office, lang: str) -> None:
    keys.page.goto(office.url)
    assert keys.page.locator("html").get_attribute("dir") == language.text_direction(lang)

    keys.go("See free times")
    keys.choose_a_time()
    keys.go("Only practise")
    keys.answer("By video", downs=1)
    keys.say_who(office)
    keys.go("Practise: book nothing")
    keys.reads("This was practice: nothing is booked")

    keys.go("Now book for real")
    key = keys.choose_a_time()
    (offered,) = (each for each in office.world.offers() if each.key == key)
    keys.go("Go on")
    keys.answer("By video", downs=2)
    keys.say_who(office)
    keys.go("Book this time")
    keys.reads("Your time is booked")
    assert keys.page.locator("time").first.get_attribute("datetime") == offered.starts.isoformat()
    words = six_words(keys.page)

    keys.go("Come back with six words")
    keys.fill("Your six words", words)
    keys.go("Open my page")
    keys.reads("Your appointment")
    keys.go("Cancel this time")
    keys.go("No, change nothing")
    keys.reads("Your appointment")


def test_vera_leaves_a_note(keys: Keys, office: Office) -> None:
    keys.page.goto(f"{office.url}/say")

    keys.fill("Your note", "It helped to be heard.")
    keys.tab_to("Did you feel heard?")
    keys.press("ArrowDown")
    keys.go("Leave the note")

    keys.reads("Thank you: your note is kept")


def test_a_focus_that_is_not_seen_is_found(keys: Keys, office: Office) -> None:
    """The check above can fail: a ring that was taken away, a field below the bar."""
    keys.page.goto(f"{office.url}/return")
    field = keys.page.locator("input[name=words]")

    field.focus()
    field.evaluate("each => each.style.outline = 'none'")
    field.evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 4)")

    no_ring, below = keys.page.evaluate(FAULTS)
    assert no_ring.endswith("has no ring")
    assert below.endswith("stands below the bar")
