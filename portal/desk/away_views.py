"""The page on which an ombuds says in two taps that they cannot be there, and opens times again."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from types import SimpleNamespace

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.desk import away as service
from portal.desk.away import Blocked, Busy, Look
from portal.desk.changing import AtDesk
from portal.desk.door import at_desk, blueprint
from portal.desk.meeting_forms import BlockForm, LeaveForm, OpenAgainForm
from portal.desk.meeting_views import by_day
from portal.desk.moving import DAYS_SHOWN, part_of
from portal.intake.rules import Matter, Meeting
from portal.language import _, ngettext
from portal.notices.rules import Part
from portal.pages import state
from portal.scheduling import opening
from portal.scheduling.spans import Span

_DAY = timedelta(days=1)
_WEEK = range(7)
#: What the second page has of its own.
_OWN = frozenset({"csrf_token", "sure"})


@blueprint.route("/away", methods=["GET", "POST"])
def away() -> str | Answer:
    at, form = at_desk(), BlockForm()
    if not form.validate_on_submit():
        return _page(at, LeaveForm(formdata=None))
    span = form.span(at.settings.zone)
    if span is None or span[1] <= at.now:
        flash(_("This part of the day is over. Nothing was changed."))
        return redirect(url_for("desk.away"))
    return _block(at, span, form)


@blueprint.post("/away/leave")
def leave() -> str | Answer:
    at, form = at_desk(), LeaveForm()
    span = form.span(at.settings.zone, at.now)
    return _page(at, form) if span is None else _block(at, span, form)


@blueprint.post("/away/open")
def open_again() -> Answer:
    at, form = at_desk(), OpenAgainForm()
    count = 0
    if form.validate_on_submit():
        days = _days_of(form.day.data or "")
        wanted = _of_day(at, form.day.data) if days else set(form.slot.ids)
        count = service.open_again(at, wanted, state().volatile.publication, days)
        if days and not count:
            flash(_("The day is open again. Your hours count from the next list on."))
            return redirect(url_for("desk.away"))
    flash(
        ngettext("%(count)d time is open again.", "%(count)d times are open again.", count) % {"count": count}
        + " "
        + _("Visitors see it from the next list on.")
        if count
        else _("Nothing was changed. Choose at least one time.")
    )
    return redirect(url_for("desk.away"))


def _block(at: AtDesk, span: Span, form: BlockForm | LeaveForm) -> str | Answer:
    """Asks first where people are booked, and again where somebody booked after the question."""
    booked = service.booked_within(at, span)
    if not {meeting.uid for _matter, meeting in booked} <= set(form.sure.data):
        return _question(form, booked)
    done = service.block(at, span)
    if isinstance(done, Busy):
        flash(_("Nothing was changed: visitors were changing the same times. Please try again."))
        return redirect(url_for("desk.away"))
    for sentence in _sentences(done):
        flash(sentence)
    return redirect(url_for("desk.away"))


def _question(form: BlockForm | LeaveForm, booked: list[tuple[Matter, Meeting]]) -> str:
    lines = [
        SimpleNamespace(
            uid=each.uid,
            starts=each.starts,
            mode=each.mode,
            call_name=matter.stub.call_name,
            contact=matter.stub.contact,
        )
        for matter, each in booked
    ]
    sent = [(name, value) for name, value in request.form.items() if name in form and name not in _OWN]
    return render_template("desk/away_sure.html", form=form, lines=lines, sent=sent)


def _sentences(done: Blocked) -> Iterator[str]:
    yield _("Blocked: nobody can book this time any more.")
    if done.moved:
        yield ngettext(
            "%(count)d visitor is offered another time, and reads it when they come back.",
            "%(count)d visitors are offered another time, and read it when they come back.",
            done.moved,
        ) % {"count": done.moved}
    if done.unplaced:
        yield ngettext(
            "%(count)d visitor has no other time yet, and stands below.",
            "%(count)d visitors have no other time yet, and stand below.",
            done.unplaced,
        ) % {"count": done.unplaced}


def _page(at: AtDesk, leave_form: LeaveForm) -> str:
    found = service.look(at)
    return render_template(
        "desk/away.html",
        has_notice="desk.notice" in current_app.view_functions,
        days=_days(at),
        form=BlockForm(formdata=None),
        leave=leave_form,
        blocked=_blocked(at, found),
        is_sure=found.times.is_sure,
        stranded=found.stranded,
        moved=found.moved,
    )


def _days(at: AtDesk) -> list[SimpleNamespace]:
    """The next days on which this ombuds has hours, each with the parts that are not over."""
    with state().stores.desk.reading() as desk:
        ranges, _practice = opening.get_hours(desk, at.own.ombuds)
    weekdays = {each.weekday for each in ranges} or set(_WEEK)
    coming = [day for day in (at.today + n * _DAY for n in range(2 * len(_WEEK))) if day.weekday() in weekdays]
    return [
        SimpleNamespace(
            day=day,
            distance=(day - at.today).days,
            parts=[part.value for part in Part if part_of(day, part, at.settings.zone)[1] > at.now],
        )
        for day in coming[:DAYS_SHOWN]
    ]


def _blocked(at: AtDesk, found: Look) -> list[SimpleNamespace]:
    """The days with something to open again: blocked times, or a whole day away, also one without any times."""
    days = by_day(at, found.times.slots)
    empty = found.away - {each.day for each in days}
    return sorted([*days, *(SimpleNamespace(day=day, slots=[]) for day in empty)], key=lambda each: each.day)


def _days_of(text: str) -> list[date]:
    with suppress(ValueError):
        return [date.fromisoformat(text)]
    return []


def _of_day(at: AtDesk, day: str) -> set[bytes]:
    zone = at.settings.zone
    found = service.blocked_times(at).slots
    return {slot.id for slot in found if slot.starts.astimezone(zone).date().isoformat() == day}
