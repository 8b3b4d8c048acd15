"""Joins the small style sheets into one file per audience, so that a page needs one request for its looks."""

import re
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"

_CORE = ("tokens", "base", "letter", "actions", "fields", "notices", "print")
SITE_SHEETS = (*_CORE, "exit", "text", "times", "words", "aside", "thread", "permissions", "stored", "voices", "events")
DESK_SHEETS = (
    *_CORE,
    "words",
    "desk",
    "queue",
    "hours",
    "away",
    "week",
    "thread",
    "permissions",
    "paper",
    "counts",
    "editing",
    "events",
)
_PRINTED = ("tokens", "base", "letter", "actions", "exit", "printed", "poster", "cards")
#: What is made for a sheet of paper, by the size of it.
PAPER_SHEETS = {"a4": (*_PRINTED, "a4"), "us-letter": (*_PRINTED, "us-letter")}

_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_LOOSE = re.compile(r" ?([{};,>]) ?")


def bundle(names: tuple[str, ...], after_tokens: str = "") -> tuple[bytes, str]:
    """Return the joined sheets, as UTF-8, and a digest of 12 hex digits that changes with them.

    What stands `after_tokens` is in the place where it changes them, and print still changes it.
    """
    sheets = [(FOLDER / "css" / f"{name}.css").read_text("utf-8") for name in names]
    joined = "\n".join([sheets[0], after_tokens, *sheets[1:]])
    body = _squeeze(joined).encode()
    return body, digest(body)


def digest(body: bytes) -> str:
    """Name a version of a file; part of its address, so that a browser may keep it for ever."""
    return sha256(body).hexdigest()[:12]


def _squeeze(sheet: str) -> str:
    """Drop remarks and loose space. Colons stay as they are: `a :focus` and `a:focus` differ."""
    bare = _SPACE.sub(" ", _REMARK.sub("", sheet))
    return _LOOSE.sub(r"\1", bare).replace(";}", "}").strip()
