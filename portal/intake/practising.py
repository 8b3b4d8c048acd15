"""The practice run: the story of a booking told without a listener, so that "I only tried it" can always be true.

It asks, refuses and computes as the real one does. It begins no writing, not even one that is undone: that alone would
change the journal beside a store. And it never looks which times are taken or whose mailboxes are full: a real attempt
learns that only by taking one.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.config import Settings
from portal.db import Stores
from portal.intake import service
from portal.intake.making import rehearse
from portal.intake.rules import Matter
from portal.intake.service import Request, Writing
from portal.roster import service as roster
from portal.roster.rules import Eligible, Level, Misread, Refused
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Offer
from portal.scheduling.service import AllGone, NotOffered, Taken
from portal.sealing.keys import visitor_keys
from portal.volatile import Publication


@dataclass(frozen=True)
class Practised:
    """How it would have gone. This matter lies nowhere, and nobody can open it."""

    matter: Matter


Answer = Practised | Refused | Misread | AllGone | NotOffered


def practise_meeting(
    stores: Stores, request: Request, *, publication: Publication[Offer], settings: Settings, now: datetime
) -> Answer:
    """What `request_meeting` would answer if every listed time were free."""
    eligible = roster.check_claim(settings.roster, request.claim, settings=settings, now=now)
    if not isinstance(eligible, Eligible):
        return eligible
    visitor = visitor_keys(request.words, settings.secrets.words)
    with stores.desk.reading() as desk:
        chosen = service.chosen_of(desk, request, publication, settings=settings, now=now)
        if isinstance(chosen, NotOffered):
            return chosen
        has_proof = eligible.level is Level.mailbox
        taken = scheduling.pretend(desk, chosen, request.mode, has_proof, settings=settings, now=now)
        if not isinstance(taken, Taken):
            return taken
        return Practised(rehearse(desk, service.new_booking(desk, request, taken, eligible, settings), visitor))


def practise_writing(stores: Stores, request: Writing, *, settings: Settings, now: datetime) -> Answer:
    """What `request_writing` would answer if every mailbox were free."""
    eligible = roster.check_claim(settings.roster, request.claim, settings=settings, now=now)
    if not isinstance(eligible, Eligible):
        return eligible
    visitor = visitor_keys(request.words, settings.secrets.words)
    with stores.desk.reading() as desk:
        refusal = service.cannot_write(desk, request, eligible.level)
        if refusal:
            return refusal
        return Practised(rehearse(desk, service.new_letter(request, eligible, settings, now), visitor))
