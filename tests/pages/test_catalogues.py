"""A language is shown to visitors when it is whole: every word, every form, every value, and every text."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from portal import language
from tests.speaking import in_arabic_letters, keep, translated
from tools.translating import gate, words

WITH_FILES = words.languages()
SHOWN = language.shipped()[1:]
#: One of each kind of sentence.
PLAIN, FILLED, TAGGED = "See free times", "Your first choice cannot be met %(way)s.", "<strong>%(name)s</strong>"
COUNTED = "Each is %(count)s minute long."
PAGE = "# Title\n\nSee [the times](/times), {office}.\n\n- one\n- two\n"


@pytest.fixture
def arabic() -> Catalog:
    return translated("ar", in_arabic_letters)


@pytest.mark.parametrize("lang", SHOWN)
def test_a_language_that_is_shown_is_whole(lang: str) -> None:
    assert gate.faults_of_file(lang) == []
    assert gate.faults_of_texts(lang) == []


@pytest.mark.parametrize("lang", WITH_FILES)
def test_every_file_holds_exactly_the_words_of_visitors_pages(lang: str) -> None:
    found = words.messages(words.read(words.file_of(lang), lang))

    assert found.keys() == words.messages(words.wanted()).keys(), "renew it with `make messages`"


@pytest.mark.parametrize("lang", WITH_FILES)
def test_every_file_says_whether_somebody_who_grew_up_with_it_has_read_it(lang: str) -> None:
    head = words.file_of(lang).read_text("utf-8").partition("msgid")[0].splitlines()

    assert [line for line in head if line.startswith("# Checked by a native reader: ")] in (
        ["# Checked by a native reader: no"],
        [language.CHECKED],
    )


def test_a_language_is_marked_until_its_head_says_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    words.write(words.begin("ar"), words.file_of("ar", tmp_path))
    assert [language.is_checked(lang) for lang in ("en", "ar", "fr")] == [True, False, False]

    path = words.file_of("ar", tmp_path)
    path.write_text(path.read_text("utf-8").replace("native reader: no", "native reader: yes"), "utf-8")

    assert language.is_checked("ar")


def test_what_only_the_desk_says_is_no_visitors_word() -> None:
    wanted = words.messages(words.wanted())

    assert {"See free times", "Come back with six words"} <= wanted.keys()
    assert not {"Queue", "Sign out", "Type the recovery code from your printed page."} & wanted.keys()
    assert 500 < len(wanted) < 1100


def test_no_visitors_module_uses_a_file_that_is_said_to_be_the_desk_s() -> None:
    inside = {name.removesuffix(".py").replace("/", ".") for name in words.INSIDE if name.endswith(".py")}
    others = [path for path in words.PORTAL.rglob("*.py") if not _is_inside(path)]

    found = {(path.name, each) for path in others for each in _imported(path) if each in inside}

    assert found == set()


def test_a_whole_language_has_no_fault(arabic: Catalog) -> None:
    assert gate.faults(arabic, words.wanted()) == []


def planted(arabic: Catalog, key: str, change: Callable[[Message], None]) -> list[str]:
    change(words.messages(arabic)[key])
    return gate.faults(arabic, words.wanted())


def say(string: str | tuple[str, ...]) -> Callable[[Message], None]:
    return lambda message: setattr(message, "string", string)


@pytest.mark.parametrize(
    ("key", "change", "fault"),
    [
        (PLAIN, say(""), "not translated"),
        (PLAIN, say("100 % hier"), "a stray %"),
        (PLAIN, say(" hier"), "another space at an end"),
        (PLAIN, say("<b>hier</b>"), "other tags"),
        (PLAIN, say("%(name)s"), "other values"),
        (PLAIN, lambda message: message.flags.add("fuzzy"), "fuzzy"),
        (COUNTED, say(("%(count)s",) * 2), "2 of 6 plural forms"),
        (COUNTED, say(("%(count)s",) * 5 + ("",)), "not translated"),
        (COUNTED, say(("%(count)s",) * 5 + ("many",)), "other values"),
    ],
)
def test_a_planted_fault_in_a_sentence_is_found(
    arabic: Catalog, key: str, change: Callable[[Message], None], fault: str
) -> None:
    assert planted(arabic, key, change) == [f"{fault}: {key}"]


def test_a_form_of_one_number_alone_may_say_it_in_a_word(arabic: Catalog) -> None:
    forms = ("none", "one", "two", "%(count)s", "%(count)s", "%(count)s")
    assert planted(arabic, COUNTED, say(forms)) == []

    french = translated("fr", in_arabic_letters)
    assert planted(french, COUNTED, say(("one", "%(count)s"))) == [f"other values: {COUNTED}"], "French 0 is singular"


def test_a_value_or_a_link_that_got_lost_is_found(arabic: Catalog) -> None:
    there = words.messages(words.wanted())
    filled = next(key for key in there if "%(when)s" in key)
    linked = next(key for key in there if '<a href="%(url)s">' in key)

    assert planted(arabic, filled, say("later")) == [f"other values: {filled}"]
    assert f"other tags: {linked}" in planted(arabic, linked, say("%(url)s"))


def test_a_word_too_few_or_too_many_is_found(arabic: Catalog) -> None:
    arabic.delete(PLAIN)
    arabic.add("Said long ago", "قديم")

    assert gate.faults(arabic, words.wanted()) == [f"missing: {PLAIN}", "no longer said: Said long ago"]


def test_another_language_s_rule_of_plurals_is_found(tmp_path: Path, arabic: Catalog) -> None:
    keep(arabic, tmp_path, "ar")
    path = words.file_of("ar", tmp_path)
    head, rule, rest = path.read_text("utf-8").partition('"Plural-Forms:')
    path.write_text(f'{head}"Plural-Forms: nplurals=6; plural=(n != 1);\\n"\n{rest[rest.index(chr(34) + "MIME") :]}')

    assert rule
    assert any("rule of plurals" in fault for fault in gate.faults_of_file("ar", tmp_path))


def test_a_compiled_file_that_says_something_else_is_found(tmp_path: Path, arabic: Catalog) -> None:
    keep(arabic, tmp_path, "ar")
    assert gate.faults_of_file("ar", tmp_path) == []

    say("غير ذلك")(words.messages(arabic)[PLAIN])
    words.write(arabic, words.file_of("ar", tmp_path))

    assert gate.faults_of_file("ar", tmp_path) == ["messages.mo is not what messages.po says: run `make messages`"]


def text(folder: Path, lang: str, page: str) -> None:
    path = folder / lang / "about" / "visit.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")


@pytest.mark.parametrize(
    ("page", "faults"),
    [
        (PAGE, []),
        (PAGE.replace("See", "Voir"), []),
        (PAGE + "- three\n", ["about/visit.md: other list items: 2 and 3"]),
        (PAGE.replace("# ", "## "), ["about/visit.md: other headings: ['h1'] and ['h2']"]),
        (PAGE.replace("/times", "/week"), ["about/visit.md: other links: ['/times'] and ['/week']"]),
        (PAGE.replace("{office}", "nous"), ["about/visit.md: other values: ['{office}'] and []"]),
        (PAGE + "<b>oui\n", ["about/visit.md: html in line 7"]),
        ("", None),
    ],
)
def test_a_text_that_lost_a_part_is_found(tmp_path: Path, page: str, faults: list[str] | None) -> None:
    text(tmp_path, "en", PAGE)
    if faults is None:
        assert gate.faults_of_texts("fr", tmp_path) == ["missing: about/visit.md"]
        return
    text(tmp_path, "fr", page)
    assert gate.faults_of_texts("fr", tmp_path) == faults


def _is_inside(path: Path) -> bool:
    return path.relative_to(words.PORTAL.parent).as_posix().startswith(words.INSIDE)


def _imported(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {f"{node.module}" for node in nodes if isinstance(node, ast.ImportFrom)}
