"""A matter made at the desk for somebody who did not come online, and new words for somebody who lost theirs."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.desk.changing import AtDesk, change_all, finish
from portal.intake import ledger, reading, returning, store
from portal.intake.making import New, can_take, meeting_at, new_uid, put_away, venue_of
from portal.intake.reading import Changed
from portal.intake.returning import Opened
from portal.intake.rules import Meeting, Stub, Venue, ends_on
from portal.reporting import service as reporting
from portal.roster.rules import Level
from portal.scheduling import opening, own
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode
from portal.sealing.keys import public_of, visitor_keys


@dataclass(frozen=True, kw_only=True, repr=False)
class Wanted:
    """What an ombuds types of somebody who called, wrote or came by.

    With `slot` the matter takes that time of the list; with `starts` (aware) a time of its own, like now; with neither
    it has no meeting yet.
    """

    stub: Stub
    mode: Mode = Mode.phone
    slot: bytes = b""
    starts: datetime | None = None
    minutes: int = 60


@dataclass(frozen=True, repr=False)
class Paper:
    """What is read aloud or printed once: the six words that open the matter; and where it lies."""

    locker: bytes
    words: str
    meeting: Meeting | None


@dataclass(frozen=True)
class NoLocker:
    """Every sealed mailbox of this ombuds is in use."""


@dataclass(frozen=True)
class TimeGone:
    """Somebody else has taken this time, or it is over."""


def make(at: AtDesk, typed: str, wanted: Wanted) -> Paper | NoLocker | TimeGone:
    """Fill a free locker as a booking does, and seal all others anew as any change at the desk does.

    `typed` are the six words, drawn when the form was shown: sent twice, it makes one matter.
    """
    visitor = visitor_keys(typed, at.settings.secrets.words)
    sealed = reading.seal(at.stores, at.own, {}) or []
    with at.stores.desk.writing() as desk, at.stores.keys.reading() as keys:
        earlier = returning.find(desk, keys, visitor)
        if earlier is not None:
            return Paper(earlier.locker, typed, earlier.matter.meeting)
        if not can_take(desk, keys, at.own.ombuds):
            return NoLocker()
        meeting = _meeting(desk, at, wanted)
        if isinstance(meeting, TimeGone):
            return meeting
        settled = reporting.settle(desk, keys, at.own, at.here)
        seen = reading.put(desk, sealed, ())
        reading.set_month(desk, at.own.ombuds, at.furthest(sealed))
        ends = ends_on(meeting.starts, at.settings.keep_days) if meeting else at.keeps_until
        new = New(
            ombuds=at.own.ombuds,
            meeting=meeting,
            stub=replace(wanted.stub, has_address=False),
            level=Level.none.value,
            ends=max(ends, at.keeps_until),
            by_desk=True,
        )
        locker, document = put_away(desk, keys, new, visitor)
        seen[locker] = ledger.note(document.matter, store.get_secret(keys, locker))
    finish(at, seen, settled)
    return Paper(locker, typed, meeting)


@dataclass(frozen=True)
class OtherWords:
    """The matter has other words by now than the page was made for; nothing was changed."""


def give_new_words(at: AtDesk, key: bytes, typed: str, before: bytes) -> str | OtherWords | None:
    """New six words for a matter; the old ones open nothing from then on. None when it is gone or was tampered with.

    `typed` are the words, drawn when the page was shown, `before` (16 bytes) the look-up that the matter had then: sent
    twice, it gives the same words once. The two sides share another key from now on, which the ledger would take for
    another matter: its line goes first.
    """
    opened, visitor = reading.open_one(at.stores, at.own, key), visitor_keys(typed, at.settings.secrets.words)
    if opened is None:
        return None
    if opened.matter.lookup == visitor.lookup:
        return typed
    if opened.matter.lookup != before:
        return OtherWords()

    def act(opened: Opened) -> Changed | None:
        if opened.matter.lookup not in {before, visitor.lookup}:
            return None
        matter = opened.matter.changed(pair=visitor.pair, lookup=visitor.lookup)
        return Changed(matter.kept_until(at.keeps_until), to_visitor=public_of(visitor.private), always_fits=True)

    reading.forget(at.stores, at.own, key)
    return typed if change_all(at, {key: act}) else None


def _meeting(desk: Session, at: AtDesk, wanted: Wanted) -> Meeting | TimeGone | None:
    """The time of the list is taken; a time of its own changes a slot's block all the same, as any booking does."""
    if wanted.slot:
        taken = own.take(desk, at.own.ombuds, wanted.slot, at.now)
        return meeting_at(desk, taken, wanted.mode) if taken else TimeGone()
    scheduling.stir(desk)
    if wanted.starts is None:
        return None
    _ranges, practice = opening.get_hours(desk, at.own.ombuds)
    is_here = practice is not None and wanted.mode is Mode.in_person
    venue = venue_of(desk, practice.place) if practice and is_here else Venue()
    return Meeting(b"", wanted.starts, wanted.minutes, wanted.mode.value, venue=venue, uid=new_uid())
