"""The product's one story: a claim, a time, a sealed matter, and a receipt once it is on disk."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.desk import service as desk_service
from portal.intake import service as intake
from portal.intake.rules import RosterCopy, Share, State, Stub, Venue, ends_on
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.roster.rules import Claim, Misread, Refused
from portal.scheduling.rules import Mode, Reason
from portal.scheduling.service import AllGone, NotOffered
from portal.sealing import symbols, words
from portal.volatile import Publication
from tests.cast import LIBRARY, MEI, NED, PRACTICE, TOMAS, VERA, Person, World, open_hours
from tests.intake.sealed import NONE_AT_HAND, ask, ask_desk, bytes_of, claim_of, taken_slots, times, used_lockers

WHOLE = Stub(
    share=Share.NAME,
    topic="manager",
    message="My hours changed again.\r\nWithout a word.",
    call_name="Robin",
    needs="An interpreter for Igbo",
    people=2,
    contact="a private number",
)


def receipt(answer: intake.Answer) -> Receipt:
    assert isinstance(answer, Receipt), answer
    return answer


def test_vera_gets_the_first_time_she_asked_for_and_everything_she_said_is_in_the_matter(world: World) -> None:
    offer = times(world)[3]

    matter = receipt(ask(world, claim_of(world, VERA), slots=[offer.id], stub=WHOLE, mode=Mode.video)).matter

    assert (matter.meeting.slot, matter.meeting.starts, matter.meeting.minutes) == (offer.id, offer.starts, 60)
    assert (matter.meeting.mode, matter.meeting.state) == ("video", State.BOOKED)
    assert matter.stub == WHOLE
    assert (matter.level, matter.version, matter.ombuds, matter.is_decoy) == ("mailbox", 1, world.ombuds, False)
    assert matter.ends == ends_on(offer.starts, world.settings.keep_days)
    assert taken_slots(world) == {offer.id}
    assert len(used_lockers(world)) == 1


def test_nothing_on_disk_joins_the_time_and_the_locker(world: World) -> None:
    matter = receipt(ask(world, claim_of(world, VERA), stub=WHOLE)).matter
    (locker,) = used_lockers(world)
    row = ask_desk(world, "SELECT * FROM locker WHERE id = ?", locker)[0]
    store = (world.instance / "desk.db").read_bytes()

    assert matter.meeting.slot not in b"".join(value for value in row if isinstance(value, bytes))
    for text in (VERA.email, "Robin", "My hours changed", "interpreter", "private number", matter.room):
        assert text.encode() not in store


def test_every_matter_has_a_room_and_keys_of_its_own(world: World) -> None:
    slots = [offer.id for offer in times(world)[:2]]
    first, second = (receipt(ask(world, slots=[slot])).matter for slot in slots)

    assert first.room != second.room
    assert first.pair != second.pair
    assert len(first.room) == 32


def test_the_order_of_preference_is_kept(world: World) -> None:
    first, second, third = (offer.id for offer in times(world)[5:8])
    receipt(ask(world, slots=[second]))

    matter = receipt(ask(world, slots=[second, third, first])).matter

    assert matter.meeting.slot == third
    assert taken_slots(world) == {second, third}


@pytest.mark.parametrize("share", Share)
def test_only_the_allowed_parts_of_the_roster_are_in_the_document(world: World, ola: DeskKeys, share: Share) -> None:
    matter = receipt(ask(world, claim_of(world, VERA), stub=Stub(share=share))).matter
    (locker,) = used_lockers(world)
    view = desk_service.open_matter(world.at_desk(ola), locker)
    assert isinstance(view, desk_service.MatterView)

    parts = {name: bool(value) for name, value in vars(matter.roster).items()}
    assert parts == {
        "import_id": True,
        "sealed_key": True,
        "group": True,
        "attributes": share in {Share.PROFILE, Share.NAME},
        "identity": share is Share.NAME,
    }
    assert "constituency" in view.profile
    assert ("department" in view.profile) == (share is not Share.NOTHING)
    assert (view.profile.get("last") == "Lindqvist") == (share is Share.NAME)
    assert (VERA.email in view.profile.values()) == (share is Share.NAME)


@pytest.mark.parametrize("share", Share)
def test_without_an_address_nothing_is_shared_whatever_was_chosen(world: World, share: Share) -> None:
    matter = receipt(ask(world, stub=Stub(share=share))).matter

    assert (matter.level, matter.roster) == ("none", RosterCopy())


def test_an_address_without_a_code_is_looked_up_and_said_so(world: World) -> None:
    matter = receipt(ask(world, Claim(VERA.email.upper(), "", "none"), stub=Stub(share=Share.PROFILE))).matter

    assert matter.level == "address"
    assert matter.roster.attributes
    assert not matter.roster.identity


def test_ned_may_come_without_a_code_like_anybody(world: World) -> None:
    matter = receipt(ask(world, Claim(NED.email, "", "none"), stub=Stub(share=Share.NAME))).matter

    assert (matter.level, matter.roster) == ("none", RosterCopy())


@pytest.mark.parametrize("mode", Mode)
def test_the_door_is_told_to_whoever_comes_in_person(world: World, mode: Mode) -> None:
    matter = receipt(ask(world, mode=mode)).matter

    told = Venue(LIBRARY.name, LIBRARY.access, LIBRARY.door, LIBRARY.directions)
    assert matter.meetings[0].venue == (told if mode is Mode.in_person else Venue())


def test_the_same_words_twice_are_one_booking_and_the_same_receipt(world: World) -> None:
    typed = words.draw()
    first = receipt(ask(world, claim_of(world, VERA), typed=typed, stub=WHOLE))
    before = bytes_of(world)

    again = ask(world, claim_of(world, VERA), typed=typed, slots=[times(world)[7].id])

    assert again == first
    assert bytes_of(world) == before
    assert len(taken_slots(world)) == len(used_lockers(world)) == 1


def test_one_person_may_book_again_with_new_words(world: World) -> None:
    slots = [offer.id for offer in times(world)[:2]]
    for slot in slots:
        receipt(ask(world, claim_of(world, VERA), slots=[slot]))

    assert taken_slots(world) == set(slots)


def refused(world: World, claim: Claim, **changes: object) -> intake.Answer:
    """The answer to a claim, after looking that it changed nothing."""
    before = bytes_of(world)
    answer = ask(world, claim, **changes)  # type: ignore[arg-type]
    assert bytes_of(world) == before
    return answer


def wrong_code(world: World, person: Person) -> str:
    """Well formed, and not this person's."""
    return next(world.code_of(other) for other in (TOMAS, MEI) if other != person)


def test_a_refused_claim_changes_nothing_on_disk(world: World) -> None:
    right = world.code_of(VERA)
    slip = ("0" if right[0] != "0" else "1") + right[1:]

    assert refused(world, Claim(NED.email, world.code_of(NED), "code")) == Refused()
    assert refused(world, Claim(VERA.email, wrong_code(world, VERA), "code")) == Refused()
    assert refused(world, Claim(VERA.email, symbols.with_check("0" * 10), "code")) == Refused()
    assert refused(world, Claim(VERA.email, slip, "code")) == Misread()
    assert refused(world, Claim(VERA.email, "", "code")) == Misread()


def test_when_every_chosen_time_is_gone_nothing_changes(world: World) -> None:
    slots = [offer.id for offer in times(world)[:3]]
    for slot in slots:
        receipt(ask(world, slots=[slot]))

    assert refused(world, claim_of(world, VERA), slots=slots) == AllGone()
    assert refused(world, NONE_AT_HAND, slots=[bytes(16)]) == AllGone()


def test_a_time_in_a_way_that_is_not_offered_changes_nothing(world: World) -> None:
    open_hours(world.stores, world.settings, world.ombuds, replace(PRACTICE, modes=(Mode.phone,)))

    assert refused(world, NONE_AT_HAND, mode=Mode.video) == NotOffered(Reason.mode)
    receipt(ask(world, mode=Mode.phone))


def test_a_time_kept_for_people_with_a_code_changes_nothing_for_others(world: World) -> None:
    open_hours(world.stores, world.settings, world.ombuds, replace(PRACTICE, without_code=0))

    assert refused(world, NONE_AT_HAND) == NotOffered(Reason.proof)
    assert refused(world, Claim(VERA.email, "", "none")) == NotOffered(Reason.proof)
    receipt(ask(world, claim_of(world, VERA)))


def test_a_time_that_came_too_near_changes_nothing(world: World) -> None:
    offer = times(world)[0]
    late = offer.starts - timedelta(hours=world.settings.notice_hours) + timedelta(seconds=1)

    assert refused(world, NONE_AT_HAND, slots=[offer.id], now=late) == AllGone()
    world.publication = Publication()
    receipt(ask(world, slots=[offer.id], now=late - timedelta(seconds=1)))


def test_when_every_mailbox_is_used_a_time_is_answered_as_if_it_were_taken(world: World) -> None:
    slots = [offer.id for offer in times(world)]
    for slot in slots[:8]:
        receipt(ask(world, slots=[slot]))

    assert refused(world, claim_of(world, VERA), slots=[slots[8]]) == AllGone()
    assert len(used_lockers(world)) == len(taken_slots(world)) == 8


def test_with_a_key_in_doubt_nobody_can_be_booked(world: World) -> None:
    slot = world.offers()[0].id
    ask_desk(world, "UPDATE ombuds SET state = 6")

    assert refused(world, claim_of(world, VERA), slots=[slot]) == AllGone()
    world.refresh()
    assert list(world.offers()) == []
    assert refused(world, claim_of(world, VERA), slots=[slot]) == AllGone()


def test_only_listed_times_can_be_booked(world: World) -> None:
    """A taken slot outlives a change of hours; whoever asks for it must not learn that it is there."""
    gone, taken = (offer.id for offer in times(world)[:2])
    receipt(ask(world, slots=[taken]))
    ask_desk(world, "DELETE FROM slot WHERE id = ?", gone)
    world.publication = Publication()

    assert refused(world, NONE_AT_HAND, slots=[gone]) == refused(world, NONE_AT_HAND, slots=[taken]) == AllGone()


def test_of_many_at_once_one_gets_the_time_and_the_others_lose_nothing(world: World) -> None:
    slot = times(world)[0].id
    answers: list[intake.Answer] = []
    crowd = [threading.Thread(target=lambda: answers.append(ask(world, slots=[slot]))) for _ in range(12)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join(timeout=60)

    assert sorted(type(answer).__name__ for answer in answers) == ["AllGone"] * 11 + ["Receipt"]
    assert taken_slots(world) == {slot}
    assert len(used_lockers(world)) == 1


def test_the_same_form_sent_at_once_from_two_tabs_is_one_booking(world: World) -> None:
    typed, slots = words.draw(), [offer.id for offer in times(world)[:2]]
    answers: list[intake.Answer] = []
    tabs = [
        threading.Thread(target=lambda slot=slot: answers.append(ask(world, slots=[slot], typed=typed)))
        for slot in slots
    ]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(timeout=60)

    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert len(taken_slots(world)) == len(used_lockers(world)) == 1


def test_a_decoy_takes_a_time_and_a_locker_and_is_not_in_olas_queue(world: World, ola: DeskKeys) -> None:
    assert intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
    assert len(taken_slots(world)) == len(used_lockers(world)) == 1

    found = desk_service.queue(world.at_desk(ola))

    assert (found.coming, found.past, found.tampered) == ([], [], [])


def test_a_decoy_needs_a_free_mailbox_and_gives_its_time_back_without_one(world: World) -> None:
    for offer in times(world)[:8]:
        receipt(ask(world, slots=[offer.id]))
    before = taken_slots(world)

    assert not intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
    assert taken_slots(world) == before


def test_decoys_never_take_the_last_times(world: World) -> None:
    ids = [offer.id for offer in world.offers()]
    marks = ", ".join("?" * 6)
    ask_desk(world, f"DELETE FROM slot WHERE id NOT IN ({marks})", *ids[:6])  # noqa: S608 - only question marks

    assert not intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
    assert taken_slots(world) == set()
