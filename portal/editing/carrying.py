"""What somebody typed goes along when a sign-in has ended, so that no hour of writing is lost."""

from dataclasses import dataclass

from flask import request

from portal.fields import tidy

#: A text of the longest allowed is a tenth of it. What is longer than a page takes is answered with the text kept.
MOST = 2 * 1024 * 1024
#: The pages that a text is sent to; all others take a short form only.
_TAKES_TEXT = {"editing.text", "editing.sign_in", "desk.cover", "desk.sign_in"}


@dataclass(frozen=True)
class Typed:
    """A text that is not kept yet: of which page, in which language, and the mark of what it was written upon."""

    key: str
    lang: str
    text: str
    mark: str


def allow_long() -> None:
    """Let this request be as long as a text; before anything of the form is read."""
    if request.endpoint in _TAKES_TEXT:
        request.max_content_length = request.max_form_memory_size = MOST


def typed() -> Typed | None:
    """The text of a page that came along, whoever sends it: it is shown to its sender, and nothing is done with it."""
    found = request.form
    if request.method != "POST" or not (found.get("text") and found.get("key")):
        return None
    return Typed(found.get("key", ""), found.get("lang", ""), tidy(found["text"]), found.get("mark", ""))
