"""Join and recover: the two ways to papers of one's own, shown once."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.desk import service
from portal.desk.door import blueprint, everybody
from portal.language import _
from portal.office import service as office
from portal.office.factor import as_text, matching_step, provisioning_uri
from portal.office.forms import ConfirmJoinForm, JoinForm, RecoverForm
from portal.office.rules import CodeUnknown, Kit, NotAdmitted, write_recovery
from portal.outreach.picture import drawn
from portal.pages import read_ticket, state, write_ticket
from portal.sealing.keys import fingerprint, ombuds_keys, public_of

# Two kinds of ticket: what began as joining must never end as recovering somebody else's desk.
_JOIN, _RECOVER = "join", "recover"


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> str | Answer:
    form = JoinForm()
    if form.validate_on_submit():
        with state().stores.desk.reading() as desk:
            found = office.find_invitation(desk, form.code.data)
        if isinstance(found, CodeUnknown):
            unknown = _("This code opens nothing. It may be used already; ask for a new one.")
            form.code.errors = [*form.code.errors, unknown]
        else:
            return _show_kit(_JOIN, found, office.new_kit(), code=form.code.data)
    return render_template("desk/join.html", form=form)


@blueprint.post("/join/confirm")
def confirm_join() -> str | Answer:
    form, found = ConfirmJoinForm(), read_ticket(_JOIN, request.form.get("ticket", ""))
    if found is None:
        flash(_("This page rested too long. Type your code again; the papers from before are void."))
        return redirect(url_for("desk.join"))
    kit = _kit(found)
    if not _is_confirmed(form, kit, clock.now()):
        return _show_kit(_JOIN, bytes.fromhex(found["ombuds"]), kit, code=found["code"], form=form)
    if service.join(state().stores, code=found["code"], kit=kit, settings=state().settings, now=clock.now()):
        flash(_("Welcome. Sign in with your six words and the next six digits."))
    else:
        flash(_("This code was used, or replaced by a newer one. If you have joined already, sign in."))
    return redirect(url_for("desk.sign_in"))


@blueprint.route("/recover", methods=["GET", "POST"])
def recover() -> str | Answer:
    form = RecoverForm()
    form.ombuds.choices = everybody()
    if form.validate_on_submit():
        ombuds = bytes.fromhex(form.ombuds.data)
        with state().stores.desk.reading() as desk:
            found = office.find_recovery(desk, ombuds, form.recovery.data)
        if not isinstance(found, NotAdmitted):
            return _show_kit(_RECOVER, ombuds, office.new_kit(found))
        wrong = _("This is not the recovery code of this person. Check each row, and the order of the rows.")
        form.recovery.errors = [*form.recovery.errors, wrong]
    return render_template("desk/recover.html", form=form)


@blueprint.post("/recover/confirm")
def confirm_recover() -> str | Answer:
    form, found = ConfirmJoinForm(), read_ticket(_RECOVER, request.form.get("ticket", ""))
    if found is None:
        flash(_("This page rested too long. Type your recovery code again."))
        return redirect(url_for("desk.recover"))
    ombuds, kit = bytes.fromhex(found["ombuds"]), _kit(found)
    if not _is_confirmed(form, kit, clock.now()):
        return _show_kit(_RECOVER, ombuds, kit, form=form)
    wrapped = office.wrap(ombuds, kit, state().settings)
    with state().stores.keys.writing() as keys:
        office.renew(keys, wrapped)
    state().volatile.desks.close_all_of(ombuds)
    flash(_("Your new six words and second factor are in place. The old ones no longer work."))
    return redirect(url_for("desk.sign_in"))


def _show_kit(kind: str, ombuds: bytes, kit: Kit, *, code: str = "", form: ConfirmJoinForm | None = None) -> str:
    """The only page that ever shows a kit; the form carries it back under the process's own key."""
    form = form or ConfirmJoinForm(formdata=None)
    form.ticket.data = write_ticket(kind, _values(ombuds, kit) | {"code": code})
    with state().stores.desk.reading() as desk:
        name = office.get_name(desk, ombuds)
    uri = provisioning_uri(kit.factor, name, state().settings.office_name)
    return render_template(
        "desk/joined.html",
        form=form,
        confirm=url_for(f"desk.confirm_{kind}"),
        passphrase=kit.passphrase,
        totp_uri=uri,
        totp_svg=drawn(uri),
        totp_secret=as_text(kit.factor),
        recovery=write_recovery(kit.recovery),
        fingerprint=fingerprint(public_of(ombuds_keys(kit.recovery).private)),
    )


def _values(ombuds: bytes, kit: Kit) -> dict[str, str]:
    return {
        "ombuds": ombuds.hex(),
        "recovery": kit.recovery.hex(),
        "passphrase": kit.passphrase,
        "factor": kit.factor.hex(),
    }


def _kit(values: dict[str, str]) -> Kit:
    return Kit(bytes.fromhex(values["recovery"]), values["passphrase"], bytes.fromhex(values["factor"]))


def _is_confirmed(form: ConfirmJoinForm, kit: Kit, now: datetime) -> bool:
    if not form.validate_on_submit():
        return False
    if matching_step(kit.factor, form.second_factor.data, now) is not None:
        return True
    wrong = _("These digits do not fit. Check that the app has this secret and that your phone's clock is right.")
    form.second_factor.errors = [*form.second_factor.errors, wrong]
    return False
