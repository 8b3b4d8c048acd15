"""What an ombuds may do with a meeting, and which one comes next."""

from datetime import datetime

from portal.intake.rules import Matter, Meeting, State

#: So often a change at the desk is begun anew when somebody else was quicker.
TRIES = 5
_MARKABLE = {State.BOOKED, State.MET, State.MISSED}


def can_mark(meeting: Meeting, now: datetime) -> bool:
    """Met or missed can be said once a meeting has begun, and be corrected; a cancelled one is neither."""
    return meeting.starts <= now and meeting.state in _MARKABLE


def find_coming(matter: Matter, now: datetime) -> Meeting | None:
    """The next meeting that is booked and not over."""
    coming = [each for each in matter.meetings if each.state is State.BOOKED and each.ends > now]
    return min(coming, key=lambda each: each.starts, default=None)


def has_met(matter: Matter) -> bool:
    return any(each.state is State.MET for each in matter.meetings)
