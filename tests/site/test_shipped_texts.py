"""The words that come with the portal: whole, plain, and true of any office on its first day."""

import re
import tomllib
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path

import pytest

from portal import create_app
from portal.site import marks, shelves
from tests.cast import World
from tests.pages.test_templates import HARDEST_GRADE, TELLING, grade

LANG = "en"
KEYS = [f"{shelf}/{name}" for shelf, names in shelves.SHIPPED.items() for name in names]
TEMPLATE = Path(shelves.__file__).parents[1] / "portal.toml.template"
#: What the portal fills in; anything else in braces would stand there as it is.
VALUES = {"office", "days", "address"}
LONGEST_TITLE = 45
FEWEST_WORDS, MOST_WORDS = 120, 400
#: Beside the free times, at the top of the campaign.
MOST_WORDS_OF_WELCOME = 80
MOST_WORDS_FOR_AN_AUDIENCE = 250
FEWEST_MYTHS, MOST_MYTHS = 8, 10
AUDIENCES = [f"week/{name}" for name in ("new-staff", "hourly-staff", "managers", "students", "families")]
#: The kit is many texts on one page, to be copied one by one.
AS_LONG_AS_IT_TAKES = {"week/kit", "week/myths", "week/who-does-what"}
BLOCK_ENDS = re.compile(r"</(?:p|li|h2|h3)>|<br>")
INNER_LINK = re.compile(r"\]\((/[^)#]*)(?:#[^)]*)?\)")


def text_of(key: str) -> str:
    found = shelves.shipped(key, LANG)
    assert found, key
    return found


def plain(text: str) -> str:
    """What is read of a text below its title, a line for each block."""
    return re.sub(r"<[^>]+>", "", BLOCK_ENDS.sub("\n", marks.read(text).html))


def most_words(key: str) -> int:
    if key == "week/welcome":
        return MOST_WORDS_OF_WELCOME
    return MOST_WORDS_FOR_AN_AUDIENCE if key in AUDIENCES else MOST_WORDS


@pytest.mark.parametrize("key", KEYS)
def test_every_page_of_every_shelf_has_one_title_first(key: str) -> None:
    text = text_of(key)

    assert text.startswith("# ")
    assert len(re.findall(r"(?m)^# ", text)) == 1
    assert 0 < len(marks.read(text).title) <= LONGEST_TITLE


@pytest.mark.parametrize("key", KEYS)
def test_no_heading_jumps_over_a_level(key: str) -> None:
    """Who reads by ear walks from heading to heading, and a level that is missing sounds like a part that is."""
    levels = [len(marks) for marks in re.findall(r"(?m)^(#+) ", text_of(key))]

    assert [each for before, each in pairwise(levels) if each > before + 1] == []


@pytest.mark.parametrize("key", KEYS)
def test_a_title_tells_nothing_to_whoever_sees_the_screen(key: str) -> None:
    assert TELLING.search(marks.read(text_of(key)).title) is None


def test_no_two_pages_have_one_title() -> None:
    titles = [marks.read(text_of(key)).title for key in KEYS]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_that_is_shipped_is_refused(key: str) -> None:
    assert marks.refusals(text_of(key)) == []


def test_there_is_no_text_without_a_shelf() -> None:
    names = {str(path.relative_to(shelves.FOLDER)) for path in shelves.FOLDER.rglob("*") if path.is_file()}

    assert {name.partition("/")[2].removesuffix(".md") for name in names} == set(KEYS)


def test_every_inner_link_leads_to_a_page_that_exists(world: World) -> None:
    visitor = create_app(world.instance).test_client()
    links = {link for key in KEYS for link in INNER_LINK.findall(text_of(key))}
    to_shelves = {link for link in links if link[1:] in KEYS}

    assert len(to_shelves) > 1
    assert [link for link in sorted(links - to_shelves) if visitor.get(link).status_code != HTTPStatus.OK] == []


@pytest.mark.parametrize("key", KEYS)
def test_whoever_is_frightened_can_read_it(key: str) -> None:
    assert grade(plain(text_of(key))) <= HARDEST_GRADE


@pytest.mark.parametrize("key", KEYS)
def test_no_text_raises_its_voice(key: str) -> None:
    assert "!" not in text_of(key)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in AS_LONG_AS_IT_TAKES])
def test_a_page_is_read_in_two_minutes(key: str) -> None:
    words = len(plain(text_of(key)).split())

    assert words <= most_words(key)
    assert words >= FEWEST_WORDS or key == "week/welcome"


@pytest.mark.parametrize("key", KEYS)
def test_nothing_waits_to_be_filled_in_by_hand(key: str) -> None:
    text = text_of(key)

    assert set(re.findall(r"\{(\w*)\}", text)) <= VALUES
    assert re.search(r"\[[^\]]*\](?!\()|_{3}|\bTODO\b|\bXX", text) is None


def test_the_settings_of_a_new_office_and_the_page_list_the_same_cases() -> None:
    new = tomllib.loads(TEMPLATE.read_text("utf-8").replace("@", ""))

    assert list(marks.read(text_of("about/exceptions")).items) == new["office"]["exceptions"]


def test_the_cases_stand_last_where_those_of_an_office_take_their_place() -> None:
    assert text_of("about/exceptions").rstrip().splitlines()[-1].startswith("- if ")


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith(f"about/{shelves.GROUP}")])
def test_each_groups_cases_are_sentences_of_one_form(key: str) -> None:
    items = marks.read(text_of(key)).items

    assert items
    assert all(item.startswith("if ") and not item.endswith(".") for item in items)
    assert "Until the ombuds of this office has made it their own, ask" in text_of(key)


def test_each_myth_stands_in_quotes_and_has_a_fact_below() -> None:
    parts = text_of("week/myths").split("\n## ")[1:]

    assert FEWEST_MYTHS <= len(parts) <= MOST_MYTHS
    assert all(re.fullmatch(r"“[^”]+”\n\n\S[\s\S]+", part) for part in parts)


def test_the_kit_names_the_address_and_nobody_to_ask() -> None:
    kit = text_of("week/kit")

    assert kit.count("{address}") > 1
    assert re.search(r"\bcontact\b|@", kit, re.IGNORECASE) is None
