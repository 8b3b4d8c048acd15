"""What visitors said, as the office typed it over: shown by quarter, in its own direction, and taken off again."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from portal import create_app
from portal.site import voices
from portal.site.voices import Kind, Voice, by_quarter, every, newest, publish, quarters, remove, words_of
from tests.cast import World
from tests.intake.sealed import ask_file

CALM = Voice("a" * 16, Kind.EXPERIENCE, "2026-Q2", "en", "It was calm.")
WISH = Voice("b" * 16, Kind.WISH, "2026-Q3", "en", "Open on Fridays <too>.")
ASKED = Voice(
    "c" * 16, Kind.QUESTION, "2026-Q3", "ar", "\u0647\u0644 \u062a\u0633\u062c\u0644\u0648\u0646\u061f", "No."
)


@pytest.fixture
def client(world: World) -> FlaskClient:
    with world.stores.site.writing() as site:
        for each in (CALM, WISH, ASKED):
            publish(site, each)
    return create_app(world.instance).test_client()


def test_this_quarter_and_the_seven_before_it_can_be_chosen() -> None:
    assert quarters(date(2026, 11, 22)) == [
        "2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1",
    ]  # fmt: skip
    assert quarters(date(2027, 1, 1))[:2] == ["2027-Q1", "2026-Q4"]


def test_a_quarter_is_said_by_its_months() -> None:
    assert [words_of(f"2026-Q{each}") for each in (1, 4)] == ["January to March 2026", "October to December 2026"]


def test_the_newest_come_first_and_of_a_quarter_those_in_the_language_of_the_page(world: World) -> None:
    with world.stores.site.writing() as site:
        for each in (CALM, WISH, ASKED):
            publish(site, each)
        assert newest(site, "en", 3) == [WISH, ASKED, CALM]
        assert newest(site, "ar", 2) == [ASKED, WISH]
        assert by_quarter(every(site)) == {"2026-Q3": [WISH, ASKED], "2026-Q2": [CALM]}


def test_published_twice_it_is_one_and_removed_it_is_nowhere(world: World) -> None:
    with world.stores.site.writing() as site:
        publish(site, CALM)
        publish(site, CALM)
        assert every(site) == [CALM]
        assert remove(site, CALM.id)
        assert not remove(site, CALM.id)
        assert every(site) == []
    world.stores.close()
    assert CALM.text.encode() not in (world.instance / "site.db").read_bytes()


@pytest.mark.parametrize("column", ["kind", "quarter", "lang", "text", "answer", "id"])
@pytest.mark.parametrize("value", ["%s <script>", b"\xff", "", 7])
def test_a_row_that_somebody_spoilt_breaks_no_page(
    client: FlaskClient, world: World, column: str, value: object
) -> None:
    ask_file(world.instance / "site.db", f"UPDATE voice SET {column} = ? WHERE id = ?", value, WISH.id)  # noqa: S608

    page = client.get("/about/voices")
    assert page.status_code == 200
    assert CALM.text in page.text
    assert "%s <script>" not in page.text


def test_everybody_reads_them_by_quarter_each_in_its_own_direction(client: FlaskClient) -> None:
    page = client.get("/about/voices").text

    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page) == ["July to September 2026", "April to June 2026"]
    assert "Open on Fridays &lt;too&gt;." in page
    assert re.search(rf'<p class="voice-text" lang="ar" dir="rtl">{ASKED.text}</p>', page)
    assert "Our answer" in page
    assert '<a href="/about/voices"' in client.get("/about").text
    assert '<a href="/say"' in client.get("/about").text


def test_where_there_is_none_the_page_asks_for_the_first(world: World) -> None:
    page = create_app(world.instance).test_client().get("/about/voices").text

    assert "You can be the first" in page
    assert 'class="button" href="/say"' in page


def test_the_page_stays_small_however_many_there_are(world: World) -> None:
    with world.stores.site.writing() as site:
        for number in range(60):
            publish(site, Voice(f"{number:016x}", Kind.EXPERIENCE, "2026-Q3", "en", f"No. {number}"))

    page = create_app(world.instance).test_client().get("/about/voices").text
    assert page.count("<blockquote") == voices.MOST_SHOWN
