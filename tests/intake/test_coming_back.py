"""With six words Vera sees, cancels and erases; afterwards nobody sees anything."""

from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.desk import service as desk_service
from portal.intake import returning
from portal.intake.returning import NothingThere, Opened
from portal.intake.rules import Share, State, Stub
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.scheduling import opening
from portal.scheduling.service import AllGone
from portal.sealing import words
from portal.volatile import Publication
from tests.cast import TOMAS, VERA, World
from tests.intake.sealed import ask, boxes, bytes_of, claim_of, taken_slots, used_lockers

TYPED = "amber bagpipe cabbage daybreak eagle fabric"


@pytest.fixture
def booked(world: World) -> Receipt:
    answer = ask(world, claim_of(world, VERA), typed=TYPED, stub=Stub(Share.PROFILE, message="Soon"))
    assert isinstance(answer, Receipt)
    return answer


def come_back(world: World, typed: str = TYPED) -> Opened | NothingThere:
    return returning.come_back(world.stores, typed, settings=world.settings)


def cancel(world: World, typed: str = TYPED, now: datetime | None = None) -> Opened | NothingThere:
    return returning.cancel(
        world.stores, typed, publication=world.publication, settings=world.settings, now=now or clock.now()
    )


def erase(world: World, typed: str = TYPED, now: datetime | None = None) -> bool:
    return returning.erase(
        world.stores, typed, publication=world.publication, settings=world.settings, now=now or clock.now()
    )


def state_of(found: Opened | NothingThere) -> State:
    assert isinstance(found, Opened)
    return found.matter.meeting.state


def test_six_words_open_the_matter_and_change_nothing(world: World, booked: Receipt) -> None:
    before = bytes_of(world)
    found = come_back(world)

    assert isinstance(found, Opened)
    assert found.matter == booked.matter
    assert found.document.to_ombuds == booked.to_ombuds
    assert bytes_of(world) == before


def test_a_restart_loses_nothing(world: World, booked: Receipt) -> None:
    world.refresh()
    found = come_back(world)

    assert isinstance(found, Opened)
    assert found.matter == booked.matter


@pytest.mark.usefixtures("booked")
def test_other_words_open_nothing(world: World) -> None:
    swapped = " ".join(reversed(TYPED.split()))

    for typed in (words.draw(), swapped):
        assert come_back(world, typed) == NothingThere()
        assert cancel(world, typed) == NothingThere()
        assert not erase(world, typed)
    assert state_of(come_back(world)) is State.BOOKED


def test_cancelling_gives_the_time_back_but_not_before_the_next_list(world: World, booked: Receipt) -> None:
    slot = booked.matter.meeting.slot

    assert state_of(cancel(world)) is State.CANCELLED
    assert taken_slots(world) == set()
    assert len(used_lockers(world)) == 1, "her words still open the matter"
    assert ask(world, slots=[slot]) == AllGone(), "its return would tell when somebody cancelled"
    world.publication = Publication()
    assert slot in {offer.id for offer in world.offers()}
    assert isinstance(ask(world, slots=[slot]), Receipt)


@pytest.mark.usefixtures("booked")
def test_cancelling_twice_is_cancelling_once(world: World) -> None:
    first = cancel(world)
    before = bytes_of(world)

    again = cancel(world)

    assert isinstance(first, Opened)
    assert isinstance(again, Opened)
    assert again.matter == first.matter
    assert again.matter.version == 2
    assert bytes_of(world) == before


def test_a_cancelled_time_that_somebody_else_took_is_not_given_back_again(world: World, booked: Receipt) -> None:
    slot = booked.matter.meeting.slot
    cancel(world)
    world.publication = Publication()
    assert isinstance(ask(world, claim_of(world, TOMAS), slots=[slot]), Receipt)

    cancel(world)
    assert taken_slots(world) == {slot}
    assert erase(world)
    assert taken_slots(world) == {slot}


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1), timedelta(days=30)])
def test_after_its_start_a_meeting_is_not_cancelled(world: World, booked: Receipt, late: timedelta) -> None:
    before = bytes_of(world)

    assert state_of(cancel(world, now=booked.matter.meeting.starts + late)) is State.BOOKED
    assert bytes_of(world) == before


def test_erasing_frees_the_time_and_leaves_nothing_that_opens(world: World, booked: Receipt) -> None:
    (locker,) = used_lockers(world)
    old = boxes(world, locker)

    assert erase(world)

    assert come_back(world) == NothingThere()
    assert cancel(world) == NothingThere()
    assert not erase(world)
    assert taken_slots(world) == used_lockers(world) == set()
    files = [path.read_bytes() for path in world.instance.iterdir()]
    for box in old.values():
        pieces = [box[start : start + 16] for start in range(0, len(box), 512)]
        assert not any(piece in content for piece in pieces for content in files)
    assert booked.matter.meeting.slot not in {offer.id for offer in world.offers()} or world.publication.resting


def test_erasing_after_the_start_keeps_the_time_taken(world: World, booked: Receipt) -> None:
    assert erase(world, now=booked.matter.meeting.starts)

    assert taken_slots(world) == {booked.matter.meeting.slot}
    assert used_lockers(world) == set()


@pytest.mark.usefixtures("booked")
def test_what_vera_erased_is_gone_for_ola_too(world: World, ola: DeskKeys) -> None:
    (locker,) = used_lockers(world)
    erase(world)

    assert desk_service.open_matter(world.at_desk(ola), locker) == desk_service.Gone()
    queue = desk_service.queue(world.at_desk(ola))
    assert (queue.coming, queue.past, queue.tampered) == ([], [], [])


def test_vera_sees_what_ola_marked(world: World, ola: DeskKeys, booked: Receipt) -> None:
    (locker,) = used_lockers(world)
    begun = booked.matter.meeting.starts
    assert desk_service.mark(world.at_desk(ola, begun), locker, State.MET)
    assert state_of(come_back(world)) is State.MET
    assert state_of(cancel(world)) is State.MET, "what has taken place cannot be cancelled"

    assert desk_service.mark(world.at_desk(ola, begun), locker, State.MISSED)
    assert state_of(come_back(world)) is State.MISSED


def test_ola_sees_that_vera_cancelled_and_cannot_mark_it(world: World, ola: DeskKeys, booked: Receipt) -> None:
    (locker,) = used_lockers(world)
    cancel(world)

    assert not desk_service.mark(world.at_desk(ola, booked.matter.meeting.starts), locker, State.MET)
    view = desk_service.open_matter(world.at_desk(ola), locker)
    assert isinstance(view, desk_service.MatterView)
    assert view.matter.meeting.state is State.CANCELLED


@pytest.mark.usefixtures("booked")
def test_of_two_who_change_a_matter_at_once_the_second_changes_nothing(world: World) -> None:
    first, second = come_back(world), come_back(world)
    assert isinstance(first, Opened)
    assert isinstance(second, Opened)

    with world.stores.desk.writing() as desk, world.stores.keys.reading() as keys:
        assert returning.change(
            desk, keys, first, first.matter.with_state(first.matter.meetings[0].uid, State.CANCELLED)
        )
        assert not returning.change(
            desk, keys, second, second.matter.with_state(second.matter.meetings[0].uid, State.MET)
        )

    assert state_of(come_back(world)) is State.CANCELLED


def test_a_time_that_is_past_and_deleted_is_no_hindrance(world: World, booked: Receipt) -> None:
    with world.stores.desk.writing() as desk:
        opening.remove_past(desk, world.settings, booked.matter.meeting.starts + timedelta(days=2))
    assert taken_slots(world) == set()

    assert erase(world)
    assert used_lockers(world) == set()
