"""The way in for editors, and the list of all that is open to them; whatever is not on it is closed."""

import os
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.editing import carrying, people
from portal.editing.forms import EditorSignInForm
from portal.editing.people import NotAdmitted
from portal.language import _
from portal.pages import state

blueprint = Blueprint("editing", __name__, url_prefix="/desk/site")

#: Without a sign-in.
OUTSIDE = frozenset({"editing.sign_in"})
#: All that an editor may open. A page that nobody wrote here is closed to editors, wherever it stands.
FOR_EDITORS = frozenset(
    {
        "editing.overview",
        "editing.add_page",
        "editing.show_page",
        "editing.remove_page",
        "editing.text",
        "editing.look",
        "editing.events",
        "editing.new_event",
        "editing.event",
        "editing.take_event_back",
        "editing.remove_event",
        "editing.sign_out",
    }
)
_SESSION = 16


class EditorUser(UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """Flask-Login's face of an editor's sign-in; its id is the random number of the sign-in."""

    def __init__(self, key: bytes) -> None:
        self.id = key.hex()
        self.key = key


def is_editor() -> bool:
    """Whether an editor asks, and no ombuds."""
    return isinstance(current_user._get_current_object(), EditorUser)  # noqa: SLF001 - what the proxy stands for


def find_user(key: bytes, now: datetime) -> EditorUser | None:
    return EditorUser(key) if state().volatile.editors.find(key, now) else None


def ask_to_sign_in() -> str | Answer:
    """Where nobody is signed in, or not any more; a text that was being written goes along."""
    if carrying.typed() is None:
        return redirect(url_for("editing.sign_in"))
    return sign_in_page(EditorSignInForm(formdata=None))


def sign_in_page(form: EditorSignInForm, problem: str | None = None) -> str:
    return render_template("editing/sign_in.html", form=form, problem=problem, typed=carrying.typed())


def show(template: str, **values: object) -> str:
    """A page of the words, with the head of whoever asks: an ombuds has a way back to the desk."""
    return render_template(template, is_editor=is_editor(), **values)


def try_to_sign_in(form: EditorSignInForm) -> str | None:
    """Open an editor's session, or say what is wrong: one sentence whatever it is, after the same work."""
    moment, tries = clock.seconds(), state().volatile.wrong_editors
    refused = _("These do not fit together. Wait for new digits, check name and words, and try again.")
    if not tries.take(moment):
        return _("Too many wrong tries. Wait for an hour, or ask an ombuds to change the text.")
    with state().stores.keys.reading() as keys:
        kept = people.find(keys, form.editor.data)
    pepper, now = state().settings.secrets.factors, clock.now()
    step = people.check(kept, form.passphrase.data, form.second_factor.data, pepper=pepper, now=now)
    if isinstance(step, NotAdmitted) or kept is None or not state().volatile.factors.use(kept.editor, step):
        form.second_factor.data = ""
        return refused
    tries.give_back(moment)
    _open(kept.editor, now)
    # Words take a while to check, and a right that is taken away meanwhile finds no open session yet to close.
    if _is_still_one(kept.editor):
        return None
    _close()
    return refused


@blueprint.post("/sign-out")
def sign_out() -> Answer:
    """Of an editor; an ombuds leaves by the desk's own door."""
    if is_editor():
        _close()
        flash(_("You are signed out."))
    return redirect(url_for("editing.sign_in"))


@blueprint.after_request
def never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_still_one(editor: bytes) -> bool:
    with state().stores.keys.reading() as keys:
        return editor in dict(people.everybody(keys))


def _close() -> None:
    state().volatile.editors.close(current_user.key)
    logout_user()
    session.clear()


def _open(editor: bytes, now: datetime) -> None:
    key = os.urandom(_SESSION)
    state().volatile.editors.open(key, editor, now)
    session.clear()
    login_user(EditorUser(key))
    session.pop("_id", None)  # Flask-Login's hash of address and browser, which nothing here asks for
