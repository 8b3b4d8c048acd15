"""Real catalogues in languages that nobody has written yet, so that every page can be seen in them."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog

from portal.site import choices
from portal.site.choices import Choices
from tests.cast import Server, World, serve
from tools.translating import words

#: What must stay as it is: a value to be filled in, a tag, an escaped percent sign.
_FIXED = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>)")
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def marked(text: str) -> str:
    """The text between marks that stand nowhere else: what is seen without them was not translated."""
    return f"⟦⟦⟦{text.strip()}⟧⟧⟧".join((text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]))


def in_arabic_letters(text: str) -> str:
    """As long in letters, and as long in bytes, as such a page is; nobody can read it."""
    parts = _FIXED.split(text)
    return "".join(part if number % 2 else _letters(part) for number, part in enumerate(parts))


def _letters(text: str) -> str:
    return "".join(_ARABIC[ord(each) % len(_ARABIC)] if each.isascii() and each.isalpha() else each for each in text)


def translated(lang: str, say: Callable[[str], str]) -> Catalog:
    """All words of visitors' pages, with each plural form of the language."""
    catalogue = words.renewed(words.begin(lang))
    for message in words.messages(catalogue).values():
        one = isinstance(message.id, str)
        message.string = say(message.id) if one else tuple(say(message.id[1]) for _ in range(catalogue.num_plurals))
        message.flags.discard("fuzzy")
    return catalogue


def keep(catalogue: Catalog, folder: Path, lang: str) -> None:
    """Both files of a language, as they lie in the portal."""
    path = words.file_of(lang, folder)
    words.write(catalogue, path)
    path.with_suffix(".mo").write_bytes(words.compiled(words.read(path, lang)))


def offer(world: World, *languages: str) -> None:
    """The office chooses its languages, its own first."""
    with world.stores.site.writing() as site:
        choices.keep(site, Choices(languages=languages))


#: What `portal serve` becomes, but for where it finds its catalogues.
_SPEAKING = """
import os, sys
from pathlib import Path
from portal import language
language.FOLDER = Path(sys.argv[1])
from portal.__main__ import main
main([os.environ["PORTAL_INSTANCE"], "127.0.0.1", sys.argv[-1]])
"""


def serve_speaking(world: World, folder: Path) -> Server:
    return serve(world, command=(sys.executable, "-c", _SPEAKING, str(folder)))
