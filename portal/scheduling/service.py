"""Opening hours, publishing times and giving one to a visitor; the caller holds the write lock."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import SystemRandom

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import rules, store
from portal.scheduling.rules import Mode, Offer, Practice, Reason, SlotFacts, WeeklyRange
from portal.volatile import Publication

ID_SIZE = 16
#: A decoy leaves each ombuds at least this many free times: it must never be what keeps a visitor out.
KEEP_FREE = 6
NEAR_LIMIT = 5
_NOTHING: frozenset[bytes] = frozenset()
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Taken:
    """This time now belongs to whoever asked; `starts` is aware, in UTC."""

    id: bytes
    ombuds: bytes
    starts: datetime
    minutes: int
    modes: tuple[Mode, ...] = ()


@dataclass(frozen=True)
class AllGone:
    """Somebody else was first, for every time that was asked for."""


@dataclass(frozen=True)
class NotOffered:
    """None of these times is for this visitor, whether taken or free."""

    reason: Reason


def set_hours(desk: Session, ombuds: bytes, ranges: Iterable[WeeklyRange], practice: Practice) -> None:
    """Replace an ombuds' usual week; `open_slots` then makes the slots follow."""
    store.replace_hours(desk, ombuds, ranges)
    store.replace_practice(desk, ombuds, practice)


def get_hours(desk: Session, ombuds: bytes) -> tuple[list[WeeklyRange], Practice | None]:
    """An ombuds' usual week in order, and the practice once it was set."""
    return store.find_hours(desk, ombuds), store.find_practice(desk, ombuds)


def open_slots(desk: Session, settings: Settings, now: datetime, ombuds: bytes | None = None) -> int:
    """Make the slots of one ombuds, or of all, follow their hours up to the horizon; gives how many were opened.

    Free slots that no longer fit are withdrawn. A taken one stays, and nothing is opened that overlaps it.
    """
    missing: list[SlotFacts] = []
    for each, practice in store.practices(desk).items():
        if ombuds in (None, each):
            missing += _follow_hours(desk, each, practice, settings, now)
    store.add_slots(desk, missing)
    return len(missing)


def remove_past(desk: Session, settings: Settings, now: datetime) -> int:
    """Delete the slots that ended before today in the office's zone, free and taken alike; gives how many."""
    today = now.astimezone(settings.zone).date()
    return store.delete_ended(desk, rules.first_instant(today, settings.zone))


def published(
    desk: Session, publication: Publication[Offer], names: Mapping[bytes, str], *, settings: Settings, now: datetime
) -> list[Offer]:
    """The list of times that everybody sees, in order of time.

    It was made from the free slots at the last hour of publication. What was taken since stays on it, what was given
    back is not on it; only what has come too near disappears. Ombuds without a name in `names` offer nothing.
    """

    def compute(resting: frozenset[bytes]) -> list[Offer]:
        free = [slot for slot in _offerable(desk, settings, now) if slot.id not in resting and slot.ombuds in names]
        return _offers(desk, free, names)

    since = rules.last_publication(now, settings.publish_at, settings.zone)
    return rules.still_offerable(publication.read(since, compute), now, settings.notice_hours)


def chosen(published: Sequence[Offer], ids: Sequence[bytes]) -> list[Offer]:
    """The chosen times in the visitor's order, as far as they are on the list that everybody sees.

    The list alone is asked, never the slots: after a change of hours a taken slot is still there and a free one is
    gone, and a form that showed the difference would show who is booked.
    """
    listed = {offer.id: offer for offer in published}
    return [listed[slot] for slot in ids if slot in listed]


def take(  # noqa: PLR0913 - the last one lives in memory, apart from all the others
    desk: Session,
    wanted: Sequence[Offer | SlotFacts],
    mode: Mode,
    has_proof: bool,  # noqa: FBT001 - fixed by the order of the story: which times, how, with which proof
    *,
    settings: Settings,
    now: datetime,
    resting: Collection[bytes] = _NOTHING,
) -> Taken | AllGone | NotOffered:
    """Take the first of `wanted` that is still free.

    Whether a time suits is judged by what is public of it, before anybody looks whether it is free: otherwise a wrong
    mode would let a patient asker watch times vanish without ever booking one. `resting` is `Publication.resting`.
    """
    reasons = [
        _refusal(each, mode, has_proof=has_proof, notice_hours=settings.notice_hours, now=now) for each in wanted
    ]
    suitable: list[Offer | SlotFacts] = [each for each, reason in zip(wanted, reasons, strict=True) if reason is None]
    if wanted and not suitable:
        return NotOffered(next(reason for reason in reasons if reason))
    for each in suitable:
        if each.id not in resting and store.take_slot(desk, each.id):
            return _taken(each)
    return AllGone()


def rows(desk: Session, slots: Collection[bytes]) -> list[dict[str, object]]:
    """What the store holds of some slots, column by column; for the visitor who has taken them."""
    return store.rows(desk, slots)


def give_back(desk: Session, slot: bytes, publication: Publication[Offer] | None = None) -> None:
    """Free a taken slot; one that is past and deleted needs nothing.

    With `publication`, nobody can take it before the next list: its return would tell when somebody cancelled.
    """
    if publication is not None:
        publication.rest(slot)
    store.free_slot(desk, slot)


def stir(desk: Session) -> None:
    """The part that slots have in the noise."""
    store.stir(desk)


def near(
    published: Sequence[Offer], refused: Collection[bytes], gone: datetime, mode: Mode | None, *, has_proof: bool = True
) -> list[Offer]:
    """The published times nearest to `gone`, in order of time, without the refused ones.

    Nobody looks here whether they are still free: the answer to a refused form would otherwise show, at any minute,
    which of the listed times have just been taken.
    """
    suitable = [
        offer
        for offer in published
        if offer.id not in refused and mode in (None, *offer.modes) and (has_proof or not offer.proof_needed)
    ]
    nearest = sorted(suitable, key=lambda offer: abs(offer.starts - gone))[:NEAR_LIMIT]
    return sorted(nearest, key=lambda offer: offer.starts)


def take_random(
    desk: Session,
    *,
    settings: Settings,
    now: datetime,
    keep_free: int = KEEP_FREE,
    near_first: bool = True,
    resting: Collection[bytes] = _NOTHING,
) -> Taken | None:
    """Take a time for a decoy: nearer ones more often, as visitors do; None when an ombuds' times grow few.

    `resting` is `Publication.resting`: what visitors cannot take yet, a decoy does not take either.
    """
    free = [slot for slot in _offerable(desk, settings, now) if slot.id not in resting]
    count = {slot.ombuds: 0 for slot in free}
    for slot in free:
        count[slot.ombuds] += 1
    spare = [slot for slot in free if count[slot.ombuds] > keep_free]
    if not spare:
        return None
    weights = [_DAY / (_DAY + slot.starts - now) if near_first else 1.0 for slot in spare]
    drawn = SystemRandom().choices(spare, weights)[0]
    return _taken(drawn) if store.take_slot(desk, drawn.id) else None


def _follow_hours(
    desk: Session, ombuds: bytes, practice: Practice, settings: Settings, now: datetime
) -> list[SlotFacts]:
    """Withdraw what no longer fits; gives the slots that are missing."""
    today = now.astimezone(settings.zone).date()
    fitting = {_shape(slot): slot for slot in fit(desk, ombuds, practice, settings, today, settings.horizon_weeks * 7)}
    existing = store.slots_of(desk, ombuds, since=now)
    unfit = {slot.id for slot in existing if slot.starts > now and _shape(slot) not in fitting}
    store.withdraw(desk, unfit)
    kept = [(slot.starts, slot.ends) for slot in store.slots_of(desk, ombuds, since=now)]
    return [
        slot
        for slot in fitting.values()
        if rules.is_offerable(slot.starts, now, settings.notice_hours)
        and not rules.overlaps((slot.starts, slot.ends), kept)
    ]


def fit(
    desk: Session, ombuds: bytes, practice: Practice, settings: Settings, first: date, days: int
) -> list[SlotFacts]:
    """The slots that an ombuds' hours make on so many days from the first on; none of them is stored by this."""
    starts = rules.starts_within(store.find_hours(desk, ombuds), practice.minutes, settings.zone, first, days)
    modes, proof_needed = practice.modes, not practice.without_code
    return [SlotFacts(os.urandom(ID_SIZE), ombuds, each, practice.minutes, modes, proof_needed) for each in starts]


def _shape(slot: SlotFacts) -> tuple[object, ...]:
    return slot.starts, slot.minutes, frozenset(slot.modes), slot.proof_needed


def _offerable(desk: Session, settings: Settings, now: datetime) -> list[SlotFacts]:
    return [slot for slot in store.free_slots(desk) if rules.is_offerable(slot.starts, now, settings.notice_hours)]


def _offers(desk: Session, slots: Iterable[SlotFacts], names: Mapping[bytes, str]) -> list[Offer]:
    practices = store.practices(desk)
    known = (slot for slot in slots if slot.ombuds in practices)
    return [_offer(slot, names.get(slot.ombuds, ""), practices[slot.ombuds]) for slot in known]


def _offer(slot: SlotFacts, ombuds_name: str, practice: Practice) -> Offer:
    return Offer(
        **vars(slot),
        ombuds_name=ombuds_name,
        place_name=practice.place_name,
        place_access=practice.place_access,
    )


def _refusal(
    slot: Offer | SlotFacts, mode: Mode, *, has_proof: bool, notice_hours: int, now: datetime
) -> Reason | None:
    if not rules.is_offerable(slot.starts, now, notice_hours):
        return Reason.past
    if mode not in slot.modes:
        return Reason.mode
    return Reason.proof if slot.proof_needed and not has_proof else None


def _taken(slot: Offer | SlotFacts) -> Taken:
    return Taken(slot.id, slot.ombuds, slot.starts, slot.minutes, slot.modes)
