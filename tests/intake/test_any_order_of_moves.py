"""Five hundred seeded stories of booking, moving, cancelling, new lists and new days, with two ombuds."""

import os
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from portal import clock, jobs
from portal.desk import service as desk_service
from portal.intake import moves, returning
from portal.intake.making import New, can_take, meeting_at, put_away
from portal.intake.moves import Kept, Moved, Why, Wish
from portal.intake.rules import HOLDING, Matter, Share, State, Stub, ends_on
from portal.office import service as office
from portal.scheduling import opening
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer, WeeklyRange
from portal.scheduling.service import Taken
from portal.sealing.keys import KEY_SIZE, LOOKUP_SIZE, VisitorKeys, new_private
from portal.volatile import Publication
from tests.cast import PRACTICE, World, change_settings
from tests.intake.sealed import ask_desk, taken_slots

STORIES = 500
STEPS = 5
#: A world is lived in by so many stories one after the other, then another one begins.
A_WORLD = 25
MEMORY = Path("/dev/shm")
SEED = 20260522


@dataclass
class Story:
    """Who holds which time, as all were told; `gone` was taken since the list was made, `over` nobody gave back."""

    world: World
    chance: Random
    now: datetime
    held: dict[VisitorKeys, Offer] = field(default_factory=dict)
    gone: set[bytes] = field(default_factory=set)
    over: set[bytes] = field(default_factory=set)
    moved: int = 0
    kept: int = 0

    def step(self) -> None:
        acts = [self.book, self.book, self.move, self.move, self.move, self.cancel, self.publish, self.tick]
        self.chance.choice(acts)()
        self.look()

    def list(self) -> list[Offer]:
        with self.world.stores.desk.reading() as desk:
            return scheduling.published(
                desk, self.world.publication, office.names(desk), settings=self.world.settings, now=self.now
            )

    def book(self) -> None:
        """What a booking does once the claim is checked; keys are made up, as deriving them takes long."""
        visitor, listed = VisitorKeys(os.urandom(LOOKUP_SIZE), new_private(), os.urandom(KEY_SIZE)), self.list()
        wanted = self.chance.sample(listed, 2) if len(listed) > 1 else []
        with self.world.stores.desk.writing() as desk, self.world.stores.keys.reading() as keys:
            able = [offer for offer in wanted if can_take(desk, keys, offer.ombuds)]
            resting = self.world.publication.resting
            how = {"settings": self.world.settings, "now": self.now, "resting": resting}
            taken = scheduling.take(desk, able, Mode.phone, False, **how)  # noqa: FBT003 - as the story calls it
            if not isinstance(taken, Taken):
                return
            new = New(
                ombuds=taken.ombuds,
                meeting=meeting_at(desk, taken, Mode.phone),
                stub=Stub(Share.NOTHING),
                level="none",
                ends=ends_on(taken.starts, self.world.settings.keep_days),
            )
            put_away(desk, keys, new, visitor)
        self._took(visitor, next(offer for offer in wanted if offer.id == taken.id))

    def move(self) -> None:
        coming = [each for each, offer in self.held.items() if offer.starts > self.now]
        if not coming:
            return
        visitor, listed = self.chance.choice(coming), self.list()
        before = self.held[visitor]
        wished = self.chance.sample(listed, min(len(listed), self.chance.randint(1, 3)))
        uid = self._matter(visitor).meetings[0].uid
        wish = Wish(uid, before.id, [offer.id for offer in wished])
        how = {"publication": self.world.publication, "settings": self.world.settings, "now": self.now}
        found = moves.move_with(self.world.stores, visitor, wish, **how)
        free = [offer for offer in wished if offer.ombuds == before.ombuds and offer.id not in self.gone]
        if before.id in wish.slots:
            assert isinstance(found, Kept)
            assert found.why is Why.SAME
        elif isinstance(found, Moved):
            assert found.meeting.slot == free[0].id, "the first that nobody took since the list was made"
            self.gone.add(before.id)
            self._took(visitor, free[0])
            self.moved += 1
        else:
            assert isinstance(found, Kept)
            assert (found.why, free) == (Why.GONE, [])
            self.kept += 1

    def cancel(self) -> None:
        if self.held:
            visitor = self.chance.choice(list(self.held))
            returning.cancel_with(self.world.stores, visitor, publication=self.world.publication, now=self.now)
            if self.held[visitor].starts > self.now:
                self.gone.add(self.held.pop(visitor).id)

    def publish(self) -> None:
        self.world.publication = Publication()
        self.gone = taken_slots(self.world)

    def tick(self) -> None:
        self.now += timedelta(hours=self.chance.choice([1, 7, 24]))
        jobs.daily(self.world.stores, settings=self.world.settings, now=self.now)
        self.publish()

    def look(self) -> None:
        """No slot is held by two, nobody holds two, and what stands on disk is what everybody was told."""
        for visitor, offer in self.held.items():
            meetings = [each for each in self._matter(visitor).meetings if each.state in HOLDING]
            assert [each.slot for each in meetings] == [offer.id]
            assert meetings[0].state is State.BOOKED
            assert meetings[0].starts == offer.starts
        ahead = {visitor: offer.id for visitor, offer in self.held.items() if offer.starts > self.now}
        assert len(set(ahead.values())) == len(ahead)
        taken = taken_slots(self.world)
        assert set(ahead.values()) <= taken
        assert not taken - {offer.id for offer in self.held.values()} - self.over, "taken by nobody"
        rows = {bytes(row[0]) for row in ask_desk(self.world, "SELECT id FROM slot WHERE state = 8")}  # type: ignore[call-overload]
        bookable = {offer.id for offer in self.list()} - self.gone
        assert bookable <= rows - self.world.publication.resting, "listed, taken by nobody, and not to be had"

    def all_leave(self) -> None:
        """The next story begins with free mailboxes; times that are past stay taken until their day is over."""
        for visitor in self.held:
            returning.erase_with(self.world.stores, visitor, publication=self.world.publication, now=self.now)
        self.over |= {offer.id for offer in self.held.values() if offer.starts <= self.now}
        self.held = {}
        self.publish()

    def _took(self, visitor: VisitorKeys, offer: Offer) -> None:
        self.held[visitor] = offer
        self.gone.add(offer.id)

    def _matter(self, visitor: VisitorKeys) -> Matter:
        with self.world.stores.desk.reading() as desk, self.world.stores.keys.reading() as keys:
            found = returning.find(desk, keys, visitor)
        assert found
        return found.matter


@pytest.fixture(scope="module")
def two(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Ola and Ivo, each three hours a day for a week ahead, so that wishes meet."""
    world = first_world.copy(tmp_path_factory.mktemp("two") / "instance")
    change_settings(world.instance, horizon_weeks="horizon_weeks = 1")
    world.refresh()
    with world.stores.desk.writing() as desk:
        code = office.invite(desk, "Ivo Kraus")
        assert isinstance(code, str)
        ivo = office.find_invitation(desk, code)
        assert isinstance(ivo, bytes)
    kit = office.new_kit()
    assert desk_service.join(world.stores, code=code, kit=kit, settings=world.settings, now=clock.now())
    with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
        assert office.admit(desk, keys, ivo, first_world.desk_keys())
    with world.stores.desk.writing() as desk:
        desk.connection().exec_driver_sql("DELETE FROM slot")
        for each in (world.ombuds, ivo):
            opening.set_hours(desk, each, [WeeklyRange(day, time(9), time(12)) for day in range(7)], PRACTICE)
    jobs.daily(world.stores, settings=world.settings, now=clock.now())
    world.stores.close()
    return world


def test_after_five_hundred_stories_every_matter_has_its_one_time_and_every_time_its_one_matter(two: World) -> None:
    moved = kept = 0
    for number in range(STORIES // A_WORLD):
        with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            story = Story(two.copy(Path(folder) / "instance"), Random(SEED + number), clock.now())  # noqa: S311
            for _ in range(A_WORLD):
                for _ in range(STEPS):
                    story.step()
                story.all_leave()
            story.world.stores.close()
            moved, kept = moved + story.moved, kept + story.kept
    assert moved > STORIES / 4
    assert kept > STORIES / 20, "some were too late"


def test_a_move_that_forgot_to_give_the_old_time_back_would_be_caught(two: World, tmp_path: Path) -> None:
    """The planted fault: the old time stays taken, by nobody."""
    story = Story(two.copy(tmp_path / "instance"), Random(SEED), clock.now())  # noqa: S311
    story.book()
    (before,) = story.held.values()
    while not story.moved:
        story.move()
    story.look()
    ask_desk(story.world, "UPDATE slot SET state = 9 WHERE id = ?", before.id)

    with pytest.raises(AssertionError, match="taken by nobody"):
        story.look()
