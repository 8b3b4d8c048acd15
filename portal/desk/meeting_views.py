"""Pages on which an ombuds proposes times, sets them, or calls a meeting off."""

import os
from itertools import groupby
from types import SimpleNamespace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import meetings, service
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint, locker_id
from portal.desk.matter_views import shown
from portal.desk.meeting_forms import ArrangeForm, UidForm
from portal.desk.meetings import Refused, Why, Wish
from portal.desk.service import MatterView
from portal.intake.rules import State
from portal.language import _
from portal.pages import state
from portal.scheduling.rules import Mode, SlotFacts

_PAGE_NUMBER = 16


@blueprint.route("/matter/<key>/times", methods=["GET", "POST"])
def arrange(key: str) -> str | Answer:
    at, form = at_desk(), ArrangeForm()
    if form.is_submitted() and form.is_complete():
        refused = _arranged(at, key, form)
        if refused is None:
            flash(
                _("The time is set. Say it to the visitor: nobody else tells them.")
                if form.action.data == "set"
                else _("Proposed. The visitor reads it when they come back. Until then nobody else gets the time.")
            )
            return redirect(url_for("desk.matter", key=key))
        _say(form, refused)
    return _page(at, key, form, "desk/times.html")


@blueprint.route("/matter/<key>/call-off/<uid>", methods=["GET", "POST"])
def call_off(key: str, uid: str) -> str | Answer:
    at, form = at_desk(), ArrangeForm()
    if form.is_submitted() and form.is_complete():
        wish = Wish(form.slot.ids, Mode(form.mode.data), page=form.page.data or "") if form.slot.data else None
        refused = meetings.call_off(at, locker_id(key), uid, wish)
        if refused is None:
            flash(_("Called off. The visitor reads it when they come back: reach them if they left a way to."))
            return redirect(url_for("desk.matter", key=key))
        _say(form, refused)
    return _page(at, key, form, "desk/call_off.html", uid)


@blueprint.post("/matter/<key>/withdraw")
def withdraw(key: str) -> Answer:
    form = UidForm()
    done = form.validate_on_submit() and meetings.withdraw(
        at_desk(), locker_id(key), form.meeting.data or "", state().volatile.publication
    )
    flash(
        _("Withdrawn. The time is free again from the next list on.")
        if done
        else _("Nothing was changed: the visitor has answered, or the proposal is gone.")
    )
    return redirect(url_for("desk.matter", key=key))


def _arranged(at: AtDesk, key: str, form: ArrangeForm) -> Refused | None:
    if not form.slot.data:
        return Refused(Why.MISSING)
    wanted = State.BOOKED if form.action.data == "set" else State.PROPOSED
    return meetings.arrange(at, locker_id(key), Wish(form.slot.ids, Mode(form.mode.data), wanted, form.page.data or ""))


def _page(at: AtDesk, key: str, form: ArrangeForm, template: str, uid: str | None = None) -> str | Answer:
    """The matter's times; or the queue, with a sentence, when it is gone or was tampered with."""
    found = service.open_matter(at, locker_id(key))
    if not isinstance(found, MatterView):
        flash(_("This matter cannot be changed: it has ended, or somebody else changed it."))
        return redirect(url_for("desk.queue"))
    matter = shown(found, at)
    meeting = next((each for each in matter.meetings if each.uid == uid), None)
    if uid is not None and not (meeting and meeting.can_call_off):
        flash(_("There is nothing to call off: it was cancelled, or it has begun."))
        return redirect(url_for("desk.matter", key=key))
    usual = meeting or matter.meeting
    if not request.form:
        form.mode.data = usual.mode if usual else None
    form.page.data = form.page.data or os.urandom(_PAGE_NUMBER).hex()
    return render_template(
        template, matter=matter, meeting=meeting, form=form, days=by_day(at, meetings.free_times(at))
    )


def by_day(at: AtDesk, slots: list[SlotFacts]) -> list[SimpleNamespace]:
    """Own times under their days, as the pages show them."""
    zone = at.settings.zone
    grouped = groupby(slots, lambda slot: slot.starts.astimezone(zone).date())
    return [SimpleNamespace(day=day, slots=list(group)) for day, group in grouped]


def _say(form: ArrangeForm, refused: Refused) -> None:
    match refused.why:
        case Why.TAKEN:
            form.slot.errors = [_("One of these times was taken meanwhile. Choose again: nothing was changed.")]
        case Why.MODE:
            form.mode.errors = [
                _("Not all of these times are offered in this way. Choose another way, or other times.")
            ]
        case Why.ROOM:
            form.slot.errors = [_("There is no room for so many times in this matter. Choose fewer, or withdraw one.")]
        case Why.GONE:
            form.slot.errors = [_("Nothing was changed: it was cancelled, or this matter has ended.")]
        case Why.MISSING:
            form.slot.errors = [_("Choose a time first.")]
