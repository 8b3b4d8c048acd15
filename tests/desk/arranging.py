"""An office in which Vera is booked, and what she and Ola do with her times."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal import clock
from portal.desk import meetings
from portal.desk.meetings import Refused, Wish
from portal.intake import proposals, returning
from portal.intake.returning import Opened
from portal.intake.rules import Matter, Meeting, Share, State, Stub
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.scheduling.rules import Mode, SlotFacts
from tests.cast import VERA, Person, World
from tests.intake.sealed import ask, claim_of, taken_slots, times, used_lockers

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
DAY = timedelta(days=1)


@dataclass
class Arranging:
    """Ola's keys, an office, and the lockers of whoever is booked by their six words."""

    world: World
    own: DeskKeys
    lockers: dict[str, bytes] = field(default_factory=dict)

    def book(
        self,
        slot: bytes,
        *,
        person: Person | None = VERA,
        typed: str = TYPED,
        mode: Mode = Mode.phone,
        contact: str = "",
    ) -> bytes:
        before = used_lockers(self.world)
        stub = Stub(share=Share.NOTHING, contact=contact)
        done = ask(self.world, claim_of(self.world, person), stub=stub, slots=[slot], mode=mode, typed=typed)
        assert isinstance(done, Receipt)
        (self.lockers[typed],) = used_lockers(self.world) - before
        return self.lockers[typed]

    def free(self, now: datetime | None = None) -> list[SlotFacts]:
        return meetings.free_times(self.world.at_desk(self.own, now))

    def arrange(
        self, slots: list[bytes], *, mode: Mode = Mode.phone, state: State = State.PROPOSED, typed: str = TYPED
    ) -> Refused | None:
        return meetings.arrange(self.world.at_desk(self.own), self.lockers[typed], Wish(slots, mode, state))

    def withdraw(self, uid: str, typed: str = TYPED) -> bool:
        return meetings.withdraw(self.world.at_desk(self.own), self.lockers[typed], uid, self.world.publication)

    def accept(self, uid: str, *, now: datetime | None = None, typed: str = TYPED) -> Matter:
        return self._answer(proposals.accept, uid, now, typed)

    def decline(self, uid: str, *, now: datetime | None = None, typed: str = TYPED) -> Matter:
        return self._answer(proposals.decline, uid, now, typed)

    def _answer(self, answer: object, uid: str, now: datetime | None, typed: str) -> Matter:
        settings, publication = self.world.settings, self.world.publication
        found = answer(  # type: ignore[operator]
            self.world.stores, typed, uid, publication=publication, settings=settings, now=now or clock.now()
        )
        assert isinstance(found, Opened)
        return found.matter

    def matter(self, typed: str = TYPED) -> Matter:
        found = returning.come_back(self.world.stores, typed, settings=self.world.settings)
        assert isinstance(found, Opened)
        return found.matter

    def states(self, typed: str = TYPED) -> list[State]:
        return [each.state for each in self.matter(typed).meetings]

    def proposed(self, typed: str = TYPED) -> list[Meeting]:
        return [each for each in self.matter(typed).meetings if each.state is State.PROPOSED]

    def holds_exactly(self, *slots: bytes) -> bool:
        return taken_slots(self.world) == set(slots)


def soon(world: World) -> list[bytes]:
    """Published times, nearest first."""
    return [offer.id for offer in times(world)]
