"""Whoever made a mistake starts at what is wrong and comes from there to the very field."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.accessible import tab
from tests.journeys.pages import VISITOR_PAGES
from tests.journeys.walking import Office

pytestmark = pytest.mark.xdist_group("mistakes-found")
WRONG = [name for name in VISITOR_PAGES if name.endswith(("mistakes", "refused", "gone", "chosen", "nothing there"))]
FOCUSED = "document.activeElement.matches('.problem')"
#: What has the focus: whether it is seen below the bar, and what is said of it beside its name.
FIELD = """() => {
    const field = document.activeElement, group = field.closest('fieldset');
    const ids = [field, group].map(each => each?.getAttribute('aria-describedby') || '').join(' ').split(' ');
    return {
        id: field.id,
        seen: field.getBoundingClientRect().top > document.querySelector('.top').getBoundingClientRect().bottom,
        invalid: field.type == 'radio' || field.getAttribute('aria-invalid') == 'true',
        said: ids.filter(each => each).map(each => document.getElementById(each).textContent),
        wrong: field.id == 'first-time' || ids.some(each => each.endsWith('-wrong')),
    };
}"""
UNTOLD = """() => [...document.querySelectorAll('main form input, main form textarea, main form select')]
    .filter(each => !['hidden', 'radio', 'checkbox'].includes(each.type))
    .filter(each => !each.labels.length).map(each => each.outerHTML)"""


@pytest.fixture(scope="module", params=WRONG)
def page(request: pytest.FixtureRequest, office: Office, browser: Browser) -> Iterator[Page]:
    with tab(browser) as opened:
        VISITOR_PAGES[request.param](opened, office)
        yield opened


def test_the_page_starts_at_what_is_wrong_and_its_title_says_so(page: Page) -> None:
    assert page.evaluate(FOCUSED)
    assert page.title().startswith("Please check")


def test_each_mistake_leads_to_the_very_field_which_says_what_is_wrong(page: Page) -> None:
    links = page.locator(".problem a").all()
    assert links
    for link in links:
        link.click()
        field = page.evaluate(FIELD)
        assert link.get_attribute("href") == f"#{field['id']}"
        assert field["seen"], field
        assert field["invalid"], field
        assert field["wrong"], field
        assert all(field["said"]), field


def test_every_field_has_a_label_of_its_own(page: Page) -> None:
    assert page.evaluate(UNTOLD) == []
