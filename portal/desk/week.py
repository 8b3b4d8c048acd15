"""One week of an ombuds' own times as visitors will see it, and the times that they take off the list or open again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.desk import away
from portal.desk.changing import AtDesk, change_all
from portal.intake import reading, upkeep
from portal.intake.returning import Opened
from portal.intake.rules import HOLDING, State
from portal.office import service as office
from portal.scheduling import outlook, own
from portal.scheduling.explaining import Answer, Outlook, explain, few_left
from portal.scheduling.rules import Offer, SlotFacts
from portal.volatile import Publication

#: A week with fewer times than this is told of, and so many weeks after this one are looked at.
ENOUGH, WEEKS_AHEAD = 3, 4
_DAY, _WEEK = timedelta(days=1), 7


@dataclass(frozen=True, repr=False)
class Holder:
    """Whose time it is: a visitor's matter (`key` in hexadecimal) and the meeting in it."""

    key: str
    uid: str
    mode: str
    call_name: str
    is_booked: bool


@dataclass(frozen=True, repr=False)
class Line:
    """One time of the week, what it is now, and who holds it if one of the ombuds' own matters does."""

    slot: SlotFacts
    answer: Answer
    holder: Holder | None = None


@dataclass(frozen=True, repr=False)
class Week:
    """The times of one week to come; `is_sure` unless a matter was tampered with, which may hold one of them."""

    monday: date
    number: int
    count: int
    lines: list[Line]
    outlook: Outlook
    is_sure: bool = True


@dataclass(frozen=True)
class Done:
    """What an act did: to how many times, and which of the chosen ones it left as they were."""

    count: int
    left: list[SlotFacts] = field(default_factory=list)


def look(at: AtDesk, publication: Publication[Offer], number: int, also: date | None = None) -> Week | None:
    """A week by its number, 0 for this one, from opening everything once; None while no hours were ever set.

    With `also`, it is the week of that date, as far as times may be open in it, and the outlook knows that date.
    """
    with at.stores.desk.reading() as desk, at.stores.keys.reading() as keys:
        found = _outlook(at, desk, publication, also)
        fetched = reading.fetch(desk, keys, at.own)
    if found is None:
        return None
    opened = reading.open_fetched(fetched, at.own)
    first, count = _monday(found.day(at.now)), _weeks(found)
    wanted = (_monday(also) - first).days // _WEEK if also else number
    number = wanted if 0 <= wanted < count else 0
    monday, holders = first + number * _WEEK * _DAY, _holders(opened)
    lines = [
        Line(slot, explain(starts, found), holders.get(slot.id))
        for starts, slot in sorted(found.slots.items())
        if monday <= found.day(starts) < monday + _WEEK * _DAY
    ]
    return Week(monday, number, count, lines, found, is_sure=all(opened.values()))


def shortages(at: AtDesk, publication: Publication[Offer]) -> list[tuple[date, int]]:
    """Weeks to come in which few times are left, by their Monday; no matter is opened for it."""
    found = read_outlook(at, publication)
    return [] if found is None else few(found)


def read_outlook(at: AtDesk, publication: Publication[Offer]) -> Outlook | None:
    """What decides on the times of whoever is signed in; None while no hours were ever set."""
    with at.stores.desk.reading() as desk:
        return _outlook(at, desk, publication)


def few(found: Outlook) -> list[tuple[date, int]]:
    """The same from what was read already."""
    monday = _monday(found.day(found.now))
    return few_left(found, [monday + n * _WEEK * _DAY for n in range(1, WEEKS_AHEAD + 1)], ENOUGH)


def take_off(at: AtDesk, slots: Collection[bytes]) -> Done | None:
    """Take free times off the list: from then on they look like taken ones. None when it could not be.

    All in one transaction. What somebody has booked meanwhile is theirs, and left alone.
    """
    chosen: list[SlotFacts] = []

    def also(desk: Session, _keys: Session) -> bool:
        # Behind the write lock: what is free here cannot be booked any more.
        chosen[:] = [slot for slot in own.free(desk, at.own.ombuds, at.now) if slot.id in slots]
        return own.take_all(desk, [slot.id for slot in chosen])

    if not change_all(at, {}, also):
        return None
    return Done(len(chosen), _left(at, slots, chosen))


def open_again(at: AtDesk, slots: Collection[bytes], publication: Publication[Offer]) -> Done:
    """Give times that nobody holds back to the list; what a matter holds is left alone."""
    with at.stores.desk.reading() as desk:
        before = [slot for slot in own.taken(desk, at.own.ombuds, at.now) if slot.id in slots]
    count = away.open_again(at, slots, publication)
    with at.stores.desk.reading() as desk:
        taken = {slot.id for slot in own.taken(desk, at.own.ombuds, at.now)}
    return Done(count, [slot for slot in before if slot.id in taken])


def _left(at: AtDesk, slots: Collection[bytes], chosen: list[SlotFacts]) -> list[SlotFacts]:
    done = {slot.id for slot in chosen}
    with at.stores.desk.reading() as desk:
        return [slot for slot in own.taken(desk, at.own.ombuds, at.now) if slot.id in slots and slot.id not in done]


def _outlook(at: AtDesk, desk: Session, publication: Publication[Offer], also: date | None = None) -> Outlook | None:
    return outlook.read(
        desk,
        at.own.ombuds,
        publication,
        office.names(desk),
        settings=at.settings,
        now=at.now,
        also=also,
        has_mailbox=bool(upkeep.free_lockers(desk).get(at.own.ombuds)),
    )


def _weeks(found: Outlook) -> int:
    """How many weeks have times, from this one on: up to the last that is open, or was taken off beyond it."""
    last = max([found.ends - _DAY, *found.slots])
    return (_monday(found.day(last)) - _monday(found.day(found.now))).days // _WEEK + 1


def _holders(opened: Mapping[bytes, Opened | None]) -> dict[bytes, Holder]:
    """Visitors' meetings by their slot. A decoy's is left out: it looks like a time that was taken off the list."""
    return {
        meeting.slot: Holder(
            key.hex(), meeting.uid, meeting.mode, each.matter.stub.call_name, meeting.state is State.BOOKED
        )
        for key, each in opened.items()
        if each and each.matter.is_of_a_visitor
        for meeting in each.matter.meetings
        if meeting.state in HOLDING
    }


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY
