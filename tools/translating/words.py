"""Which of the visible words a visitor can meet, and the files in which each language keeps them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

PORTAL = Path(__file__).parents[2] / "portal"
FOLDER = PORTAL / "locale"
TEMPLATE = FOLDER / "messages.pot"

#: Whose words are met at the desk, by editors or by the operator alone: folders, and single files. All else is a
#: visitor's, so that a new file is translated until somebody says that no visitor sees it.
INSIDE = (
    "portal/desk/",
    "portal/doctor/",
    "portal/editing/",
    "portal/reporting/",
    "portal/seizure/",
    "portal/templates/desk/",
    "portal/templates/editing/",
    "portal/notices/forms.py",
    "portal/office/forms.py",
    "portal/scheduling/hours_forms.py",
    "portal/scheduling/place_forms.py",
    "portal/scheduling/practice_forms.py",
    "portal/scheduling/range_forms.py",
)
_HEAD = (
    "# The words of visitors' pages. `make messages` keeps this file in step with them.\n"
    "# Written by the makers; a native reader has not checked it yet.\n"
    "# Checked by a native reader: no"
)
#: The same in all files and for ever: a date that changes would make two people's work collide, and tells nothing.
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_WIDTH = 120
#: As translators know it: none, one, two, few, many, other. Babel's own rule has the last two the other way round.
_RULES = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}


def is_visitors(message: Message) -> bool:
    return any(not path.startswith(INSIDE) for path, _line in message.locations)


def wanted() -> Catalog:
    """All that a visitor can read, as the source says it."""
    found = Catalog()
    for message in _messages(read(TEMPLATE)):
        if is_visitors(message):
            found[message.id] = message
    return found


def messages(catalogue: Catalog) -> dict[str, Message]:
    """By what the source says; of what changes with a number, by its singular."""
    return {_key(message): message for message in _messages(catalogue)}


def languages(folder: Path = FOLDER) -> list[str]:
    """Those with a file, translated or not."""
    return sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/messages.po"))


def file_of(lang: str, folder: Path = FOLDER) -> Path:
    return folder / lang / "LC_MESSAGES" / "messages.po"


def read(path: Path, lang: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=lang.replace("-", "_") if lang else None)


def compiled(catalogue: Catalog) -> bytes:
    """As the portal reads it."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def read_compiled(made: bytes) -> Catalog:
    return read_mo(BytesIO(made))


def begin(lang: str) -> Catalog:
    """An empty catalogue, with the plural forms of the language."""
    found = Catalog(
        locale=lang.replace("-", "_"),
        header_comment=_HEAD,
        project="ombuds-portal",
        version="1",
        creation_date=_DAY,
        revision_date=_DAY,
        last_translator="the makers",
        language_team=lang,
        msgid_bugs_address="see README.md",
        fuzzy=False,
    )
    if lang in _RULES:
        found.mime_headers = [("Plural-Forms", _RULES[lang])]
    return found


def renewed(catalogue: Catalog) -> Catalog:
    """With all the words there are now, with what is translated of them, and with no others."""
    # Nothing is guessed from a sentence that reads alike: half a translation of another promise would be a lie.
    catalogue.update(wanted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=_WIDTH, sort_by_file=True, include_lineno=False)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
