"""A new matter: made, sealed to its two sides, and put into a free locker."""

import os
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.intake import lockers, store, upkeep
from portal.intake.rules import Document, Matter, Meeting, Message, Remark, RosterCopy, State, Stub, Venue
from portal.office import service as office
from portal.scheduling import opening
from portal.scheduling.labels import getting_in
from portal.scheduling.rules import Mode, SlotFacts
from portal.scheduling.service import Taken
from portal.sealing import symbols
from portal.sealing.keys import KEY_SIZE, VisitorKeys, new_private, public_of

#: A matter lives at least so many days after its meeting, or the meeting is not given away: an ombuds who has not
#: signed in for months has nobody to end their matters on their day, and the last day of all is near.
SHORTEST_KEPT = 14
_ROOM_BYTES, _UID_BYTES, _LOCKER_BYTES = 20, 16, 16
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, repr=False)
class New:
    """What a matter begins with; without a meeting it is one in writing."""

    ombuds: bytes
    meeting: Meeting | None
    stub: Stub
    level: str
    ends: date
    roster: RosterCopy = field(default_factory=RosterCopy)
    fits: int | None = None
    messages: tuple[Message, ...] = ()
    is_decoy: bool = False
    by_desk: bool = False
    remark: Remark | None = None


def can_take(desk: Session, keys: Session, ombuds: bytes) -> bool:
    """Whether a matter could be sealed to this ombuds and put into a locker."""
    return bool(office.find_public_key(desk, ombuds)) and store.draw_free(desk, keys, ombuds) is not None


def stays(desk: Session, ombuds: bytes, now: datetime) -> bool:
    """Whether this ombuds signs in often enough that a matter of today lives its shortest life."""
    return (now + SHORTEST_KEPT * _DAY).date() <= upkeep.latest_end(desk, ombuds)


def put_away(desk: Session, keys: Session, new: New, visitor: VisitorKeys) -> tuple[bytes, Document]:
    """Fill a free locker; ask `can_take` before. Gives the locker and what lies in it."""
    locker = store.draw_free(desk, keys, new.ombuds)
    assert locker is not None, "looked for before anything was taken"
    # Never later than the server ends everything of an ombuds who no longer signs in.
    ends = min(new.ends, upkeep.latest_end(desk, new.ombuds))
    document = _document(replace(new, ends=ends), visitor, office.get_public_key(desk, new.ombuds))
    boxes = lockers.pack(locker, store.get_secret(keys, locker), document)
    filled = store.fill(desk, locker, lookup=visitor.lookup, boxes=boxes)
    assert filled, "nobody else writes during our own transaction"
    return locker, document


def rehearse(desk: Session, new: New, visitor: VisitorKeys) -> Matter:
    """The work of `put_away`, for a locker that nobody has: sealed to two sides, and thrown away."""
    key = office.find_public_key(desk, new.ombuds) or public_of(new_private())
    document = _document(new, visitor, key)
    lockers.pack(os.urandom(_LOCKER_BYTES), os.urandom(KEY_SIZE), document)
    return document.matter


def meeting_at(
    desk: Session, time: Taken | SlotFacts, mode: Mode, *, state: State = State.BOOKED, choice: str = ""
) -> Meeting:
    """A meeting at a time that was taken; one in person says where."""
    venue = venue_of(desk, time.place) if mode is Mode.in_person else Venue()
    return Meeting(time.id, time.starts, time.minutes, mode.value, state, venue, new_uid(), choice)


def venue_of(desk: Session, place: bytes) -> Venue:
    """What the receipt says of a place, as it stands now."""
    found = opening.places(desk).get(place)
    return Venue(found.name, getting_in(found), found.door, found.directions) if found else Venue()


def new_uid() -> str:
    return os.urandom(_UID_BYTES).hex()


def _document(new: New, visitor: VisitorKeys, to_ombuds: bytes) -> Document:
    matter = Matter(
        version=1,
        ombuds=new.ombuds,
        meetings=(new.meeting,) if new.meeting else (),
        stub=new.stub,
        level=new.level,
        roster=new.roster,
        room=symbols.encode(os.urandom(_ROOM_BYTES)).lower(),
        ends=new.ends,
        pair=visitor.pair,
        lookup=visitor.lookup,
        is_decoy=new.is_decoy,
        by_desk=new.by_desk,
        fits=new.fits,
        messages=new.messages,
        remark=new.remark,
    )
    return Document(matter, to_ombuds, public_of(visitor.private))
