"""Which pages there are, in the order in which the site shows them, and the texts that are shipped for them."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"
ABOUT, WEEK = "about", "week"

#: The pages of each shelf that are shipped. A page's key is its shelf and its name, such as "about/charter".
SHIPPED: dict[str, tuple[str, ...]] = {
    ABOUT: (
        "ombuds",
        "can-and-cannot",
        "issues",
        "together",
        "visit",
        "prepare",
        "device",
        "practice",
        "exceptions",
        "exceptions-staff",
        "exceptions-students",
        "exceptions-families",
        "under-18",
        "not-notice",
        "who-we-report-to",
        "charter",
        "referrals",
        "records",
        "covenant",
        "help-now",
    ),
    WEEK: (
        "welcome",
        "new-staff",
        "hourly-staff",
        "managers",
        "students",
        "families",
        "myths",
        "who-does-what",
        "kit",
    ),
}
#: Of the week: what is there to copy, what tells facts, and every page that speaks to no audience of its own.
KIT = "kit"
FACTS = ("myths", "who-does-what")
FOR_ALL = frozenset({"welcome", *FACTS, KIT})
#: Addresses that are pages already; a page of the office cannot be called so.
TAKEN = frozenset({"about/limits", "about/voices", "week/poster", "week/cards", "week/events"})
#: Pages that an office may change and not take away: visitors are promised them.
ALWAYS = frozenset(
    {
        "about/device",
        "about/exceptions",
        "about/help-now",
        "about/not-notice",
        "about/practice",
        "about/records",
        "week/welcome",
    }
)
#: A page for one constituency begins with this, and is offered on the page of all exceptions.
GROUP = "exceptions-"
#: Where the cases stand in which the ombuds must speak.
EXCEPTIONS = f"{ABOUT}/exceptions"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 40


def is_name(name: str) -> bool:
    """Whether a page may be called so in its address."""
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None


def lists_cases(key: str) -> bool:
    """Whether a page tells when the ombuds must speak, to everybody or to one constituency."""
    return key == EXCEPTIONS or key.startswith(f"{ABOUT}/{GROUP}")


def tells_duties(key: str) -> bool:
    """Whether a visitor may come to harm where the page is missing: only an ombuds takes it off."""
    return lists_cases(key) or key == f"{ABOUT}/under-18"


def read_all() -> None:
    """Read every text in every language now: one that is read at a visitor's look would bear that moment."""
    for lang in sorted(each.name for each in FOLDER.iterdir() if each.is_dir()):
        for shelf, names in SHIPPED.items():
            for name in names:
                shipped(f"{shelf}/{name}", lang)


@cache
def shipped(key: str, lang: str) -> str | None:
    """The text that is shipped for a page in a language; None where there is none."""
    shelf, _slash, name = key.partition("/")
    if name not in SHIPPED.get(shelf, ()):
        return None
    path = FOLDER / lang / shelf / f"{name}.md"
    return path.read_text("utf-8") if path.is_file() else None
