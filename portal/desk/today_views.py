"""One day on one sheet of paper, and nothing on it that need not be there."""

from datetime import timedelta
from types import SimpleNamespace

from flask import render_template, request

from portal.desk import service
from portal.desk.door import at_desk, blueprint
from portal.desk.morning import on_day
from portal.intake.rules import Matter, Meeting
from portal.scheduling.rules import Mode

_TOMORROW = "tomorrow"


@blueprint.get("/today")
def today() -> str:
    at = at_desk()
    is_tomorrow = request.args.get("day") == _TOMORROW
    day = at.today + timedelta(days=1) if is_tomorrow else at.today
    found = on_day(service.matters(at), day, service.morning(at))
    return render_template(
        "desk/today.html", day=day, is_tomorrow=is_tomorrow, meetings=[_row(matter, each) for matter, each in found]
    )


def _row(matter: Matter, meeting: Meeting) -> SimpleNamespace:
    place = (meeting.venue.name, meeting.venue.door) if meeting.mode == Mode.in_person else ()
    return SimpleNamespace(
        starts=meeting.starts,
        ends=meeting.ends,
        mode=meeting.mode,
        call_name=matter.stub.call_name,
        place=", ".join(part for part in place if part),
        contact=matter.stub.contact,
    )
