"""The events of Ombuds Week, in the hands of whoever edits the site."""

import secrets
from http import HTTPStatus

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import clock, language
from portal.editing.door import blueprint, show
from portal.editing.events_forms import EventForm, MarkForm, as_fields
from portal.language import _
from portal.pages import state
from portal.site import board, event_rules, events, shelves
from portal.site.board import Told
from portal.site.events import Changed, Standing, TooMany

_ID_BYTES = 8


@blueprint.get("/events", endpoint="events")
def events_list() -> str:
    now, zone = clock.now(), state().settings.zone
    with state().stores.site.reading() as site:
        found = [(each, _title(events.standing(site, each.id, _lang()))) for each in events.everything(site, zone)]
    return show(
        "editing/events.html",
        coming=[(each, title) for each, title in found if each.ends > now],
        over=[(each, title) for each, title in found if each.ends <= now],
    )


@blueprint.get("/events/new")
def new_event() -> str:
    """A form for one more; it has its name already, so that what is sent twice is there once."""
    key = secrets.token_hex(_ID_BYTES)
    with state().stores.site.reading() as site:
        found = events.standing(site, key, _lang())
    return _page(key, _form(found, is_new=True), found)


@blueprint.route("/events/<key>", methods=["GET", "POST"])
def event(key: str) -> str | Answer:
    with state().stores.site.reading() as site:
        found = events.standing(site, _checked(key), _lang())
    if request.method == "GET" and found.facts is None:
        abort(HTTPStatus.NOT_FOUND)
    form = _form(found)
    if not form.validate_on_submit():
        return _page(key, form, found)
    if request.form.get("do") == "show":
        return _page(key, form, found, shown=_preview(key, form))
    return _keep(key, form, found)


@blueprint.post("/events/<key>/back")
def take_event_back(key: str) -> Answer:
    """The words before, in one language."""
    form = MarkForm()
    if form.validate_on_submit():
        with state().stores.site.writing() as site:
            done = events.take_back(site, _checked(key), _lang(), mark=form.mark.data)
        flash(
            _("Somebody else changed it meanwhile. Nothing was changed.") if isinstance(done, Changed) else _("Done.")
        )
    return redirect(url_for(".event", key=key, lang=_lang()))


@blueprint.route("/events/<key>/remove", methods=["GET", "POST"])
def remove_event(key: str) -> str | Answer:
    with state().stores.site.reading() as site:
        found = events.standing(site, _checked(key), _lang())
    if found.facts is None:
        return redirect(url_for("editing.events"))
    form = MarkForm(data={"mark": found.mark})
    if not form.validate_on_submit():
        return show("editing/event_remove.html", form=form, key=key, title=_title(found))
    with state().stores.site.writing() as site:
        done = events.remove(site, key, _lang(), mark=form.mark.data)
    if isinstance(done, Changed):
        flash(_("Somebody else changed it meanwhile. Look at it once more."))
        return redirect(url_for(".event", key=key, lang=_lang()))
    flash(_("The event is taken away."))
    return redirect(url_for("editing.events"))


def _keep(key: str, form: EventForm, found: Standing) -> str | Answer:
    with state().stores.site.writing() as site:
        done = events.keep(
            site,
            key,
            form.facts(),
            _lang(),
            form.markdown(),
            mark=form.mark.data or "",
            zone=state().settings.zone,
            now=clock.now(),
        )
    if isinstance(done, TooMany):
        too_many = _("%(most)d events are to come already. Take one away first.") % {"most": event_rules.MOST}
        return _page(key, form, found, problem=too_many)
    if isinstance(done, Changed):
        form.mark.data = done.now.mark
        changed = _(
            "Somebody else changed it meanwhile. Below is what stands there now, and your own words in the form."
        )
        return _page(key, form, done.now, shown=_stands(key, done.now), problem=changed)
    flash(_("Saved. Everybody can see it now."))
    return redirect(url_for("editing.events"))


def _form(found: Standing, *, is_new: bool = False) -> EventForm:
    pages = [each for each in board.shelf(shelves.WEEK) if each.name not in shelves.FOR_ALL]
    titles = {each.name: each.written.title for each in pages}
    data = as_fields(found) | {"mark": found.mark}
    zone, now, here = state().settings.zone, clock.now(), board.here()
    form = EventForm(titles, zone, now, here, formdata=None, data=data) if is_new else None
    return form or EventForm(titles, zone, now, here, data=data)


def _page(key: str, form: EventForm, found: Standing, shown: Told | None = None, problem: str = "") -> str:
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
        spoken=_lang(),
        languages=[(each, language.tongue(each)) for each in board.chosen().languages],
    )


def _preview(key: str, form: EventForm) -> Told:
    return board.told(events.made(key, form.facts(), state().settings.zone), form.markdown(), _lang())


def _stands(key: str, found: Standing) -> Told | None:
    """What stands there now; None where somebody took it away."""
    if found.facts is None:
        return None
    return board.told(events.made(key, found.facts, state().settings.zone), found.words.text, _lang())


def _title(found: Standing) -> str:
    return event_rules.as_typed(found.words.text)[0] or _("Not yet in this language")


def _lang() -> str:
    """In which language the words are; the office's own where nothing else was chosen."""
    offered, asked = board.chosen().languages, request.args.get("lang", "")
    return asked if asked in offered else offered[0]


def _checked(key: str) -> str:
    if not event_rules.is_id(key):
        abort(HTTPStatus.NOT_FOUND)
    return key
