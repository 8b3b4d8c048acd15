"""What a visitor does with times that the ombuds proposes, and how they ask for another meeting."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.intake.returning import Act, NoRoom, NothingThere, Opened, change_with, give_back, keeps_until
from portal.intake.rules import Matter, Meeting, State
from portal.scheduling.rules import Offer
from portal.sealing.keys import visitor_keys
from portal.volatile import Publication


def accept(
    stores: Stores, words: str, uid: str, *, publication: Publication[Offer], settings: Settings, now: datetime
) -> Opened | NothingThere:
    """Book a proposed time; a time that is over, was withdrawn or answered stays as it is. Twice is once.

    Times that were proposed in one step are ways to one meeting, as a list of times in a letter is: taking one says no
    to the others, which go back to the list. Proposals from other steps stay: they are other meetings.
    """

    def act(desk: Session, matter: Matter) -> Matter:
        meeting = _open_proposal(matter, uid, now)
        if meeting is None:
            return matter
        after = matter.with_state(uid, State.BOOKED)
        for other in other_ways(matter, meeting):
            _release(desk, other, publication, now)
            after = after.without_meeting(other.uid)
        return after

    return _answered(stores, words, act, settings, now)


def decline(
    stores: Stores, words: str, uid: str, *, publication: Publication[Offer], settings: Settings, now: datetime
) -> Opened | NothingThere:
    """Say no to a proposed time; it goes back as a cancelled one does: nobody gets it before the next publication."""

    def act(desk: Session, matter: Matter) -> Matter:
        meeting = _open_proposal(matter, uid, now)
        if meeting is None:
            return matter
        _release(desk, meeting, publication, now)
        return matter.with_state(uid, State.DECLINED)

    return _answered(stores, words, act, settings, now)


def other_ways(matter: Matter, meeting: Meeting) -> list[Meeting]:
    """The other open proposals of the step in which this one was made."""
    return [
        each
        for each in matter.meetings
        if meeting.choice and each.choice == meeting.choice and each.state is State.PROPOSED and each is not meeting
    ]


def _open_proposal(matter: Matter, uid: str, now: datetime) -> Meeting | None:
    meeting = matter.find_meeting(uid)
    is_open = meeting is not None and meeting.state is State.PROPOSED and meeting.starts > now
    return meeting if is_open else None


def _release(desk: Session, meeting: Meeting, publication: Publication[Offer], now: datetime) -> None:
    if meeting.starts > now:
        give_back(desk, meeting, publication)


def _answered(stores: Stores, words: str, act: Act, settings: Settings, now: datetime) -> Opened | NothingThere:
    visitor = visitor_keys(words, settings.secrets.words)
    found = change_with(stores, visitor, act, keep_until=keeps_until(now, settings), always_fits=True)
    assert not isinstance(found, NoRoom), "an answer is no longer than the question"
    return found
