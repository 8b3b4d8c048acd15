"""A permission is used only while both sides agree on its very words: whoever does what, in any order, on any day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import Phase
from hypothesis import settings as tried
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.intake import permissions
from portal.intake.permissions import OPEN, AsShown, Permission, Standing, Terms, is_sound, waits_for_ombuds
from tests.intake.sealed import make_matter

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
TERMS = Terms(
    "Somebody in the lab is afraid to ask.", "the dean", "safer shifts", may_name=False, until=TODAY + 30 * DAY
)
ASKED = Permission("a1", TERMS)
OTHER = replace(TERMS, sentence="Somebody in the lab asks for safer shifts.")
TRIES = tried(max_examples=150, stateful_step_count=25, deadline=None, database=None)
#: One counterexample is enough, and it need not be a short one.
PLANTED = tried(TRIES, max_examples=500, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False)

sentences = st.sampled_from([TERMS.sentence, OTHER.sentence, "A third one."])
wishes = st.builds(
    lambda sentence, may_name, days: (sentence, may_name, days), sentences, st.booleans(), st.integers(-3, 200)
)


class BothSides(RuleBasedStateMachine):
    """Vera and Ola press whatever they like; a notebook of its own says what each has said yes to."""

    approve = staticmethod(permissions.approve)
    agree = staticmethod(permissions.agree)
    change = staticmethod(permissions.change)
    use = staticmethod(permissions.use)
    revoke = staticmethod(permissions.revoke)

    def __init__(self) -> None:
        super().__init__()
        self.today = TODAY
        self.now = ASKED
        self.veras: Terms | None = None
        self.olas: Terms | None = TERMS
        self.end: Permission | None = None

    @initialize(aloud=st.booleans())
    def begin(self, aloud: bool) -> None:  # noqa: FBT001 - Hypothesis gives it by name
        if aloud:
            self.now, self.veras = replace(ASKED, standing=Standing.GRANTED, aloud=True), TERMS

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.today += days * DAY
        if self.today > self.now.terms.until:
            self.end = self.end or self.now

    @rule()
    def vera_approves(self) -> None:
        if self.turned(self.approve(self.now, self.today)):
            self.veras = self.now.terms

    @rule()
    def ola_agrees(self) -> None:
        if self.turned(self.agree(self.now, self.today)):
            self.olas = self.now.terms

    @rule(wish=wishes)
    def vera_changes(self, wish: tuple[str, bool, int]) -> None:
        sentence, may_name, days = wish
        terms = replace(TERMS, sentence=sentence, may_name=may_name, until=self.today + days * DAY)
        before = self.now
        if self.turned(self.change(self.now, terms, self.today)) and self.now is not before:
            assert is_sound(terms, self.today)
            self.veras = terms
            self.olas = self.olas if self.olas == terms else None

    @rule()
    def vera_declines(self) -> None:
        if self.turned(permissions.decline(self.now, self.today)):
            self.end = self.end or self.now

    @rule()
    def vera_revokes(self) -> None:
        if self.turned(self.revoke(self.now, self.today)):
            self.end = self.end or self.now

    @rule()
    def ola_withdraws(self) -> None:
        if self.turned(permissions.withdraw(self.now, self.today)):
            self.end = self.end or self.now

    @rule()
    def ola_says_it(self) -> None:
        may_be_said = self.may_be_said()
        if self.turned(self.use(self.now, self.today)):
            assert may_be_said, "said without the yes of both"
            assert self.now.used[-1] == self.today

    @invariant()
    def it_is_live_only_while_both_agree_on_its_very_words(self) -> None:
        assert not self.now.is_live(self.today) or self.may_be_said()

    @invariant()
    def what_has_ended_stays_as_it_was(self) -> None:
        if self.end:
            assert self.now == self.end
            assert not self.now.is_open(self.today)
            assert not self.now.is_live(self.today)

    @invariant()
    def the_words_that_were_said_stay_the_ones_that_stand_there(self) -> None:
        assert not (self.now.used and self.now.standing is Standing.CHANGED)

    @invariant()
    def the_old_words_are_kept_only_while_ola_compares_them(self) -> None:
        assert (self.now.before is not None) == (self.now.standing is Standing.CHANGED)

    def turned(self, after: Permission | None) -> bool:
        self.now = after or self.now
        return after is not None

    def may_be_said(self) -> bool:
        over = self.end is not None or self.today > self.now.terms.until
        return not over and self.veras == self.olas == self.now.terms


def test_nothing_is_said_without_both_whatever_they_do() -> None:
    run_state_machine_as_test(BothSides, settings=TRIES)  # type: ignore[no-untyped-call]


def _resurrects(permission: Permission, today: date) -> Permission | None:
    return replace(permission, standing=Standing.GRANTED) if today <= permission.terms.until else None


def _never_ends(permission: Permission, today: date) -> Permission | None:
    return replace(permission, used=(*permission.used, today)) if permission.standing is Standing.GRANTED else None


def _stays_granted(permission: Permission, terms: Terms, today: date) -> Permission | None:
    return replace(permission, terms=terms) if permission.is_open(today) and is_sound(terms, today) else None


def _lives_on(permission: Permission, today: date) -> Permission | None:
    return permission if permission.is_live(today) else None


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("approve", _resurrects),
        ("agree", _resurrects),
        ("use", _never_ends),
        ("change", _stays_granted),
        ("revoke", _lives_on),
    ],
)
def test_a_planted_transition_that_resurrects_or_never_ends_is_caught(
    name: str, planted: Callable[..., object]
) -> None:
    machine = type("Planted", (BothSides,), {name: staticmethod(planted)})

    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=PLANTED)  # type: ignore[no-untyped-call]


def test_asked_approved_said_and_taken_back() -> None:
    granted = permissions.approve(ASKED, TODAY)
    assert granted
    said = permissions.use(granted, TODAY + DAY)
    assert said
    revoked = permissions.revoke(said, TODAY + 2 * DAY)

    assert said.used == (TODAY + DAY,)
    assert revoked
    assert permissions.use(revoked, TODAY + 2 * DAY) is None
    assert revoked.used == said.used, "what was said cannot be unsaid"


def test_what_was_changed_may_be_said_once_ola_agrees() -> None:
    changed = permissions.change(ASKED, OTHER, TODAY)
    assert changed
    assert changed.before == TERMS
    assert permissions.use(changed, TODAY) is None
    assert permissions.approve(changed, TODAY) is None, "Vera cannot agree with herself"
    again = permissions.change(changed, replace(OTHER, may_name=True), TODAY)
    assert again
    assert again.before == TERMS

    agreed = permissions.agree(again, TODAY)
    assert agreed
    assert agreed.is_live(TODAY)


def test_what_was_said_once_keeps_its_words() -> None:
    said = replace(ASKED, standing=Standing.GRANTED, used=(TODAY,))

    assert permissions.change(said, OTHER, TODAY) is None


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize(
    "turn", [permissions.approve, permissions.agree, permissions.decline, permissions.revoke, permissions.withdraw]
)
def test_what_is_done_twice_is_done_once_and_never_after_its_last_day(
    turn: permissions.Turn, standing: Standing
) -> None:
    before = replace(ASKED, standing=standing)
    once = turn(before, TODAY)

    assert once is None or turn(once, TODAY) is once
    assert turn(before, TERMS.until) == once
    assert turn(before, TERMS.until + DAY) is None


def test_a_page_left_open_agrees_to_no_other_words() -> None:
    page = AsShown(ASKED.id, ASKED.digest)
    others = [
        replace(TERMS, **change)
        for change in (
            {"sentence": "x"},
            {"to": "x"},
            {"purpose": "x"},
            {"may_name": True},
            {"until": TERMS.until + DAY},
            # The same letters in other fields.
            {"to": TERMS.to + TERMS.purpose[0], "purpose": TERMS.purpose[1:]},
        )
    ]

    assert page.only(permissions.approve)(ASKED, TODAY) is not None
    for terms in others:
        assert page.only(permissions.approve)(replace(ASKED, terms=terms), TODAY) is None
    assert replace(ASKED, id="a2").digest != ASKED.digest


@pytest.mark.parametrize(
    "change",
    [
        {"sentence": ""},
        {"to": ""},
        {"purpose": ""},
        {"sentence": "x" * 401},
        {"until": TODAY - DAY},
        {"until": TODAY + 181 * DAY},
    ],
)
def test_terms_without_words_hearer_purpose_or_end_are_not_sound(change: dict[str, object]) -> None:
    assert is_sound(TERMS, TODAY)
    assert not is_sound(replace(TERMS, **change), TODAY)  # type: ignore[arg-type]


def test_the_queue_learns_what_waits_for_ola_and_what_is_live() -> None:
    every = {standing: replace(ASKED, id=f"{place:02}", standing=standing) for place, standing in enumerate(Standing)}
    matter = make_matter(permissions=tuple(every.values()))

    assert {standing for standing, each in every.items() if each.is_open(TODAY)} == OPEN
    assert waits_for_ombuds(matter, TODAY)
    assert not waits_for_ombuds(matter, TERMS.until + DAY)
    assert not waits_for_ombuds(make_matter(permissions=(ASKED,)), TODAY)
    assert [standing for standing, each in every.items() if each.is_live(TODAY)] == [Standing.GRANTED]
    assert not any(each.is_live(TERMS.until + DAY) for each in every.values())
