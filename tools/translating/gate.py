"""What keeps a language from being shown to visitors: each fault is a sentence that says where it is."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.site import marks
from tools.translating import words

TEXTS = words.PORTAL / "site" / "texts"
SOURCE = "en"
#: So many numbers show which form of a word goes with which: every known rule repeats within a hundred.
_NUMBERS = range(201)
#: How a sentence calls the number that it changes with.
_NUMBER = frozenset({"count", "num"})
_PLACE = re.compile(r"%\((\w+)\)[sd]")
_STRAY = re.compile(r"%(?!\(\w+\)[sd]|%)")
_TAG = re.compile(r"<[^>]+>")
_VALUE = re.compile(r"\{[a-z]+\}")


def faults(catalogue: Catalog, wanted: Catalog) -> list[str]:
    """All that is wrong with a catalogue, beside the words that visitors read."""
    here, there = words.messages(catalogue), words.messages(wanted)
    found = [f"missing: {key}" for key in there.keys() - here.keys()]
    found += [f"no longer said: {key}" for key in here.keys() - there.keys()]
    found += _faults_of_rule(catalogue)
    for key in there.keys() & here.keys():
        found += (f"{fault}: {key}" for fault in _faults(here[key], there[key], catalogue))
    return sorted(found)


def faults_of_file(lang: str, folder: Path = words.FOLDER) -> list[str]:
    """The same of a language's files: what translators write, and what the portal reads."""
    path = words.file_of(lang, folder)
    if not path.is_file():
        return ["there is no messages.po to the compiled file"]
    catalogue = words.read(path, lang)
    found = faults(catalogue, words.wanted())
    made = path.with_suffix(".mo")
    if made.is_file() and _said(words.read_compiled(made.read_bytes())) != _said(catalogue):
        found.append("messages.mo is not what messages.po says: run `make messages`")
    return found


def faults_of_texts(lang: str, folder: Path = TEXTS) -> list[str]:
    """Texts of a language that are not built as the source's are: a part, a promise or a link may be lost in them."""
    found = []
    for path in sorted((folder / SOURCE).glob("*/*.md")):
        name = path.relative_to(folder / SOURCE)
        theirs = folder / lang / name
        if not theirs.is_file():
            found.append(f"missing: {name}")
            continue
        found += [f"{name}: {each.what} in line {each.line}" for each in marks.refusals(theirs.read_text("utf-8"))]
        one, other = _shape(path.read_text("utf-8")), _shape(theirs.read_text("utf-8"))
        found += [f"{name}: other {part}: {one[part]} and {other[part]}" for part in one if one[part] != other[part]]
    return found


def _faults_of_rule(catalogue: Catalog) -> Iterator[str]:
    """Numbers that share a form must be those that share one in the language itself, as Unicode describes it."""
    assert catalogue.locale is not None
    chooses, named = c2py(catalogue.plural_expr), catalogue.locale.plural_form
    pairs = {(chooses(number), named(number)) for number in _NUMBERS}
    names = sorted({name for _form, name in pairs})
    if len(pairs) != len(names) or {form for form, _name in pairs} != set(range(catalogue.num_plurals)):
        yield f"the rule of plurals is not that of the language, which has: {', '.join(names)}"


def _faults(message: Message, wanted: Message, catalogue: Catalog) -> Iterator[str]:
    forms, source = _forms(message.string), _forms(wanted.id)
    if message.fuzzy:
        yield "fuzzy"
    if not all(form.strip() for form in forms):
        yield "not translated"
        return
    if len(source) == 1:
        yield from _faults_of_form(forms[0], source[0], may_drop=frozenset())
        return
    if len(forms) != catalogue.num_plurals:
        yield f"{len(forms)} of {catalogue.num_plurals} plural forms"
        return
    for number, form in enumerate(forms):
        is_of_one = len(_numbers(number, catalogue)) <= 1
        yield from _faults_of_form(form, source[1], may_drop=_NUMBER if is_of_one else frozenset())


def _faults_of_form(form: str, source: str, *, may_drop: frozenset[str]) -> Iterator[str]:
    """A form that stands for one number alone may say it in a word."""
    if {*_PLACE.findall(form)} - may_drop != {*_PLACE.findall(source)} - may_drop:
        yield "other values"
    if Counter(_TAG.findall(form)) != Counter(_TAG.findall(source)):
        yield "other tags"
    if _STRAY.search(form) and not _STRAY.search(source):
        yield "a stray %"
    if (form[0].isspace(), form[-1].isspace()) != (source[0].isspace(), source[-1].isspace()):
        yield "another space at an end"


def _numbers(form: int, catalogue: Catalog) -> list[int]:
    chooses = c2py(catalogue.plural_expr)
    return [number for number in _NUMBERS if chooses(number) == form]


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    return (text or "",) if text is None or isinstance(text, str) else text


def _said(catalogue: Catalog) -> tuple[object, object]:
    found = {key: tuple(_forms(each.string)) for key, each in words.messages(catalogue).items()}
    return catalogue.plural_forms, {key: forms for key, forms in found.items() if all(forms)}


def _shape(text: str) -> dict[str, object]:
    tokens = MarkdownIt("commonmark").parse(text)
    return {
        "headings": [token.tag for token in tokens if token.type == "heading_open"],
        "list items": sum(token.type == "list_item_open" for token in tokens),
        "links": sorted(set(_inner_links(tokens))),
        "values": sorted(set(_VALUE.findall(text))),
    }


def _inner_links(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or []:
            address = str(child.attrGet("href") or "")
            if child.type == "link_open" and address.startswith(("/", "#")):
                yield address
