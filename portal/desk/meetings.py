"""More than one meeting in a matter: an ombuds proposes times, sets what was agreed aloud, withdraws, calls off."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from sqlalchemy.orm import Session

from portal.desk.changing import AtDesk, change
from portal.desk.moving import can_call_off, has_place_for
from portal.intake import reading, returning
from portal.intake.documents import has_room
from portal.intake.making import meeting_at, new_uid
from portal.intake.rules import Matter, Meeting, State
from portal.scheduling import own
from portal.scheduling.rules import Mode, Offer, SlotFacts
from portal.volatile import Publication

_Step = Callable[[Matter], Matter | None]
#: As many as a visitor may name when they book.
MOST_AT_ONCE = 3
_CHOICE_BYTES, _UID_DIGITS = 8, 32


class Why(StrEnum):
    """What keeps an ombuds from arranging a meeting."""

    MISSING = "missing"
    TAKEN = "taken"
    MODE = "mode"
    ROOM = "room"
    GONE = "gone"


@dataclass(frozen=True)
class Refused:
    """Nothing was changed."""

    why: Why


@dataclass(frozen=True)
class Wish:
    """Times, by their ids, and how to meet. `state` is PROPOSED, or BOOKED when it was agreed aloud.

    `page` is the number of the page on which they were chosen: the same wish sent twice from one page is done once.
    """

    slots: Sequence[bytes]
    mode: Mode
    state: State = State.PROPOSED
    page: str = ""

    def uid(self, slot: bytes) -> str:
        """By what a meeting of this wish is known; no other wish of the same page has it."""
        if not self.page:
            return new_uid()
        parts = [self.page, self.mode, self.state, *sorted(each.hex() for each in self.slots), slot.hex()]
        return sha256(" ".join(parts).encode()).hexdigest()[:_UID_DIGITS]


def free_times(at: AtDesk) -> list[SlotFacts]:
    """The ombuds' own free times, in order."""
    with at.stores.desk.reading() as desk:
        return own.free(desk, at.own.ombuds, at.now)


def arrange(at: AtDesk, key: bytes, wish: Wish, before: _Step | None = None) -> Refused | None:
    """Propose times to a visitor, or set them; None when it is done. All of them or none.

    `before` is what else happens to the matter in the same step; None from it refuses.
    """
    if _is_done(at, key, wish):
        return None
    refused = _arrange(at, key, wish, before)
    # Pressed twice, the second may have come while the first was at work.
    return None if refused and _is_done(at, key, wish) else refused


def _is_done(at: AtDesk, key: bytes, wish: Wish) -> bool:
    opened = reading.open_one(at.stores, at.own, key) if wish.page else None
    return opened is not None and any(opened.matter.find_meeting(wish.uid(slot)) for slot in wish.slots)


def _arrange(at: AtDesk, key: bytes, wish: Wish, before: _Step | None) -> Refused | None:
    found = {slot.id: slot for slot in free_times(at)}
    chosen = [found[slot] for slot in dict.fromkeys(wish.slots) if slot in found]
    if len(chosen) != len(set(wish.slots)) or not chosen:
        return Refused(Why.TAKEN)
    if any(wish.mode not in slot.modes for slot in chosen):
        return Refused(Why.MODE)
    return _keep(at, key, _meetings(at, chosen, wish), before)


def call_off(at: AtDesk, key: bytes, uid: str, wish: Wish | None = None) -> Refused | None:
    """Call a coming meeting off, and propose others instead; None when it is done.

    Its time stays taken: the ombuds is not there.
    """

    def act(matter: Matter) -> Matter | None:
        meeting = matter.find_meeting(uid)
        return matter.with_state(uid, State.CALLED_OFF) if meeting and can_call_off(meeting, at.now) else None

    if wish is None or not wish.slots:
        return None if change(at, key, act, always_fits=True) else Refused(Why.GONE)
    return arrange(at, key, wish, act)


def withdraw(at: AtDesk, key: bytes, uid: str, publication: Publication[Offer]) -> bool:
    """Take a proposal back, and its time with it; False when its visitor has answered, or the matter is gone."""
    proposed: list[Meeting] = []

    def act(matter: Matter) -> Matter | None:
        meeting = matter.find_meeting(uid)
        if meeting is None or meeting.state is not State.PROPOSED:
            return None
        proposed[:] = [meeting]
        return matter.without_meeting(uid)

    def give_back(desk: Session, _keys: Session) -> bool:
        for meeting in proposed:
            if meeting.starts > at.now:
                returning.give_back(desk, meeting, publication)
        return True

    return change(at, key, act, give_back, always_fits=True)


def _meetings(at: AtDesk, chosen: list[SlotFacts], wish: Wish) -> list[Meeting]:
    """Times that are proposed in one step are ways to one meeting; times that are set are meetings of their own."""
    is_choice = wish.state is State.PROPOSED and len(chosen) > 1
    choice = os.urandom(_CHOICE_BYTES).hex() if is_choice else ""
    with at.stores.desk.reading() as desk:
        found = [meeting_at(desk, slot, wish.mode, state=wish.state, choice=choice) for slot in chosen]
    return [replace(each, uid=wish.uid(each.slot)) for each in found]


def _keep(at: AtDesk, key: bytes, meetings: list[Meeting], before: _Step | None) -> Refused | None:
    why = Why.GONE

    def act(matter: Matter) -> Matter | None:
        nonlocal why
        why = Why.GONE
        after = matter if before is None else before(matter)
        if after is None:
            return None
        why, fits = Why.ROOM, has_place_for(after, len(meetings))
        for meeting in meetings:
            after = after.with_meeting(meeting, at.settings.keep_days)
        return after if fits and has_room(after) else None

    def take(desk: Session, _keys: Session) -> bool:
        nonlocal why
        why = Why.TAKEN
        return own.take_all(desk, [meeting.slot for meeting in meetings])

    return None if change(at, key, act, take) else Refused(why)
