"""The words that come with the portal, in other languages: the same pages as in English, part by part."""

import re
from collections import Counter

import pytest

from portal.language import SOURCE
from portal.site import marks, shelves
from tests.pages.test_templates import TELLING
from tests.site.test_shipped_texts import KEYS, LONGEST_TITLE

LANGUAGES = sorted(path.name for path in shelves.FOLDER.iterdir() if path.is_dir() and path.name != SOURCE)
#: What a title must not say in a browser's history: ombuds, complaint, report, confidential.
TELLING_IN = {
    "ar": re.compile("أمين المظالم|أمناء المظالم|مظالم|مظلم|شكو|شكاو|بلاغ|إبلاغ|تقرير|تقارير|سري"),
    "es": re.compile(r"ombuds|defensor|mediador|quej|reclam|denunci|report|informe|confiden|secret", re.IGNORECASE),
    "fr": re.compile(
        r"ombuds|médiat|protect(?:eur|rice)|plaint|réclam|signal|rapport|dénonc|doléance|grief|confiden|secret",
        re.IGNORECASE,
    ),
}
BLOCK = re.compile(r"<(h2|h3|p|ul|ol|li|blockquote|hr)\b")
INNER_LINK = re.compile(r"\]\((/[^)]*)\)")
VALUE = re.compile(r"\{\w*\}")
PAGES = [(lang, key) for lang in LANGUAGES for key in KEYS]
each_page = pytest.mark.parametrize(("lang", "key"), PAGES)


def text_of(key: str, lang: str = SOURCE) -> str:
    found = shelves.shipped(key, lang)
    assert found, f"{lang} has no {key}"
    return found


def blocks(text: str) -> list[str]:
    """Titles, paragraphs, lists and quotes, in their order."""
    return BLOCK.findall(marks.read(text).html)


@each_page
def test_a_page_has_the_parts_of_the_english_one(lang: str, key: str) -> None:
    assert blocks(text_of(key, lang)) == blocks(text_of(key))


@each_page
def test_a_page_leads_where_the_english_one_leads(lang: str, key: str) -> None:
    assert INNER_LINK.findall(text_of(key, lang)) == INNER_LINK.findall(text_of(key))


@each_page
def test_a_page_is_filled_in_as_the_english_one_is(lang: str, key: str) -> None:
    assert Counter(VALUE.findall(text_of(key, lang))) == Counter(VALUE.findall(text_of(key)))


@each_page
def test_nothing_that_is_shipped_is_refused(lang: str, key: str) -> None:
    assert marks.refusals(text_of(key, lang)) == []


@each_page
def test_a_title_is_short_and_tells_nothing(lang: str, key: str) -> None:
    text = text_of(key, lang)
    title = marks.read(text).title

    assert text.startswith("# ")
    assert 0 < len(title) <= LONGEST_TITLE
    assert TELLING.search(title) is None
    assert TELLING_IN[lang].search(title) is None


@each_page
def test_no_text_raises_its_voice(lang: str, key: str) -> None:
    assert re.search("[!¡]", text_of(key, lang)) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_pages_have_one_title(lang: str) -> None:
    titles = [marks.read(text_of(key, lang)).title for key in KEYS]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_cases_stand_last_where_those_of_an_office_take_their_place(lang: str) -> None:
    assert text_of("about/exceptions", lang).rstrip().splitlines()[-1].startswith("- ")


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("about/exceptions")])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_case_is_the_rest_of_a_sentence(lang: str, key: str) -> None:
    items = marks.read(text_of(key, lang)).items

    assert [item for item in items if item.endswith(".")] == []
