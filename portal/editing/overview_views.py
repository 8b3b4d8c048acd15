"""All pages at a glance; one more page; what is shown of them."""

from types import SimpleNamespace

from flask import current_app, flash, redirect, url_for
from werkzeug.wrappers import Response as Answer

from portal import language
from portal.editing import overview
from portal.editing.door import FOR_EDITORS, blueprint, is_editor, show
from portal.editing.forms import PageForm, ShowForm
from portal.editing.overview import Line
from portal.language import _, _l
from portal.pages import state
from portal.site import board, shelves, words

_SHELVES = ((shelves.ABOUT, _l("About this office")), (shelves.WEEK, _l("Ombuds Week")))
#: What else is changed beside the pages; one that is not there yet, or is closed to who asks, is left out.
_WAYS = (
    ("editing.look", _l("Languages, colour, campaign")),
    ("editing.events", _l("Events")),
    ("desk.voices_page", _l("Voices of visitors")),
    ("editing.editors", _l("Editors")),
)


@blueprint.get("", endpoint="overview")
def overview_page() -> str:
    return _page(PageForm(formdata=None))


@blueprint.post("/page")
def add_page() -> str | Answer:
    form = PageForm()
    if not form.validate_on_submit():
        return _page(form)
    key = form.kind.data + form.page_name.data
    problem = _refuse(key)
    if problem:
        form.page_name.errors = [problem]
        return _page(form)
    with state().stores.site.writing() as site:
        words.show(site, key, shown=True)
    flash(_("The page is there. Visitors see it once it has a text."))
    return redirect(url_for("editing.text", key=key, lang=board.chosen().languages[0]))


@blueprint.post("/show")
def show_page() -> Answer:
    form = ShowForm()
    if form.validate_on_submit() and _set_shown(form.key.data or "", shown=form.shown.data == "yes"):
        flash(
            _("Visitors see the page now.") if form.shown.data == "yes" else _("The page is hidden. Its text is kept.")
        )
    else:
        flash(_("Nothing was changed: this page always stands there, or it is gone."))
    return redirect(url_for("editing.overview"))


def _set_shown(key: str, *, shown: bool) -> bool:
    if key in shelves.ALWAYS or (is_editor() and shelves.tells_duties(key)):
        return False
    with state().stores.site.writing() as site:
        if not overview.exists(site, key):
            return False
        words.show(site, key, shown=shown)
    return True


def _refuse(key: str) -> str:
    if not shelves.is_name(key.partition("/")[2]):
        return _("Use small letters, digits and hyphens, such as “parking” or “night-shift”; 40 at most.")
    with state().stores.site.reading() as site:
        is_there = key in shelves.TAKEN or overview.exists(site, key)
    return _("There is a page of this name already.") if is_there else ""


def _page(form: PageForm) -> str:
    langs = board.chosen().languages
    with state().stores.site.reading() as site:
        found = [(shelf, label, overview.lines(site, shelf, langs)) for shelf, label in _SHELVES]
    return show(
        "editing/overview.html",
        shelves=[SimpleNamespace(name=shelf, label=label, lines=map(_line, lines)) for shelf, label, lines in found],
        form=form,
        show_form=ShowForm(formdata=None),
        ways=[(endpoint, label) for endpoint, label in _WAYS if _is_open(endpoint)],
    )


def _line(found: Line) -> SimpleNamespace:
    langs = [(lang, language.tongue(lang) or lang, whose) for lang, whose in found.langs]
    return SimpleNamespace(**vars(found) | {"langs": langs})


def _is_open(endpoint: str) -> bool:
    return endpoint in current_app.view_functions and (endpoint in FOR_EDITORS or not is_editor())
