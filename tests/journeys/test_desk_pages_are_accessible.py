"""Every page of the desk, for machine-checkable accessibility."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.cast import OLA_NAME
from tests.journeys.accessible import assert_accessible, shown, tab
from tests.journeys.desk_pages import DESK_PAGES
from tests.journeys.walking import App, Office, sign_in


@pytest.fixture(scope="module")
def signed_in(office: Office, browser: Browser) -> StorageState:
    """The cookie of Ola's open desk."""
    context = browser.new_context()
    kit = office.world.kit
    sign_in(context.new_page(), office.url, OLA_NAME, App(kit.factor).digits(), kit.passphrase)
    cookies = context.storage_state()
    context.close()
    return cookies


@pytest.fixture(scope="module")
def olas_tab(browser: Browser, signed_in: StorageState) -> Iterator[Page]:
    with tab(browser, signed_in) as page:
        yield page


@pytest.fixture(scope="module", params=DESK_PAGES)
def page(request: pytest.FixtureRequest, office: Office, olas_tab: Page) -> Page:
    """One page after the other, with scripts allowed, because axe is one."""
    return shown(olas_tab, office, DESK_PAGES[request.param])


def test_a_page_of_the_desk_is_accessible(page: Page) -> None:
    assert_accessible(page)
