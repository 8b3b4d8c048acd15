"""Showing more than at booking: what goes into the matter, and what never does."""

from dataclasses import replace

import pytest

from portal import clock
from portal.desk import service as desk_service
from portal.desk.service import MatterView
from portal.intake import documents, returning, revealing, service
from portal.intake.returning import NoRoom, NothingThere, Opened, Said
from portal.intake.revealing import Preview, Reveal, choices, preview, revealed, widest
from portal.intake.rules import Matter, RosterCopy, Share, Stub
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.roster import service as roster
from portal.roster.rules import Claim, Eligible, Level, Misread, Refused
from portal.sealing import words
from tests.cast import MEI, NED, TOMAS, VERA, Person, World
from tests.intake.sealed import ask, bytes_of, claim_of, make_matter, times, used_lockers


def bare(person: Person) -> Claim:
    """An address without a code."""
    return Claim(person.email, "", "none")


def booked(world: World, claim: Claim, share: Share = Share.NOTHING, place: int = 0) -> str:
    """A booking; gives its six words."""
    typed = words.draw()
    stub = Stub(share=share, has_address=bool(claim.email))
    assert isinstance(ask(world, claim, stub=stub, typed=typed, slots=[times(world)[place].id]), Receipt)
    return typed


def show(world: World, typed: str, claim: Claim, share: Share) -> object:
    return revealing.reveal(world.stores, typed, Reveal(claim, share), settings=world.settings, now=clock.now())


def matter_of(world: World, typed: str) -> Matter:
    found = returning.come_back(world.stores, typed, settings=world.settings)
    assert isinstance(found, Opened)
    return found.matter


def eligible(world: World, claim: Claim) -> Eligible:
    found = roster.check_claim(world.settings.roster, claim, settings=world.settings, now=clock.now())
    assert isinstance(found, Eligible)
    return found


def test_what_vera_shows_later_is_what_she_could_have_shown_at_booking(world: World) -> None:
    later, at_once = booked(world, claim_of(world, None)), booked(world, claim_of(world, VERA), Share.NAME, 1)

    found = show(world, later, claim_of(world, VERA), Share.NAME)

    assert isinstance(found, Opened)
    shown, known = found.matter, matter_of(world, at_once)
    assert (shown.stub, shown.level, shown.roster, shown.fits) == (known.stub, known.level, known.roster, known.fits)
    assert shown.version == 2


def test_ola_reads_at_her_desk_what_was_shown(world: World, ola: DeskKeys) -> None:
    typed = booked(world, claim_of(world, VERA))
    show(world, typed, claim_of(world, VERA), Share.NAME)
    (locker,) = used_lockers(world)

    found = desk_service.open_matter(world.at_desk(ola), locker)

    assert isinstance(found, MatterView)
    assert found.matter.stub.share is Share.NAME
    assert VERA.name.split()[0] in found.profile.values()


def test_the_profile_of_a_code_is_its_owners(world: World) -> None:
    typed = booked(world, claim_of(world, VERA))

    show(world, typed, claim_of(world, TOMAS), Share.PROFILE)

    parts = eligible(world, claim_of(world, TOMAS)).parts
    assert parts
    assert matter_of(world, typed).roster == service.allowed(parts, Share.PROFILE)


def test_twice_is_once(world: World) -> None:
    typed = booked(world, claim_of(world, None))
    for _ in range(2):
        show(world, typed, claim_of(world, VERA), Share.PROFILE)
    first = matter_of(world, typed)
    before = bytes_of(world)

    again = show(world, typed, claim_of(world, VERA), Share.PROFILE)

    assert isinstance(again, Opened)
    assert (again.matter, first.version, bytes_of(world)) == (first, 2, before)


@pytest.mark.parametrize(
    ("share", "level", "left"),
    [
        (Share.NOTHING, Level.none, (Share.NOTHING, Share.PROFILE, Share.NAME)),
        (Share.PROFILE, Level.address, (Share.PROFILE, Share.NAME)),
        (Share.NAME, Level.none, (Share.NAME,)),
        (Share.NOTHING, Level.mailbox, (Share.PROFILE, Share.NAME)),
        (Share.NAME, Level.mailbox, ()),
    ],
)
def test_never_less_is_offered_and_the_same_only_with_a_better_proof(
    share: Share, level: Level, left: tuple[Share, ...]
) -> None:
    assert choices(make_matter(stub=Stub(share), level=level.value)) == left


def test_nothing_is_taken_back(world: World) -> None:
    typed = booked(world, claim_of(world, VERA), Share.NAME)
    before = bytes_of(world)

    for share in Share:
        assert isinstance(show(world, typed, claim_of(world, VERA), share), Opened)

    assert bytes_of(world) == before


def test_who_showed_a_code_cannot_put_somebody_elses_profile_behind_it_without_one(world: World) -> None:
    typed = booked(world, claim_of(world, VERA))
    before = bytes_of(world)

    show(world, typed, bare(TOMAS), Share.PROFILE)

    assert bytes_of(world) == before
    planted = revealed(replace(matter_of(world, typed), level="none"), Share.PROFILE, eligible(world, bare(TOMAS)))
    assert planted.level == "address", "without the guard it would have been changed"


def test_an_address_that_is_not_on_the_list_adds_nothing_and_takes_nothing_away(world: World) -> None:
    typed = booked(world, bare(VERA))
    before = matter_of(world, typed)

    found = show(world, typed, bare(NED), Share.PROFILE)

    assert isinstance(found, Opened)
    after = found.matter
    assert (after.roster, after.level, after.fits) == (before.roster, "address", None)
    assert after.stub.share is Share.PROFILE


def test_a_matter_without_a_meeting_or_made_at_the_desk_may_show_more_too(world: World) -> None:
    parts = eligible(world, claim_of(world, MEI))
    matter = make_matter(meetings=(), by_desk=True, stub=Stub(Share.NOTHING, has_address=False))

    after = revealed(matter, Share.NAME, parts)

    assert (after.stub.share, after.level, after.stub.has_address) == (Share.NAME, "mailbox", True)
    assert after.roster.identity


@pytest.mark.parametrize("who", ["unknown", "wrong code", "slip"])
def test_a_refused_claim_changes_nothing(world: World, who: str) -> None:
    typed = booked(world, claim_of(world, None))
    code = world.code_of(VERA)
    claim = {
        "unknown": Claim(NED.email, code, "code"),
        "wrong code": Claim(VERA.email, world.code_of(TOMAS), "code"),
        "slip": Claim(VERA.email, code[:-1], "code"),
    }[who]
    before = bytes_of(world)

    assert isinstance(show(world, typed, claim, Share.NAME), Misread if who == "slip" else Refused)
    assert isinstance(
        preview(matter_of(world, typed), Reveal(claim, Share.NAME), settings=world.settings, now=clock.now()),
        Misread | Refused,
    )
    assert bytes_of(world) == before


def test_words_that_open_nothing_show_nothing(world: World) -> None:
    assert isinstance(show(world, "able " * 5 + "able", claim_of(world, VERA), Share.NAME), NothingThere)


def test_numbers_are_told_with_a_right_code_only(world: World) -> None:
    matter = make_matter(stub=Stub(Share.NOTHING), level="mailbox", fits=7)

    def told(claim: Claim, share: Share) -> object:
        return preview(matter, Reveal(claim, share), settings=world.settings, now=clock.now())

    parts = eligible(world, claim_of(world, VERA)).parts
    assert parts
    assert told(claim_of(world, VERA), Share.PROFILE) == Preview(7, parts.fits.profile)
    assert told(claim_of(world, VERA), Share.NAME) == Preview(7, 0)
    assert {told(bare(each), Share.PROFILE) for each in (VERA, TOMAS, NED)} == {Preview(None, None)}


def test_it_lives_as_long_as_after_a_message(world: World) -> None:
    shown, written = booked(world, claim_of(world, None)), booked(world, claim_of(world, None), place=1)
    show(world, shown, claim_of(world, VERA), Share.NAME)
    said = Said("5" * 16, "One more thing.")
    returning.write(world.stores, written, said, settings=world.settings, now=clock.now())

    assert matter_of(world, shown).ends == matter_of(world, written).ends


@pytest.mark.parametrize("share", Share)
def test_room_is_asked_for_the_longest_copy(world: World, share: Share) -> None:
    parts = eligible(world, claim_of(world, VERA)).parts
    assert parts
    copy = service.allowed(parts, share)
    assert [len(value) for value in vars(copy).values()] == [len(value) for value in vars(widest(share)).values()]


@pytest.mark.parametrize("person", [VERA, NED])
def test_a_full_matter_says_so_whether_or_not_the_address_is_on_the_list(world: World, person: Person) -> None:
    typed = booked(world, claim_of(world, None))
    number = 0
    while True:
        said = Said(f"{number:016}", "x" * 900)
        if isinstance(returning.write(world.stores, typed, said, settings=world.settings, now=clock.now()), NoRoom):
            break
        number += 1
    before = bytes_of(world)

    found = show(world, typed, bare(person), Share.NAME)

    assert isinstance(found, NoRoom)
    assert found.opened.matter.stub.share is Share.NOTHING
    assert bytes_of(world) == before
    assert documents.has_room(replace(found.opened.matter, roster=RosterCopy()))
