"""Counts of this month wait in one box of Ola's, which nobody else opens and which never changes its length."""

import os
from dataclasses import replace

from portal.office.rules import DeskKeys
from portal.reporting import service, store, waiting
from portal.reporting.rules import ATTRIBUTES, Count, UnknownCode, kept
from portal.reporting.service import Damaged, Full, Kept, NotKept
from portal.reporting.waiting import Waiting
from tests.cast import World
from tests.reporting.closing import MEI, NOVEMBER, TOMAS, VERA, close
from tests.reporting.closing import waiting as found_waiting

#: As long as the roster lets the fields of one person be.
LONGEST = Count(
    concerns=("2.f",) * 12,
    attributes=dict.fromkeys(ATTRIBUTES, "x" * 60),
    outcome="facilitated",
    referral="counselling",
    mode="in-person",
)


def _box(world: World, own: DeskKeys) -> bytes:
    with world.stores.keys.reading() as keys:
        found = store.find_waiting(keys, own.ombuds)
    assert found is not None
    return found


def _filled(count: Count, number: int) -> Waiting:
    box = Waiting(since="2026-11", seen={f"20{year}-Q4": 10**6 for year in range(30, 38)})
    for _ in range(number):
        box = box.with_count(os.urandom(16), count, "2026-11")
    return box


def test_what_waits_is_shown_before_it_is_added(office: World, ola: DeskKeys) -> None:
    with office.stores.keys.writing() as keys:
        assert service.keep(keys, ola, b"v" * 16, VERA, NOVEMBER) == Kept(tuple(kept(VERA)))
    close(office, ola, MEI, NOVEMBER, b"m" * 16)
    assert found_waiting(office, ola) == [(b"m" * 16, "2026-11", MEI), (b"v" * 16, "2026-11", VERA)]


def test_a_matter_closed_again_after_a_crash_waits_once(office: World, ola: DeskKeys) -> None:
    key = close(office, ola, VERA, NOVEMBER)
    close(office, ola, TOMAS, NOVEMBER, key)
    assert found_waiting(office, ola) == [(key, "2026-11", TOMAS)]


def test_a_wrong_count_is_taken_back(office: World, ola: DeskKeys) -> None:
    wrong, right = close(office, ola, VERA, NOVEMBER), close(office, ola, MEI, NOVEMBER)
    with office.stores.keys.writing() as keys:
        assert service.take_back(keys, ola, wrong)
        assert not service.take_back(keys, ola, wrong)
    assert [key for key, _, _ in found_waiting(office, ola)] == [right]


def test_what_cannot_be_is_refused_and_nothing_is_written(office: World, ola: DeskKeys) -> None:
    before = _box(office, ola)
    with office.stores.keys.writing() as keys:
        answer = service.keep(keys, ola, b"v" * 16, replace(VERA, outcome="won"), NOVEMBER)
    assert answer == NotKept((UnknownCode("outcome"),))
    assert _box(office, ola) == before


def test_two_hundred_fifty_six_counts_have_room(ola: DeskKeys) -> None:
    usual = {len(waiting.write(_filled(VERA, number), ola.own, ola.ombuds)) for number in (0, 1, 200, 256)}
    longest = {len(waiting.write(_filled(LONGEST, number), ola.own, ola.ombuds)) for number in (1, 140)}
    assert usual == longest == {waiting.SIZE + 28}


def test_a_full_box_says_so_and_keeps_what_it_has(office: World, ola: DeskKeys) -> None:
    full = _filled(LONGEST, 100)
    while True:
        more = full.with_count(os.urandom(16), LONGEST, "2026-11")
        if len(waiting._text(more)) > waiting.SIZE - 4:
            break
        full = more
    with office.stores.keys.writing() as keys:
        store.put_waiting(keys, ola.ombuds, waiting.write(full, ola.own, ola.ombuds))
    before = _box(office, ola)
    with office.stores.keys.writing() as keys:
        assert service.keep(keys, ola, os.urandom(16), LONGEST, NOVEMBER) == Full()
    assert _box(office, ola) == before


def test_stirring_changes_the_box_and_nothing_in_it(office: World, ola: DeskKeys) -> None:
    close(office, ola, VERA, NOVEMBER)
    before, waited = _box(office, ola), found_waiting(office, ola)
    with office.stores.keys.writing() as keys:
        assert service.stir(keys, ola) is None
    after = _box(office, ola)
    assert not [
        start for start in range(0, len(after) - 15, 16) if before[start : start + 16] == after[start : start + 16]
    ]
    assert found_waiting(office, ola) == waited


def test_the_first_stir_makes_an_empty_box_of_the_same_length(
    office: World, ola: DeskKeys, colleague: DeskKeys
) -> None:
    with office.stores.keys.writing() as keys:
        service.stir(keys, colleague)
    assert found_waiting(office, colleague) == []
    assert len(_box(office, colleague)) == len(_box(office, ola))


def test_an_exchanged_box_is_damaged_and_left_alone(office: World, ola: DeskKeys, colleague: DeskKeys) -> None:
    """Theo puts a colleague's box in the place of Ola's."""
    with office.stores.keys.writing() as keys:
        service.stir(keys, colleague)
        foreign = store.find_waiting(keys, colleague.ombuds) or b""
        store.put_waiting(keys, ola.ombuds, foreign)
    with office.stores.keys.writing() as keys:
        assert service.waits(keys, ola) == Damaged()
        assert service.keep(keys, ola, b"v" * 16, VERA, NOVEMBER) == Damaged()
        assert service.take_back(keys, ola, b"v" * 16) is False
        assert service.stir(keys, ola) == Damaged()
    assert service.settle_now(office.stores, ola, NOVEMBER).damaged == (Damaged(),)
    assert _box(office, ola) == foreign
    with office.stores.keys.writing() as keys:
        service.replace_waiting(keys, ola)
    close(office, ola, VERA, NOVEMBER)
    assert len(found_waiting(office, ola)) == 1
