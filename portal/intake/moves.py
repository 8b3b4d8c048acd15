"""A visitor moves an appointment: another time is taken and the old one given back in one step, or nothing happens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import SystemRandom

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.intake import returning, upkeep
from portal.intake.documents import has_room
from portal.intake.making import SHORTEST_KEPT, meeting_at
from portal.intake.returning import NoRoom, NothingThere, Opened, change_with, give_back
from portal.intake.rules import Matter, Meeting, State, ends_on
from portal.office import service as office
from portal.roster.rules import Level
from portal.scheduling import own
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer
from portal.scheduling.service import KEEP_FREE, Taken
from portal.sealing.keys import VisitorKeys, visitor_keys
from portal.volatile import Publication

#: As many as a visitor may name.
_CHOICES = 3
_DAY = timedelta(days=1)


class Why(StrEnum):
    """What keeps an appointment at its time."""

    GONE = "gone"
    OVER = "over"
    NOT_BOOKED = "not booked"
    ELSEWHERE = "elsewhere"
    SAME = "same"
    ROOM = "room"


@dataclass(frozen=True)
class Wish:
    """Which meeting, by its uid, and where to: times in order of preference.

    `held` is the slot it had on the page that was sent: a page from before another move moves nothing any more.
    """

    uid: str
    held: bytes
    slots: Sequence[bytes]


@dataclass(frozen=True)
class Moved:
    """The new time is on disk and the old one is not theirs any more. Sent twice, the same page says so again."""

    opened: Opened
    meeting: Meeting


@dataclass(frozen=True)
class Kept:
    """Nothing was changed."""

    opened: Opened
    why: Why


@dataclass(frozen=True)
class _Moment:
    """When a move happens: the list of then, and the rules."""

    publication: Publication[Offer]
    settings: Settings
    now: datetime


def move(
    stores: Stores, words: str, wish: Wish, *, publication: Publication[Offer], settings: Settings, now: datetime
) -> Moved | Kept | NothingThere:
    """Move an appointment to the first of the wished times that is still free, or leave it where it is."""
    visitor = visitor_keys(words, settings.secrets.words)
    return move_with(stores, visitor, wish, publication=publication, settings=settings, now=now)


def move_with(
    stores: Stores,
    visitor: VisitorKeys,
    wish: Wish,
    *,
    publication: Publication[Offer],
    settings: Settings,
    now: datetime,
) -> Moved | Kept | NothingThere:
    """The same, with the keys that the words open."""
    at = _Moment(publication, settings, now)
    why: Why | None = None

    def act(desk: Session, matter: Matter) -> Matter:
        nonlocal why
        found = _moved(desk, matter, wish, at)
        why = found if isinstance(found, Why) else None
        return matter if isinstance(found, Why) else found

    found = change_with(stores, visitor, act, always_fits=True)
    assert not isinstance(found, NoRoom), "room was looked for before anything was taken"
    if isinstance(found, NothingThere):
        return found
    meeting = found.matter.find_meeting(wish.uid)
    return Moved(found, meeting) if why is None and meeting else Kept(found, why or Why.NOT_BOOKED)


def move_decoy(
    stores: Stores, visitor: VisitorKeys, *, publication: Publication[Offer], settings: Settings, now: datetime
) -> datetime | None:
    """Move a decoy's appointment as a visitor would; gives when it is now, None when it stays where it was.

    It chooses from the list that everybody sees, nearer times more often, and never where few are left.
    """
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        opened = returning.find(desk, keys, visitor)
        meeting = movable(opened.matter, None, now) if opened else None
        if opened is None or meeting is None:
            return None
        resting = publication.resting
        free = [slot for slot in own.free(desk, opened.matter.ombuds, now) if slot.id not in resting]
        listed = scheduling.published(desk, publication, office.names(desk), settings=settings, now=now)
    offers = options(listed, opened.matter, meeting)
    if not offers or len(free) <= KEEP_FREE:
        return None
    weights = [_DAY / (_DAY + offer.starts - now) for offer in offers]
    slots = [offer.id for offer in SystemRandom().choices(offers, weights, k=_CHOICES)]
    wish = Wish(meeting.uid, meeting.slot, slots)
    found = move_with(stores, visitor, wish, publication=publication, settings=settings, now=now)
    return found.meeting.starts if isinstance(found, Moved) else None


def movable(matter: Matter, uid: str | None, now: datetime) -> Meeting | None:
    """The meeting of this uid, or else the one that counts now, if it is booked and to come."""
    meeting = matter.find_meeting(uid) if uid else matter.meeting
    is_coming = meeting is not None and meeting.state is State.BOOKED and meeting.starts > now
    return meeting if is_coming else None


def options(listed: Sequence[Offer], matter: Matter, meeting: Meeting) -> list[Offer]:
    """Of the list that everybody sees, the times to which a meeting may go: same ombuds, same way, same proof.

    Nobody looks here whether they are still free; only what this matter holds itself is left out.
    """
    return [
        offer
        for offer in listed
        if offer.ombuds == matter.ombuds
        and offer.id not in matter.held
        and meeting.mode in offer.modes
        and (has_proof(matter) or not offer.proof_needed)
    ]


def has_proof(matter: Matter) -> bool:
    """Whether it may have times that need a code; a decoy has no code, and its first time was any time too."""
    return matter.level == Level.mailbox or matter.is_decoy


def _moved(desk: Session, matter: Matter, wish: Wish, at: _Moment) -> Matter | Why:
    """The matter after the move, or what is in its way; the same one where this very move was made before."""
    meeting = matter.find_meeting(wish.uid)
    if meeting is None or meeting.state is not State.BOOKED:
        return Why.NOT_BOOKED
    if meeting.slot != wish.held:
        return matter if meeting.slot in wish.slots else Why.ELSEWHERE
    if meeting.starts <= at.now or meeting.slot in wish.slots:
        return Why.SAME if meeting.starts > at.now else Why.OVER
    chosen = _chosen(desk, matter, meeting, wish, at)
    fitting = [offer for offer in chosen if has_room(matter.with_moved(_there(desk, meeting, offer), matter.ends))]
    if chosen and not fitting:
        return Why.ROOM
    taken = _take(desk, matter, fitting, Mode(meeting.mode), at)
    if taken is None:
        return Why.GONE
    give_back(desk, meeting, at.publication)
    there = _there(desk, meeting, taken)
    ends = min(ends_on(taken.starts, at.settings.keep_days), upkeep.latest_end(desk, matter.ombuds))
    return matter.with_moved(there, ends)


def _there(desk: Session, meeting: Meeting, time: Offer | Taken) -> Meeting:
    """The same meeting at another time; in person perhaps at a place of a longer name."""
    taken = time if isinstance(time, Taken) else scheduling.as_taken(time)
    return replace(meeting_at(desk, taken, Mode(meeting.mode)), uid=meeting.uid, choice=meeting.choice)


def _chosen(desk: Session, matter: Matter, meeting: Meeting, wish: Wish, at: _Moment) -> list[Offer]:
    """The wished times as far as they are on the list and suit; none while the ombuds' key is in doubt."""
    names = office.names(desk)
    if matter.ombuds not in names:
        return []
    listed = scheduling.published(desk, at.publication, names, settings=at.settings, now=at.now)
    return scheduling.chosen(options(listed, matter, meeting), wish.slots)


def _take(desk: Session, matter: Matter, chosen: Sequence[Offer], mode: Mode, at: _Moment) -> Taken | None:
    """Take the first of the times that is free; one after which its matter would end too soon is as good as taken."""
    latest = upkeep.latest_end(desk, matter.ombuds)
    taken = scheduling.take(
        desk,
        [offer for offer in chosen if ends_on(offer.starts, SHORTEST_KEPT) <= latest],
        mode,
        has_proof(matter),
        settings=at.settings,
        now=at.now,
        resting=at.publication.resting,
    )
    return taken if isinstance(taken, Taken) else None
