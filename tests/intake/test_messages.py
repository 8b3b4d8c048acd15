"""Vera and Ola write to each other inside one sealed document: nothing is lost, nothing is said twice."""

from datetime import timedelta

import pytest

from portal import clock
from portal.desk import service as desk_service
from portal.desk.service import MatterView
from portal.intake import returning
from portal.intake.documents import room_left
from portal.intake.returning import NoRoom, NothingThere, Opened, Said
from portal.intake.rules import By, Matter, Share, Stub
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.roster.rules import Claim
from tests.cast import VERA, World
from tests.intake.sealed import ask, ask_desk, boxes, used_lockers

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
NOW = clock.now()


@pytest.fixture
def locker(world: World) -> bytes:
    assert isinstance(world.book(VERA, typed=TYPED), Receipt)
    (found,) = used_lockers(world)
    return found


def write(
    world: World, text: str, form: str = "1" * 16, *, typed: str = TYPED, after: timedelta = timedelta()
) -> object:
    return returning.write(world.stores, typed, Said(form, text), settings=world.settings, now=NOW + after)


def reply(world: World, ola: DeskKeys, locker: bytes, text: str, form: str = "2" * 16) -> bool:
    return desk_service.reply(world.at_desk(ola, NOW), locker, Said(form, text))


def by_vera(world: World) -> Matter:
    found = returning.come_back(world.stores, TYPED, settings=world.settings)
    assert isinstance(found, Opened)
    return found.matter


def by_ola(world: World, ola: DeskKeys, locker: bytes) -> Matter:
    found = desk_service.open_matter(world.at_desk(ola), locker)
    assert isinstance(found, MatterView)
    return found.matter


def test_both_sides_read_what_both_wrote_in_its_order(world: World, ola: DeskKeys, locker: bytes) -> None:
    assert isinstance(write(world, "My hours changed again."), Opened)
    assert reply(world, ola, locker, "Would Thursday suit you?")
    write(world, "Yes.", "3" * 16)

    said = [(each.by, each.text) for each in by_vera(world).messages]
    assert said == [
        (By.VISITOR, "My hours changed again."),
        (By.OMBUDS, "Would Thursday suit you?"),
        (By.VISITOR, "Yes."),
    ]
    assert by_ola(world, ola, locker) == by_vera(world)


def test_a_message_that_is_sent_twice_is_said_once(world: World, ola: DeskKeys, locker: bytes) -> None:
    for _ in range(2):
        write(world, "Once.")
        assert reply(world, ola, locker, "Once too.")

    assert [each.text for each in by_vera(world).messages] == ["Once.", "Once too."]


def test_the_desk_knows_whose_turn_it_is(world: World, ola: DeskKeys, locker: bytes) -> None:
    def waiting() -> list[str]:
        found = desk_service.queue(world.at_desk(ola, NOW))
        return [line.key for line in found.waiting]

    assert waiting() == []
    write(world, "Are you there?")
    assert waiting() == [locker.hex()]
    reply(world, ola, locker, "Yes.")
    assert waiting() == []


def test_a_message_does_not_change_the_length_of_any_box(world: World, ola: DeskKeys, locker: bytes) -> None:
    before = {name: len(box) for name, box in boxes(world, locker).items()}
    write(world, "x" * 900)
    reply(world, ola, locker, "y" * 900)

    assert {name: len(box) for name, box in boxes(world, locker).items()} == before


def test_a_full_matter_takes_no_more_says_so_and_loses_nothing(world: World, ola: DeskKeys, locker: bytes) -> None:
    count = 0
    while isinstance(write(world, "x" * 900, f"{count:016x}"), Opened):
        count += 1
    matter = by_vera(world)

    assert count >= 5
    assert len(matter.messages) == count
    assert room_left(matter) < 900
    assert isinstance(write(world, "x" * 900, "f" * 16), NoRoom)
    assert not reply(world, ola, locker, "y" * 900)
    assert write(world, "x" * room_left(matter), "e" * 16) != NothingThere()
    assert returning.cancel(world.stores, TYPED, publication=world.publication, settings=world.settings, now=NOW), (
        "what must always be possible still fits"
    )
    assert by_vera(world).meeting.state == "cancelled"


@pytest.mark.usefixtures("locker")
def test_room_is_counted_as_the_box_counts_it(world: World) -> None:
    write(world, "\U0001f54a" * 400)
    left = room_left(by_vera(world))

    assert isinstance(write(world, "x" * (left + 1), "2" * 16), NoRoom)
    assert isinstance(write(world, "x" * left, "3" * 16), Opened)


def test_wrong_words_write_nothing(world: World, locker: bytes) -> None:
    before = boxes(world, locker)

    assert write(world, "Hello", typed="gallery habitat iceberg jackal karate ladder") == NothingThere()
    assert boxes(world, locker) == before


def test_a_message_moves_no_day_that_can_be_read_from_outside(world: World, ola: DeskKeys, locker: bytes) -> None:
    """A month that moved would tell Theo which of the matters somebody wrote in, and when."""
    desk_service.unlock(world.at_desk(ola, NOW))
    before = ask_desk(world, "SELECT id, state, destroy_on FROM locker")
    write(world, "Ten days later.", after=timedelta(days=10))
    assert reply(world, ola, locker, "Yes.")

    assert ask_desk(world, "SELECT id, state, destroy_on FROM locker") == before


def test_both_write_at_once_and_nothing_is_lost(world: World, ola: DeskKeys, locker: bytes) -> None:
    """Ola's page is older than Vera's message: both are kept."""
    assert by_ola(world, ola, locker).messages == ()
    write(world, "First.")
    assert reply(world, ola, locker, "Second.")

    assert [each.text for each in by_vera(world).messages] == ["First.", "Second."]


def test_the_room_that_is_left_does_not_tell_whether_an_address_is_on_the_roster(world: World) -> None:
    """Somebody types Vera's address, and one that nobody has, both without a code, and compares."""
    left = []
    for email in (VERA.email, "nobody@example.org"):
        answer = ask(world, Claim(email, "", "none"), stub=Stub(Share.NAME), slots=[world.offers()[len(left) + 2].id])
        assert isinstance(answer, Receipt)
        left.append(room_left(answer.matter))

    assert left[0] == left[1]
