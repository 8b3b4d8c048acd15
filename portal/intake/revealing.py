"""Showing more than at booking: the claim is made again, because nothing of it was kept."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.intake import returning, service
from portal.intake.documents import has_room, widest
from portal.intake.returning import NoRoom, NothingThere, Opened
from portal.intake.rules import Matter, Share
from portal.roster import service as roster
from portal.roster.rules import Claim, Eligible, Level, Misread, Refused
from portal.sealing.keys import visitor_keys


@dataclass(frozen=True, repr=False)
class Reveal:
    """What somebody wants to show: who they are, and how much of the list may go along."""

    claim: Claim
    share: Share


@dataclass(frozen=True)
class Preview:
    """How many people here fit what is shown, now and then, as bands; None where no number may be told."""

    now: int | None
    then: int | None


class _Full(Exception):  # noqa: N818 - no error: it undoes a transaction and goes no further
    """A matter has no room for a profile."""


def choices(matter: Matter) -> tuple[Share, ...]:
    """What may still be shown: never less than now, and the same only with a better proof."""
    order = tuple(Share)
    return order[order.index(matter.stub.share) + (matter.level == Level.mailbox) :]


def preview(matter: Matter, asked: Reveal, *, settings: Settings, now: datetime) -> Preview | Misread | Refused:
    """Check the claim, and say what it would change; nothing is written.

    Without a right code there is no number: or anybody could type an address and read who is on the roster.
    """
    eligible = roster.check_claim(settings.roster, asked.claim, settings=settings, now=now)
    if not isinstance(eligible, Eligible):
        return eligible
    then = service.fits_of(eligible, asked.share)
    return Preview(None if then is None else matter.fits, then)


def reveal(
    stores: Stores, words: str, asked: Reveal, *, settings: Settings, now: datetime
) -> Opened | NothingThere | NoRoom | Misread | Refused:
    """Check the claim once more and put what it allows into the matter; twice is once."""
    eligible = roster.check_claim(settings.roster, asked.claim, settings=settings, now=now)
    if not isinstance(eligible, Eligible):
        return eligible
    visitor = visitor_keys(words, settings.secrets.words)

    def act(_desk: Session, matter: Matter) -> Matter:
        return _with_room(matter, revealed(matter, asked.share, eligible))

    keep_until = returning.keeps_until(now, settings)
    try:
        return returning.change_with(stores, visitor, act, keep_until=keep_until, always_fits=True)
    except _Full:
        with stores.desk.reading() as desk, stores.keys.reading() as keys:
            found = returning.find(desk, keys, visitor)
        return NoRoom(found) if found else NothingThere()


def revealed(matter: Matter, share: Share, eligible: Eligible) -> Matter:
    """The matter with more in it; the same one when this would show less, or prove less.

    An address that is not on the roster adds nothing and takes nothing away: the visitor must not learn that it is not.
    """
    is_weaker = matter.level == Level.mailbox and eligible.level is not Level.mailbox
    if share not in choices(matter) or is_weaker:
        return matter
    after = replace(matter, stub=replace(matter.stub, share=share, has_address=True))
    if eligible.parts is not None:
        after = replace(
            after,
            level=eligible.level.value,
            roster=service.allowed(eligible.parts, share),
            fits=service.fits_of(eligible, share),
        )
    return matter if after == matter else after.changed()


def _with_room(before: Matter, after: Matter) -> Matter:
    """Whether there is room is asked of the longest copy: or a full matter would tell who is on the roster."""
    if after is not before and not has_room(replace(after, roster=widest(after.stub.share))):
        raise _Full
    return after
