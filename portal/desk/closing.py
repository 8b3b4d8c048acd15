"""Close a matter: what remains of it are counts, and everything else is destroyed at once."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.desk.changing import AtDesk
from portal.desk.ending import Came, end
from portal.desk.rules import TRIES
from portal.desk.service import MatterView
from portal.intake import reading
from portal.intake.returning import Opened
from portal.intake.rules import State
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
        if opened is None or not opened.matter.is_of_a_visitor:
            return NotThere()
        if opened.matter.version != version:
            return Newer(opened.matter.version)
        answer = _close(at, opened, count, publication)
        if answer is not None:
            return answer
    return Newer(version)


def _close(
    at: AtDesk, opened: Opened, count: Count, publication: Publication[Offer]
) -> Kept | NotKept | Full | Damaged | None:
    """None when its visitor changed it in between."""
    answers = list[Kept | NotKept | Full | Damaged]()

    def keep_count(_desk: Session, keys: Session) -> bool:
        # The keys store commits first: lock and count change together. Should the process die before the desk store
        # does, the matter is gone and counted, and the daily job blanks its locker.
        answers.append(reporting.keep(keys, at.own, reporting.key_of(opened.matter.room), count, at.here))
        return isinstance(answers[-1], Kept)

    return None if end(at, [opened], publication, keep_count) is Came.BETWEEN else answers[-1]
