"""The shape and the words of every template and style sheet."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from portal import assets

PORTAL = Path(__file__).parents[2] / "portal"
TEMPLATES = sorted(PORTAL.glob("templates/**/*.html"))
VISITOR_TEMPLATES = [path for path in TEMPLATES if not {"desk", "editing"} & set(path.parts)]
SHEETS = sorted(PORTAL.glob("static/css/*.css"))
BUNDLES = [assets.SITE_SHEETS, assets.DESK_SHEETS, *assets.PAPER_SHEETS.values()]

#: What an address of ours may say, and the forms that only ask for a page at such an address.
ADDRESSABLE = {"lang", "mode", "ombuds", "paper", "tz", "week"}
ASKING = [PORTAL / "templates/scheduling/_zone.html", PORTAL / "templates/scheduling/_whom.html"]
LONGEST_TEMPLATE = 120
LONGEST_SHEET = 200
HARDEST_GRADE = 7
SHEET_BUDGET = 5 * 1024

SCRIPT_OR_STYLE = re.compile(r"<script|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
TELLING = re.compile(r"ombuds|complain|report|confiden", re.IGNORECASE)
TITLE = re.compile(r"\{% block title %\}(.*?)\{% endblock %\}", re.DOTALL)
POST_FORM = re.compile(r"<form\b[^>]*>", re.DOTALL)
PHYSICAL = re.compile(
    r"\b(?:margin|padding|border)-(?:left|right|top|bottom)\b|\b(?:left|right)\s*:|text-align:\s*(?:left|right)"
)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\bhsl\(", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?:\n]+")
WORD = re.compile(r"[A-Za-z\u2019']+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"[^aeiouylr]e$|[^td]ed$|[^aeiouysxzhc]es$")
MARKUP = re.compile(r"<[^>]+>|%\(\w+\)[sd]")


def name_of(path: Path) -> str:
    return str(path.relative_to(PORTAL))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_short_and_has_no_script_or_style_inside(path: Path) -> None:
    source = path.read_text("utf-8")

    assert len(source.splitlines()) <= LONGEST_TEMPLATE
    assert SCRIPT_OR_STYLE.search(source) is None


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_a_sheet_is_short_and_works_in_both_writing_directions(path: Path) -> None:
    source = path.read_text("utf-8")

    assert len(source.splitlines()) <= LONGEST_SHEET
    assert PHYSICAL.findall(source) == []


@pytest.mark.parametrize("path", [path for path in SHEETS if path.stem not in {"tokens", "print", "desk"}], ids=name_of)
def test_only_the_tokens_name_colours(path: Path) -> None:
    assert COLOUR.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if not path.name.startswith(("_", "base"))], ids=name_of)
def test_a_page_has_a_title_that_tells_nothing(path: Path) -> None:
    title = TITLE.search(path.read_text("utf-8"))

    assert title is not None
    assert TELLING.search(title[1]) is None


@pytest.mark.parametrize("path", VISITOR_TEMPLATES, ids=name_of)
def test_a_visitors_form_says_where_it_goes(path: Path) -> None:
    forms = POST_FORM.findall(path.read_text("utf-8"))

    assert all("action=" in form and ('method="post"' in form or path in ASKING) for form in forms)


@pytest.mark.parametrize("path", VISITOR_TEMPLATES, ids=name_of)
def test_a_visitors_form_takes_along_what_was_chosen(path: Path) -> None:
    """The language always; where the form itself asks for a zone or for people, it carries the rest by hand."""
    forms = re.findall(r"(?s)<form\b.*?</form>", path.read_text("utf-8"))

    assert [form[:100] for form in forms if not re.search(r"{{ (carried(_fields)?|lang_field)\(\) }}", form)] == []


@pytest.mark.parametrize("path", ASKING, ids=name_of)
def test_a_form_that_only_asks_for_a_page_puts_no_more_into_its_address_than_a_link_does(path: Path) -> None:
    source = path.read_text("utf-8")

    assert [form for form in POST_FORM.findall(source) if 'method="get"' not in form] == []
    assert set(re.findall(r'\bname="([^"]*)"', source)) <= ADDRESSABLE


@pytest.mark.parametrize("path", VISITOR_TEMPLATES, ids=name_of)
def test_no_link_opens_a_second_tab(path: Path) -> None:
    """Whoever leaves from there would leave the first one open behind."""
    assert re.search(r"\btarget=", path.read_text("utf-8")) is None


def test_every_visitor_page_offers_the_way_out_before_anything_else() -> None:
    base = (PORTAL / "templates" / "base.html").read_text("utf-8")
    overriding = [path for path in VISITOR_TEMPLATES if "{% block top %}" in path.read_text("utf-8")]

    assert base.index("outreach.leave") < base.index("<main")
    assert [path.name for path in overriding] == ["base.html"]


@pytest.mark.parametrize("path", VISITOR_TEMPLATES, ids=name_of)
def test_a_visitor_reads_plain_words(path: Path) -> None:
    sentences = "\n".join(sentence for sentence in spoken(path) if sentence.endswith((".", "?", "!")))

    assert grade(sentences) <= HARDEST_GRADE


def test_the_grade_tells_plain_words_from_hard_ones() -> None:
    assert grade("We keep no list. You can come back.") < 2
    assert grade("Confidentiality obligations necessitate organisational anonymisation procedures.") > 15


def test_every_sheet_is_in_a_bundle() -> None:
    assert {path.stem for path in SHEETS} == {name for bundle in BUNDLES for name in bundle}


@pytest.mark.parametrize("names", BUNDLES)
def test_a_bundle_is_small_and_keeps_every_rule(names: tuple[str, ...]) -> None:
    body, _digest = assets.bundle(names)
    sources = [(assets.FOLDER / "css" / f"{name}.css").read_text("utf-8") for name in names]

    assert len(gzip.compress(body)) <= SHEET_BUDGET
    assert body.count(b"{") == sum(source.count("{") for source in sources)


def test_the_address_of_a_bundle_changes_with_its_content() -> None:
    assert assets.bundle(assets.SITE_SHEETS)[1] != assets.bundle(assets.SITE_SHEETS[1:])[1]
    assert assets.bundle(assets.SITE_SHEETS) == assets.bundle(assets.SITE_SHEETS)


def spoken(path: Path) -> list[str]:
    """The sentences of a template, without markup and values."""
    found = [message for _line, message, _remarks, _context in extract_from_file("jinja2", path)]
    texts = [text for message in found for text in ([message] if isinstance(message, str) else message)]
    return [MARKUP.sub("", text).strip() for text in texts if text]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: school years needed to read a text (Kincaid and others, 1975); 0 without words."""
    sentences = [part for part in SENTENCE_END.split(text) if WORD.search(part)]
    words = WORD.findall(text)
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Groups of vowels; an e that is not spoken at the end is none."""
    groups = len(VOWELS.findall(word.lower()))
    return max(1, groups - 1 if SILENT.search(word.lower()) else groups)
