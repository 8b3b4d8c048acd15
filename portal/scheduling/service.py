"""Publishing times and giving one to a visitor; the caller holds the write lock."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.scheduling import elsewhere, hours_store, rules, store
from portal.scheduling.rules import NOWHERE, Conditions, Mode, Offer, Place, Practice, Reason, SlotFacts
from portal.volatile import Publication

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
    place: bytes = NOWHERE


@dataclass(frozen=True)
class AllGone:
    """Somebody else was first, for every time that was asked for."""


@dataclass(frozen=True)
class NotOffered:
    """None of these times is for this visitor, whether taken or free."""

    reason: Reason


def published(
    desk: Session, publication: Publication[Offer], names: Mapping[bytes, str], *, settings: Settings, now: datetime
) -> Sequence[Offer]:
    """The list of times that everybody sees, in order of time.

    It was made from the free slots at the last hour of publication. What was taken since stays on it, what was given
    back is not on it; only what has come too near disappears. Ombuds without a name in `names` offer nothing.
    """

    def compute(resting: frozenset[bytes]) -> list[Offer]:
        free = [slot for slot in _offerable(desk, settings, now) if slot.id not in resting and slot.ombuds in names]
        return _offers(desk, free, names, settings)

    def aside(items: Sequence[Offer]) -> dict[bytes, Sequence[SlotFacts]]:
        listed = {offer.id for offer in items}
        return {
            each: tuple(slot for slot in store.slots_of(desk, each, since) if slot.id not in listed)
            for each in hours_store.practices(desk)
        }

    since = rules.last_publication(now, settings.publish_at, settings.zone)
    return publication.left(publication.read(since, compute, aside), now)


def off_the_list(
    desk: Session,
    publication: Publication[Offer],
    names: Mapping[bytes, str],
    ombuds: bytes,
    *,
    settings: Settings,
    now: datetime,
) -> Sequence[SlotFacts]:
    """An ombuds' times that the list of the last publication did not have, whether taken, busy, resting or too near.

    They are kept beside the list since then, and no slot is asked for them: after a change of hours the new times
    would stand here but for those beside a time that was taken since, and one that was given back would be gone.
    """
    published(desk, publication, names, settings=settings, now=now)  # which makes both, if nobody asked since its hour
    found: Sequence[SlotFacts] = publication.aside.get(ombuds, ())
    return found


def conditions(desk: Session, settings: Settings, ombuds: Collection[bytes] | None = None) -> dict[bytes, Conditions]:
    """On what conditions each of these ombuds gives times away, or each who has hours."""
    busy = elsewhere.busy_maps(desk, settings, ombuds)
    return {
        each: Conditions(notice_hours(practice, settings), busy.get(each))
        for each, practice in hours_store.practices(desk).items()
        if ombuds is None or each in ombuds
    }


def notice_hours(practice: Practice, settings: Settings) -> int:
    return settings.notice_hours if practice.notice_hours is None else practice.notice_hours


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
    terms = conditions(desk, settings, {each.ombuds for each in wanted})
    suitable = _suitable(wanted, mode, terms, has_proof=has_proof, now=now)
    if isinstance(suitable, NotOffered):
        return suitable
    for each in suitable:
        # What the ombuds' own calendar took since the list was made is gone as if a visitor had it.
        is_left = each.id not in resting and terms[each.ombuds].allow(each, now)
        if is_left and store.take_slot(desk, each.id):
            return as_taken(each)
    return AllGone()


def pretend(
    desk: Session,
    wanted: Sequence[Offer],
    mode: Mode,
    has_proof: bool,  # noqa: FBT001 - as in `take`
    *,
    settings: Settings,
    now: datetime,
) -> Taken | AllGone | NotOffered:
    """What `take` would answer if every time of the list were free.

    No slot and no calendar is asked: whoever only practises takes nothing, and so must not learn what is taken.
    """
    terms = conditions(desk, settings, {each.ombuds for each in wanted})
    suitable = _suitable(wanted, mode, terms, has_proof=has_proof, now=now)
    if isinstance(suitable, NotOffered):
        return suitable
    return as_taken(suitable[0]) if suitable else AllGone()


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
    listed: Sequence[Offer],
    *,
    settings: Settings,
    now: datetime,
    keep_free: int = KEEP_FREE,
    resting: Collection[bytes] = _NOTHING,
) -> Taken | None:
    """Take a time for a decoy: nearer ones more often, as visitors do; None when an ombuds' times grow few.

    `listed` is the list that everybody sees: a time that is free but not on it, as after a change of hours or when a
    calendar gave it back, can be no visitor's, so a decoy there would be known for one. `resting` is
    `Publication.resting`: what visitors cannot take yet, a decoy does not take either.
    """
    spare = to_spare(_left(desk, listed, settings, now, resting), keep_free)
    if not spare:
        return None
    weights = [_DAY / (_DAY + slot.starts - now) for slot in spare]
    drawn = SystemRandom().choices(spare, weights)[0]
    return as_taken(drawn) if store.take_slot(desk, drawn.id) else None


def to_spare(left: Collection[Offer], keep_free: int = KEEP_FREE) -> list[Offer]:
    """Of the listed times that are still free, those of ombuds who have enough of them that a decoy may take one."""
    count = Counter(offer.ombuds for offer in left)
    return [offer for offer in left if count[offer.ombuds] > keep_free]


def _left(
    desk: Session, listed: Sequence[Offer], settings: Settings, now: datetime, resting: Collection[bytes]
) -> list[Offer]:
    """What of the list a visitor could still get; nothing of it is ever shown."""
    free = {slot.id for slot in _offerable(desk, settings, now)}
    return [offer for offer in listed if offer.id in free and offer.id not in resting]


def _offerable(desk: Session, settings: Settings, now: datetime) -> list[SlotFacts]:
    terms = conditions(desk, settings)
    return [slot for slot in store.free_slots(desk) if slot.ombuds in terms and terms[slot.ombuds].allow(slot, now)]


def _offers(desk: Session, slots: Iterable[SlotFacts], names: Mapping[bytes, str], settings: Settings) -> list[Offer]:
    practices, places = hours_store.practices(desk), hours_store.places(desk)
    notices = {each: timedelta(hours=notice_hours(practice, settings)) for each, practice in practices.items()}
    shown = {each: _shown_before_booking(place) for each, place in places.items()}
    return [
        Offer(
            **vars(slot) | {"place": shown.get(slot.place)},
            ombuds_name=names[slot.ombuds],
            closes=slot.starts - notices[slot.ombuds],
        )
        for slot in slots
    ]


def _shown_before_booking(place: Place) -> Place:
    return replace(place, door="", directions="")


def _suitable(
    wanted: Sequence[Offer | SlotFacts],
    mode: Mode,
    terms: Mapping[bytes, Conditions],
    *,
    has_proof: bool,
    now: datetime,
) -> Sequence[Offer | SlotFacts] | NotOffered:
    """Those of the times that may be given to this visitor, by what is public of them."""
    reasons = [_refusal(each, mode, terms.get(each.ombuds), has_proof=has_proof, now=now) for each in wanted]
    suitable = [each for each, reason in zip(wanted, reasons, strict=True) if reason is None]
    return NotOffered(next(reason for reason in reasons if reason)) if wanted and not suitable else suitable


def _refusal(
    slot: Offer | SlotFacts, mode: Mode, terms: Conditions | None, *, has_proof: bool, now: datetime
) -> Reason | None:
    if terms is None or not rules.is_offerable(slot.starts, now, terms.notice_hours):
        return Reason.past
    if mode not in slot.modes:
        return Reason.mode
    return Reason.proof if slot.proof_needed and not has_proof else None


def as_taken(slot: Offer | SlotFacts) -> Taken:
    """A time as it will be once it belongs to somebody."""
    place = slot.place.id if isinstance(slot.place, Place) else slot.place
    return Taken(slot.id, slot.ombuds, slot.starts, slot.minutes, slot.modes, place or NOWHERE)
