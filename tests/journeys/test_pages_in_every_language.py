"""Every visitor page in every language that is shipped: as clear, as narrow, as light and as alone as in English."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import cast

import pytest
from playwright.sync_api import Browser, Page

from portal import language
from tests.cast import World
from tests.journeys.accessible import assert_accessible, shown, tab
from tests.journeys.opening import opened_office
from tests.journeys.pages import VISITOR_PAGES
from tests.journeys.spoken_pages import Phrases, SpokenPage
from tests.journeys.walking import Office
from tests.journeys.weighing import Visit, assert_asks_nobody_else, assert_fits_into_one_flight, watched
from tests.speaking import offer

LANGUAGES = [each for each in language.shipped() if each != language.SOURCE]


@pytest.fixture(scope="module")
def office_in(
    first_world: World, tmp_path_factory: pytest.TempPathFactory, elsewhere: str
) -> Iterator[Callable[[str], Office]]:
    """One for each language, with times and lockers enough for all its pages."""
    with ExitStack() as opened:

        @cache
        def office_in(lang: str) -> Office:
            world = first_world.copy(tmp_path_factory.mktemp(lang) / "instance")
            offer(world, *language.shipped())
            return opened.enter_context(opened_office(world, elsewhere))

        yield office_in


@pytest.fixture(scope="module")
def one_tab(browser: Browser) -> Iterator[Page]:
    with tab(browser) as page:
        yield page


@pytest.fixture(scope="module", params=[f"{lang}: {name}" for lang in LANGUAGES for name in VISITOR_PAGES])
def spoken(
    request: pytest.FixtureRequest, office_in: Callable[[str], Office], one_tab: Page
) -> Iterator[tuple[Visit, str, Office]]:
    lang, _colon, name = request.param.partition(": ")
    office = office_in(lang)
    with watched(one_tab) as visit:
        shown(cast("Page", SpokenPage(one_tab, Phrases(lang))), office, VISITOR_PAGES[name])
        yield visit, lang, office


def test_a_page_speaks_the_language_and_loads_as_little_as_any(spoken: tuple[Visit, str, Office]) -> None:
    visit, lang, office = spoken
    root = visit.page.locator("html")

    assert root.get_attribute("lang") == lang
    assert root.get_attribute("dir") == language.text_direction(lang)
    assert_fits_into_one_flight(visit)
    assert_asks_nobody_else(visit, office.url)


def test_a_page_is_accessible(spoken: tuple[Visit, str, Office]) -> None:
    visit, _lang, _office = spoken

    assert_accessible(visit.page)
