"""Visitors and Ola do anything in any order, and processes die in between: nothing is lost, nothing comes back."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal import clock
from portal.desk import changing, closing, meetings, service
from portal.desk import permitting as desk_permitting
from portal.desk.meetings import Wish
from portal.desk.service import MatterView, Tampered
from portal.intake import moves, proposals, returning, store
from portal.intake import permitting as visitor_permitting
from portal.intake.making import New, can_take, meeting_at, put_away
from portal.intake.permissions import AsShown, Permission, Terms
from portal.intake.reading import Changed
from portal.intake.returning import Opened, Said
from portal.intake.rules import HOLDING, By, Matter, Meeting, Message, Share, State, Stub
from portal.office.rules import DeskKeys
from portal.scheduling import own
from portal.scheduling.rules import Mode
from portal.sealing import words
from portal.sealing.keys import VisitorKeys, visitor_keys
from tests.cast import World
from tests.intake.sealed import ask_desk
from tests.promises.dying import act_and_die

#: Before which commit a process dies; mostly it lives.
DEATHS = st.sampled_from([None, None, None, 0, 1, 2])
MOST = 4
DAY = timedelta(days=1)
HOW = {"deadline": None, "suppress_health_check": list(HealthCheck)}
#: Thousands of commits wait for no disk there; what a dying process leaves is the same.
MEMORY = Path("/dev/shm")


@dataclass
class Life:
    """What a visitor and Ola have been told is kept.

    `over` are permissions that ended; `last` is the newest version anybody saw.
    """

    words: str
    keys: VisitorKeys
    over: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    notes: str = ""
    last: int = 0
    ended: bool = False


class Office(RuleBasedStateMachine):
    """An office of one ombuds, eight lockers and whoever comes."""

    first: World
    ola: DeskKeys

    @initialize()
    def opens(self) -> None:
        self.folder = TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.world = self.first.copy(Path(self.folder.name) / "instance")
        self.lives: list[Life] = []
        self.now = clock.now()
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.stores.close()
            self.folder.cleanup()

    @rule(death=DEATHS, chosen=st.integers(0, 9))
    def somebody_books(self, death: int | None, chosen: int) -> None:
        assume(len(self.living) < MOST)
        typed = words.draw()
        visitor = visitor_keys(typed, self.world.settings.secrets.words)
        offers = self.world.offers()[2:]
        self._do(lambda: self._book(visitor, offers[chosen].id), death)
        if self._by_words(visitor):
            self.lives.append(Life(typed, visitor))

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data())
    def a_visitor_writes(self, death: int | None, data: st.DataObject) -> None:
        life, text = self._one(data), self._text()
        message = Message(f"{self.number:016x}", By.VISITOR, self.now, text)
        until = returning.keeps_until(self.now, self.world.settings)

        def write() -> None:
            returning.change_with(
                self.world.stores, life.keys, lambda _desk, matter: matter.with_message(message), keep_until=until
            )

        if self._do(write, death):
            life.said.append(text)

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data())
    def a_visitor_cancels(self, death: int | None, data: st.DataObject) -> None:
        life, publication = self._one(data), self.world.publication
        if self._do(
            lambda: returning.cancel_with(self.world.stores, life.keys, publication=publication, now=self.now), death
        ):
            found = self._by_words(life.keys)
            assert found
            assert State.BOOKED not in {each.state for each in found.meetings if each.starts > self.now}

    @precondition(lambda self: self._coming())
    @rule(death=DEATHS, data=st.data(), chosen=st.lists(st.integers(0, 9), min_size=1, max_size=3))
    def a_visitor_moves(self, death: int | None, data: st.DataObject, chosen: list[int]) -> None:
        life, meeting = data.draw(st.sampled_from(self._coming()))
        offers, before = [each for each in self.world.offers() if each.starts > self.now + DAY], self._matter(life)
        assume(len(offers) > max(chosen))
        wish = moves.Wish(meeting.uid, meeting.slot, [offers[each].id for each in chosen])
        how = {"publication": self.world.publication, "settings": self.world.settings, "now": self.now}
        lived = self._do(lambda: moves.move_with(self.world.stores, life.keys, wish, **how), death)
        after = self._matter(life)
        there = after.find_meeting(meeting.uid)
        assert there
        assert there.slot in {meeting.slot, *wish.slots}, "neither none nor another"
        assert len(after.held) == len(before.held)
        assert after == before or (there.slot != meeting.slot and after.version == before.version + 1)
        assert not lived or there.slot == wish.slots[0], "it was free"

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data())
    def a_visitor_erases(self, death: int | None, data: st.DataObject) -> None:
        life, publication = self._one(data), self.world.publication
        self._do(
            lambda: returning.erase_with(self.world.stores, life.keys, publication=publication, now=self.now), death
        )
        life.ended = self._by_words(life.keys) is None
        assert life.ended or death is not None

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data())
    def ola_replies(self, death: int | None, data: st.DataObject) -> None:
        life, text = self._one(data), self._text()
        said, locker = Said(f"{self.number:016x}", text), self._locker(life)
        if self._do(lambda: service.reply(self.at, locker, said), death):
            life.said.append(text)

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data(), state=st.sampled_from([State.MET, State.MISSED]))
    def ola_marks(self, death: int | None, data: st.DataObject, state: State) -> None:
        locker = self._locker(self._one(data))
        self._do(lambda: service.mark(self.at, locker, state), death)

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data())
    def ola_notes(self, death: int | None, data: st.DataObject) -> None:
        life, text = self._one(data), self._text()
        locker = self._locker(life)

        def act(opened: Opened) -> Changed:
            return Changed(opened.matter, notes=opened.kept.with_text(text))

        if self._do(lambda: changing.change_all(self.at, {locker: act}), death):
            life.notes = text
        else:
            life.notes = self._by_ola(life).notes.text

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data(), aloud=st.booleans())
    def ola_asks_for_a_permission(self, death: int | None, data: st.DataObject, *, aloud: bool) -> None:
        locker, page = self._locker(self._one(data)), self._text()
        terms = Terms("Somebody needs a desk.", "the dean", "a desk", may_name=False, until=self.at.today + 3 * DAY)
        self._do(lambda: desk_permitting.ask(self.at, locker, terms, page=page, aloud=aloud), death)

    @precondition(lambda self: self._permitted())
    @rule(death=DEATHS, data=st.data(), how=st.sampled_from(desk_permitting.Answer))
    def ola_answers(self, death: int | None, data: st.DataObject, how: desk_permitting.Answer) -> None:
        life, shown = data.draw(st.sampled_from(self._permitted()))
        locker, asked = self._locker(life), AsShown(shown.id, shown.digest)
        self._do(lambda: desk_permitting.answer(self.at, locker, asked, how), death)

    @precondition(lambda self: self._permitted())
    @rule(death=DEATHS, data=st.data(), how=st.sampled_from(visitor_permitting.Answer))
    def a_visitor_answers(self, death: int | None, data: st.DataObject, how: visitor_permitting.Answer) -> None:
        life, shown = data.draw(st.sampled_from(self._permitted()))
        asked, told = AsShown(shown.id, shown.digest), {"settings": self.world.settings, "now": self.now}
        self._do(lambda: visitor_permitting.answer(self.world.stores, life.words, asked, how, **told), death)

    @precondition(lambda self: self._permitted())
    @rule(death=DEATHS, data=st.data())
    def a_visitor_wants_other_words(self, death: int | None, data: st.DataObject) -> None:
        life, shown = data.draw(st.sampled_from(self._permitted()))
        wish, told = replace(shown.terms, sentence=self._text()), {"settings": self.world.settings, "now": self.now}
        self._do(lambda: visitor_permitting.change(self.world.stores, life.words, shown.id, wish, **told), death)

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data())
    def ola_proposes(self, death: int | None, data: st.DataObject) -> None:
        locker, free = self._locker(self._one(data)), meetings.free_times(self.at)
        wish = Wish([free[-1].id, free[-2].id], Mode.phone)
        self._do(lambda: meetings.arrange(self.at, locker, wish), death)

    @precondition(lambda self: self._proposed())
    @rule(death=DEATHS, data=st.data(), accepts=st.booleans())
    def a_visitor_answers_a_proposal(self, death: int | None, data: st.DataObject, *, accepts: bool) -> None:
        life, uid = data.draw(st.sampled_from(self._proposed()))
        act = proposals.accept if accepts else proposals.decline
        how = {"publication": self.world.publication, "settings": self.world.settings, "now": self.now}
        self._do(lambda: act(self.world.stores, life.words, uid, **how), death)

    @precondition(lambda self: self.living)
    @rule(death=DEATHS, data=st.data())
    def ola_closes(self, death: int | None, data: st.DataObject) -> None:
        life = self._one(data)
        locker, view = self._locker(life), self._by_ola(life)
        how = {"version": view.matter.version, "publication": self.world.publication}
        self._do(lambda: closing.close(self.at, locker, closing.proposed(view), **how), death)
        life.ended = self._by_words(life.keys) is None
        assert life.ended or death is not None

    @rule(death=DEATHS, days=st.integers(0, 2))
    def ola_signs_in(self, death: int | None, days: int) -> None:
        self.now += timedelta(days=days)
        self._do(lambda: service.unlock(self.at), death)

    @invariant()
    def both_sides_open_the_same_and_nothing_is_lost(self) -> None:
        for life in self.living:
            hers, theirs = self._by_ola(life), self._by_words(life.keys)
            assert theirs == hers.matter
            assert set(life.said) <= {each.text for each in hers.matter.messages}
            assert life.notes == hers.notes.text
            assert hers.matter.version >= life.last
            life.last = hers.matter.version

    @invariant()
    def a_permission_that_ended_never_lives_again(self) -> None:
        for life in self.living:
            found = self._matter(life).permissions
            assert not [each for each in found if each.id in life.over and each.is_open(self.at.today)]
            assert life.over <= {each.id for each in found}
            life.over |= {each.id for each in found if not each.is_open(self.at.today)}

    @invariant()
    def what_ended_never_opens_again(self) -> None:
        assert not [life for life in getattr(self, "lives", []) if life.ended and self._by_words(life.keys)]

    @invariant()
    def every_meeting_holds_its_time_and_no_other_one_does(self) -> None:
        if hasattr(self, "world"):
            held = [
                meeting.slot
                for life in self.living
                for meeting in self._matter(life).meetings
                if meeting.state in HOLDING
            ]
            assert len(set(held)) == len(held)
            assert set(held) <= self._taken()

    @property
    def living(self) -> list[Life]:
        return [life for life in getattr(self, "lives", []) if not life.ended]

    @property
    def at(self) -> changing.AtDesk:
        return self.world.at_desk(self.ola, self.now)

    def _permitted(self) -> list[tuple[Life, Permission]]:
        return [(life, each) for life in self.living for each in self._matter(life).permissions]

    def _proposed(self) -> list[tuple[Life, str]]:
        found = [(life, each) for life in self.living for each in self._matter(life).meetings]
        return [(life, each.uid) for life, each in found if each.state is State.PROPOSED]

    def _coming(self) -> list[tuple[Life, Meeting]]:
        found = [(life, each) for life in self.living for each in self._matter(life).meetings]
        return [(life, each) for life, each in found if each.state is State.BOOKED and each.starts > self.now]

    def _taken(self) -> set[bytes]:
        return {bytes(row[0]) for row in ask_desk(self.world, "SELECT id FROM slot WHERE state = 9")}  # type: ignore[call-overload]

    def _do(self, act: Callable[[], object], death: int | None) -> bool:
        return act_and_die(self.world, act, death)

    def _text(self) -> str:
        self.number += 1
        return f"text {self.number}"

    def _one(self, data: st.DataObject) -> Life:
        return data.draw(st.sampled_from(self.living))

    def _book(self, visitor: VisitorKeys, slot: bytes) -> None:
        """What a booking does once the claim is checked; keys are made up, because deriving them takes long."""
        world = self.world
        with world.stores.desk.writing() as desk, world.stores.keys.reading() as keys:
            taken = own.take(desk, world.ombuds, slot, self.now)
            if taken is None or not can_take(desk, keys, world.ombuds):
                return
            ends = returning.keeps_until(self.now, world.settings)
            new = New(
                ombuds=world.ombuds,
                meeting=meeting_at(desk, taken, Mode.phone),
                stub=Stub(Share.NOTHING),
                level="none",
                ends=ends,
            )
            put_away(desk, keys, new, visitor)

    def _by_words(self, visitor: VisitorKeys) -> Matter | None:
        with self.world.stores.desk.reading() as desk, self.world.stores.keys.reading() as keys:
            found = returning.find(desk, keys, visitor)
        return found and found.matter

    def _matter(self, life: Life) -> Matter:
        found = self._by_words(life.keys)
        assert found
        return found

    def _locker(self, life: Life) -> bytes:
        with self.world.stores.desk.reading() as desk:
            locker = store.find_by_lookup(desk, life.keys.lookup)
        assert locker
        return locker

    def _by_ola(self, life: Life) -> MatterView:
        found = service.open_matter(self.at, self._locker(life))
        assert not isinstance(found, Tampered), "an honest matter is called tampered with"
        assert isinstance(found, MatterView)
        return found


def test_whatever_happens_in_any_order_nothing_is_lost_and_nothing_comes_back(first_world: World) -> None:
    ola = first_world.desk_keys()
    machine = type("Office", (Office,), {"first": first_world, "ola": ola})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=8, stateful_step_count=24, **HOW),
    )


def test_a_desk_that_forgot_a_message_would_be_caught(first_world: World) -> None:
    """The planted fault: a reply that takes the visitor's last word away."""
    ola = first_world.desk_keys()

    class Forgetful(Office):
        first, ola_ = first_world, ola

        @precondition(lambda self: any(life.said for life in self.living))
        @rule()
        def ola_forgets(self) -> None:
            life = next(each for each in self.living if each.said)
            changing.change(self.at, self._locker(life), lambda matter: matter.changed(messages=()))

    Forgetful.ola = ola
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Forgetful,
            settings=settings(max_examples=60, stateful_step_count=16, phases=[Phase.generate], **HOW),
        )
