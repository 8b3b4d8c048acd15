"""Lockers from before anybody comes to after everybody has left: made, ended on their day, blanked, stirred."""

import os
import secrets
from contextlib import suppress
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.errors import CannotOpen, NotReady
from portal.intake import lockers, store
from portal.intake.rules import month_after
from portal.intake.tables import FREE, Lock, Locker
from portal.office import service as office
from portal.scheduling import service as scheduling
from portal.sealing.keys import KEY_SIZE, LOOKUP_SIZE, new_private, public_of

#: A process that dies while it ends a matter leaves one half-ended; more at once are no accident of ours.
MOST_HALVES = 2


def make_lockers(desk: Session, keys: Session, ombuds: bytes, count: int, furthest: date) -> int:
    """Fill up an ombuds' lockers to `count`; gives how many were made.

    The first ones are kept until the month after `furthest`, further ones as long as those that are there.
    """
    to_ombuds = office.get_public_key(desk, ombuds)
    month = store.find_destroy_on(desk, ombuds) or month_after(furthest).isoformat()
    missing = count - store.count_all(desk, ombuds)
    store.add(desk, keys, (_new_locker(ombuds, to_ombuds, month) for _ in range(missing)))
    return max(missing, 0)


def furthest_end(today: date, settings: Settings) -> date:
    """The last day of whatever may be booked today: nothing that happens in a matter can lie beyond it."""
    return today + timedelta(weeks=settings.horizon_weeks, days=settings.keep_days)


def latest_end(desk: Session, ombuds: bytes) -> date:
    """The day on which the server ends whatever lies in this ombuds' lockers; no sign-in has moved it yet."""
    with suppress(ValueError):
        return date.fromisoformat(store.find_destroy_on(desk, ombuds))
    return date.min


def free_lockers(desk: Session) -> dict[bytes, int]:
    """How many lockers each ombuds has left."""
    return store.count_free(desk)


def end(desk: Session, keys: Session, locker: bytes, ombuds: bytes) -> None:
    """Overwrite a locker's lock, then its boxes: no old copy of the desk store opens it any more."""
    secret = os.urandom(KEY_SIZE)
    store.replace_lock(keys, locker, secret)
    _blank(desk, locker, secret, ombuds)


def end_overdue(desk: Session, keys: Session, today: date) -> int:
    """End every matter whose month has come; gives how many.

    A locker whose lock was replaced but whose boxes were not (the process died in between) is finished here too. One
    with a changed box is left alone: its ombuds must see that it was tampered with.

    Raises:
        NotReady: when more lockers fit no lock than a crash leaves behind: the keys store is another one's.
    """
    used = store.used(desk)
    due = [(locker, ombuds) for locker, ombuds, month in used if month <= today.isoformat()]
    alive = [(locker, ombuds) for locker, ombuds, month in used if month > today.isoformat()]
    halves = [(locker, ombuds) for locker, ombuds in alive if _is_half_ended(desk, keys, locker)]
    if len(halves) > MOST_HALVES:
        raise NotReady(
            f"{len(halves)} open matters do not fit the locks in keys.db. Nothing was changed. "
            "Does this keys.db belong to this desk.db? Put back the newest copy of keys.db before anything else."
        )
    for locker, ombuds in (*due, *halves):
        end(desk, keys, locker, ombuds)
    return len(due) + len(halves)


def stir(desk: Session, keys: Session) -> None:
    """The noise: change what a visit changes, in a locker that chance draws, and nothing that anybody reads.

    A free locker gets fresh blanks, as if it had been booked, or a new lock too, as if a matter had been erased. A used
    one is locked anew, as if its visitor or its ombuds had changed it.
    """
    scheduling.stir(desk)
    locker = store.draw(desk)
    if locker is None:
        return
    secret, ombuds = store.get_secret(keys, locker), store.get_ombuds(desk, locker)
    if store.is_used(desk, locker, ombuds):
        _lock_anew(desk, locker, secret)
    elif secrets.randbelow(2):
        end(desk, keys, locker, ombuds)
    else:
        _blank(desk, locker, secret, ombuds)


def look(keys: Session) -> None:
    """Read a row of the keys store, whichever."""
    store.count_locks(keys)


def last_day(desk: Session) -> date | None:
    """The newest day on which the daily job ran; None when it never did, or when what is written there is no day."""
    with suppress(ValueError):
        return date.fromisoformat(store.last_day(desk))
    return None


def note_day(desk: Session, today: date) -> None:
    """Note that the daily job ran; a clock that was set back takes nothing back."""
    before = last_day(desk)
    if before is None or before < today:
        store.note_day(desk, today.isoformat())


def _is_half_ended(desk: Session, keys: Session, locker: bytes) -> bool:
    return lockers.opens_nothing(locker, store.get_secret(keys, locker), store.get_boxes(desk, locker))


def _blank(desk: Session, locker: bytes, secret: bytes, ombuds: bytes) -> None:
    # Somebody may have spoilt the ombuds' key: a matter ends all the same, and its blank is sealed to nobody.
    to_ombuds = office.find_public_key(desk, ombuds) or public_of(new_private())
    boxes = lockers.blank(locker, secret, to_ombuds)
    store.clear(desk, locker, lookup=os.urandom(LOOKUP_SIZE), boxes=boxes)


def _lock_anew(desk: Session, locker: bytes, secret: bytes) -> None:
    found = store.get_boxes(desk, locker)
    with suppress(CannotOpen):  # tampered with: it must stay as it is, for its ombuds to see
        store.swap(desk, locker, seen=found.to_ombuds, boxes=lockers.lock_anew(locker, secret, found))


def _new_locker(ombuds: bytes, to_ombuds: bytes, month: str) -> tuple[Locker, Lock]:
    locker, secret = os.urandom(16), os.urandom(KEY_SIZE)
    boxes = lockers.blank(locker, secret, to_ombuds)
    row = Locker(id=locker, ombuds=ombuds, state=FREE, destroy_on=month, lookup=os.urandom(LOOKUP_SIZE), **vars(boxes))
    return row, Lock(locker=locker, secret=secret)
