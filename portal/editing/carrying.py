"""What somebody typed goes along when a sign-in has ended, so that no hour of writing is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import g, request

from portal.fields import tidy
from portal.language import _l

#: A text of the longest allowed is a tenth of it. What is longer than a page takes is answered with the text kept.
MOST = 2 * 1024 * 1024
#: The pages that a text is sent to; all others take a short form only.
_TAKES_TEXT = {"editing.text", "editing.sign_in", "desk.cover", "desk.sign_in"}
IS_BACK = _l("You are signed in again. Your text is here, and not saved yet.")


@dataclass(frozen=True)
class _Form:
    """The fields in which somebody writes, of which one must hold something, and the others; no others are carried."""

    words: tuple[str, ...]
    others: tuple[str, ...]


_FORMS = {
    "editing.text": _Form(("text",), ("key", "lang", "mark", "checked")),
    "editing.event": _Form(
        ("title", "text", "place", "link"), ("key", "lang", "mark", "day", "starts", "ends", "audience")
    ),
    # Not its number: what was not published is a new one.
    "desk.voices_page": _Form(("text", "answer"), ("kind", "quarter", "lang")),
}


@dataclass(frozen=True)
class Typed:
    """A form that is not kept yet: the page that it belongs to, and its fields."""

    into: str
    fields: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.fields.get(name, "")


_AGAIN: dict[str, Callable[[Typed], str | None]] = {}


def brings_back(into: str) -> Callable[[Callable[[Typed], str | None]], Callable[[Typed], str | None]]:
    """Marks what shows the form of a page once more, as it was typed; it gives None where there is no such page."""

    def remember(show: Callable[[Typed], str | None]) -> Callable[[Typed], str | None]:
        _AGAIN[into] = show
        return show

    return remember


def allow_long() -> None:
    """Let this request be as long as a text; before anything of the form is read."""
    if request.endpoint in _TAKES_TEXT:
        request.max_content_length = request.max_form_memory_size = MOST


def typed() -> Typed | None:
    """What came along, whoever sends it: it is shown to its sender, and nothing is done with it."""
    if request.method != "POST":
        return None
    sent, into = request.form.to_dict(), request.form.get("into", "")
    if request.endpoint in _FORMS:
        sent, into = sent | request.args.to_dict() | dict(request.view_args or {}), request.endpoint
    form = _FORMS.get(into)
    if form is None or not any(sent.get(name) for name in form.words):
        return None
    return Typed(into, {name: tidy(sent[name]) for name in (*form.words, *form.others) if name in sent})


def go_on(is_open: Callable[[str], bool]) -> str | None:
    """Back to what was being written; None where nothing came along, or whoever signed in may not open its page."""
    found = typed()
    if found is None or not is_open(found.into):
        return None
    g.pop("csrf_token", None)  # Flask-WTF's, of the session that has just ended
    return _AGAIN[found.into](found)
