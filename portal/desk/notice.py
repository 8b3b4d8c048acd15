"""An ombuds who cannot come says so on the public pages: at the desk, or with a PIN from a phone."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from portal import clock
from portal.desk.door import blueprint, everybody
from portal.language import _
from portal.notices import sentences, service
from portal.notices.board import today
from portal.notices.forms import DROP, OTHER, SET, MovedForm, NoticeForm, PinForm
from portal.notices.rules import LastBeforeFirst, Notice, draw_pin, read_pin, refuse, write_pin
from portal.pages import state


@blueprint.route("/notice", methods=["GET", "POST"])
def notice() -> str | Answer:
    form = NoticeForm()
    form.offer(today(), state().settings.zone)
    if not _is_complete(form):
        return _page(form)
    _show(current_user.desk.ombuds, form)
    return redirect(url_for("desk.notice"))


@blueprint.post("/notice/pin")
def pin() -> str | Answer:
    """Makes a PIN, which only this answer ever shows, or takes it away."""
    form, ombuds = PinForm(), current_user.desk.ombuds
    if not form.validate_on_submit():
        return redirect(url_for("desk.notice"))
    if form.action.data == DROP:
        with state().stores.keys.writing() as keys:
            service.drop_pin(keys, ombuds)
        flash(_("The PIN is taken away. It no longer works."))
        return redirect(url_for("desk.notice"))
    new = draw_pin()
    kept = service.pinned(new, state().settings.secrets.factors)
    with state().stores.keys.writing() as keys:
        service.keep_pin(keys, ombuds, kept)
    shown = NoticeForm(formdata=None)
    shown.offer(today(), state().settings.zone)
    return _page(shown, new_pin=write_pin(new))


@blueprint.route("/moved", methods=["GET", "POST"])
def moved() -> str | Answer:
    """Outside the sign-in, for whoever has the PIN; it can do nothing else."""
    form = MovedForm()
    form.ombuds.choices = everybody()
    form.offer(today(), state().settings.zone)
    if not _is_complete(form):
        return render_template("desk/moved.html", form=form, problem=None)
    problem = _problem_with_pin(form)
    if problem:
        form.pin.data = ""
        return render_template("desk/moved.html", form=form, problem=problem)
    _show(bytes.fromhex(form.ombuds.data), form)
    return redirect(url_for("desk.moved"))


def _page(form: NoticeForm, *, new_pin: str = "") -> str:
    ombuds, day = current_user.desk.ombuds, today()
    with state().stores.site.reading() as site:
        days = service.find_notice(site, ombuds, day)
    with state().stores.keys.reading() as keys:
        has_pin = service.find_pin(keys, ombuds) is not None
    return render_template(
        "desk/notice.html",
        form=form,
        pin_form=PinForm(formdata=None),
        current=sentences.notice(Notice(_name(ombuds), days), state().settings.zone) if days else "",
        has_pin=has_pin,
        new_pin=new_pin,
    )


def _is_complete(form: NoticeForm) -> bool:
    """Whether the form can be obeyed; what is wrong with its days stands at the field to change."""
    if not form.validate_on_submit():
        return False
    refused = refuse(form.days(), today()) if form.action.data == SET else None
    if refused is None:
        return True
    field = form.last if isinstance(refused, LastBeforeFirst) else form.first
    (field if form.day.data == OTHER else form.day).errors = [sentences.refused(refused)]
    return False


def _show(ombuds: bytes, form: NoticeForm) -> None:
    """Set the notice or take it off, and let every page know."""
    with state().stores.site.writing() as site:
        if form.action.data == SET:
            service.set_notice(site, ombuds, form.days(), today=today())
        else:
            service.clear_notice(site, ombuds)
    state().volatile.board.forget()
    if form.action.data != SET:
        flash(_("No notice stands on the first page any more."))
        return
    said = sentences.notice(Notice(_name(ombuds), form.days()), state().settings.zone)
    flash(_("It stands on the first page now: %(notice)s") % {"notice": said})


def _problem_with_pin(form: MovedForm) -> str | None:
    """One sentence for every wrong PIN, also where there is none; each costs the same."""
    moment, tries = clock.seconds(), state().volatile.wrong_pins
    if not tries.take(moment):
        return _("Too many wrong PINs. Try again in an hour, or sign in to the desk.")
    with state().stores.keys.reading() as keys:
        kept = service.find_pin(keys, bytes.fromhex(form.ombuds.data))
    if service.is_pin(kept, read_pin(form.pin.data) or "", state().settings.secrets.factors):
        tries.give_back(moment)
        return None
    return _("This PIN opens nothing here. Check the name and the digits.")


def _name(ombuds: bytes) -> str:
    return dict(everybody()).get(ombuds.hex(), "")
