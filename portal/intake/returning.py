"""Coming back with six words: see, write, cancel, erase."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.errors import CannotOpen
from portal.intake import lockers, store, upkeep
from portal.intake.documents import has_room
from portal.intake.lockers import Boxes
from portal.intake.notes import Notes
from portal.intake.rules import HOLDING, By, Document, Matter, Meeting, Message, State
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Offer
from portal.sealing.keys import VisitorKeys, visitor_keys
from portal.volatile import Publication


@dataclass(frozen=True)
class Opened:
    """A matter with the locker it lies in and the boxes as they were found.

    `kept` is for its ombuds alone; `latest` is the day on which the server ends it, whatever stands inside.
    """

    locker: bytes
    document: Document
    found: Boxes
    notes: bytes
    kept: Notes = field(default_factory=Notes)
    latest: date = date.max

    @property
    def matter(self) -> Matter:
        return self.document.matter


#: What somebody does with a matter: gives the same one when there is nothing to do.
Act = Callable[[Session, Matter], Matter]


@dataclass(frozen=True)
class NothingThere:
    """These words open nothing: mistyped, or erased, or destroyed on time. Which one is not told, and not known."""


@dataclass(frozen=True, repr=False)
class Said:
    """A text that somebody wants to add; `form` (hexadecimal) is that of the page it was typed into."""

    form: str
    text: str


class _Full(Exception):  # noqa: N818 - no error: it undoes a transaction and goes no further
    """A matter has no room for what was to be added."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.opened = opened


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
    message = Message(said.form, By.VISITOR, now, said.text)
    return change_with(
        stores,
        visitor_keys(words, settings.secrets.words),
        lambda _desk, matter: matter.with_message(message),
        keep_until=keeps_until(now, settings),
    )


def cancel(
    stores: Stores,
    words: str,
    *,
    publication: Publication[Offer],
    settings: Settings,
    now: datetime,
    uid: str | None = None,
) -> Opened | NothingThere:
    """Give the time of a meeting back; the matter stays until it is erased or its day comes. Twice is once.

    Without `uid` it is the meeting that counts now.
    """
    visitor = visitor_keys(words, settings.secrets.words)
    return cancel_with(stores, visitor, publication=publication, now=now, uid=uid)


def cancel_with(
    stores: Stores, visitor: VisitorKeys, *, publication: Publication[Offer], now: datetime, uid: str | None = None
) -> Opened | NothingThere:
    """The same, with the keys that the words open."""

    def act(desk: Session, matter: Matter) -> Matter:
        meeting = matter.meeting if uid is None else matter.find_meeting(uid)
        if meeting is None or meeting.state is not State.BOOKED or meeting.starts <= now:
            return matter
        give_back(desk, meeting, publication)
        return matter.with_state(meeting.uid, State.CANCELLED)

    found = change_with(stores, visitor, act, always_fits=True)
    assert not isinstance(found, NoRoom), "room for it is always left"
    return found


def change_with(
    stores: Stores,
    visitor: VisitorKeys,
    act: Act,
    *,
    keep_until: date = date.min,
    always_fits: bool = False,
) -> Opened | NothingThere | NoRoom:
    """What every act of a visitor is: open the matter, change it, seal it anew. The same matter means no change.

    `act` may change slots in the same transaction; where there is no room, nothing at all was changed. What must always
    be possible, like cancelling, has room kept for it, and says `always_fits`.
    """
    try:
        return _change_in_one_go(stores, visitor, act, keep_until, always_fits=always_fits)
    except _Full as full:
        return NoRoom(full.opened)


def _change_in_one_go(
    stores: Stores, visitor: VisitorKeys, act: Act, keep_until: date, *, always_fits: bool
) -> Opened | NothingThere:
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        opened = find(desk, keys, visitor)
        if opened is None:
            return NothingThere()
        matter = act(desk, opened.matter)
        if matter is opened.matter:
            return opened
        matter = matter.kept_until(min(keep_until, opened.latest))
        if not (always_fits or has_room(matter)):
            raise _Full(opened)
        if matter.held == opened.matter.held:
            # A booking changes a slot's block too, and so does noise: a message must not be the change without one.
            scheduling.stir(desk)
        change(desk, keys, opened, matter)
        return find(desk, keys, visitor) or NothingThere()


def keeps_until(now: datetime, settings: Settings) -> date:
    """Until when a matter lives in which something happens now."""
    return now.astimezone(settings.zone).date() + timedelta(days=settings.keep_days)


def give_back(desk: Session, meeting: Meeting, publication: Publication[Offer]) -> None:
    """Free the time of a meeting, if it came from the list."""
    if meeting.slot:
        scheduling.give_back(desk, meeting.slot, publication)


def give_all_back(desk: Session, matter: Matter, publication: Publication[Offer], now: datetime) -> None:
    """Free every time to come that a matter holds, as it ends."""
    for meeting in matter.meetings:
        if meeting.state in HOLDING and meeting.starts > now:
            give_back(desk, meeting, publication)


def touch_with(stores: Stores, visitor: VisitorKeys, *, settings: Settings, now: datetime) -> None:
    """Seal a matter anew without a word, as a visitor who writes does, and as long: what decoys do now and then."""
    keep_until = keeps_until(now, settings)
    change_with(stores, visitor, lambda _desk, matter: matter.changed(), keep_until=keep_until, always_fits=True)


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
        give_all_back(desk, opened.matter, publication, now)
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
    return Opened(locker, document, found, inner.notes, latest=_day(store.get_destroy_on(desk, locker)))


def change(desk: Session, keys: Session, opened: Opened, matter: Matter) -> bool:
    """Seal a changed matter anew to both keys found inside; False when somebody else changed it first."""
    document = Document(matter, opened.document.to_ombuds, opened.document.to_visitor)
    boxes = lockers.pack(opened.locker, store.get_secret(keys, opened.locker), document, opened.notes)
    return store.swap(desk, opened.locker, seen=opened.found.to_ombuds, boxes=boxes)


def _day(text: str) -> date:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return date.min
