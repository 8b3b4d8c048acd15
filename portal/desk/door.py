"""The way into the desk: join, sign in, cover, recover, sign out."""

import os
from datetime import datetime

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.desk import service
from portal.language import _
from portal.office import service as office
from portal.office.forms import ConfirmJoinForm, CoverForm, JoinForm, RecoverForm, SignInForm
from portal.office.rules import CodeUnknown, DeskKeys, Kit, NotAdmitted, Wrapped, write_recovery
from portal.pages import read_ticket, state, write_ticket
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, PRIVATE_SIZE, fingerprint, ombuds_keys, public_of
from portal.sealing.places import Place
from portal.volatile import OpenDesk

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
login_manager = LoginManager()
login_manager.session_protection = None  # it would keep a hash of the address and browser

_COOKIE_KEY = "opens"
_OUTSIDE = {"desk.join", "desk.confirm_join", "desk.sign_in", "desk.recover", "desk.confirm_recover"}
_COVERED = {"desk.cover", "desk.sign_out"}
_SESSION = 16


class DeskUser(UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """Flask-Login's face of an open desk; its id is the random number of the sign-in, not of the person."""

    def __init__(self, key: bytes, desk: OpenDesk) -> None:
        self.id = key.hex()
        self.key = key
        self.desk = desk


@login_manager.user_loader  # type: ignore[untyped-decorator] # Flask-Login has no types
def _load(user_id: str) -> DeskUser | None:
    key = bytes.fromhex(user_id)
    desk = state().volatile.desks.find(key, clock.now())
    return None if desk is None else DeskUser(key, desk)


@blueprint.before_request
def guard() -> Answer | None:
    """Nobody gets past this without an open desk, and past the cover not without the second factor."""
    if request.endpoint in _OUTSIDE:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("desk.sign_in"))
    if current_user.desk.is_covered:
        return None if request.endpoint in _COVERED else redirect(url_for("desk.cover"))
    state().volatile.desks.touch(current_user.desk, clock.now())
    return None


def desk_keys() -> DeskKeys:
    """The signed-in ombuds' keys, opened with the secret from the cookie for this one request."""
    desk: OpenDesk = current_user.desk
    opened = box.unlock(desk.locked_keys, bytes.fromhex(session[_COOKIE_KEY]), _place(current_user.key))
    private, rest = opened[:PRIVATE_SIZE], opened[PRIVATE_SIZE:]
    office_private = rest[KEY_SIZE:]
    return DeskKeys(desk.ombuds, private, rest[:KEY_SIZE], office_private or None)


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> str | Answer:
    form = JoinForm()
    if form.validate_on_submit():
        with state().stores.desk.reading() as desk:
            found = office.find_invitation(desk, form.code.data)
        if isinstance(found, CodeUnknown):
            form.code.errors = [
                *form.code.errors,
                _("This code opens nothing. It may be used already; ask for a new one."),
            ]
        else:
            return _show_kit(found, office.new_kit(), "desk.confirm_join")
    return render_template("desk/join.html", form=form)


@blueprint.post("/join/confirm")
def confirm_join() -> str | Answer:
    form, found = ConfirmJoinForm(), read_ticket("kit", request.form.get("ticket", ""))
    if found is None:
        flash(_("This page rested too long. Type your code again; the papers from before are void."))
        return redirect(url_for("desk.join"))
    ombuds, kit = bytes.fromhex(found["ombuds"]), _kit(found)
    if not _is_confirmed(form, kit, clock.now()):
        return _show_kit(ombuds, kit, "desk.confirm_join", form)
    if not service.join(state().stores, ombuds=ombuds, kit=kit, settings=state().settings):
        flash(_("You have joined already. Sign in."))
    else:
        flash(_("Welcome. Sign in with your passphrase and the next six digits."))
    return redirect(url_for("desk.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Answer:
    form = SignInForm()
    form.ombuds.choices = _everybody()
    if not form.validate_on_submit():
        return render_template("desk/sign_in.html", form=form, problem=None)
    ombuds, now = bytes.fromhex(form.ombuds.data), clock.now()
    found = _try_to_sign_in(ombuds, form, now)
    if isinstance(found, NotAdmitted):
        problem = _("These do not fit together. Check the six digits and the six words, then try again.")
        return render_template("desk/sign_in.html", form=form, problem=problem)
    if not service.unlock(state().stores, found):
        flash(_("Booking with you is closed: the key on this server is not yours. Tell your operator, on another way."))
    _open_desk(found, now)
    return redirect(url_for("desk.queue"))


@blueprint.route("/cover", methods=["GET", "POST"])
def cover() -> str | Answer:
    form, desk, now = CoverForm(), current_user.desk, clock.now()
    if not form.validate_on_submit():
        return render_template("desk/cover.html", form=form, problem=None)
    last = state().volatile.factors.last(desk.ombuds)
    step = office.lift_cover(
        _wrapped(desk.ombuds), form.second_factor.data, settings=state().settings, now=now, last_step=last
    )
    if not isinstance(step, NotAdmitted) and state().volatile.factors.use(desk.ombuds, step):
        state().volatile.desks.uncover(desk, now)
        return redirect(url_for("desk.queue"))
    if state().volatile.desks.miss(current_user.key, desk):
        return _leave(_("Five wrong tries: the desk is closed. Sign in again."))
    problem = _("These digits are wrong or were used already. Wait for the next ones.")
    return render_template("desk/cover.html", form=form, problem=problem)


@blueprint.route("/recover", methods=["GET", "POST"])
def recover() -> str | Answer:
    form = RecoverForm()
    form.ombuds.choices = _everybody()
    if form.validate_on_submit():
        ombuds = bytes.fromhex(form.ombuds.data)
        with state().stores.desk.reading() as desk:
            found = office.find_recovery(desk, ombuds, form.recovery.data)
        if not isinstance(found, NotAdmitted):
            return _show_kit(ombuds, office.new_kit(found), "desk.confirm_recover")
        form.recovery.errors = [
            *form.recovery.errors,
            _("This is not the recovery code of this person. Check each row."),
        ]
    return render_template("desk/recover.html", form=form)


@blueprint.post("/recover/confirm")
def confirm_recover() -> str | Answer:
    form, found = ConfirmJoinForm(), read_ticket("kit", request.form.get("ticket", ""))
    if found is None:
        flash(_("This page rested too long. Type your recovery code again."))
        return redirect(url_for("desk.recover"))
    ombuds, kit = bytes.fromhex(found["ombuds"]), _kit(found)
    if not _is_confirmed(form, kit, clock.now()):
        return _show_kit(ombuds, kit, "desk.confirm_recover", form)
    wrapped = office.wrap(ombuds, kit, state().settings)
    with state().stores.keys.writing() as keys:
        office.renew(keys, wrapped)
    state().volatile.desks.close_all_of(ombuds)
    flash(_("Your new passphrase and second factor are in place. The old ones no longer work."))
    return redirect(url_for("desk.sign_in"))


@blueprint.post("/sign-out")
def sign_out() -> Answer:
    return _leave(_("You are signed out."))


@blueprint.after_request
def never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _leave(message: str) -> Answer:
    state().volatile.desks.close(current_user.key)
    logout_user()
    session.clear()
    flash(message)
    return redirect(url_for("desk.sign_in"))


def _try_to_sign_in(ombuds: bytes, form: SignInForm, now: datetime) -> DeskKeys | NotAdmitted:
    factors = state().volatile.factors
    found = office.sign_in(
        _wrapped(ombuds),
        form.second_factor.data,
        form.passphrase.data,
        settings=state().settings,
        now=now,
        last_step=factors.last(ombuds),
    )
    if isinstance(found, NotAdmitted) or not factors.use(ombuds, found[1]):
        return NotAdmitted()
    return found[0]


def _open_desk(keys: DeskKeys, now: datetime) -> None:
    key, secret = os.urandom(_SESSION), os.urandom(KEY_SIZE)
    locked = box.lock(keys.private + keys.own + (keys.office or b""), secret, _place(key))
    desk = OpenDesk(keys.ombuds, locked, signed_in=now, seen=now)
    state().volatile.desks.open(key, desk)
    session.clear()
    session[_COOKIE_KEY] = secret.hex()
    login_user(DeskUser(key, desk))


def _show_kit(ombuds: bytes, kit: Kit, confirm: str, form: ConfirmJoinForm | None = None) -> str:
    """The only page that ever shows a kit; the form carries it back under the process's own key."""
    form = form or ConfirmJoinForm(formdata=None)
    values = {
        "ombuds": ombuds.hex(),
        "recovery": kit.recovery.hex(),
        "passphrase": kit.passphrase,
        "factor": kit.factor.hex(),
    }
    form.ticket.data = write_ticket("kit", values)
    with state().stores.desk.reading() as desk:
        name = office.get_name(desk, ombuds)
    uri = office.provisioning_uri(kit, name, state().settings.office_name)
    return render_template(
        "desk/joined.html",
        form=form,
        confirm=url_for(confirm),
        passphrase=kit.passphrase,
        totp_uri=uri,
        totp_svg=Markup(segno.make(uri).svg_inline(scale=4, dark="#000", light="#fff")),  # noqa: S704 - segno draws it
        totp_secret=office.factor_text(kit),
        recovery=write_recovery(kit.recovery),
        fingerprint=fingerprint(public_of(ombuds_keys(kit.recovery).private)),
    )


def _kit(values: dict[str, str]) -> Kit:
    return Kit(bytes.fromhex(values["recovery"]), values["passphrase"], bytes.fromhex(values["factor"]))


def _is_confirmed(form: ConfirmJoinForm, kit: Kit, now: datetime) -> bool:
    if not form.validate_on_submit():
        return False
    if office.is_factor(kit, form.second_factor.data, now):
        return True
    form.second_factor.errors = [
        *form.second_factor.errors,
        _("These digits do not fit. Check that the app has this secret and that your phone's clock is right."),
    ]
    return False


def _everybody() -> list[tuple[str, str]]:
    with state().stores.desk.reading() as desk:
        return [(key.hex(), name) for key, name, _public, _admitted in office.colleagues(desk)]


def _wrapped(ombuds: bytes) -> Wrapped | None:
    with state().stores.keys.reading() as keys:
        return office.find_wrapped(keys, ombuds)


def _place(key: bytes) -> Place:
    return Place("memory", key, "desk")
