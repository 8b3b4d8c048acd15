"""How an ombuds ends what lies in their lockers: as an erasure by its visitor does, with all others sealed anew."""

import secrets
from collections.abc import Collection, Sequence
from enum import Enum

from sqlalchemy.orm import Session

from portal.desk.changing import Also, AtDesk, finish
from portal.intake import reading, upkeep
from portal.intake.ledger import Seen
from portal.intake.reading import Sealed
from portal.intake.returning import Opened, give_all_back
from portal.intake.rules import Matter
from portal.reporting import service as reporting
from portal.scheduling.rules import Offer
from portal.volatile import Publication


class Came(Enum):
    """What came of it: ended; refused by what else had to happen; or somebody changed one of them in between."""

    TO_AN_END = "ended"
    NO = "refused"
    BETWEEN = "between"


def end(at: AtDesk, ending: Sequence[Opened], publication: Publication[Offer], also: Also | None = None) -> Came:
    """End all of these or none; `also` happens in the same transaction, before anything else."""
    decoy, sealed = _decoy_to_end(at), reading.seal(at.stores, at.own, {}) or []
    with at.stores.desk.writing() as desk, at.stores.keys.writing() as keys:
        if not all(_is_as_found(desk, sealed, each) for each in ending):
            return Came.BETWEEN
        if also and not also(desk, keys):
            return Came.NO
        settled = reporting.settle(desk, keys, at.own, at.here)
        for each in ending:
            _end(at, desk, keys, each, publication)
        ended = {each.locker for each in ending} | _end_decoy(at, desk, keys, sealed, decoy)
        seen = _put_others(at, desk, sealed, ended)
    finish(at, seen, settled)
    return Came.TO_AN_END


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
