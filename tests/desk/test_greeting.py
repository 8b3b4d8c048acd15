"""What Ola is told when she signs in: about her key, and about what the server did while she was away."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock, jobs
from portal.desk import greeting, service
from portal.desk.service import Welcome
from portal.intake import reading, returning, upkeep
from portal.intake import service as intake
from portal.intake.reading import Visit
from portal.intake.rules import State
from portal.office.rules import DeskKeys, KeyCheck, desk_keys
from tests.cast import VERA, World
from tests.intake.sealed import ask_file, used_lockers

TYPED = "amber bagpipe cabbage daybreak eagle fabric"
NOW = clock.now()
LATER = NOW + timedelta(days=1)
DUBLIN = ZoneInfo("Europe/Dublin")


@pytest.fixture
def ola(world: World) -> DeskKeys:
    return desk_keys(world.ombuds, world.kit.recovery, None)


def sign_in(world: World, ola: DeskKeys, now: object = NOW) -> Visit:
    return service.unlock(world.at_desk(ola, now)).visit  # type: ignore[arg-type]


def said(welcome: Welcome) -> list[str]:
    return list(greeting.sentences(welcome, DUBLIN))


def test_the_first_sign_in_says_nothing_and_the_next_one_when_the_last_was(world: World, ola: DeskKeys) -> None:
    assert sign_in(world, ola) == Visit(None, 0, is_lost=False)
    assert sign_in(world, ola, LATER) == Visit(NOW, 0, is_lost=False)


def test_an_appointment_that_ola_saw_and_vera_erased_is_told_once(world: World, ola: DeskKeys) -> None:
    world.book(VERA, typed=TYPED)
    sign_in(world, ola)
    assert returning.erase(world.stores, TYPED, publication=world.publication, settings=world.settings, now=NOW)

    assert sign_in(world, ola).gone == 1
    assert sign_in(world, ola).gone == 0


def test_an_appointment_that_ended_on_its_day_is_not_told(world: World, ola: DeskKeys) -> None:
    world.book(VERA, typed=TYPED)
    sign_in(world, ola)
    with world.stores.desk.reading() as desk:
        end = upkeep.latest_end(desk, world.ombuds)
    late = NOW + (end - NOW.date()) + timedelta(days=1)
    assert jobs.daily(world.stores, settings=world.settings, now=late, catch_up=True).ended == 1

    assert sign_in(world, ola, late).gone == 0


@pytest.mark.parametrize("statement", ["DELETE FROM ledger", "UPDATE ledger SET box = randomblob(length(box))"])
def test_a_ledger_that_was_taken_away_is_told_and_the_desk_goes_on(world: World, ola: DeskKeys, statement: str) -> None:
    world.book(VERA, typed=TYPED)
    sign_in(world, ola)
    ask_file(world.instance / "keys.db", statement)

    assert sign_in(world, ola).is_lost
    (locker,) = used_lockers(world)
    assert isinstance(service.open_matter(world.at_desk(ola), locker), service.MatterView)
    assert not sign_in(world, ola).is_lost


def test_stores_put_back_together_show_in_the_day_of_the_last_sign_in(world: World, ola: DeskKeys) -> None:
    """No store can tell; Ola can."""
    sign_in(world, ola)
    old = {name: (world.instance / name).read_bytes() for name in ("desk.db", "keys.db", "site.db")}
    sign_in(world, ola, LATER)
    for name, data in old.items():
        (world.instance / name).write_bytes(data)
    world.refresh()

    assert sign_in(world, ola, LATER + timedelta(days=1)).last == NOW


def test_two_windows_of_one_desk_keep_the_newer_of_what_they_saw(world: World, ola: DeskKeys) -> None:
    receipt = world.book(VERA, typed=TYPED)
    assert isinstance(receipt, intake.Receipt)
    sign_in(world, ola)
    (locker,) = used_lockers(world)
    after = receipt.matter.meeting.starts + timedelta(hours=1)

    assert service.mark(world.at_desk(ola, after), locker, State.MET)
    assert service.mark(world.at_desk(ola, after), locker, State.MISSED)
    found = service.open_matter(world.at_desk(ola), locker)

    assert isinstance(found, service.MatterView)
    assert (found.matter.meeting.state, found.matter.version) == (State.MISSED, 3)
    assert sign_in(world, ola) == Visit(after, 0, is_lost=False), "a change counts as use, so undoing it shows"


@pytest.mark.parametrize("harm", ["the ledger", "a matter"])
def test_work_at_the_desk_does_not_cover_up_what_was_done_in_between(world: World, ola: DeskKeys, harm: str) -> None:
    """Theo strikes while Ola's desk is open; she then marks another matter."""
    first, second = world.book(VERA, typed=TYPED), world.book(None, slots=[world.offers()[2].id])
    assert isinstance(first, intake.Receipt)
    assert isinstance(second, intake.Receipt)
    sign_in(world, ola)
    kept, gone = _lockers(world, ola, second), _lockers(world, ola, first)
    if harm == "the ledger":
        ask_file(world.instance / "keys.db", "UPDATE ledger SET box = randomblob(length(box))")
    else:
        with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
            upkeep.end(desk, keys, gone, world.ombuds)
    late = max(first.matter.meeting.starts, second.matter.meeting.starts) + timedelta(hours=1)
    assert service.mark(world.at_desk(ola, late), kept, State.MET)

    visit = sign_in(world, ola, NOW + timedelta(days=1))
    assert visit.is_lost if harm == "the ledger" else visit.gone == 1


def _lockers(world: World, ola: DeskKeys, receipt: intake.Receipt) -> bytes:
    with world.stores.desk.reading() as desk, world.stores.keys.reading() as keys:
        found = reading.open_used(desk, keys, ola)
    return next(locker for locker, opened in found.items() if opened and opened.matter.room == receipt.matter.room)


@pytest.mark.parametrize(
    ("welcome", "sentences"),
    [
        (Welcome(KeyCheck.OWN, Visit(None, 0, is_lost=False)), []),
        (Welcome(KeyCheck.FOREIGN, Visit(None, 0, is_lost=False)), ["the key on this server is not yours"]),
        (Welcome(KeyCheck.CLOSED, Visit(None, 0, is_lost=False)), ["What you have stays"]),
        (Welcome(KeyCheck.OWN, Visit(None, 0, is_lost=True)), ["was changed or lost"]),
        (Welcome(KeyCheck.OWN, Visit(None, 1, is_lost=False)), ["A matter that you saw is gone"]),
        (Welcome(KeyCheck.OWN, Visit(None, 3, is_lost=False)), ["3 matters that you saw are gone"]),
        (
            Welcome(KeyCheck.OWN, Visit(NOW, 2, is_lost=True)),
            ["was changed or lost", "2 matters", "Your desk was last used on"],
        ),
    ],
)
def test_the_gravest_is_said_first(welcome: Welcome, sentences: list[str]) -> None:
    found = said(welcome)

    assert len(found) == len(sentences)
    assert all(part in sentence for part, sentence in zip(sentences, found, strict=True))
