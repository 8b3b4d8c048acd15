"""Leaving a note for the office: anybody may, nobody comes back to it, and from outside it is somebody who wrote."""

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.bounds import NoteRoom
from portal.config import Settings
from portal.db import Stores
from portal.intake import returning, store
from portal.intake.making import New, can_take, put_away, stays
from portal.intake.rules import Remark, Share, Stub
from portal.roster.rules import Level
from portal.scheduling import service as scheduling
from portal.scheduling.people import everybody, names_of
from portal.scheduling.rules import last_publication
from portal.scheduling.whom import allowed, read
from portal.sealing.keys import KEY_SIZE, LOOKUP_SIZE, VisitorKeys, new_private
from portal.volatile import SentNotes

_FORM_SIZE = 16


@dataclass(frozen=True, repr=False)
class Leaving:
    """The form of a note, read; `form` (16 bytes, random) is its number, and is never written to the disk."""

    form: bytes
    remark: Remark
    whom: Sequence[str] = ()


@dataclass(frozen=True)
class Kept:
    """The note is on disk, or was until its ombuds destroyed it. Sent twice, the same form is kept once."""


@dataclass(frozen=True)
class BoxFull:
    """Nobody takes one more note before the next list of times; nothing was kept."""


def new_form() -> bytes:
    return os.urandom(_FORM_SIZE)


def leave(
    stores: Stores, asked: Leaving, *, room: NoteRoom, sent: SentNotes, settings: Settings, now: datetime
) -> Kept | BoxFull:
    """Seal a note to one of the ombuds, drawn among those who may read it and have room.

    A form that was kept is answered from memory: the store would tell whether the note is still there, and so when
    its ombuds was at work.
    """
    is_kept = sent.once(asked.form, now, lambda: _keep(stores, asked, room, settings, now))
    return Kept() if is_kept else BoxFull()


def _keep(stores: Stores, asked: Leaving, room: NoteRoom, settings: Settings, now: datetime) -> bool:
    """Put a note away; False where nobody can take it."""
    since = last_publication(now, settings.publish_at, settings.zone)
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        left = room.left(since, lambda: _draw_room(desk))
        open_to = [
            each
            for each in readers(desk, asked.whom)
            if left.get(each, 0) > 0 and can_take(desk, keys, each) and stays(desk, each, now)
        ]
        if not open_to:
            return False
        ombuds = secrets.choice(open_to)
        room.use(ombuds)
        scheduling.stir(desk)
        new = New(
            ombuds=ombuds,
            meeting=None,
            stub=Stub(share=Share.NOTHING, has_address=False),
            level=Level.none.value,
            ends=returning.keeps_until(now, settings),
            remark=asked.remark,
        )
        put_away(desk, keys, new, _keys_of_nobody())
        return True


def readers(desk: Session, parts: Sequence[str]) -> list[bytes]:
    """Who is open, without whoever the visitor left out: a note about somebody must not be sealed to them."""
    people = everybody(desk)
    chosen = allowed(read(parts, people), people)
    return [each for each in names_of(people) if each in chosen]


def _draw_room(desk: Session) -> dict[bytes, int]:
    """How many notes each ombuds takes now: from half of what could be to all of it.

    Chance draws it, so that whoever fills the box to its brim does not count the mailboxes that visitors use.
    """
    free = store.count_free(desk)
    spare = {each: count - _kept_free(store.count_all(desk, each)) for each, count in free.items()}
    return {each: count - secrets.randbelow(count // 2 + 1) for each, count in spare.items() if count > 0}


def _kept_free(lockers: int) -> int:
    """Half of the mailboxes, rounded up, are for people who book or write."""
    return (lockers + 1) // 2


def _keys_of_nobody() -> VisitorKeys:
    """Keys that are thrown away here, like a decoy's: only the ombuds opens a note."""
    return VisitorKeys(os.urandom(LOOKUP_SIZE), new_private(), os.urandom(KEY_SIZE))


def tally(remarks: Iterable[Remark], question: str, answers: Sequence[str]) -> list[tuple[str, int]]:
    """How often each answer to a question was given, in the order of the form; without those that nobody gave."""
    given = [getattr(each, question) for each in remarks]
    return [(answer, count) for answer in answers if (count := given.count(answer))]
