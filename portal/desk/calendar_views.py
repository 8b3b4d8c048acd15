"""The pages on which an ombuds connects a calendar of their own, and takes their times into it."""

from itertools import groupby

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import calendar as own
from portal.desk.calendar_forms import ASKING, MAKE, WHAT_TO_DO, CalendarForm, FeedForm, ForgetForm, ReadForm
from portal.desk.door import at_desk, blueprint
from portal.language import _
from portal.pages import state
from portal.tried import Tried, Tries


@blueprint.route("/calendar", methods=["GET", "POST"])
def calendar() -> str | Answer:
    form = CalendarForm()
    if not form.validate_on_submit():
        return _page(form)
    tried = own.connect(at_desk(), _tries(), form.address.data)
    if problem := _problem(tried):
        return _page(form, problem=problem)
    flash(_("Connected. From the next list on, times in which you are busy there are not offered."))
    return redirect(url_for("desk.calendar"))


@blueprint.post("/calendar/read")
def read_calendar() -> Answer:
    """Ask now; what went wrong stands on the page that follows."""
    if ReadForm().validate_on_submit():
        at = at_desk()
        tried = own.read_now(at, _tries())
        if own.look(at, _tries()) is None:
            flash(_("There is no calendar to read. Connect one first."))
        elif tried is None:
            flash(str(ASKING))
        elif not tried.problem:
            flash(_("It was read just now."))
    return redirect(url_for("desk.calendar"))


@blueprint.post("/calendar/forget")
def forget_calendar() -> str | Answer:
    """Asks once, and then forgets."""
    form, at = ForgetForm(), at_desk()
    connected = own.look(at, _tries())
    if connected is None or not form.validate_on_submit():
        return redirect(url_for("desk.calendar"))
    if not form.sure.data:
        return render_template("desk/calendar_sure.html", form=form, host=connected.host)
    own.forget(at, _tries())
    flash(_("Forgotten: the address, and all that this calendar said."))
    return redirect(url_for("desk.calendar"))


@blueprint.post("/calendar/feed")
def calendar_feed() -> str | Answer:
    """Makes an address, which only this answer ever shows, or stops the one there is."""
    form, at = FeedForm(), at_desk()
    if not form.validate_on_submit():
        return redirect(url_for("desk.calendar"))
    if form.action.data == MAKE:
        return _page(CalendarForm(formdata=None), token=own.new_feed(at))
    own.stop_feed(at)
    flash(_("Stopped. No address shows your times any more."))
    return redirect(url_for("desk.calendar"))


def _page(form: CalendarForm, *, problem: str = "", token: str = "") -> str:
    at = at_desk()
    connected, zone = own.look(at, _tries()), at.settings.zone
    spans = connected.spans if connected else []
    is_late = connected is not None and bool(connected.problem or own.is_silent(at))
    # Never typed back into the page, right or wrong: whoever sees it could read the calendar.
    form.address.data = None
    return render_template(
        "desk/calendar.html",
        form=form,
        problem=problem,
        connected=connected,
        is_late=is_late,
        failure=str(WHAT_TO_DO.get(connected.problem, "")) if connected else "",
        days=[(day, list(each)) for day, each in groupby(spans, lambda span: span[0].astimezone(zone).date())],
        feed=f"{state().settings.address}{url_for('scheduling.calendar', token=token)}" if token else "",
        read_form=ReadForm(formdata=None),
        forget_form=ForgetForm(formdata=None),
        feed_form=FeedForm(formdata=None),
    )


def _problem(tried: Tried | None) -> str:
    if tried is None:
        return str(ASKING)
    return str(WHAT_TO_DO[tried.problem]) if tried.problem else ""


def _tries() -> Tries:
    return state().volatile.calendars
