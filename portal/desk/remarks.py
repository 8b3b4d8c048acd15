"""Notes from visitors, as an ombuds reads them: by kind, with the answers added up, and destroyed one by one."""

from collections.abc import Collection, Mapping

from portal.desk.changing import AtDesk
from portal.desk.ending import Came, end
from portal.desk.rules import TRIES
from portal.desk.service import open_all
from portal.intake.returning import Opened
from portal.intake.rules import Remark
from portal.scheduling.rules import Offer
from portal.volatile import Publication


def found(at: AtDesk) -> dict[str, Remark]:
    """All notes that this ombuds opens, by the key of their locker, which is random: their order tells no time."""
    return {key.hex(): opened.matter.remark for key, opened in _open(at).items() if opened.matter.remark}


def destroy(at: AtDesk, keys: Collection[bytes], publication: Publication[Offer]) -> int:
    """End these notes, and nothing that is none; gives how many, none of them where one changed meanwhile."""
    for _ in range(TRIES):
        notes = [opened for key, opened in _open(at).items() if key in keys]
        if not notes:
            return 0
        if end(at, notes, publication) is Came.TO_AN_END:
            return len(notes)
    return 0


def _open(at: AtDesk) -> Mapping[bytes, Opened]:
    return {key: opened for key, opened in open_all(at).items() if opened and opened.matter.remark}
