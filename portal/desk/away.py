"""An ombuds cannot be there: free times go, booked ones move, in one step; and times are opened again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from portal.desk import moving
from portal.desk.changing import Act, Also, AtDesk, change_all
from portal.desk.moving import Move, Stranded
from portal.desk.rules import TRIES
from portal.intake import reading
from portal.intake.documents import has_room
from portal.intake.making import meeting_at
from portal.intake.reading import Changed
from portal.intake.returning import Opened
from portal.intake.rules import HOLDING, Matter, Meeting, State
from portal.scheduling import own
from portal.scheduling.rules import Mode, Offer, SlotFacts
from portal.scheduling.service import KEEP_FREE
from portal.scheduling.spans import Span
from portal.volatile import Publication


@dataclass(frozen=True)
class Blocked:
    """What a block did: how many visitors are offered another time, how many are not, how many free times are gone."""

    moved: int
    unplaced: int
    times: int


@dataclass(frozen=True)
class Busy:
    """Visitors changed the same times again and again meanwhile; nothing was changed."""


@dataclass(frozen=True)
class OwnTimes:
    """Taken times that no matter holds; `is_sure` unless a matter was tampered with, which may hold one of them."""

    slots: list[SlotFacts]
    is_sure: bool


@dataclass(frozen=True)
class Look:
    """Times that can be opened again, visitors without a coming time, and visitors who are offered another one."""

    times: OwnTimes
    stranded: list[Stranded]
    moved: list[Stranded]
    away: frozenset[date]


@dataclass(frozen=True)
class _Plan:
    """A block thought through: what is taken now, which times are proposed, which matters become what."""

    taken: frozenset[bytes]
    proposed: list[bytes]
    acts: Mapping[bytes, Act]
    moved: int
    unplaced: int


@dataclass
class _Count:
    times: int = field(default=0)


def block(at: AtDesk, span: Span) -> Blocked | Busy:
    """Take all free times of a span, call its meetings off, and propose the next free time after it for each.

    All or nothing. A proposal inside is withdrawn and proposed anew. A long leave makes all open matters wait for it.
    """
    for _ in range(TRIES):
        plan, count = _plan(at, span), _Count()
        if change_all(at, plan.acts, _taking(at, span, plan, count)):
            return Blocked(plan.moved, plan.unplaced, count.times)
    return Busy()


def blocked_times(at: AtDesk) -> OwnTimes:
    """Times to come that are taken, and not by anybody's meeting: decoys hold theirs too."""
    return look(at).times


def stranded(at: AtDesk) -> list[Stranded]:
    """Whom nobody could offer a time yet."""
    return look(at).stranded


def look(at: AtDesk) -> Look:
    """All that the page of an ombuds who cannot be there tells, from opening everything once."""
    with at.stores.desk.reading() as desk, at.stores.keys.reading() as keys:
        opened = reading.open_used(desk, keys, at.own)
        times, days = _held_by_nobody(at, desk, opened), own.days_away(desk, at.own.ombuds)
    matters = _of_visitors(opened)
    coming = frozenset(day for day in days if day >= at.today)
    return Look(times, moving.find_stranded(matters, at.now), moving.find_moved(matters, at.now), coming)


def booked_within(at: AtDesk, span: Span) -> list[tuple[Matter, Meeting]]:
    """Whom a block would call off, in order of time."""
    with at.stores.desk.reading() as desk, at.stores.keys.reading() as keys:
        matters = {
            bytes.fromhex(key): each for key, each in _of_visitors(reading.open_used(desk, keys, at.own)).items()
        }
    found = moving.hit(matters, span, at.now)
    return [(matters[key], meeting) for key, meeting in found if meeting.state is State.BOOKED]


def open_again(
    at: AtDesk, slots: Collection[bytes], publication: Publication[Offer], days: Collection[date] = ()
) -> int:
    """Give blocked times, and days away, back to the list; gives how many times.

    One that somebody's meeting holds is left alone.
    """
    count = _Count()

    with at.stores.desk.reading() as desk, at.stores.keys.reading() as keys:
        fetched = reading.fetch(desk, keys, at.own)
    opened = reading.open_fetched(fetched, at.own)

    def also(desk: Session, _keys: Session) -> bool:
        # Behind the write lock nobody can book any more; whoever did since is not among the opened.
        if not fetched.is_still(desk, at.own.ombuds):
            return False
        wanted = [slot for slot in _held_by_nobody(at, desk, opened).slots if slot.id in slots]
        own.open_again(desk, at.own.ombuds, wanted, publication, settings=at.settings, now=at.now, days=days)
        count.times = len(wanted)
        return True

    return count.times if change_all(at, {}, also) else 0


def _of_visitors(opened: Mapping[bytes, Opened | None]) -> dict[str, Matter]:
    return {key.hex(): each.matter for key, each in opened.items() if each and each.matter.is_of_a_visitor}


def _held_by_nobody(at: AtDesk, desk: Session, found: Mapping[bytes, Opened | None]) -> OwnTimes:
    opened = [each for each in found.values() if each]
    held = {meeting.slot for each in opened for meeting in each.matter.meetings if meeting.state in HOLDING}
    slots = [slot for slot in own.taken(desk, at.own.ombuds, at.now) if slot.id not in held]
    return OwnTimes(slots, is_sure=len(opened) == len(found))


def _plan(at: AtDesk, span: Span) -> _Plan:
    with at.stores.desk.reading() as desk, at.stores.keys.reading() as keys:
        fetched = reading.fetch(desk, keys, at.own)
    opened = reading.open_fetched(fetched, at.own)
    matters = {key: each.matter for key, each in opened.items() if each}
    decoys = frozenset(key for key, matter in matters.items() if matter.is_decoy)
    with at.stores.desk.reading() as desk:
        free = [slot for slot in own.offerable(desk, at.own.ombuds, at.settings, at.now) if slot.starts >= span[1]]
        planned = moving.moves(moving.hit(matters, span, at.now), free, decoys, KEEP_FREE)
        after, proposed = dict(matters), list[bytes]()
        for move in planned:
            after[move.locker], is_placed = _moved(desk, after[move.locker], move, at)
            proposed += [move.to.id] if is_placed and move.to else []
        taken = _taken_within(at, desk, span)
    changed = {key for key in matters if matters[key] is not after[key]}
    after = _waiting_for_the_end(after, span, at)
    visitors = {move.locker for move in planned} - decoys
    moved = {key for key in visitors if moving.has_coming(after[key], at.now)}
    return _Plan(
        taken=taken,
        proposed=proposed,
        acts={
            key: _becoming(matters[key], matter.kept_until(at.keeps_until) if key in changed else matter)
            for key, matter in after.items()
            if matter is not matters[key]
        },
        moved=len(moved),
        unplaced=len(visitors - moved),
    )


def _moved(desk: Session, matter: Matter, move: Move, at: AtDesk) -> tuple[Matter, bool]:
    """A matter without the blocked meeting, and with the proposal if there is a time and room for it."""
    uid, is_booked = move.meeting.uid, move.meeting.state is State.BOOKED
    without = matter.with_state(uid, State.CALLED_OFF) if is_booked else matter.without_meeting(uid)
    if move.to is None:
        return without, False
    proposal = _instead(desk, move.meeting, move.to)
    after = without.with_meeting(proposal, at.settings.keep_days)
    return (after, True) if has_room(after) else (without, False)


def _instead(desk: Session, meeting: Meeting, slot: SlotFacts) -> Meeting:
    return meeting_at(desk, slot, Mode(meeting.mode), state=State.PROPOSED, choice=meeting.choice)


def _waiting_for_the_end(matters: Mapping[bytes, Matter], span: Span, at: AtDesk) -> dict[bytes, Matter]:
    """Open matters outlive a long leave."""
    if not moving.is_long(span):
        return dict(matters)
    day = span[1].astimezone(at.settings.zone).date() + moving.KEPT_AFTER_LEAVE
    return {key: matter.kept_until(day) for key, matter in matters.items()}


def _becoming(before: Matter, after: Matter) -> Act:
    """What was planned, as long as the matter is still what the plan was made for."""

    def act(opened: Opened) -> Changed | None:
        return Changed(after, always_fits=True) if opened.matter == before else None

    return act


def _taking(at: AtDesk, span: Span, plan: _Plan, count: _Count) -> Also:
    def also(desk: Session, _keys: Session) -> bool:
        if _taken_within(at, desk, span) != plan.taken or not own.take_all(desk, plan.proposed):
            return False
        count.times = own.block(desk, at.own.ombuds, span, settings=at.settings, now=at.now)
        return True

    return also


def _taken_within(at: AtDesk, desk: Session, span: Span) -> frozenset[bytes]:
    """What is taken in a span: a new one that came after the plan would not be called off."""
    return frozenset(slot.id for slot in own.within(own.taken(desk, at.own.ombuds, at.now), span))
