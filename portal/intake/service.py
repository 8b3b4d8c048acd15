"""Booking: the one story of the product."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.intake import lockers, returning, store, upkeep
from portal.intake.rules import (
    Document,
    Matter,
    Meeting,
    RosterCopy,
    Share,
    State,
    Stub,
    Venue,
    ends_on,
)
from portal.office import service as office
from portal.roster import service as roster
from portal.roster.rules import Claim, Eligible, Level, Misread, Parts, Refused
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer, SlotFacts
from portal.scheduling.service import AllGone, NotOffered, Taken
from portal.sealing import symbols
from portal.sealing.keys import KEY_SIZE, LOOKUP_SIZE, VisitorKeys, new_private, public_of, visitor_keys
from portal.volatile import Publication

#: A matter lives at least so many days after its meeting, or the meeting is not given away: an ombuds who has not
#: signed in for months has nobody to end their matters on their day, and the last day of all is near.
SHORTEST_KEPT = 14
_ROOM_BYTES, _UID_BYTES = 20, 16


@dataclass(frozen=True, kw_only=True, repr=False)
class Request:
    """A booking form, read: times in order of preference, and what the visitor wants to say."""

    words: str
    claim: Claim
    slots: Sequence[bytes]
    mode: Mode
    stub: Stub


@dataclass(frozen=True)
class Receipt:
    """The booking is on disk. Sent twice, the same form shows the same receipt."""

    matter: Matter
    to_ombuds: bytes


@dataclass(frozen=True)
class Decoy:
    """A booking for nobody: the keys that six words would open, with which it can cancel or erase, and its time."""

    keys: VisitorKeys
    starts: datetime


Answer = Receipt | Refused | Misread | AllGone | NotOffered


def request_meeting(
    stores: Stores, request: Request, *, publication: Publication[Offer], settings: Settings, now: datetime
) -> Answer:
    """Check the claim, take the first time still free, seal a matter to its ombuds, and say so once it is on disk."""
    eligible = roster.check_claim(settings.roster, request.claim, settings=settings, now=now)
    if not isinstance(eligible, Eligible):
        return eligible
    visitor = visitor_keys(request.words, settings.secrets.words)
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        earlier = returning.find(desk, keys, visitor)
        if earlier is not None:
            return Receipt(earlier.matter, earlier.document.to_ombuds)
        names = office.names(desk)
        listed = scheduling.published(desk, publication, names, settings=settings, now=now)
        taken = scheduling.take(
            desk,
            _bookable(desk, keys, names, scheduling.chosen(listed, request.slots)),
            request.mode,
            eligible.level is Level.mailbox,
            settings=settings,
            now=now,
            resting=publication.resting,
        )
        if not isinstance(taken, Taken):
            return taken
        document = _document(desk, taken, request, eligible, visitor, settings)
        _fill(desk, keys, document)
        return Receipt(document.matter, document.to_ombuds)


def book_decoy(
    stores: Stores, *, settings: Settings, now: datetime, resting: Collection[bytes] = frozenset()
) -> Decoy | None:
    """Book as a visitor would, for nobody: the same code, the same bytes changed, and an end like any other.

    None when no time is to spare.
    """
    request = Request(words="", claim=Claim("", "", "none"), slots=(), mode=Mode.phone, stub=Stub(share=Share.NOTHING))
    visitor = VisitorKeys(os.urandom(LOOKUP_SIZE), new_private(), os.urandom(KEY_SIZE))
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        taken = scheduling.take_random(desk, settings=settings, now=now, resting=resting)
        if taken is None:
            return None
        if not _can_take(desk, keys, taken.ombuds):
            scheduling.give_back(desk, taken.id)
            return None
        document = _document(desk, taken, request, Eligible(Level.none, None), visitor, settings, is_decoy=True)
        _fill(desk, keys, document)
        return Decoy(visitor, taken.starts)


def _document(  # noqa: PLR0913 - a matter is made of all of these, once
    desk: Session,
    taken: Taken,
    request: Request,
    eligible: Eligible,
    visitor: VisitorKeys,
    settings: Settings,
    *,
    is_decoy: bool = False,
) -> Document:
    matter = Matter(
        version=1,
        ombuds=taken.ombuds,
        meetings=(meeting_at(desk, taken, request.mode),),
        stub=request.stub,
        level=eligible.level.value,
        roster=_allowed(eligible.parts, request.stub.share),
        room=symbols.encode(os.urandom(_ROOM_BYTES)).lower(),
        ends=min(ends_on(taken.starts, settings.keep_days), upkeep.latest_end(desk, taken.ombuds)),
        pair=visitor.pair,
        lookup=visitor.lookup,
        is_decoy=is_decoy,
    )
    return Document(matter, office.get_public_key(desk, taken.ombuds), public_of(visitor.private))


def _allowed(parts: Parts | None, share: Share) -> RosterCopy:
    """Only the parts that the visitor allowed go into the stub: the rest is not even there encrypted."""
    if parts is None:
        return RosterCopy()
    return RosterCopy(
        parts.import_id,
        parts.sealed_key,
        parts.group,
        parts.attributes if share in {Share.PROFILE, Share.NAME} else b"",
        parts.identity if share is Share.NAME else b"",
    )


def meeting_at(
    desk: Session, time: Taken | SlotFacts, mode: Mode, *, state: State = State.BOOKED, choice: str = ""
) -> Meeting:
    """A meeting at a time that was taken; one in person says where."""
    venue = _venue(desk, time.ombuds) if mode is Mode.in_person else Venue()
    uid = os.urandom(_UID_BYTES).hex()
    return Meeting(time.id, time.starts, time.minutes, mode.value, state, venue, uid, choice)


def _venue(desk: Session, ombuds: bytes) -> Venue:
    _, practice = scheduling.get_hours(desk, ombuds)
    if practice is None:
        return Venue()
    return Venue(practice.place_name, practice.place_access, practice.place_door, practice.place_directions)


def _bookable(desk: Session, keys: Session, names: Mapping[bytes, str], chosen: Sequence[Offer]) -> list[Offer]:
    """The chosen times whose ombuds' key is not in doubt, who has a sealed mailbox left, and who still signs in.

    Without one a time is answered as if it were taken: an answer of its own would show when the last one is used,
    and when somebody gives one back by erasing.
    """
    asked = names.keys() & {offer.ombuds for offer in chosen}
    latest = {each: upkeep.latest_end(desk, each) for each in asked if _can_take(desk, keys, each)}
    return [
        offer
        for offer in chosen
        if offer.ombuds in latest and ends_on(offer.starts, SHORTEST_KEPT) <= latest[offer.ombuds]
    ]


def _can_take(desk: Session, keys: Session, ombuds: bytes) -> bool:
    """Whether a matter could be sealed to this ombuds and put into a locker."""
    return bool(office.find_public_key(desk, ombuds)) and store.draw_free(desk, keys, ombuds) is not None


def _fill(desk: Session, keys: Session, document: Document) -> None:
    locker = store.draw_free(desk, keys, document.matter.ombuds)
    assert locker is not None, "looked for before anything was taken"
    boxes = lockers.pack(locker, store.get_secret(keys, locker), document)
    filled = store.fill(desk, locker, lookup=document.matter.lookup, boxes=boxes)
    assert filled, "nobody else writes during our own transaction"
