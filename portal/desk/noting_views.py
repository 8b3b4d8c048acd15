"""The page of the ombuds' own notes on one matter."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import noting, service
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint, locker_id
from portal.desk.forms import NotesForm
from portal.desk.noting import Kept, NoRoom, Stale
from portal.desk.service import MatterView
from portal.intake.notes import room_left
from portal.language import _

_LONGEST_NUMBER = 12


@blueprint.route("/matter/<key>/notes", methods=["GET", "POST"])
def notes(key: str) -> str | Answer:
    at, form = at_desk(), NotesForm()
    if not form.validate_on_submit():
        return _page(at, key, form)
    done = noting.write(at, locker_id(key), form.text.data, _version(form))
    if isinstance(done, Stale):
        form.version.data = done.kept.version
        return _page(at, key, form, meanwhile=done.kept.text)
    if isinstance(done, NoRoom):
        form.text.errors = [_("This is too long, and nothing was kept. Please shorten it.")]
        return _page(at, key, form)
    if not isinstance(done, Kept):
        form.text.errors = [_("Nothing was kept: the visitor was here in the same moment. Save once more.")]
        return _page(at, key, form)
    flash(_("Your notes are kept."))
    return redirect(url_for("desk.matter", key=key))


def _page(at: AtDesk, key: str, form: NotesForm, meanwhile: str | None = None) -> str | Answer:
    """The notes as they were typed, or as they are kept; the matter's own page says why there are none."""
    found = service.open_matter(at, locker_id(key))
    if not isinstance(found, MatterView):
        return _orphaned(key, form) if form.is_submitted() else redirect(url_for("desk.matter", key=key))
    if not form.is_submitted():
        form.text.data, form.version.data = found.notes.text, found.notes.version
    return render_template(
        "desk/notes.html",
        form=form,
        key=key,
        call_name=found.matter.stub.call_name,
        meanwhile=meanwhile,
        room=room_left(replace(found.notes, text=form.text.data)),
    )


def _orphaned(key: str, form: NotesForm) -> str:
    """What was typed for a matter that is not there any more stays before the ombuds' eyes."""
    said = _("Nothing was kept: this matter has ended, or somebody else changed it. Copy what you still need by hand.")
    form.text.errors = [said]
    return render_template("desk/notes.html", form=form, key=key, call_name="", meanwhile=None, room=None)


def _version(form: NotesForm) -> int:
    """What the page showed; anything else is treated as notes that nobody has seen."""
    shown = form.version.data or ""
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < _LONGEST_NUMBER else -1
