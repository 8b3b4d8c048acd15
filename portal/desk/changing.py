"""The one way in which an ombuds changes matters: all are sealed anew, so that no copy of the disk shows which."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import Stores
from portal.desk.rules import TRIES as _TRIES
from portal.intake import reading, upkeep
from portal.intake.documents import has_room
from portal.intake.ledger import Seen
from portal.intake.notes import has_room as has_room_for_notes
from portal.intake.reading import Changed, Overtaken, Sealed
from portal.intake.returning import Opened
from portal.intake.rules import Matter
from portal.office.rules import DeskKeys
from portal.reporting import service as reporting
from portal.reporting.service import Settled

Act = Callable[[Opened], Changed | None]
#: What else must happen in the same transaction, like taking a time, with its desk and keys sessions: one opened
#: beside them would wait for whoever waits for these. False undoes everything.
Also = Callable[[Session, Session], bool]


@dataclass(frozen=True, repr=False)
class AtDesk:
    """A signed-in ombuds at work, and when."""

    stores: Stores
    own: DeskKeys = field(repr=False)
    settings: Settings
    now: datetime

    @property
    def here(self) -> datetime:
        """The same moment on the office's clock: days, months and quarters are the office's own."""
        return self.now.astimezone(self.settings.zone)

    @property
    def today(self) -> date:
        return self.here.date()

    @property
    def keeps_until(self) -> date:
        """Until when a matter lives in which something happens today."""
        return self.today + timedelta(days=self.settings.keep_days)

    def furthest(self, sealed: list[Sealed]) -> date:
        """The day that no matter outlives; it follows the calendar, and no matter but where a leave was extended."""
        return max([upkeep.furthest_end(self.today, self.settings), *(each.seen.ends for each in sealed)])


class _Refused(Exception):  # noqa: N818 - no error: it undoes a transaction and goes no further
    """What else had to happen could not."""


def change(
    at: AtDesk,
    key: bytes,
    act: Callable[[Matter], Matter | None],
    also: Also | None = None,
    *,
    always_fits: bool = False,
) -> bool:
    """Change one matter; False when it cannot be, is gone, or was tampered with. It lives on as long as from today."""

    def acted(opened: Opened) -> Changed | None:
        after = act(opened.matter)
        return None if after is None else Changed(after.kept_until(at.keeps_until), always_fits=always_fits)

    return change_all(at, {key: acted}, also)


def change_all(at: AtDesk, acts: Mapping[bytes, Act], also: Also | None = None) -> bool:
    """Change some matters, all of them or none, and note in the ledger what is there now."""
    for _ in range(_TRIES):
        sealed = reading.seal(at.stores, at.own, {key: _within_room(act) for key, act in acts.items()})
        if sealed is None:
            return False
        try:
            with at.stores.desk.writing() as desk, at.stores.keys.reading() as keys:
                settled = reporting.settle(desk, keys, at.own, at.here)
                _must(also is None or also(desk, keys))
                seen = reading.put(desk, sealed, acts.keys())
                reading.set_month(desk, at.own.ombuds, at.furthest(sealed))
        except Overtaken:
            continue
        except _Refused:
            return False
        finish(at, seen, settled)
        return True
    return False


def finish(at: AtDesk, seen: Mapping[bytes, Seen], settled: Settled) -> None:
    """What follows in the keys store, once the desk store has a change for good.

    Every change settles the counts as a sign-in does, or two copies of the disk would tell one from the other. That
    what waits was put back is left for the next sign-in to find, and to say.
    """
    reading.note(at.stores, at.own, seen, at.here)
    with at.stores.keys.writing() as keys:
        reporting.empty(keys, at.own, None if settled.is_older else settled)
    reading.blur(at.stores, reading.BLANK_AT_CHANGE)


def _must(done: bool) -> None:  # noqa: FBT001 - what it is stands where it is called
    if not done:
        raise _Refused


def _within_room(act: Act) -> Act:
    def acted(opened: Opened) -> Changed | None:
        changed = act(opened)
        if changed is None or not (changed.always_fits or has_room(changed.matter)):
            return None
        return None if changed.notes is not None and not has_room_for_notes(changed.notes) else changed

    return acted
