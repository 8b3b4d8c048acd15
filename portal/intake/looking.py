"""The rows that a matter has in the stores, fetched for the visitor it belongs to."""

from portal.config import Settings
from portal.db import Stores
from portal.intake import returning, store
from portal.intake.returning import NothingThere, Opened
from portal.intake.rules import HOLDING, Matter, State
from portal.intake.stored import Rows
from portal.scheduling import service as scheduling
from portal.sealing.keys import visitor_keys

#: A time that was given back may be somebody else's by now: its row is none of this visitor's.
_KEPT = HOLDING | {State.MET, State.MISSED}


def look(stores: Stores, words: str, *, settings: Settings) -> tuple[Opened, Rows] | NothingThere:
    """A matter and all that lies in the stores about it; nothing is changed."""
    visitor = visitor_keys(words, settings.secrets.words)
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        opened = returning.find(desk, keys, visitor)
        if opened is None:
            return NothingThere()
        rows = Rows(
            locker=store.get_row(desk, opened.locker),
            lock=len(store.get_secret(keys, opened.locker)),
            ledger=len(store.find_ledger(keys, opened.matter.ombuds) or b""),
            slots=scheduling.rows(desk, _slots(opened.matter)),
        )
    return opened, rows


def _slots(matter: Matter) -> set[bytes]:
    return {each.slot for each in matter.meetings if each.slot and each.state in _KEPT}
