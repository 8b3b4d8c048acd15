"""Coming back with six words: see, write, cancel, erase."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.errors import CannotOpen
from portal.intake import lockers, store, upkeep
from portal.intake.documents import has_room
from portal.intake.lockers import Boxes
from portal.intake.rules import By, Document, Matter, Message, State
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Offer
from portal.sealing.keys import VisitorKeys, visitor_keys
from portal.volatile import Publication


@dataclass(frozen=True)
class Opened:
    """A matter with the locker it lies in and the boxes as they were found."""

    locker: bytes
    document: Document
    found: Boxes
    notes: bytes

    @property
    def matter(self) -> Matter:
        return self.document.matter


@dataclass(frozen=True)
class NothingThere:
    """These words open nothing: mistyped, or erased, or destroyed on time. Which one is not told, and not known."""


@dataclass(frozen=True, repr=False)
class Said:
    """A text that somebody wants to add; `form` (hexadecimal) is that of the page it was typed into."""

    form: str
    text: str


@dataclass(frozen=True)
class NoRoom:
    """The message does not fit any more; nothing was written."""

    opened: Opened


def come_back(stores: Stores, words: str, *, settings: Settings) -> Opened | NothingThere:
    """Open the matter of six words."""
    visitor = visitor_keys(words, settings.secrets.words)
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        return find(desk, keys, visitor) or NothingThere()


def write(
    stores: Stores, words: str, said: Said, *, settings: Settings, now: datetime
) -> Opened | NothingThere | NoRoom:
    """Add a visitor's message to their matter."""
    visitor = visitor_keys(words, settings.secrets.words)
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        opened = find(desk, keys, visitor)
        if opened is None:
            return NothingThere()
        message = Message(said.form, By.VISITOR, now, said.text)
        matter = opened.matter.with_message(message)
        if not has_room(matter):
            return NoRoom(opened)
        if matter is not opened.matter:
            change(desk, keys, opened, matter)
        return find(desk, keys, visitor) or NothingThere()


def cancel(
    stores: Stores, words: str, *, publication: Publication[Offer], settings: Settings, now: datetime
) -> Opened | NothingThere:
    """Give the time back; the matter stays until it is erased or its day comes. Twice is once."""
    return cancel_with(stores, visitor_keys(words, settings.secrets.words), publication=publication, now=now)


def cancel_with(
    stores: Stores, visitor: VisitorKeys, *, publication: Publication[Offer], now: datetime
) -> Opened | NothingThere:
    """The same, with the keys that the words open."""
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        opened = find(desk, keys, visitor)
        if opened is None:
            return NothingThere()
        if opened.matter.meeting.state is not State.BOOKED or opened.matter.meeting.starts <= now:
            return opened
        scheduling.give_back(desk, opened.matter.meeting.slot, publication)
        change(desk, keys, opened, opened.matter.with_state(State.CANCELLED))
        return find(desk, keys, visitor) or NothingThere()


def touch_with(stores: Stores, visitor: VisitorKeys) -> None:
    """Seal a matter anew without a change, as a visitor who writes does: what decoys do now and then."""
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        opened = find(desk, keys, visitor)
        if opened is not None:
            change(desk, keys, opened, opened.matter)


def erase(stores: Stores, words: str, *, publication: Publication[Offer], settings: Settings, now: datetime) -> bool:
    """End a matter now; False when there was none."""
    return erase_with(stores, visitor_keys(words, settings.secrets.words), publication=publication, now=now)


def erase_with(stores: Stores, visitor: VisitorKeys, *, publication: Publication[Offer], now: datetime) -> bool:
    """The same, with the keys that the words open."""
    # The keys store commits first: a matter whose lock is gone is gone, whatever becomes of the rest. Should the
    # process die in between, the daily job blanks the locker; the time stays taken, as nothing joins the two.
    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        opened = find(desk, keys, visitor)
        if opened is None:
            return False
        meeting = opened.matter.meeting
        if meeting.state is State.BOOKED and meeting.starts > now:
            scheduling.give_back(desk, meeting.slot, publication)
        upkeep.end(desk, keys, opened.locker, opened.matter.ombuds)
        return True


def find(desk: Session, keys: Session, visitor: VisitorKeys) -> Opened | None:
    """The matter that a visitor's keys open."""
    locker = store.find_by_lookup(desk, visitor.lookup)
    if locker is None:
        return None
    found = store.get_boxes(desk, locker)
    try:
        inner = lockers.unlock(locker, store.get_secret(keys, locker), found)
        document = lockers.open_for_visitor(locker, inner, visitor.private, visitor.pair)
    except CannotOpen:
        return None
    return Opened(locker, document, found, inner.notes)


def change(desk: Session, keys: Session, opened: Opened, matter: Matter) -> bool:
    """Seal a changed matter anew to both keys found inside; False when somebody else changed it first."""
    document = Document(matter, opened.document.to_ombuds, opened.document.to_visitor)
    boxes = lockers.pack(opened.locker, store.get_secret(keys, opened.locker), document, opened.notes)
    return store.swap(desk, opened.locker, seen=opened.found.to_ombuds, boxes=boxes)
