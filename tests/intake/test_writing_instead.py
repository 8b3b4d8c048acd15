"""Vera writes and need not meet: what is kept, and what is refused before anything is written."""

from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.intake import returning
from portal.intake import service as intake
from portal.intake.documents import room_left
from portal.intake.returning import Opened
from portal.intake.rules import By, Share, Stub
from portal.intake.service import Receipt
from portal.roster.rules import Claim, Level, Refused
from portal.scheduling.rules import Reason
from portal.scheduling.service import AllGone, NotOffered
from portal.sealing import words
from tests.cast import NED, PRACTICE, VERA, World, open_hours
from tests.intake.sealed import NONE_AT_HAND, ask_desk, bytes_of, claim_of, taken_slots, times, used_lockers

TEXT = "My hours changed again, and nobody says why."


def write(
    world: World,
    claim: Claim = NONE_AT_HAND,
    *,
    to: bytes | None = None,
    stub: Stub | None = None,
    text: str = TEXT,
    typed: str | None = None,
    now: datetime | None = None,
) -> intake.Answer:
    """Send the form with everything that it can say."""
    request = intake.Writing(
        words=typed or words.draw(),
        claim=claim,
        ombuds=world.ombuds if to is None else to,
        stub=stub or Stub(Share.NOTHING),
        text=text,
        form="00" * 8,
    )
    return intake.request_writing(world.stores, request, settings=world.settings, now=now or clock.now())


def only_with_a_code(world: World) -> None:
    strict = type(PRACTICE)(**vars(PRACTICE) | {"without_code": 0})
    open_hours(world.stores, world.settings, world.ombuds, strict)


def fill_up(world: World) -> None:
    for offer in times(world)[:8]:
        assert isinstance(world.book(None, slots=[offer.id]), Receipt)


def test_vera_writes_and_finds_her_message_again(world: World) -> None:
    typed, now = words.draw(), clock.now()
    stub = Stub(Share.PROFILE, topic="manager", call_name="Robin")
    receipt = write(world, claim_of(world, VERA), stub=stub, typed=typed, now=now)
    found = returning.come_back(world.stores, typed, settings=world.settings)

    assert isinstance(receipt, Receipt)
    assert isinstance(found, Opened)
    matter = found.matter
    assert (matter.meetings, matter.meeting, matter.stub.message) == ((), None, "")
    assert [(each.by, each.written, each.text) for each in matter.messages] == [(By.VISITOR, now, TEXT)]
    assert (matter.level, matter.stub, matter.ends) == (Level.mailbox, stub, now.date() + timedelta(days=90))
    assert matter.roster.attributes
    assert not matter.roster.identity, "she did not allow her name"


def test_no_time_is_taken_and_one_mailbox_is_used(world: World) -> None:
    assert isinstance(write(world), Receipt)

    assert taken_slots(world) == set()
    assert len(used_lockers(world)) == 1


def test_a_form_sent_twice_is_one_matter_with_the_first_text(world: World) -> None:
    typed = words.draw()
    first, second = write(world, typed=typed), write(world, typed=typed, text="Or not.")

    assert first == second
    assert len(used_lockers(world)) == 1


def test_the_same_words_never_open_a_second_matter_beside_a_time(world: World) -> None:
    typed = words.draw()
    booked = world.book(VERA, slots=[times(world)[0].id], typed=typed)

    assert write(world, typed=typed) == booked
    assert len(used_lockers(world)) == 1


@pytest.mark.parametrize("symbol", ["\U0001f54a", '"', "\n"])
def test_the_longest_text_of_any_script_fits_with_room_to_cancel_and_answer(world: World, symbol: str) -> None:
    stub = Stub(Share.NAME, "services", "", symbol * 60, symbol * 200, 1, symbol * 120)
    receipt = write(world, claim_of(world, VERA), stub=stub, text=symbol * 1000)

    assert isinstance(receipt, Receipt)
    assert receipt.matter.messages[0].text == symbol * 1000
    assert room_left(receipt.matter) > 500


def closed(world: World) -> intake.Answer:
    ask_desk(world, "UPDATE ombuds SET state = 6")
    return write(world)


def full(world: World) -> intake.Answer:
    fill_up(world)
    return write(world)


def to_nobody(world: World) -> intake.Answer:
    return write(world, to=b"n" * 16)


def to_no_id(world: World) -> intake.Answer:
    return write(world, to=b"")


def to_somebody_who_stays_away(world: World) -> intake.Answer:
    soon = clock.now() + timedelta(days=10)
    ask_desk(world, "UPDATE locker SET destroy_on = ?", soon.date().isoformat())
    return write(world)


@pytest.mark.parametrize("refused", [closed, full, to_nobody, to_no_id, to_somebody_who_stays_away])
def test_whoever_cannot_be_written_to_is_answered_alike(world: World, refused: object) -> None:
    assert callable(refused)
    assert refused(world) == AllGone()


def test_whoever_asks_for_codes_at_their_times_asks_for_one_here(world: World) -> None:
    only_with_a_code(world)

    assert write(world) == NotOffered(Reason.proof)
    assert write(world, Claim(VERA.email, "", "none")) == NotOffered(Reason.proof)
    assert isinstance(write(world, claim_of(world, VERA)), Receipt)


def test_whoever_has_set_no_hours_has_opened_nothing_without_a_code(world: World) -> None:
    ask_desk(world, "DELETE FROM practice")

    assert write(world) == NotOffered(Reason.proof)
    assert isinstance(write(world, claim_of(world, VERA)), Receipt)


def test_without_a_code_nobody_learns_whether_a_mailbox_is_free(world: World) -> None:
    """They could ask again and again, leave nothing behind, and see the moment in which somebody erases."""
    only_with_a_code(world)
    before = write(world)
    for _ in range(8):
        assert isinstance(write(world, claim_of(world, VERA)), Receipt)

    assert write(world) == before == NotOffered(Reason.proof)
    assert write(world, claim_of(world, VERA)) == AllGone()


def test_a_refusal_writes_nothing(world: World) -> None:
    only_with_a_code(world)
    before = bytes_of(world)

    assert isinstance(write(world, Claim(NED.email, world.code_of(VERA), "code")), Refused)
    assert write(world) == NotOffered(Reason.proof)
    assert write(world, claim_of(world, VERA), to=b"n" * 16) == AllGone()
    assert bytes_of(world) == before
