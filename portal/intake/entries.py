"""What of a matter a visitor may want in a calendar of their own."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from portal.intake.rules import Matter, Meeting, State
from portal.scheduling.invite import Entry

_UID_SIZE = 16
#: A cancelled one too, so that its entry disappears where it was taken before.
_NOTED = {State.BOOKED: False, State.CANCELLED: True, State.CALLED_OFF: True}


def worth_noting(matter: Matter, now: datetime) -> Sequence[Meeting]:
    """The meetings to come that are booked, or were."""
    return [each for each in matter.meetings if each.state in _NOTED and each.starts > now]


def entries(matter: Matter, title: str, now: datetime) -> list[Entry]:
    """One entry for each; `title` is the visitor's choice, as `Entry` wants it."""
    return [
        Entry(
            uid=_uid(matter, each),
            sequence=matter.version,
            title=title,
            starts=each.starts,
            minutes=each.minutes,
            is_cancelled=_NOTED[each.state],
        )
        for each in worth_noting(matter, now)
    ]


def _uid(matter: Matter, meeting: Meeting) -> str:
    """Made of what lies only inside the sealed document: a copied calendar fits to no row of a store.

    Not the meeting's own: in a matter of an older schema that is its slot's.
    """
    return hmac.digest(matter.room.encode(), b"calendar/v1\0" + meeting.uid.encode(), "sha256")[:_UID_SIZE].hex()
