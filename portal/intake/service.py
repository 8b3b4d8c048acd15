"""Booking: the one story of the product."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.intake import returning, upkeep
from portal.intake.making import SHORTEST_KEPT, New, can_take, meeting_at, put_away, stays
from portal.intake.rules import By, Matter, Message, RosterCopy, Share, Stub, ends_on
from portal.office import service as office
from portal.roster import service as roster
from portal.roster.rules import Claim, Eligible, Level, Misread, Parts, Refused, people_like
from portal.scheduling import opening
from portal.scheduling import service as scheduling
from portal.scheduling.people import everybody, names_of
from portal.scheduling.rules import Mode, Offer, Reason
from portal.scheduling.service import AllGone, NotOffered, Taken
from portal.scheduling.whom import allowed as allowed_ones
from portal.scheduling.whom import read
from portal.sealing.keys import KEY_SIZE, LOOKUP_SIZE, VisitorKeys, new_private, visitor_keys
from portal.volatile import Publication


@dataclass(frozen=True, kw_only=True, repr=False)
class Request:
    """A booking form, read: times in order of preference, what the visitor wants to say, and whom they would meet."""

    words: str
    claim: Claim
    slots: Sequence[bytes]
    mode: Mode
    stub: Stub
    whom: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, repr=False)
class Writing:
    """The form of somebody who writes, read: to whom, and the first message; `form` (hexadecimal) is its number."""

    words: str
    claim: Claim
    ombuds: bytes
    stub: Stub
    text: str
    form: str
    whom: Sequence[str] = ()


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
        chosen = chosen_of(desk, request, publication, settings=settings, now=now)
        if isinstance(chosen, NotOffered):
            return chosen
        taken = scheduling.take(
            desk,
            _bookable(desk, keys, chosen),
            request.mode,
            eligible.level is Level.mailbox,
            settings=settings,
            now=now,
            resting=publication.resting,
        )
        if not isinstance(taken, Taken):
            return taken
        _locker, document = put_away(desk, keys, new_booking(desk, request, taken, eligible, settings), visitor)
        return Receipt(document.matter, document.to_ombuds)


def request_writing(stores: Stores, request: Writing, *, settings: Settings, now: datetime) -> Answer:
    """The same for somebody who writes and need not meet.

    No time is taken. Some slot is stirred instead, so that as many blocks change as with a booking.
    """
    eligible = roster.check_claim(settings.roster, request.claim, settings=settings, now=now)
    if not isinstance(eligible, Eligible):
        return eligible
    visitor = visitor_keys(request.words, settings.secrets.words)
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        earlier = returning.find(desk, keys, visitor)
        if earlier is not None:
            return Receipt(earlier.matter, earlier.document.to_ombuds)
        refusal = cannot_write(desk, request, eligible.level)
        if refusal:
            return refusal
        if not (can_take(desk, keys, request.ombuds) and stays(desk, request.ombuds, now)):
            return AllGone()
        scheduling.stir(desk)
        _locker, document = put_away(desk, keys, new_letter(request, eligible, settings, now), visitor)
        return Receipt(document.matter, document.to_ombuds)


def chosen_of(
    desk: Session, request: Request, publication: Publication[Offer], *, settings: Settings, now: datetime
) -> Sequence[Offer] | NotOffered:
    """The chosen times that are on the list; refused before anything is taken if one is with somebody left out.

    What is about somebody must never be sealed to them, whatever a page showed.
    """
    people = everybody(desk)
    listed = scheduling.published(desk, publication, names_of(people), settings=settings, now=now)
    chosen = scheduling.chosen(listed, request.slots)
    are_allowed = {offer.ombuds for offer in chosen} <= allowed_ones(read(request.whom, people), people)
    return chosen if are_allowed else NotOffered(Reason.whom)


def new_booking(desk: Session, request: Request, taken: Taken, eligible: Eligible, settings: Settings) -> New:
    """What the matter of a booking begins with."""
    return New(
        ombuds=taken.ombuds,
        meeting=meeting_at(desk, taken, request.mode),
        stub=request.stub,
        level=eligible.level.value,
        roster=allowed(eligible.parts, request.stub.share),
        fits=fits_of(eligible, request.stub.share),
        ends=ends_on(taken.starts, settings.keep_days),
    )


def new_letter(request: Writing, eligible: Eligible, settings: Settings, now: datetime) -> New:
    """What the matter of somebody who writes begins with."""
    return New(
        ombuds=request.ombuds,
        meeting=None,
        stub=request.stub,
        level=eligible.level.value,
        roster=allowed(eligible.parts, request.stub.share),
        fits=fits_of(eligible, request.stub.share),
        ends=returning.keeps_until(now, settings),
        messages=(Message(request.form, By.VISITOR, now, request.text),),
    )


def cannot_write(desk: Session, request: Writing, level: Level) -> AllGone | NotOffered | None:
    """What is public of an ombuds comes first, before anybody looks for a mailbox.

    Otherwise somebody without a code could ask again and again, leave nothing, and see when the last one is used and
    when one is given back.
    """
    people = everybody(desk)
    if request.ombuds not in names_of(people):
        return AllGone()
    if request.ombuds not in allowed_ones(read(request.whom, people), people):
        return NotOffered(Reason.whom)
    if level is not Level.mailbox and needs_code(desk, request.ombuds):
        return NotOffered(Reason.proof)
    return None


def needs_code(desk: Session, ombuds: bytes) -> bool:
    """Whether only people with a code may write to this ombuds: their own choice for their times holds here too.

    Who has not chosen yet has opened nothing to whoever comes along.
    """
    _, practice = opening.get_hours(desk, ombuds)
    return practice is None or practice.without_code == 0


def book_decoy(stores: Stores, *, publication: Publication[Offer], settings: Settings, now: datetime) -> Decoy | None:
    """Book as a visitor would, for nobody: from the same list, with the same bytes changed, and an end like any other.

    None when no time is to spare.
    """
    visitor = VisitorKeys(os.urandom(LOOKUP_SIZE), new_private(), os.urandom(KEY_SIZE))
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        listed = scheduling.published(desk, publication, office.names(desk), settings=settings, now=now)
        taken = scheduling.take_random(desk, listed, settings=settings, now=now, resting=publication.resting)
        if taken is None:
            return None
        if not can_take(desk, keys, taken.ombuds):
            scheduling.give_back(desk, taken.id)
            return None
        new = New(
            ombuds=taken.ombuds,
            meeting=meeting_at(desk, taken, secrets.choice(taken.modes)),
            stub=Stub(share=Share.NOTHING),
            level=Level.none.value,
            ends=ends_on(taken.starts, settings.keep_days),
            is_decoy=True,
        )
        put_away(desk, keys, new, visitor)
        return Decoy(visitor, taken.starts)


def write_decoy(stores: Stores, *, settings: Settings, now: datetime) -> Decoy | None:
    """Write as a visitor would, for nobody; None when no mailbox is to spare."""
    visitor = VisitorKeys(os.urandom(LOOKUP_SIZE), new_private(), os.urandom(KEY_SIZE))
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        open_to = [each for each in office.names(desk) if can_take(desk, keys, each) and stays(desk, each, now)]
        if not open_to:
            return None
        scheduling.stir(desk)
        new = New(
            ombuds=secrets.choice(open_to),
            meeting=None,
            stub=Stub(share=Share.NOTHING),
            level=Level.none.value,
            ends=returning.keeps_until(now, settings),
            is_decoy=True,
        )
        put_away(desk, keys, new, visitor)
        return Decoy(visitor, now)


def fits_of(eligible: Eligible, share: Share) -> int | None:
    """The band of how many people here fit what is shared; None without a right code.

    Whoever types an address without one must not learn whether somebody of that address is here, nor how rare.
    """
    if eligible.parts is None or eligible.level is not Level.mailbox:
        return None
    return people_like(eligible.parts.fits, share)


def allowed(parts: Parts | None, share: Share) -> RosterCopy:
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


def _bookable(desk: Session, keys: Session, chosen: Sequence[Offer]) -> list[Offer]:
    """The chosen times whose ombuds' key is not in doubt, who has a sealed mailbox left, and who still signs in.

    Without one a time is answered as if it were taken: an answer of its own would show when the last one is used,
    and when somebody gives one back by erasing.
    """
    asked = office.names(desk).keys() & {offer.ombuds for offer in chosen}
    latest = {each: upkeep.latest_end(desk, each) for each in asked if can_take(desk, keys, each)}
    return [
        offer
        for offer in chosen
        if offer.ombuds in latest and ends_on(offer.starts, SHORTEST_KEPT) <= latest[offer.ombuds]
    ]
