"""The pages of a visit where every line runs from right to left: as light, as narrow and as clear as the others."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.cast import Server, World
from tests.journeys.accessible import assert_accessible, tab
from tests.journeys.weighing import assert_fits_into_one_flight, watched
from tests.speaking import in_arabic_letters, keep, offer, serve_speaking, translated

pytestmark = pytest.mark.xdist_group("right-to-left")
LOOKS = ("/", "/times", "/week", "/about", "/about/limits", "/return", "/book", "/nowhere", "form")


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("right-to-left")
    world = first_world.copy(folder / "instance")
    for lang in ("es", "fr", "ar"):
        keep(translated(lang, in_arabic_letters), folder / "locale", lang)
    offer(world, "en", "es", "fr", "ar")
    server = serve_speaking(world, folder / "locale")
    yield server
    server.kill()


@pytest.fixture(scope="module")
def arabic_tab(browser: Browser) -> Iterator[Page]:
    with tab(browser) as page:
        yield page


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, office: Server, arabic_tab: Page) -> Page:
    arabic_tab.context.clear_cookies()
    if request.param != "form":
        arabic_tab.goto(f"{office.url}{request.param}?lang=ar")
        return arabic_tab
    arabic_tab.goto(f"{office.url}/times?lang=ar")
    arabic_tab.locator("label.pick").first.click()
    with arabic_tab.expect_navigation():
        arabic_tab.locator("form[method=post] .button").first.click()
    return arabic_tab


def test_it_is_clear_and_fits_a_phone(page: Page) -> None:
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert_accessible(page)


def test_the_list_of_languages_takes_one_row_between_the_way_out_and_the_text(page: Page) -> None:
    links = page.locator(".languages a").all()
    boxes = [box for link in links if (box := link.bounding_box())]

    assert len(boxes) == 4
    assert len({box["y"] for box in boxes}) == 1
    assert [box["x"] for box in boxes] == sorted((box["x"] for box in boxes), reverse=True)


def test_a_page_in_four_languages_fits_into_one_flight(office: Server, arabic_tab: Page) -> None:
    for look in ("/", "/times", "/about/limits"):
        with watched(arabic_tab) as visit:
            arabic_tab.goto(f"{office.url}{look}?lang=ar")
            assert_fits_into_one_flight(visit)
