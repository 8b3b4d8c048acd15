"""What is there in one language only, on a page in another: a voice must know which it reads."""

import re

import pytest
from flask.testing import FlaskClient

from portal import create_app
from tests.cast import World, change_settings
from tests.journeys.opening import CRISIS
from tests.outreach.test_about_pages import OURS, write
from tests.speaking import offer

ENGLISH = 'lang="en" dir="ltr"'
FORMAL = "A formal report goes to the People Office."
OVERSEEN = "The board oversees us."


@pytest.fixture
def client(world: World) -> FlaskClient:
    change_settings(
        world.instance, formal_report=f'formal_report = "{FORMAL}"', overseen_by=f'overseen_by = "{OVERSEEN}"'
    )
    settings = world.instance / "portal.toml"
    settings.write_text(settings.read_text().replace("if the ombuds believes", "if our ombuds believes") + CRISIS)
    offer(world, "en", "ar")
    return create_app(world.instance).test_client()


def around(page: str, words: str) -> str:
    """The tag that begins last before these words, with the list that they are an item of."""
    found = re.search(rf"(?:<ul[^>]*>\s*)?<[^<>]+>{re.escape(words)}", page)
    assert found, words
    return found[0]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", FORMAL),
        ("/", "Emergency services"),
        ("/", "day and night"),
        ("/", "if our ombuds believes"),
        ("/about/exceptions", "if our ombuds believes"),
        ("/about/not-notice", FORMAL),
        ("/about/who-we-report-to", OVERSEEN),
        ("/about/help-now", "Emergency services"),
        ("/times?ombuds=not-{ombuds}", OVERSEEN),
        ("/times?ombuds=not-{ombuds}", FORMAL),
    ],
)
def test_what_stands_in_the_settings_is_in_the_offices_own_language(
    world: World, client: FlaskClient, path: str, words: str
) -> None:
    path = path.format(ombuds=world.ombuds.hex())
    spoken = client.get(f"{path}{'&' if '?' in path else '?'}lang=ar").text

    assert ENGLISH in around(spoken, words)
    assert ENGLISH not in around(client.get(path).text, words)


def test_cases_that_nobody_translated_keep_their_language_wherever_they_stand(
    world: World, client: FlaskClient
) -> None:
    write(world, "about/exceptions", OURS)

    assert f"<ul {ENGLISH}>" in client.get("/?lang=ar").text.partition('id="exceptions"')[2].partition("</ul>")[0]
    assert f'<div class="text" {ENGLISH}>' in client.get("/about/exceptions?lang=ar").text
    write(world, "about/exceptions", "# لنا\n\n- إذا كان طفل في خطر\n", "ar")
    assert ENGLISH not in client.get("/about/exceptions?lang=ar").text.partition("<h1")[2].partition("<section")[0]


def test_an_office_of_another_language_marks_its_settings_on_the_english_page(
    world: World, client: FlaskClient
) -> None:
    offer(world, "ar", "en")

    assert 'lang="ar" dir="rtl"' in around(client.get("/?lang=en").text, FORMAL)
    assert "lang=" not in around(client.get("/").text, FORMAL)


def test_a_language_that_is_none_breaks_no_page(world: World, client: FlaskClient) -> None:
    offer(world, "xx-nonsense", "ar")

    assert client.get("/?lang=ar").status_code == 200
