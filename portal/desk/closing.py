"""Close a matter: what remains of it are counts, and everything else is destroyed at once."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.desk.changing import AtDesk, finish
from portal.desk.rules import TRIES
from portal.desk.service import MatterView
from portal.intake import reading, upkeep
from portal.intake.ledger import Seen
from portal.intake.reading import Sealed
from portal.intake.returning import Opened, give_all_back
from portal.intake.rules import Matter, State
from portal.reporting import service as reporting
from portal.reporting.rules import ATTRIBUTES, Count
from portal.reporting.service import Damaged, Full, Kept, NotKept
from portal.scheduling.rules import Offer
from portal.volatile import Publication

_IN_WRITING = "write"


@dataclass(frozen=True)
class NotThere:
    """There is no such matter any more, or it was tampered with: nothing was counted or erased."""


@dataclass(frozen=True)
class Newer:
    """The matter was changed since the ombuds looked at it; nothing was counted or erased."""

    version: int


Closed = Kept
Refused = NotKept | Full | Damaged | NotThere | Newer


def proposed(found: MatterView) -> Count:
    """What can be counted of a matter without asking: what its visitor shared, and what was marked."""
    matter = found.matter
    met = [each for each in matter.meetings if each.state is State.MET]
    last = met[-1] if met else matter.meeting
    return Count(
        attributes={name: found.profile[name] for name in ATTRIBUTES if name in found.profile},
        mode=last.mode if last else _IN_WRITING,
        meetings=len(met),
        people=matter.stub.people,
    )


def close(at: AtDesk, key: bytes, count: Count, *, version: int, publication: Publication[Offer]) -> Closed | Refused:
    """Keep the count of a matter and end it; all others are sealed anew, as any change at the desk does.

    `version` is that of the matter as the ombuds saw it: a message that came meanwhile is not destroyed unread.
    """
    for _ in range(TRIES):
        opened = reading.open_one(at.stores, at.own, key)
        if opened is None or opened.matter.is_decoy:
            return NotThere()
        if opened.matter.version != version:
            return Newer(opened.matter.version)
        decoy, sealed = _decoy_to_end(at), reading.seal(at.stores, at.own, {}) or []
        # The keys store commits first: lock and count change together. Should the process die before the desk store
        # does, the matter is gone and counted, and the daily job blanks its locker.
        with at.stores.desk.writing() as desk, at.stores.keys.writing() as keys:
            if not _is_as_found(desk, sealed, opened):
                continue
            kept = reporting.keep(keys, at.own, reporting.key_of(opened.matter.room), count, at.here)
            if not isinstance(kept, Kept):
                return kept
            settled = reporting.settle(desk, keys, at.own, at.here)
            _end(at, desk, keys, opened, publication)
            ended = {key} | _end_decoy(at, desk, keys, sealed, decoy)
            seen = _put_others(at, desk, sealed, ended)
        finish(at, seen, settled)
        return kept
    return Newer(version)


def _is_as_found(desk: Session, sealed: list[Sealed], opened: Opened) -> bool:
    mine = [each for each in sealed if each.locker == opened.locker]
    return bool(mine) and mine[0].found == opened.found and mine[0].is_as_found(desk)


def _end(at: AtDesk, desk: Session, keys: Session, opened: Opened, publication: Publication[Offer]) -> None:
    """As an erasure by its visitor does; and the ledger forgets it."""
    give_all_back(desk, opened.matter, publication, at.now)
    upkeep.end(desk, keys, opened.locker, at.own.ombuds)
    reading.strike_out(desk, keys, at.own, opened.locker)


def _decoy_to_end(at: AtDesk) -> bytes | None:
    """Every other closing ends a decoy too whose meeting is over: or in the end only decoys would grow old."""
    with at.stores.desk.reading() as desk, at.stores.keys.reading() as keys:
        fetched = reading.fetch(desk, keys, at.own)
    found = reading.open_fetched(fetched, at.own)
    over = [locker for locker, each in found.items() if each and each.matter.is_decoy and _is_over(at, each.matter)]
    return secrets.choice(over) if over and secrets.randbelow(2) else None


def _end_decoy(at: AtDesk, desk: Session, keys: Session, sealed: list[Sealed], decoy: bytes | None) -> set[bytes]:
    if not any(each.locker == decoy and each.is_as_found(desk) for each in sealed):
        return set()
    assert decoy is not None
    upkeep.end(desk, keys, decoy, at.own.ombuds)
    reading.strike_out(desk, keys, at.own, decoy)
    return {decoy}


def _is_over(at: AtDesk, matter: Matter) -> bool:
    return all(each.ends <= at.now for each in matter.meetings)


def _put_others(at: AtDesk, desk: Session, sealed: list[Sealed], ended: Collection[bytes]) -> dict[bytes, Seen]:
    others = [each for each in sealed if each.locker not in ended]
    seen = reading.put(desk, others, ())
    reading.set_month(desk, at.own.ombuds, at.furthest(others))
    return seen
