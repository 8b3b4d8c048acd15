"""The way into the desk: sign in, cover, sign out, and the guard of everything behind it."""

import os
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.desk import greeting, service
from portal.desk.admitting import ALONE
from portal.desk.changing import AtDesk
from portal.desk.forms import SignOutForm
from portal.editing import carrying
from portal.editing import door as editing
from portal.editing.door import EditorUser
from portal.language import _
from portal.office import service as office
from portal.office.forms import CoverForm, SignInForm
from portal.office.rules import DeskKeys, NotAdmitted, Wrapped
from portal.pages import is_desk, refuse_foreign_posts, state
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, PRIVATE_SIZE
from portal.sealing.places import Place
from portal.sessions import Desks, OpenDesk

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
login_manager = LoginManager()
login_manager.session_protection = None  # it would tie a desk to an address

_COOKIE_KEY = "opens"
_OUTSIDE = {"desk.join", "desk.confirm_join", "desk.sign_in", "desk.recover", "desk.confirm_recover", "desk.moved"}
_COVERED = {"desk.cover", "desk.sign_out"}
#: Pages of an open desk that name no visitor, and where somebody may type for long.
_SHOWS_NOBODY = {
    "desk.hours",
    "desk.practice",
    "desk.places",
    "desk.place",
    "desk.dates",
    "desk.colleagues",
    "desk.voices_page",
}
_SESSION = 16


class DeskUser(UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """Flask-Login's face of an open desk; its id is the random number of the sign-in, not of the person."""

    def __init__(self, key: bytes, desk: OpenDesk) -> None:
        self.id = key.hex()
        self.key = key
        self.desk = desk


@login_manager.user_loader  # type: ignore[untyped-decorator] # Flask-Login has no types
def _load(user_id: str) -> DeskUser | EditorUser | None:
    key, now = bytes.fromhex(user_id), clock.now()
    desk = state().volatile.desks.find(key, now)
    return editing.find_user(key, now) if desk is None else DeskUser(key, desk)


@blueprint.before_app_request
def guard() -> str | Answer | None:
    """Closed by default: whatever lies below /desk needs an open desk, and past the cover the second factor.

    It stands before every page there, of which blueprint ever, so that none can forget it. An editor gets to the pages
    on the editors' own list.
    """
    if not is_desk(request) or request.endpoint is None:
        return None
    carrying.allow_long()
    refuse_foreign_posts()
    if request.endpoint in _OUTSIDE | editing.OUTSIDE:
        return None
    if editing.is_editor():
        return None if request.endpoint in editing.FOR_EDITORS else redirect(url_for("editing.overview"))
    return _guard_desk()


def _guard_desk() -> str | Answer | None:
    if not current_user.is_authenticated:
        return _ask_whoever_it_was()
    if request.endpoint in _COVERED:
        return None
    if current_user.desk.is_covered:
        return _cover_page(CoverForm(formdata=None)) if carrying.typed() else redirect(url_for("desk.cover"))
    state().volatile.desks.touch(current_user.desk, clock.now())
    if not _is_open(request.endpoint or ""):
        flash(_("You can change the site's words once a colleague has admitted you."))
        return redirect(url_for("desk.colleagues"))
    return None


def _is_open(endpoint: str) -> bool:
    """Whether the ombuds who is signed in may open it: most of it only once a colleague has admitted them."""
    return endpoint in ALONE or desk_keys().office is not None


def _ask_whoever_it_was() -> str | Answer:
    """To the ombuds' door or the editors'; what was being written goes along."""
    is_of_site = request.blueprint == editing.blueprint.name
    if carrying.typed() and (_COOKIE_KEY in session or not is_of_site):
        return _sign_in_page(_sign_in_form(formdata=None))
    return editing.ask_to_sign_in() if is_of_site else redirect(url_for("desk.sign_in"))


def _go_on() -> str | None:
    return carrying.go_on(_is_open)


def desk_keys() -> DeskKeys:
    """The signed-in ombuds' keys, opened with the secret from the cookie for this one request."""
    desk: OpenDesk = current_user.desk
    opened = box.unlock(desk.locked_keys, bytes.fromhex(session[_COOKIE_KEY]), _place(current_user.key))
    private, rest = opened[:PRIVATE_SIZE], opened[PRIVATE_SIZE:]
    office_private = rest[KEY_SIZE:]
    return DeskKeys(desk.ombuds, private, rest[:KEY_SIZE], office_private or None)


def at_desk() -> AtDesk:
    """Whoever is signed in, at work now."""
    return AtDesk(state().stores, desk_keys(), state().settings, clock.now())


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Answer:
    form = _sign_in_form()
    if not form.validate_on_submit():
        return _sign_in_page(form)
    ombuds, now = bytes.fromhex(form.ombuds.data), clock.now()
    found = _try_to_sign_in(ombuds, form, now)
    if isinstance(found, NotAdmitted):
        form.second_factor.data = ""
        problem = _("These do not fit together. Wait for new digits, check the six words, and try again.")
        return _sign_in_page(form, problem)
    welcome = service.unlock(AtDesk(state().stores, found, state().settings, now))
    for sentence in greeting.sentences(welcome, state().settings.zone):
        flash(sentence)
    _open_desk(found, now)
    return _go_on() or redirect(url_for("desk.queue"))


@blueprint.route("/cover", methods=["GET", "POST"])
def cover() -> str | Answer:
    form, desk, now = CoverForm(), current_user.desk, clock.now()
    # What says that it is covered is covered, also when another window was in use meanwhile.
    state().volatile.desks.cover(desk)
    if not form.validate_on_submit():
        return _cover_page(form)
    last = state().volatile.factors.last(desk.ombuds)
    step = office.lift_cover(
        _wrapped(desk.ombuds), form.second_factor.data, settings=state().settings, now=now, last_step=last
    )
    if not isinstance(step, NotAdmitted) and state().volatile.factors.use(desk.ombuds, step):
        state().volatile.desks.uncover(desk, now)
        return _go_on() or redirect(url_for("desk.queue"))
    if state().volatile.desks.miss(current_user.key, desk):
        return _leave(_("Five wrong tries: the desk is closed. Sign in again."))
    return _cover_page(form, _("These digits are wrong or were used already. Wait for the next ones."))


def _sign_in_form(**values: None) -> SignInForm:
    form = SignInForm(**values)
    form.ombuds.choices = everybody()
    return form


def _sign_in_page(form: SignInForm, problem: str | None = None) -> str:
    return render_template("desk/sign_in.html", form=form, problem=problem, typed=carrying.typed())


def _cover_page(form: CoverForm, problem: str | None = None) -> str:
    return render_template("desk/cover.html", form=form, problem=problem, typed=carrying.typed())


@blueprint.post("/sign-out")
def sign_out() -> str | Answer:
    if not SignOutForm().validate_on_submit():
        return redirect(url_for("desk.queue"))
    return _leave(_("You are signed out."))


@blueprint.after_request
def cover_when_idle(response: Response) -> Response:
    """An open desk gives way to the cover by itself, also where nobody is there to reload it."""
    shows_visitors = request.endpoint not in _OUTSIDE | _COVERED | _SHOWS_NOBODY
    if shows_visitors and response.status_code == HTTPStatus.OK:
        seconds = int(Desks.IDLE.total_seconds()) + 1
        response.headers["Refresh"] = f"{seconds}; url={url_for('desk.cover')}"
    return response


@blueprint.after_request
def never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _leave(message: str) -> str | Answer:
    state().volatile.desks.close(current_user.key)
    logout_user()
    session.clear()
    flash(message)
    if carrying.typed():
        g.pop("csrf_token", None)  # of the session that has just ended
        return _sign_in_page(_sign_in_form(formdata=None))
    return redirect(url_for("desk.sign_in"))


def _try_to_sign_in(ombuds: bytes, form: SignInForm, now: datetime) -> DeskKeys | NotAdmitted:
    factors, wrapped = state().volatile.factors, _wrapped(ombuds)
    digits, settings, last = form.second_factor.data, state().settings, factors.last(ombuds)
    step = office.lift_cover(wrapped, digits, settings=settings, now=now, last_step=last)
    # Used up before the dear part: a hundred tries with the same digits would keep every thread busy for a minute.
    if isinstance(step, NotAdmitted) or not factors.use(ombuds, step):
        return NotAdmitted()
    found = office.sign_in(wrapped, digits, form.passphrase.data, settings=settings, now=now, last_step=last)
    return found if isinstance(found, NotAdmitted) else found[0]


def _open_desk(keys: DeskKeys, now: datetime) -> None:
    key, secret = os.urandom(_SESSION), os.urandom(KEY_SIZE)
    locked = box.lock(keys.private + keys.own + (keys.office or b""), secret, _place(key))
    desk = OpenDesk(keys.ombuds, locked, signed_in=now, seen=now)
    state().volatile.desks.open(key, desk)
    session.clear()
    session[_COOKIE_KEY] = secret.hex()
    login_user(DeskUser(key, desk))
    session.pop("_id", None)  # Flask-Login's hash of address and browser, which nothing here asks for


def locker_id(key: str | None) -> bytes:
    """A locker's id as addresses and hidden fields carry it; anything else, or nothing, is not found."""
    try:
        return bytes.fromhex(key or "none")
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)


def everybody() -> list[tuple[str, str]]:
    with state().stores.desk.reading() as desk:
        return [(key.hex(), name) for key, name, _public, _admitted in office.colleagues(desk)]


def _wrapped(ombuds: bytes) -> Wrapped | None:
    with state().stores.keys.reading() as keys:
        return office.find_wrapped(keys, ombuds)


def _place(key: bytes) -> Place:
    return Place("memory", key, "desk")
