"""S14: Theo copies the disk before and after Ola was at her desk, and cannot tell what she did there."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.desk import away, counting, linking, making, meetings, noting, permitting, week
from portal.desk import closing as closing_service
from portal.desk import service as desk_service
from portal.desk.away import Blocked
from portal.desk.meetings import Wish
from portal.desk.moving import part_of
from portal.desk.service import MatterView
from portal.intake import returning, upkeep
from portal.intake import service as intake
from portal.intake.permissions import AsShown, Terms
from portal.intake.reading import BLANK_AT_SIGN_IN
from portal.intake.rules import State
from portal.notices.rules import Part
from portal.office.rules import DeskKeys
from portal.reporting import service as reporting
from portal.reporting.quarter import Table
from portal.reporting.rules import Count, Kind
from portal.reporting.service import Correction, Kept
from portal.scheduling.rules import Mode
from portal.scheduling.spans import Span
from portal.sealing import words
from portal.sealing.keys import visitor_keys
from portal.seizure.files import looking
from portal.seizure.footprint import BLOCK, Mark, Snapshot, changed, take
from tests.cast import MEI, TOMAS, VERA, World
from tests.promises.steady import agreed

pytestmark = pytest.mark.xdist_group("sign-in")
#: When every meeting is past and may be marked, and every matter has some days left. Everything happens on this one
#: day: the month that all lockers share follows the calendar.
LATER = clock.now() + timedelta(days=85)
BOOKED = 4
VERAS = "amber bagpipe cabbage daybreak eagle fabric"
#: SQLite's counters of changes: https://www.sqlite.org/fileformat2.html#the_database_header
COUNTERS = (24, 92)
BOXES = ("to_ombuds", "to_visitor", "notes")
STORES = ("desk.db", "keys.db")
#: A mark counts one to four: so often the same number happens once in a quarter of a million.
DRAWS = 10


@dataclass(frozen=True)
class Office:
    """An office in which four people are booked, and Ola's keys."""

    world: World
    ola: DeskKeys

    def copy(self, folder: Path) -> "Office":
        return Office(self.world.copy(folder), self.ola)


@pytest.fixture(scope="module")
def offices(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Office]:
    folder = tmp_path_factory.mktemp("before")
    made: dict[int, Office] = {}

    def get(number: int) -> Office:
        if number not in made:
            made[number] = _office(first_world.copy(folder / str(number)))
        return made[number]

    return get


def _office(world: World) -> Office:
    for person, offer in zip((VERA, TOMAS, MEI, None), world.offers()[1:], strict=False):
        share, typed = ("profile" if person else "nothing"), (VERAS if person is VERA else None)
        assert isinstance(world.book(person, slots=[offer.id], share=share, typed=typed), intake.Receipt)
    ola = world.desk_keys()
    for now in (clock.now(), LATER):  # the tables of both quarters are there
        desk_service.unlock(world.at_desk(ola, now))
    world.stores.close()
    return Office(world, ola)


def _sign_in(office: Office) -> None:
    """On the day of the marks: the month on the lockers follows the calendar."""
    desk_service.unlock(office.world.at_desk(office.ola, LATER))


def _mark(office: Office, number: int, state: State) -> None:
    lockers = sorted(_lockers(office.world.instance, 9))
    assert desk_service.mark(office.world.at_desk(office.ola, LATER), lockers[number], state)


def _marks_two(office: Office) -> None:
    _sign_in(office)
    _mark(office, 0, State.MET)
    _mark(office, 1, State.MISSED)


def _reads_all_and_corrects_one(office: Office) -> None:
    _sign_in(office)
    for locker in _lockers(office.world.instance, 9):
        assert isinstance(desk_service.open_matter(office.world.at_desk(office.ola, LATER), locker), MatterView)
    _mark(office, 2, State.MISSED)
    _mark(office, 2, State.MET)


def _asks_and_withdraws(office: Office) -> None:
    _sign_in(office)
    at, locker = office.world.at_desk(office.ola, LATER), min(_lockers(office.world.instance, 9))
    assert permitting.ask(at, locker, Terms("Be kind.", "the dean", "peace", may_name=False, until=at.today), page="1")
    view = desk_service.open_matter(at, locker)
    assert isinstance(view, MatterView)
    (asked,) = view.matter.permissions
    assert permitting.answer(at, locker, AsShown(asked.id, asked.digest), permitting.Answer.WITHDRAW)


def _marks_one_of_those_seen(office: Office) -> None:
    """For two copies of which the first was taken after the sign-in."""
    _mark(office, 3, State.MET)


def _gives_new_words(office: Office) -> None:
    """The look-up of the locker changes too, as that of a decoy does now and then."""
    _sign_in(office)
    at, locker = office.world.at_desk(office.ola, LATER), min(_lockers(office.world.instance, 9))
    found = desk_service.open_matter(at, locker)
    assert isinstance(found, MatterView)
    assert isinstance(making.give_new_words(at, locker, words.draw(), found.matter.lookup), str)


def _closes_one(office: Office) -> None:
    _sign_in(office)
    locker, at = _locker_of(office, VERAS), office.world.at_desk(office.ola, LATER)
    found = desk_service.open_matter(at, locker)
    assert isinstance(found, MatterView)
    count, publication = closing_service.proposed(found), office.world.publication
    answer = closing_service.close(at, locker, count, version=found.matter.version, publication=publication)
    assert isinstance(answer, Kept)


def _reads_what_vera_erased(office: Office) -> None:
    world = office.world
    assert returning.erase(world.stores, VERAS, publication=world.publication, settings=world.settings, now=LATER)
    _sign_in(office)


def _counts_a_contact_and_takes_it_back(office: Office) -> None:
    _sign_in(office)
    at = office.world.at_desk(office.ola, LATER)
    assert isinstance(counting.contact(at, Count(kind=Kind.CONTACT, mode="phone")), Kept)
    (waiting,) = counting.books(at).waiting
    assert counting.take_back(at, waiting.key)


def _corrects_a_quarter(office: Office) -> None:
    """For two copies of which the first was taken after the sign-in."""
    at = office.world.at_desk(office.ola, LATER)
    quarter = counting.books(at).open[-1]
    assert isinstance(counting.correct(at, Correction(quarter, "concern", "2.f", 1)), Table)


def _counts_a_contact(office: Office) -> None:
    """For two copies of which the first was taken after the sign-in."""
    at = office.world.at_desk(office.ola, LATER)
    assert isinstance(counting.contact(at, Count(kind=Kind.CONTACT, mode="phone")), Kept)


def _writes_notes_and_links_two(office: Office) -> None:
    _sign_in(office)
    at, (first, second, *_rest) = office.world.at_desk(office.ola, LATER), sorted(_lockers(office.world.instance, 9))
    assert noting.write(at, first, "A line. " * 400, 0) == noting.Kept()
    assert linking.link(at, first, second)


def _parts_two_and_keeps_one(office: Office) -> None:
    _writes_notes_and_links_two(office)
    at, (first, second, *_rest) = office.world.at_desk(office.ola, LATER), sorted(_lockers(office.world.instance, 9))
    assert linking.part(at, first, second)
    assert desk_service.keep_longer(at, first)


def _sign_in_today(office: Office) -> None:
    desk_service.unlock(office.world.at_desk(office.ola))


def _calls_one_off(office: Office) -> None:
    _sign_in_today(office)
    at = office.world.at_desk(office.ola)
    (key, uid), *_others = _booked(office)
    assert meetings.call_off(at, key, uid) is None


def _proposes_and_withdraws(office: Office) -> None:
    at, (key, _uid) = office.world.at_desk(office.ola), _booked(office)[1]
    assert meetings.arrange(at, key, Wish([meetings.free_times(at)[-1].id], Mode.phone)) is None
    found = desk_service.open_matter(at, key)
    assert isinstance(found, MatterView)
    proposed = next(each for each in found.matter.meetings if each.state is State.PROPOSED)
    assert meetings.withdraw(at, key, proposed.uid, office.world.publication)


def _blocks_a_day(office: Office) -> None:
    at = office.world.at_desk(office.ola)
    assert isinstance(away.block(at, _first_day(office)), Blocked)


def _blocks_a_day_without_anybody(office: Office) -> None:
    at, (starts, _ends) = office.world.at_desk(office.ola), _first_day(office)
    empty = starts + timedelta(days=14), starts + timedelta(days=15)
    assert away.block(at, empty) == Blocked(0, 0, 8)


def _opens_a_day_again(office: Office) -> None:
    _blocks_a_day_without_anybody(office)
    at = office.world.at_desk(office.ola)
    assert away.open_again(at, {slot.id for slot in away.blocked_times(at).slots}, office.world.publication) == 8


def _takes_some_off_the_list(office: Office) -> None:
    at = office.world.at_desk(office.ola)
    assert week.take_off(at, [slot.id for slot in meetings.free_times(at)[-5:]]) == week.Done(5)


def _opens_some_of_them_again(office: Office) -> None:
    _takes_some_off_the_list(office)
    at = office.world.at_desk(office.ola)
    off = {slot.id for slot in away.blocked_times(at).slots}
    assert week.open_again(at, off, office.world.publication) == week.Done(5)


def _booked(office: Office) -> list[tuple[bytes, str]]:
    """Lockers of those who are booked, with the names of their meetings."""
    at, found = office.world.at_desk(office.ola), []
    for key in sorted(_lockers(office.world.instance, 9)):
        view = desk_service.open_matter(at, key)
        assert isinstance(view, MatterView)
        found.append((key, view.matter.meetings[0].uid))
    return found


def _first_day(office: Office) -> Span:
    """The day on which the first of them is booked."""
    at, (key, _uid) = office.world.at_desk(office.ola), _booked(office)[0]
    view = desk_service.open_matter(at, key)
    assert isinstance(view, MatterView)
    return part_of(view.matter.meetings[0].starts.date(), Part.DAY, office.world.settings.zone)


#: What takes or frees times too: the slots show it, the lockers must not.
WITH_TIMES = [
    _proposes_and_withdraws,
    _blocks_a_day,
    _blocks_a_day_without_anybody,
    _opens_a_day_again,
    _takes_some_off_the_list,
    _opens_some_of_them_again,
]
COUNTING = {
    "signs in": _sign_in,
    "counts a contact": _counts_a_contact,
    "takes one back": _counts_a_contact_and_takes_it_back,
    "corrects": _corrects_a_quarter,
}
DAYS = {
    "signs in": _sign_in,
    "marks two": _marks_two,
    "reads and corrects": _reads_all_and_corrects_one,
    "asks and withdraws": _asks_and_withdraws,
    "writes and links": _writes_notes_and_links_two,
    "parts and keeps": _parts_two_and_keeps_one,
}
TODAY = {"signs in": _sign_in_today, "calls off": _calls_one_off}
ALL_ACTS = [*DAYS.values(), *TODAY.values(), *WITH_TIMES, _marks_one_of_those_seen, _gives_new_words]


@pytest.mark.parametrize("days", [DAYS, TODAY], ids=["afterwards", "today"])
def test_what_ola_did_does_not_show_in_two_copies(
    days: Mapping[str, Callable[[Office], None]], offices: Callable[[int], Office], tmp_path: Path
) -> None:
    def compare(number: int) -> dict[str, frozenset[Mark]]:
        return {name: _day(offices(number), act, tmp_path / f"{name}{number}") for name, act in days.items()}

    found = agreed(compare, lambda each: len(set(each.values())) == 1)
    assert {name for name in days if found[name] != found["signs in"]} == set()
    assert {name for name, _, _ in found["signs in"]} == set(STORES)


def test_what_ola_counted_does_not_show_in_two_copies(offices: Callable[[int], Office], tmp_path: Path) -> None:
    def compare(number: int) -> dict[str, frozenset[Mark]]:
        return {name: _day(offices(number), act, tmp_path / f"{name}{number}") for name, act in COUNTING.items()}

    found = agreed(compare, lambda days: len(set(days.values())) == 1)
    for name in COUNTING:
        assert found[name] == found["signs in"], name


def test_a_closing_shows_as_its_visitors_own_erasure_does(offices: Callable[[int], Office], tmp_path: Path) -> None:
    """That a mailbox is free again is a fact; not who emptied it, nor that it was counted."""

    def compare(number: int) -> tuple[frozenset[Mark], frozenset[Mark]]:
        closed, erased = (
            _day(offices(number), act, tmp_path / f"{act.__name__}{number}")
            for act in (_closes_one, _reads_what_vera_erased)
        )
        return closed, erased

    closed, erased = agreed(compare, lambda pair: pair[0] == pair[1])
    assert closed == erased


def test_a_desk_that_only_erased_and_counted_shows(offices: Callable[[int], Office], tmp_path: Path) -> None:
    """What closing would leave if it did no more than it has to."""

    def lazy(office: Office) -> None:
        world, locker = office.world, _locker_of(office, VERAS)
        with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
            upkeep.end(desk, keys, locker, office.ola.ombuds)
            assert isinstance(reporting.keep(keys, office.ola, locker, Count(mode="phone"), LATER), Kept)

    honest = _day(offices(0), _reads_what_vera_erased, tmp_path / "honest")
    assert _day(offices(0), lazy, tmp_path / "lazy") != honest


@pytest.mark.parametrize("act", ALL_ACTS, ids=lambda act: act.__name__.strip("_"))
def test_every_used_locker_changes_in_every_box_and_no_free_one(
    act: Callable[[Office], None], offices: Callable[[int], Office], tmp_path: Path
) -> None:
    """Also between a sign-in and a mark: the marked one is one of all."""
    before, after = offices(0), offices(0).copy(tmp_path / "after")
    act(after)
    assert _changed_lockers(before, after) == dict.fromkeys(_lockers(before.world.instance, 9), BOXES)
    assert len(_lockers(before.world.instance, 9)) == BOOKED


@pytest.mark.parametrize("act", ALL_ACTS, ids=lambda act: act.__name__.strip("_"))
def test_the_ledger_changes_wholly_and_keeps_its_length(
    act: Callable[[Office], None], offices: Callable[[int], Office], tmp_path: Path
) -> None:
    before, after = offices(0), offices(0).copy(tmp_path / "after")
    act(after)
    old, new = (_ledger(each.world.instance) for each in (before, after))
    assert len(old) == len(new)
    assert [start for start in range(0, len(old), 16) if old[start : start + 16] == new[start : start + 16]] == []
    assert _sizes(before) == _sizes(after)


def test_a_mark_after_the_first_copy_changes_what_a_sign_in_changes(
    offices: Callable[[int], Office], tmp_path: Path
) -> None:
    def compare(number: int) -> tuple[frozenset[Mark], frozenset[Mark]]:
        signed_in, marked = (
            _day(offices(number), act, tmp_path / f"{act.__name__}{number}")
            for act in (_sign_in, _marks_one_of_those_seen)
        )
        return signed_in, marked

    signed_in, marked = agreed(compare, lambda pair: pair[0] == pair[1])
    assert marked == signed_in


@pytest.mark.parametrize(
    "act", [_sign_in, _marks_two, _marks_one_of_those_seen, _closes_one], ids=lambda act: act.__name__.strip("_")
)
def test_the_counters_of_the_files_may_have_counted_anything(
    act: Callable[[Office], None], offices: Callable[[int], Office], tmp_path: Path
) -> None:
    """Blank changes are counted too: what a day with two marks counts, a mere sign-in may have counted."""
    counted: dict[str, list[int]] = {name: [] for name in STORES}
    for number in range(DRAWS):
        after = offices(0).copy(tmp_path / str(number))
        act(after)
        after.world.stores.close()
        for name in STORES:
            counted[name].append(_count(after, name) - _count(offices(0), name))
    assert all(len(set(counts)) > 1 for counts in counted.values()), counted
    assert all(min(counts) <= BLANK_AT_SIGN_IN for counts in counted.values()), counted


@pytest.mark.parametrize("plant", ["one locker", "the ledger alone", "a free locker too"])
def test_a_desk_that_changes_only_what_it_must_shows(
    plant: str, offices: Callable[[int], Office], tmp_path: Path
) -> None:
    """What "mark" would leave if it did no more than it has to."""
    before, after = offices(0), offices(0).copy(tmp_path / "after")
    world = after.world
    used, free = (min(_lockers(world.instance, state)) for state in (9, 8))
    _sign_in(after) if plant == "a free locker too" else None
    world.stores.close()
    file = "keys.db" if plant == "the ledger alone" else "desk.db"
    with closing(sqlite3.connect(world.instance / file)) as connection, connection:
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        if file == "keys.db":
            connection.execute("UPDATE ledger SET box = randomblob(length(box))")
        else:
            boxes = ", ".join(f"{name} = randomblob(length({name}))" for name in BOXES)
            chosen = used if plant == "one locker" else free
            connection.execute(f"UPDATE locker SET {boxes} WHERE id = ?", (chosen,))  # noqa: S608 - our own names
    assert _changed_lockers(before, after) != dict.fromkeys(_lockers(world.instance, 9), BOXES)
    day = _day(before, _sign_in, tmp_path / "honest")
    assert changed(take(before.world.instance), take(world.instance), BLOCK) != day


def _day(before: Office, act: Callable[[Office], None], folder: Path) -> frozenset[Mark]:
    """What a day of Ola's changes, in a copy."""
    after = before.copy(folder)
    act(after)
    after.world.stores.close()
    return changed(take(before.world.instance), take(after.world.instance), BLOCK)


def _changed_lockers(before: Office, after: Office) -> Mapping[bytes, tuple[str, ...]]:
    """Lockers with the columns of which no sixteen bytes are as they were."""
    old, new = (_boxes(each.world.instance) for each in (before, after))
    found = {}
    for locker in old:
        differing = tuple(
            name for name, was, now in zip(BOXES, old[locker], new[locker], strict=True) if _is_new(was, now)
        )
        if differing:
            found[locker] = differing
    return found


def _is_new(was: bytes, now: bytes) -> bool:
    return len(was) == len(now) and all(
        was[start : start + 16] != now[start : start + 16] for start in range(0, len(was) - 15, 16)
    )


def _boxes(folder: Path) -> dict[bytes, tuple[bytes, ...]]:
    with closing(looking(folder / "desk.db")) as desk:
        return {row[0]: row[1:] for row in desk.execute(f"SELECT id, {', '.join(BOXES)} FROM locker")}  # noqa: S608


def _lockers(folder: Path, state: int) -> set[bytes]:
    with closing(looking(folder / "desk.db")) as desk:
        return {row[0] for row in desk.execute("SELECT id FROM locker WHERE state = ?", (state,))}


def _locker_of(office: Office, typed: str) -> bytes:
    lookup = visitor_keys(typed, office.world.settings.secrets.words).lookup
    with closing(looking(office.world.instance / "desk.db")) as desk:
        (locker,) = desk.execute("SELECT id FROM locker WHERE lookup = ?", (lookup,)).fetchone()
    return bytes(locker)


def _ledger(folder: Path) -> bytes:
    with closing(looking(folder / "keys.db")) as keys:
        (box,) = keys.execute("SELECT box FROM ledger").fetchone()
    return bytes(box)


def _sizes(office: Office) -> dict[str, int]:
    snapshot: Snapshot = take(office.world.instance)
    return {name: len(data) for name, data in snapshot.items()}


def _count(office: Office, name: str) -> int:
    """How many changes a file has counted; both of its counters say the same."""
    data = (office.world.instance / name).read_bytes()
    first, second = (int.from_bytes(data[place : place + 4], "big") for place in COUNTERS)
    assert first == second
    return first
