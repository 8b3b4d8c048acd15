"""A file for the visitor's own calendar: first what it says and who may see it, then the file."""

from flask import Response, render_template, request

from portal import clock
from portal.intake.actions import Asked, action
from portal.intake.calendar_forms import CalendarForm
from portal.intake.entries import entries, worth_noting
from portal.intake.returning import NothingThere
from portal.intake.shown import matter_page, shown
from portal.language import _
from portal.pages import ANSWER_SIZE
from portal.scheduling import invite


@action("calendar")
def _calendar(asked: Asked) -> str | Response:
    now, found = clock.now(), asked.open()
    if isinstance(found, NothingThere):
        return matter_page(found, asked.words)
    if not worth_noting(found.matter, now):
        return matter_page(found, asked.words, remark=_("No time is to come, so there is nothing for a calendar."))
    form = CalendarForm(request.form if asked.form.sure.data == "yes" else None)
    if asked.form.sure.data == "yes" and form.validate():
        return _file(invite.write(entries(found.matter, form.wording, now), ANSWER_SIZE))
    matter = shown(found.matter, asked.words)
    form.ticket.data = matter.ticket
    return render_template("intake/calendar.html", matter=matter, form=form)


def _file(text: bytes) -> Response:
    """As long as any page, so that nobody on the line sees that it was one."""
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = "attachment; filename=appointment.ics"
    return response
