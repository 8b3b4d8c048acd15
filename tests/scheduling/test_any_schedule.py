"""Five hundred schedules drawn by lot, and visits, lists, changes of hours and days in any order upon them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import combinations, pairwise
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.busy.map import BusyMap
from portal.config import Settings
from portal.db import Store
from portal.scheduling import elsewhere, opening, own, service, store
from portal.scheduling.rules import NOWHERE, Mode, Offer, Place, Practice, SlotFacts, WeeklyRange
from portal.scheduling.service import AllGone, NotOffered, Taken
from portal.scheduling.walls import MIDNIGHT
from portal.volatile import Publication
from tests.scheduling.calendar_cast import MILL, MONDAY, NAMES, OLA, OTTO, PRACTICE, make_settings

SCHEDULES, STEPS = 500, 12
BARN = Place(b"the-old-barn-16b", "The old barn")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WAYS = (tuple(Mode), (Mode.in_person,), (Mode.video, Mode.phone), (Mode.phone, Mode.in_person))


@dataclass
class Lot:
    """One schedule and what becomes of it; `held` is what visitors have, `done` how often something came about."""

    desk: Session
    settings: Settings
    dice: Random
    now: datetime = MONDAY
    publication: Publication[Offer] = field(default_factory=Publication)
    buffers: dict[bytes, int] = field(default_factory=dict)
    held: dict[bytes, SlotFacts] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        for place in (MILL, BARN):
            opening.put_place(self.desk, place)
        for ombuds in (OLA, OTTO):
            self.buffers[ombuds] = self.dice.choice([0, 5, 15])
            self.change_hours(ombuds)

    def change_hours(self, ombuds: bytes | None = None) -> None:
        ombuds = ombuds or self.dice.choice([OLA, OTTO])
        practice = replace(
            PRACTICE,
            minutes=self.dice.choice([30, 45, 60]),
            modes=self.dice.choice(WAYS),
            without_code=self.dice.choice([0, 50, 100]),
            place=self.dice.choice([MILL.id, BARN.id]),
            buffer=self.buffers[ombuds],
            a_day=self.dice.choice([0, 0, 2]),
            online=self.dice.choice([50, 100]),
            notice_hours=self.dice.choice([None, 1, 48]),
        )
        week = [self.range() for _ in range(self.dice.randint(1, 6))]
        opening.set_hours(self.desk, ombuds, week, practice)
        opening.open_slots(self.desk, self.settings, self.now, ombuds)

    def range(self) -> WeeklyRange:
        begins, lasts = self.dice.randint(0, 46), self.dice.randint(1, 12)
        clock = [time(half // 2 % 24, half % 2 * 30) for half in (begins, begins + lasts)]
        ends = MIDNIGHT if begins + lasts == 48 else clock[1]
        place = self.dice.choice([NOWHERE, BARN.id])
        return WeeklyRange(self.dice.randint(0, 5), clock[0], ends, self.dice.choice(WAYS), place)

    def date(self) -> None:
        ombuds, day = self.dice.choice([OLA, OTTO]), self.now.date() + self.dice.randint(0, 6) * DAY
        ranges = [replace(self.range(), weekday=day.weekday()) for _ in range(self.dice.randint(0, 2))]
        opening.set_date(self.desk, ombuds, day, self.dice.choice([None, ranges]))
        opening.open_slots(self.desk, self.settings, self.now, ombuds)

    def busy(self) -> None:
        ombuds, busy = self.dice.choice([OLA, OTTO]), BusyMap(self.now.date())
        for _ in range(self.dice.randint(0, 9)):
            moments = [offer.starts for offer in self.listed()] or [self.now]
            starts = self.dice.choice(moments)
            busy.mark(starts, starts + self.dice.randint(1, 9) * HOUR)
        elsewhere.keep(self.desk, ombuds, busy, settings=self.settings, now=self.now)

    def listed(self) -> list[Offer]:
        return service.published(self.desk, self.publication, NAMES, settings=self.settings, now=self.now)

    def book(self) -> None:
        offers = self.listed()
        if offers:
            self._take(self.dice.choice(offers))

    def _take(self, offer: Offer) -> bool:
        """What is on the list can be booked, unless another took it, or its ombuds became busy, since."""
        terms = service.conditions(self.desk, self.settings)[offer.ombuds]
        free = {slot.id for slot in store.free_slots(self.desk)}
        could = offer.id in free - self.publication.resting
        found = service.take(
            self.desk,
            [offer],
            offer.modes[0],
            has_proof=True,
            settings=self.settings,
            now=self.now,
            resting=self.publication.resting,
        )
        if isinstance(found, Taken):
            self.held[found.id] = _slot(found)
            self.done["taken"] += 1
            return True
        assert not isinstance(found, NotOffered) or not terms.allow(offer, self.now)
        assert isinstance(found, NotOffered) or not could or terms.are_busy(offer)
        assert isinstance(found, AllGone | NotOffered)
        self.done["busy" if terms.are_busy(offer) else type(found).__name__] += 1
        return False

    def move(self) -> None:
        coming = [slot for slot in self.held.values() if slot.starts > self.now]
        offers = self.listed()
        if coming and offers:
            old = self.dice.choice(coming)
            if self._take(self.dice.choice(offers)):
                self._give_back(old)
                self.done["moved"] += 1

    def cancel(self) -> None:
        if self.held:
            self._give_back(self.dice.choice(list(self.held.values())))

    def _give_back(self, slot: SlotFacts) -> None:
        service.give_back(self.desk, slot.id, self.publication)
        del self.held[slot.id]

    def block(self) -> None:
        ombuds, starts = self.dice.choice([OLA, OTTO]), self.now + self.dice.randint(0, 160) * HOUR
        own.block(self.desk, ombuds, (starts, starts + 4 * HOUR), settings=self.settings, now=self.now)

    def hours_pass(self) -> None:
        self.now += self.dice.randint(1, 30) * HOUR

    def tick(self) -> None:
        opening.remove_past(self.desk, self.settings, self.now)
        opening.open_slots(self.desk, self.settings, self.now)
        midnight = opening.first_instant(self.now.astimezone(self.settings.zone).date(), self.settings.zone)
        self.held = {key: slot for key, slot in self.held.items() if slot.ends > midnight}


def _slot(taken: Taken) -> SlotFacts:
    facts = (taken.id, taken.ombuds, taken.starts, taken.minutes, taken.modes)
    return SlotFacts(*facts, proof_needed=False, place=taken.place)


ACTS = (Lot.book, Lot.book, Lot.book, Lot.move, Lot.cancel, Lot.change_hours, Lot.date, Lot.busy, Lot.block,
        Lot.hours_pass, Lot.tick, Lot.listed)  # fmt: skip


@pytest.fixture
def schedules(desk_store: Store, settings: Settings) -> "Schedules":
    return Schedules(desk_store, settings)


@dataclass
class Schedules:
    opened: Store
    settings: Settings

    def live(self, number: int) -> Counter[str]:
        """One schedule from its beginning to its end, undone afterwards."""
        settings = make_settings(self.settings.instance, horizon_weeks=1)
        with self.opened.reading() as desk:
            lot = Lot(desk, settings, Random(number))  # noqa: S311 - the same schedules in every run
            lot.begin()
            for _ in range(STEPS):
                lot.dice.choice(ACTS)(lot)
                assert faults(lot) == []
            desk.rollback()
        return lot.done


def faults(lot: Lot) -> list[str]:
    """What must never be: two at one time, at one place, or without the pause between them."""
    slots = [slot for ombuds in (OLA, OTTO) for slot in store.slots_of(lot.desk, ombuds, lot.now - 30 * DAY)]
    found = [
        f"{slot.starts} is held and not taken"
        for slot in lot.held.values()
        if slot.id in {free.id for free in store.free_slots(lot.desk)}
    ]
    for ombuds in (OLA, OTTO):
        mine = sorted((slot for slot in slots if slot.ombuds == ombuds), key=lambda slot: slot.starts)
        pause = lot.buffers[ombuds] * MINUTE
        found += [
            f"{one.starts} and {two.starts} are too near"
            for one, two in pairwise(mine)
            if two.starts < one.ends + pause
        ]
    widest = max(lot.buffers.values()) * MINUTE
    there = [slot for slot in slots if slot.place != NOWHERE]
    found += [
        f"two at one place at {one.starts}"
        for one, two in combinations(there, 2)
        if one.place == two.place
        and one.ombuds != two.ombuds
        and one.starts < two.ends + widest
        and two.starts < one.ends + widest
    ]
    return found


def test_in_five_hundred_schedules_nobody_meets_another_and_what_is_listed_can_be_booked(schedules: Schedules) -> None:
    done = sum((schedules.live(number) for number in range(SCHEDULES)), Counter[str]())
    assert {name for name, count in done.items() if count >= 10} == {"taken", "moved", "busy", "AllGone", "NotOffered"}


def test_a_time_that_is_opened_beside_another_is_found(schedules: Schedules) -> None:
    """As a change of hours would that forgot the times that stay."""
    with schedules.opened.reading() as desk:
        lot = Lot(desk, schedules.settings, Random(1))  # noqa: S311 - the same in every run
        lot.begin()
        assert faults(lot) == []
        one = store.free_slots(desk)[0]
        store.add_slots(desk, [replace(one, id=b"beside it 16 by.", starts=one.starts + 5 * MINUTE)])
        assert "are too near" in faults(lot)[0]
        desk.execute(text("UPDATE slot SET ombuds = :otto WHERE id = :one"), {"otto": OTTO, "one": b"beside it 16 by."})
        assert one.place == NOWHERE or any("at one place" in each for each in faults(lot))


def test_a_practice_that_was_never_set_opens_nothing(desk_store: Store, settings: Settings) -> None:
    with desk_store.writing() as desk:
        assert opening.timetable(desk, OLA, settings, MONDAY.date()) is None
        assert opening.open_slots(desk, settings, MONDAY) == 0
    assert isinstance(PRACTICE, Practice)
