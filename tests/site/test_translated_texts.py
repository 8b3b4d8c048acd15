"""The shipped words in other languages: each page is there, built as in English, and tells nothing in its title."""

import re
import unicodedata

import pytest
from markdown_it import MarkdownIt

from portal.site import marks, shelves

SOURCE = "en"
KEYS = [f"{shelf}/{name}" for shelf, names in shelves.SHIPPED.items() for name in names]
LANGS = sorted(path.name for path in shelves.FOLDER.iterdir() if path.is_dir() and path.name != SOURCE)
LONGEST_TITLE = 45
#: What a title must not say in a language, without accents: ombuds, report, complaint, confidential.
TELLING = {
    "ar": r"امين|امناء|مظالم|بلاغ|ابلاغ|تبليغ|تقرير|شكو|شكا|كتمان|\b(?:و|ب|ل|ال)*سرية?\b",
    "es": r"ombud|defensor|informe|report|denunci|quej|reclam|confidenc",
    "fr": r"ombud|mediat|signal|rapport|denonc|plainte|plaint|reclam|confidenc",
}
BUILT = {"heading_open", "bullet_list_open", "ordered_list_open", "list_item_open", "blockquote_open"}
INNER_LINK = re.compile(r"\]\((/[^)]*)\)")
VALUE = re.compile(r"\{\w*\}")


def text_of(key: str, lang: str) -> str:
    found = shelves.shipped(key, lang)
    assert found, f"{lang}/{key}"
    return found


def built(text: str) -> list[str]:
    """The headings with their level, lists, items and quotes of a text, in order."""
    return [token.tag for token in MarkdownIt("commonmark").parse(text) if token.type in BUILT]


def bare(title: str) -> str:
    """A title without accents and vowel signs, in small letters."""
    return "".join(each for each in unicodedata.normalize("NFD", title.lower()) if not unicodedata.combining(each))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", KEYS)
def test_each_page_is_built_as_in_english(key: str, lang: str) -> None:
    text, english = text_of(key, lang), text_of(key, SOURCE)

    assert built(text) == built(english)
    assert INNER_LINK.findall(text) == INNER_LINK.findall(english)
    assert sorted(VALUE.findall(text)) == sorted(VALUE.findall(english))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", KEYS)
def test_no_page_holds_what_is_refused_or_raises_its_voice(key: str, lang: str) -> None:
    text = text_of(key, lang)

    assert marks.refusals(text) == []
    assert not set("!¡") & set(text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", KEYS)
def test_a_title_is_short_and_tells_nothing(key: str, lang: str) -> None:
    title = marks.read(text_of(key, lang)).title

    assert 0 < len(title) <= LONGEST_TITLE
    assert re.search(TELLING[lang], bare(title)) is None


@pytest.mark.parametrize("lang", LANGS)
def test_no_two_pages_have_one_title_in_a_language(lang: str) -> None:
    titles = [marks.read(text_of(key, lang)).title for key in KEYS]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", KEYS)
def test_cases_are_parts_of_a_sentence(key: str, lang: str) -> None:
    """The forms join them with semicolons and add the full stop."""
    items = marks.read(text_of(key, lang)).items if key.startswith("about/exceptions") else ()

    assert [item for item in items if item.endswith((".", ";", "؛"))] == []


def test_a_lost_item_or_a_telling_title_would_be_found() -> None:
    assert built("# A\n\n- b\n- c\n") != built("# A\n\n- b\n")
    assert built("# A\n\n## B\n") != built("# A\n\n### B\n")
    assert re.search(TELLING["ar"], bare("أمين المظالم"))
    assert re.search(TELLING["ar"], bare("السرّية"))
    assert re.search(TELLING["fr"], bare("Un médiateur"))
    assert re.search(TELLING["es"], bare("Las quejas"))
