"""In which language the page being made speaks: the office's own, or the one that a visitor chose.

A choice lives in the forms and links of the visit alone. No store, no cookie and no log ever holds it, and what a
browser says of its owner's languages is never read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, g, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from portal import language, log
from portal.pages import asked_fields, is_desk
from portal.site import board

#: The field, and the part of a query, that carries the choice.
FIELD = "lang"
#: What carries the whole of a choice sealed inside its address, and must not say it beside that too.
_SEALED = "intake.form"
_HOME = "outreach.home"


@dataclass(frozen=True)
class Tongue:
    """One language on the list: its code, its direction, its name in itself, and this page in it."""

    lang: str
    direction: str
    name: str
    url: str
    is_current: bool


#: What holds no word, and must answer whatever became of the stores: above all the way out.
_SPEAK_NOTHING = {"static.asset", "outreach.healthz", "outreach.leave_out"}


def begin() -> None:
    """Choose the language before anything else of a request is made, so that its error pages speak it too."""
    if is_desk(request) or request.endpoint in _SPEAK_NOTHING:
        return
    try:
        choose(str(asked_fields().get(FIELD, "")))
    except SQLAlchemyError as broken:  # the page that says so speaks too
        log.note(broken)


def end(_error: BaseException | None = None) -> None:
    language.fall_silent()


def choose(asked: str) -> None:
    """Make the rest of this page in this language; in the office's own, if the office does not offer it."""
    g.languages = offered()
    language.speak(asked if asked in g.languages else g.languages[0])


def go_on_in(sealed: str) -> None:
    """Take up the language that a sealed address holds, unless its query asks for another."""
    if FIELD not in request.args:
        choose(sealed)


def offered() -> tuple[str, ...]:
    """What the office chose and somebody has translated, the office's own first."""
    known = language.shipped()
    return tuple(each for each in board.chosen().languages if each in known) or (language.SOURCE,)


def name() -> str:
    """The language that was chosen; empty where the office's own is spoken, and at the desk."""
    languages = g.get("languages")
    return language.current() if languages and language.current() != languages[0] else ""


def field() -> str:
    """The hidden field with which a form takes the choice along; empty where there is none."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, name()) if name() else ""


def other(lang: str) -> str:
    """The attributes of what is in this language; empty where the page is in it too.

    Without them a voice would read it as it reads the page, and an English name of an emergency line is not Arabic.
    """
    if lang == language.current():
        return ""
    return Markup(' lang="{}" dir="{}"').format(lang, language.text_direction(lang))


def settings_words() -> str:
    """The attributes of what stands in the settings: it is there in one language, the office's own."""
    return other(board.chosen().languages[0])


def link(endpoint: str, **values: object) -> str:
    """The address of a page, with the choice in its query."""
    return url_for(endpoint, **{FIELD: name() or None} | values)  # type: ignore[arg-type]


def tongues(to: Callable[..., str], **values: object) -> list[Tongue]:
    """This page in each language, its address made by `to`; empty where there is none to choose.

    So it is on the answer to a form, which lives in no address: whoever pressed such a link there would lose a receipt.
    """
    languages: tuple[str, ...] = g.get("languages", ())
    if request.method == "POST" or len(languages) < 2:  # noqa: PLR2004 - one is no choice
        return []
    endpoint = request.endpoint or _HOME
    written: Callable[..., str] = url_for if endpoint == _SEALED else to
    values |= request.view_args or {}
    return [
        Tongue(
            lang=each,
            direction=language.text_direction(each),
            name=language.own_name(each),
            url=written(endpoint, **values | {FIELD: each}),
            is_current=each == language.current(),
        )
        for each in languages
    ]


def dress(app: Flask) -> None:
    """Give every request its language, and templates what carries it."""
    app.before_request(begin)
    app.teardown_request(end)
    app.jinja_env.globals.update(lang_field=field, spoken_url=link, other_lang=other, settings_lang=settings_words)
