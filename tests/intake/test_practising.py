"""The practice run refuses what is public of a wish, and knows nothing of what is taken or full."""

from datetime import timedelta

import pytest

from portal import clock
from portal.intake.practising import Answer, Practised, practise_meeting, practise_writing
from portal.intake.rules import Share, Stub
from portal.intake.service import Receipt, Request, Writing
from portal.roster.rules import Claim, Misread, Refused
from portal.scheduling.rules import Mode, Reason
from portal.scheduling.service import AllGone, NotOffered
from portal.sealing import words
from tests.cast import NED, PRACTICE, VERA, World, open_hours
from tests.colleagues import NOT_OTTO, OTTO, with_otto
from tests.intake.sealed import NONE_AT_HAND, ask_desk, claim_of, taken_slots, times, used_lockers


def practise(world: World, claim: Claim = NONE_AT_HAND, **asked: object) -> Answer:
    values: dict[str, object] = {"slots": [times(world)[0].id], "mode": Mode.phone, "stub": Stub(share=Share.NAME)}
    request = Request(words=words.draw(), claim=claim, **values | asked)  # type: ignore[arg-type]
    return practise_meeting(
        world.stores, request, publication=world.publication, settings=world.settings, now=clock.now()
    )


def practise_a_letter(world: World, claim: Claim = NONE_AT_HAND, **asked: object) -> Answer:
    values: dict[str, object] = {"ombuds": world.ombuds, "text": "My hours changed.", "form": "00" * 8}
    stub = Stub(share=Share.NOTHING)
    request = Writing(words=words.draw(), claim=claim, stub=stub, **values | asked)  # type: ignore[arg-type]
    return practise_writing(world.stores, request, settings=world.settings, now=clock.now())


def without_code(world: World, percent: int) -> None:
    practice = type(PRACTICE)(**vars(PRACTICE) | {"without_code": percent})
    open_hours(world.stores, world.settings, world.ombuds, practice)


def test_it_says_what_a_booking_would_be(world: World) -> None:
    offer = times(world)[0]
    found = practise(world, claim_of(world, VERA), mode=Mode.in_person)
    assert isinstance(found, Practised)
    assert found.matter.meetings[0].starts == offer.starts
    assert found.matter.stub.share is Share.NAME
    assert (taken_slots(world), used_lockers(world)) == (set(), set())


def test_a_claim_is_judged_as_for_real(world: World) -> None:
    code = world.code_of(VERA)
    for answer in (practise, practise_a_letter):
        assert isinstance(answer(world, Claim(NED.email, code, "code")), Refused)
        assert isinstance(answer(world, Claim(VERA.email, code[1:], "code")), Misread)


def test_what_is_public_of_a_time_is_refused_as_for_real(world: World) -> None:
    with_otto(world)
    ask_desk(world, "UPDATE slot SET modes = 'v--', proof_needed = 1")
    world.refresh()
    his = next(offer for offer in times(world) if offer.ombuds == OTTO)
    right = claim_of(world, VERA)
    assert practise(world, right) == NotOffered(Reason.mode)
    assert practise(world, mode=Mode.video) == NotOffered(Reason.proof)
    assert practise(world, right, mode=Mode.video, slots=[his.id], whom=[NOT_OTTO]) == NotOffered(Reason.whom)
    assert practise(world, right, mode=Mode.video, slots=[b"nobody's time..."]) == AllGone()


def test_the_first_time_that_suits_is_shown_and_not_the_first_that_is_free(world: World) -> None:
    first, second = times(world)[:2]
    assert isinstance(world.book(VERA, slots=[first.id]), Receipt)
    found = practise(world, slots=[first.id, second.id])
    assert isinstance(found, Practised)
    assert found.matter.meetings[0].slot == first.id


@pytest.mark.parametrize(
    "state",
    [
        "UPDATE slot SET state = 9",
        "UPDATE locker SET state = 9",
        "UPDATE locker SET destroy_on = '2020-01-01'",
        "UPDATE ombuds SET public_key = x'00'",
        "DELETE FROM busy",
    ],
)
def test_what_only_somebody_who_takes_a_time_may_learn_changes_nothing(state: str, world: World) -> None:
    slot = times(world)[0].id
    ask_desk(world, state)
    found = practise(world, slots=[slot])
    assert isinstance(found, Practised)
    assert found.matter.ends > (clock.now() + timedelta(days=14)).date()
    assert isinstance(practise_a_letter(world), Practised)


def test_a_letter_is_refused_for_what_is_public_of_an_ombuds(world: World) -> None:
    assert isinstance(practise_a_letter(world), Practised)
    assert practise_a_letter(world, ombuds=b"n" * 16) == AllGone()
    assert practise_a_letter(world, whom=["not-" + world.ombuds.hex()]) == NotOffered(Reason.whom)
    without_code(world, 0)
    assert practise_a_letter(world) == NotOffered(Reason.proof)
    assert isinstance(practise_a_letter(world, claim_of(world, VERA)), Practised)
