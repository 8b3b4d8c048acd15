"""What a machine can check of a page's accessibility, at a phone's width and a desk's, by day and by night."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page, StorageState

from tests.journeys.pages import Walk
from tests.journeys.walking import PATIENCE, Office

PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
#: By night nothing else is different.
COLOURS_ONLY = {"runOnly": ["color-contrast"]}

OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(each => each.getClientRects().length)
    .map(each => [each, each.getBoundingClientRect()])
    .filter(([each, box]) => box.right > document.documentElement.clientWidth + 1 || box.left < -1)
    .map(([each, box]) => each.outerHTML.slice(0, 80))"""
#: A radio or a box to tick is pressed by its whole row. A link inside a sentence is exempt (WCAG 2.5.8).
TOO_SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(each => each.type !== 'hidden' && !each.classList.contains('skip') && each.checkVisibility())
    .filter(each => !(each.matches('a') && getComputedStyle(each).display === 'inline'))
    .map(each => [each, (each.closest('label.pick') || each).getBoundingClientRect()])
    .filter(([each, box]) => {
        const least = each.matches('button, .button, .leave') ? 44 : 24;
        return box.height < least || box.width < least;
    })
    .map(([each, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${each.outerHTML.slice(0, 80)}`)"""
RUN = "rules => axe.run(rules).then(found => ({violations: found.violations}))"


@contextmanager
def tab(browser: Browser, state: StorageState | None = None) -> Iterator[Page]:
    """One for many pages: a window for each would cost more than the page in it."""
    context = browser.new_context(viewport=PHONE, storage_state=state)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def shown(page: Page, office: Office, walk: Walk) -> Page:
    """The page as it is reached on a phone, with all that is folded open."""
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    walk(page, office)
    page.evaluate(OPEN_ALL)
    return page


def assert_accessible(page: Page) -> None:
    """All that is tried of one page without loading it again: by day and by night, on a phone and on a desk."""
    faults = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for scheme, rules in (("light", {}), ("dark", COLOURS_ONLY)):
            page.emulate_media(color_scheme=scheme)
            result = checked(page, rules)
            faults += [(size["width"], scheme, name, result.generate_report()) for name in names(result.response)]
    faults += [("at a phone's width", each) for each in on_a_phone(page)]
    assert not faults, "\n".join(map(str, faults))


def on_a_phone(page: Page) -> list[str]:
    """What runs off a narrow screen, and what is too small for a finger."""
    page.set_viewport_size(PHONE)
    found = page.evaluate(TOO_WIDE) + page.evaluate(TOO_SMALL)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found if width <= PHONE["width"] else [*found, f"the page is {width} wide"]


def checked(page: Page, rules: dict[str, list[str]]) -> AxeResults:
    """What axe finds wrong; its half megabyte is brought to each document once, and what it finds right stays there."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    result = AxeResults(page.evaluate(RUN, {"resultTypes": ["violations"]} | rules))
    assert result.response["violations"] is not None
    return result


def names(response: dict[str, object]) -> list[str]:
    violations = response["violations"]
    assert isinstance(violations, list)
    return [each["id"] for each in violations]
