"""All pages at a glance; one more page; what is shown of them."""

from types import SimpleNamespace

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import language
from portal.editing import overview
from portal.editing.door import FOR_EDITORS, blueprint, is_editor, show
from portal.editing.forms import PageForm, RemovePageForm, ShowForm
from portal.editing.overview import Line
from portal.language import _, _l
from portal.pages import state
from portal.site import added, board, shelves, words

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
    problem = _add(key)
    if problem:
        form.page_name.errors = [problem]
        return _page(form)
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


@blueprint.route("/page/remove", methods=["GET", "POST"])
def remove_page() -> str | Answer:
    """Of the pages that the office added; asked first, because nothing brings the words back."""
    key = (request.form if request.method == "POST" else request.args).get("key", "")
    with state().stores.site.reading() as site:
        now, title = added.mark(site, key), overview.title(site, key)
    if not now or (is_editor() and shelves.tells_duties(key)):
        flash(_("Nothing was changed: this page cannot be removed, or it is gone."))
        return redirect(url_for("editing.overview"))
    form = RemovePageForm(data={"key": key, "mark": now})
    if not form.validate_on_submit():
        return show("editing/page_remove.html", form=form, title=title, has_changed=False)
    with state().stores.site.writing() as site:
        done = added.remove(site, key, as_marked=form.mark.data)
    if not done:
        form.mark.data = now
        return show("editing/page_remove.html", form=form, title=title, has_changed=True)
    flash(_("The page is removed."))
    return redirect(url_for("editing.overview"))


def _add(key: str) -> str:
    """Add a page, or say why not."""
    if not shelves.is_name(key.partition("/")[2]):
        return _("Use small letters, digits and hyphens, such as “parking” or “night-shift”; 40 at most.")
    with state().stores.site.writing() as site:
        refused = added.add(site, key)
    if refused is added.Refused.THERE:
        return _("There is a page of this name already.")
    if refused is added.Refused.FULL:
        return _("%(most)d pages were added already. Remove one first, or write more on another.") % {
            "most": added.MOST
        }
    return ""


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
    may_remove = found.may_remove and not (is_editor() and shelves.tells_duties(found.key))
    return SimpleNamespace(**vars(found) | {"langs": langs, "may_remove": may_remove})


def _is_open(endpoint: str) -> bool:
    return endpoint in current_app.view_functions and (endpoint in FOR_EDITORS or not is_editor())
