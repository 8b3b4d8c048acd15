"""Whoever set larger letters in the browser, on a small phone: nothing runs off a page, and the way out covers nothing.

They are set as the browser's own settings set them, so that what is measured in them grows along.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from portal import language
from tests.cast import World, change_settings
from tests.journeys.accessible import PHONE, TOO_WIDE, tab
from tests.journeys.opening import opened_office
from tests.journeys.pages import ADDRESSES
from tests.journeys.walking import Office
from tests.speaking import offer

pytestmark = pytest.mark.xdist_group("large-letters")
USUAL, SIZES = 16, (24, 32)
#: Letters that stand outside of the page, or of what they are the name of.
LETTERS_OUTSIDE = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = new Range();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility() || parent.closest('.skip, .unseen, option, svg')) continue;
        const button = parent.closest('.leave, .button, .switch, .tel');
        const bounds = button ? button.getBoundingClientRect() : {left: 0, right: document.documentElement.clientWidth};
        range.selectNodeContents(node);
        for (const box of range.getClientRects())
            if (box.left < bounds.left - 1 || box.right > bounds.right + 1) found.push(node.data.trim().slice(0, 60));
    }
    return [...new Set(found)];
}"""
WAY_OUT_COVERS = """() => {
    const out = document.querySelector('.leave').getBoundingClientRect(), range = new Range();
    range.selectNodeContents(document.querySelector('.office'));
    return [...range.getClientRects()].filter(box => box.width && box.right > out.left + 1 && box.left < out.right - 1
        && box.bottom > out.top + 1 && box.top < out.bottom - 1).map(() => 'the way out covers the name of the office');
}"""


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory, elsewhere: str) -> Iterator[Office]:
    world = first_world.copy(tmp_path_factory.mktemp("large") / "instance")
    offer(world, *language.shipped())
    change_settings(world.instance, name='name = "Ombuds Office of Alder University"')
    with opened_office(world, elsewhere) as office:
        yield office


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with tab(browser) as page:
        yield page


@pytest.fixture(scope="module")
def settings(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def faults(page: Page, settings: CDPSession, size: int) -> list[str]:
    """What is wrong on this page in letters of this size, in pixels."""
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    found = page.evaluate(TOO_WIDE) + page.evaluate(LETTERS_OUTSIDE) + page.evaluate(WAY_OUT_COVERS)
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{size}: {each}" for each in found + ([f"{width} wide"] if width > PHONE["width"] else [])]


@pytest.mark.parametrize("lang", language.shipped())
def test_letters_of_twice_the_size_fit_a_small_phone(
    lang: str, page: Page, settings: CDPSession, office: Office
) -> None:
    found = []
    for path in ADDRESSES:
        page.goto(f"{office.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        found += [f"{path}, {each}" for size in SIZES for each in faults(page, settings, size)]

    assert not found, "\n".join(found)
