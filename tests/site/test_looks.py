"""The colour of the office stands in the style sheets, under an address of its own."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.scheduling.views import keep_first_pages
from portal.site import choices, looks
from portal.site.choices import Choices
from tests.cast import World

PLUM = "#7a1f5c"
SHEET_BUDGET = 5 * 1024


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.instance).test_client()


def choose(client: FlaskClient, accent: str) -> None:
    """As the office does it."""
    state = client.application.extensions["portal"]
    with state.stores.site.writing() as site:
        choices.keep(site, Choices(accent=accent))
    state.volatile.choices.forget()


def sheet_of(client: FlaskClient, path: str) -> tuple[str, str]:
    found = re.search(r'rel="stylesheet" href="([^"]+)"', client.get(path).text)
    assert found
    return found[1], client.get(found[1]).text


@pytest.mark.parametrize("path", ["/", "/desk/sign-in", "/nowhere"])
def test_the_sheet_wears_the_colour_and_its_address_changes_with_it(client: FlaskClient, path: str) -> None:
    before, plain = sheet_of(client, path)

    choose(client, PLUM)
    after, worn = sheet_of(client, path)

    assert before != after
    assert PLUM not in plain
    assert f":root{{--accent: {PLUM}" in worn
    assert client.get(before).text == worn, "yesterday's page looks well too"
    choose(client, "")
    assert sheet_of(client, path) == (before, plain)


def test_print_stays_black_and_both_schemes_are_there(client: FlaskClient) -> None:
    choose(client, PLUM)

    _address, worn = sheet_of(client, "/")

    assert worn.index("--accent: #1d5a53") < worn.index(PLUM) < worn.index("--accent: #000")
    assert len(re.findall(r"prefers-color-scheme: dark", worn)) == 2


def test_a_colour_that_cannot_be_read_is_not_worn(client: FlaskClient) -> None:
    """Whoever writes to the store cannot make the pages unreadable."""
    before = sheet_of(client, "/")

    for accent in ("#ffffff", "#ffcc00", "red", "#1d5a53}body{display:none"):
        choose(client, accent)
        assert sheet_of(client, "/") == before


def test_the_list_that_was_made_ahead_wears_it_too(client: FlaskClient) -> None:
    keep_first_pages(client.application)
    before, _plain = sheet_of(client, "/times")

    choose(client, PLUM)

    assert sheet_of(client, "/times")[0] != before
    assert PLUM in sheet_of(client, "/times")[1]


def test_it_costs_a_page_no_request_and_few_bytes() -> None:
    worn, plain = looks.files(PLUM), looks.files("")

    for name in ("site.css", "desk.css"):
        assert len(gzip.compress(worn[name].body)) <= SHEET_BUDGET
        assert len(gzip.compress(worn[name].body)) - len(gzip.compress(plain[name].body)) < 120
