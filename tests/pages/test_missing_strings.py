"""Every visible word goes through the catalogue, and the catalogue knows every word."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

PORTAL = Path(__file__).parents[2] / "portal"
TEMPLATES = sorted(PORTAL.glob("templates/**/*.html"))
FORMS = [PORTAL / "fields.py", *sorted(PORTAL.glob("*/forms.py"))]
TEMPLATE_OF_ALL = PORTAL / "locale" / "messages.pot"
HOW_TO_RENEW = "renew it with `make messages`"

LETTER = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"[A-Z“][^\W\d_]+ .*\w")
SPOKEN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description"}
SPOKEN_ARGUMENTS = {"label", "message", "description", "hint", "legend"}
TRANSLATORS = {"_", "_l", "ngettext"}


def name_of(path: Path) -> str:
    return str(path.relative_to(PORTAL))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_shows_no_word_outside_the_catalogue(path: Path) -> None:
    assert bare_words(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FORMS, ids=name_of)
def test_a_form_says_no_word_outside_the_catalogue(path: Path) -> None:
    assert bare_labels(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Hello {{ name }}</p>",
        "{% if a %}Hello{% endif %}",
        '<a title="Hello">{{ _("x") }}</a>',
        '<nav aria-label="{% if a %}Hello{% endif %}">',
        "{{ 'Hello there' }}",
        "{% set a = 'Hello there' %}",
        "{% trans %}fine{% endtrans %} Hello",
    ],
)
def test_a_planted_word_in_a_template_is_found(planted: str) -> None:
    assert any("Hello" in found for found in bare_words(planted))


@pytest.mark.parametrize(
    "planted",
    [
        "StringField('Hello')",
        "RadioField(label='Hello')",
        "needed('Hello there')",
        "TextAreaField(_l('fine'), description='Hello')",
        "CHOICES = (('a', 'Hello there'),)",
    ],
)
def test_a_planted_word_in_a_form_is_found(planted: str) -> None:
    assert any("Hello" in found for found in bare_labels(planted))


@pytest.mark.parametrize(
    "fine",
    [
        "{# Hello #}<p>{{ _('Hello') }}</p>",
        '<p class="hello">{% trans trimmed name=who %}Hello {{ name }}{% pluralize %}Hellos{% endtrans %}</p>',
        '<a aria-label="{{ _(\'Hello\') }}" href="/hello">{{ _(", ") }} · 1</a>',
    ],
)
def test_translated_words_are_left_alone(fine: str) -> None:
    assert bare_words(fine) == []


def test_the_catalogue_template_holds_exactly_the_words_of_the_source() -> None:
    with TEMPLATE_OF_ALL.open("rb") as file:
        kept = ids_of(read_po(file))

    assert kept == extracted_ids(), HOW_TO_RENEW


class Visible(HTMLParser):
    """Collects what a reader sees or hears and nobody can translate."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if LETTER.search(data):
            self.found.append(data.strip())

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value and LETTER.search(value)]


def bare_words(source: str) -> list[str]:
    html, literals = split(source)
    reader = Visible()
    reader.feed(html)
    reader.close()
    return reader.found + literals


def split(source: str) -> tuple[str, list[str]]:
    """Return the HTML with everything translated or computed cut out, and the sentences written inside expressions."""
    html, literals, before = [], [], ("", "")
    is_in_trans = False
    for _line, kind, value in Environment(extensions=["jinja2.ext.i18n"], autoescape=True).lex(source):
        if kind == "name" and value in {"trans", "endtrans"} and before[0] == "block_begin":
            is_in_trans = value == "trans"
        if kind == "data" and not is_in_trans:
            html.append(value)
        if kind == "string" and SENTENCE.match(value[1:-1]) and before != ("operator", "("):
            literals.append(value[1:-1])
        if kind != "whitespace":
            before = (kind, value)
    return "".join(html), literals


def bare_labels(source: str) -> list[str]:
    tree = ast.parse(source)
    passed_over = set(silent_strings(tree))
    spoken = [node for node in ast.walk(tree) if is_text(node) and node not in passed_over]
    named = set(label_arguments(tree))
    return [node.value for node in spoken if node in named or SENTENCE.match(node.value)]


def silent_strings(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, the keys of tables, and what a translator gets."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value
        elif isinstance(node, ast.Dict):
            yield from (key for key in node.keys if key)
        elif isinstance(node, ast.Call) and called(node) in TRANSLATORS:
            yield from node.args


def label_arguments(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if called(node).endswith("Field") and node.args:
                yield node.args[0]
            yield from (
                pair.value for pair in node.keywords if pair.arg in SPOKEN_ARGUMENTS and has_letters(pair.value)
            )


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def has_letters(node: ast.AST) -> bool:
    return is_text(node) and bool(LETTER.search(node.value))


def extracted_ids() -> set[str]:
    ways = [("templates/**.html", "jinja2"), ("**.py", "python")]
    keywords = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(PORTAL, ways, {"templates/**.html": {"encoding": "utf-8"}}, keywords)
    return {key_of(message) for _file, _line, message, _remarks, _context in found}


def ids_of(catalogue: Catalog) -> set[str]:
    return {key_of(entry.id) for entry in catalogue if entry.id}


def key_of(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else " | ".join(message)
