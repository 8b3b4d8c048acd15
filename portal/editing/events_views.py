"""The events of Ombuds Week, in the hands of whoever edits the site."""

import secrets
from http import HTTPStatus

from flask import abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from portal import clock, language
from portal.editing import carrying
from portal.editing.carrying import Typed
from portal.editing.door import blueprint, show
from portal.editing.events_forms import EventForm, MarkForm, as_fields
from portal.language import _
from portal.pages import state
from portal.site import board, event_rules, events, shelves, words
from portal.site.board import Told
from portal.site.events import Changed, Standing, TooMany
from portal.site.words import Text

_ID_BYTES = 8


@blueprint.get("/events", endpoint="events")
def events_list() -> str:
    now, zone, lang = clock.now(), state().settings.zone, board.chosen().languages[0]
    with state().stores.site.reading() as site:
        every = events.everything(site, zone)
        texts = words.find_all(site, [each.key for each in every], lang)
    found = [(each, *_titled(texts.get(each.key), lang)) for each in every]
    return show(
        "editing/events.html",
        coming=[line for line in found if line[0].ends > now],
        over=[line for line in found if line[0].ends <= now],
        own_lang=lang,
    )


@blueprint.get("/events/new")
def new_event() -> str:
    """A form for one more; it has its name already, so that what is sent twice is there once."""
    key = secrets.token_hex(_ID_BYTES)
    lang = _lang(key)
    with state().stores.site.reading() as site:
        found = events.standing(site, key, lang)
    return _page(key, _form(found, is_new=True), found, lang)


@blueprint.route("/events/<key>", methods=["GET", "POST"])
def event(key: str) -> str | Answer:
    lang = _lang(key)
    with state().stores.site.reading() as site:
        found = events.standing(site, _checked(key), lang)
    if request.method == "GET" and found.facts is None:
        abort(HTTPStatus.NOT_FOUND)
    form = _form(found)
    if not form.validate_on_submit():
        return _page(key, form, found, lang)
    if request.form.get("do") == "show":
        return _page(key, form, found, lang, shown=_preview(key, form, lang))
    return _keep(key, form, found, lang)


@carrying.brings_back("editing.event")
def _again(typed: Typed) -> str | None:
    key = typed.get("key")
    if not event_rules.is_id(key):
        return None
    lang = _lang(key, typed.get("lang"))
    with state().stores.site.reading() as site:
        found = events.standing(site, key, lang)
    flash(carrying.IS_BACK)
    return _page(key, _form(found, formdata=MultiDict(typed.fields)), found, lang)


@blueprint.post("/events/<key>/back")
def take_event_back(key: str) -> Answer:
    """The words before, in one language."""
    form, lang = MarkForm(), _lang(key)
    if form.validate_on_submit():
        with state().stores.site.writing() as site:
            done = events.take_back(site, _checked(key), lang, mark=form.mark.data)
        flash(
            _("Somebody else changed it meanwhile. Nothing was changed.") if isinstance(done, Changed) else _("Done.")
        )
    return redirect(url_for(".event", key=key, lang=lang))


@blueprint.route("/events/<key>/remove", methods=["GET", "POST"])
def remove_event(key: str) -> str | Answer:
    lang = _lang(key)
    with state().stores.site.reading() as site:
        found = events.standing(site, _checked(key), lang)
        text = words.find(site, events.key_of(key), lang)
    if found.facts is None:
        return redirect(url_for("editing.events"))
    form = MarkForm(data={"mark": found.mark})
    if not form.validate_on_submit():
        return show("editing/event_remove.html", form=form, key=key, title=_titled(text, lang)[0])
    with state().stores.site.writing() as site:
        done = events.remove(site, key, lang, mark=form.mark.data)
    if isinstance(done, Changed):
        flash(_("Somebody else changed it meanwhile. Look at it once more."))
        return redirect(url_for(".event", key=key, lang=lang))
    flash(_("The event is taken away."))
    return redirect(url_for("editing.events"))


def _keep(key: str, form: EventForm, found: Standing, lang: str) -> str | Answer:
    with state().stores.site.writing() as site:
        done = events.keep(
            site,
            key,
            form.facts(),
            lang,
            form.markdown(),
            mark=form.mark.data or "",
            zone=state().settings.zone,
            now=clock.now(),
        )
    if isinstance(done, TooMany):
        too_many = _("%(most)d events are to come already. Take one away first.") % {"most": event_rules.MOST}
        return _page(key, form, found, lang, problem=too_many)
    if isinstance(done, Changed):
        form.mark.data = done.now.mark
        changed = _(
            "Somebody else changed it meanwhile. Below is what stands there now, and your own words in the form."
        )
        return _page(key, form, done.now, lang, shown=_stands(key, done.now, lang), problem=changed)
    flash(_("Saved. Everybody can see it now."))
    return redirect(url_for("editing.events"))


def _form(found: Standing, *, is_new: bool = False, formdata: MultiDict[str, str] | None = None) -> EventForm:
    """As it was sent with this request, or else as it came along; a new one is empty."""
    titles = {each.name: each.title for each in board.titles(shelves.WEEK) if each.name not in shelves.FOR_ALL}
    data = as_fields(found) | {"mark": found.mark}
    given = {"formdata": formdata} if is_new or formdata is not None else {}
    return EventForm(titles, state().settings.zone, clock.now(), board.here(), data=data, **given)


def _page(
    key: str, form: EventForm, found: Standing, lang: str, *, shown: Told | None = None, problem: str = ""
) -> str:
    return show(
        "editing/event.html",
        form=form,
        key=key,
        is_new=found.facts is None,
        before=found.words.before,
        now=found.mark,
        back=MarkForm(formdata=None),
        shown=shown,
        problem=problem,
        spoken=lang,
        languages=[(each, language.tongue(each) or each) for each in _languages(key)],
    )


def _preview(key: str, form: EventForm, lang: str) -> Told:
    return board.told(events.made(key, form.facts(), state().settings.zone), form.markdown(), lang)


def _stands(key: str, found: Standing, lang: str) -> Told | None:
    """What stands there now; None where somebody took it away."""
    if found.facts is None:
        return None
    return board.told(events.made(key, found.facts, state().settings.zone), found.words.text, lang)


def _titled(text: Text | None, lang: str) -> tuple[str, str]:
    """A title and its language: as visitors see it, where it is not there in the language of the office."""
    title = event_rules.as_typed(text.text)[0] if text else ""
    return (title, text.lang) if text and title else (_("Not yet in this language"), lang)


def _languages(key: str) -> list[str]:
    """Those that the office chose, and others in which there are words: visitors may still be shown them."""
    with state().stores.site.reading() as site:
        written = words.written_in(site, [events.key_of(key)])
    return list(dict.fromkeys([*board.chosen().languages, *written[events.key_of(key)]]))


def _lang(key: str, asked: str | None = None) -> str:
    """In which language the words are; the office's own where nothing else was chosen."""
    offered, asked = _languages(key), request.args.get("lang", "") if asked is None else asked
    return asked if asked in offered else offered[0]


def _checked(key: str) -> str:
    if not event_rules.is_id(key):
        abort(HTTPStatus.NOT_FOUND)
    return key
