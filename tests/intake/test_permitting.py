"""Vera and Ola agree on a sentence inside one sealed document, each in her own time, sometimes both at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.intake import returning
from portal.intake.documents import has_room, room_left
from portal.intake.permissions import MOST_PERMISSIONS, AsShown, Standing
from portal.intake.permitting import NotAsShown
from portal.intake.returning import NoRoom, NothingThere, Opened, Said
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from tests.cast import VERA, World
from tests.intake.sealed import ask_desk, boxes, bytes_of, used_lockers
from tests.permitting import HERS, SAID, TYPED, Two, page_of, terms

DAY = timedelta(days=1)
OTHER = terms("Somebody in the lab asks for safer shifts.")


@pytest.fixture
def two(world: World, ola: DeskKeys) -> Two:
    assert isinstance(world.book(VERA, typed=TYPED), Receipt)
    (locker,) = used_lockers(world)
    return Two(world, ola, locker, clock.now())


def test_asked_approved_used_and_revoked(two: Two) -> None:
    assert two.ola_asks()
    assert not two.ola(SAID.USE), "nobody said yes yet"
    assert isinstance(two.vera(HERS.APPROVE), Opened)
    assert two.ola(SAID.USE)
    assert isinstance(two.vera(HERS.REVOKE), Opened)

    assert not two.ola(SAID.USE)
    assert two.only.standing is Standing.REVOKED
    assert two.only.used == (two.at.today,)


def test_a_change_waits_for_ola_who_sees_both_and_agrees(two: Two) -> None:
    two.ola_asks()
    assert isinstance(two.vera_changes(OTHER), Opened)
    assert (two.only.before, two.only.terms) == (terms(), OTHER)
    assert not two.ola(SAID.USE)

    assert two.ola(SAID.AGREE)
    assert two.ola(SAID.USE)
    assert two.only.before is None


def test_what_was_given_aloud_is_live_and_can_be_taken_back(two: Two) -> None:
    assert two.ola_asks(aloud=True)
    assert two.only.aloud
    assert two.only.is_live(two.at.today)

    assert isinstance(two.vera(HERS.REVOKE), Opened)
    assert not two.ola(SAID.USE)


def test_veras_old_page_approves_no_words_but_its_own(two: Two) -> None:
    two.ola_asks()
    old = page_of(two.only)
    two.vera_changes(OTHER)
    two.vera_changes(replace(OTHER, may_name=True))

    assert isinstance(two.vera(HERS.APPROVE, old), NotAsShown)
    assert two.only.standing is Standing.CHANGED


def test_olas_old_page_agrees_to_no_words_but_its_own(two: Two) -> None:
    two.ola_asks()
    two.vera_changes(OTHER)
    old = page_of(two.only)
    two.vera_changes(replace(OTHER, sentence="Nobody here is afraid."))

    assert not two.ola(SAID.AGREE, old)
    assert two.only.standing is Standing.CHANGED
    two.ola(SAID.AGREE)
    assert not two.ola(SAID.USE, old), "other words were agreed to"
    assert two.only.used == ()


def test_both_answer_at_once_and_the_first_one_counts(two: Two) -> None:
    two.ola_asks()
    page = page_of(two.only)
    assert two.ola(SAID.WITHDRAW, page)

    assert isinstance(two.vera(HERS.APPROVE, page), NotAsShown)
    assert isinstance(two.vera(HERS.REVOKE, page), NotAsShown)
    assert two.only.standing is Standing.WITHDRAWN


def test_whatever_is_sent_twice_is_done_once(two: Two) -> None:
    assert two.ola_asks()
    assert two.ola_asks()
    for _ in range(2):
        assert isinstance(two.vera_changes(OTHER), Opened)
    for _ in range(2):
        assert two.ola(SAID.AGREE)
    for _ in range(2):
        assert two.ola(SAID.USE)
    for _ in range(2):
        assert isinstance(two.vera(HERS.REVOKE), Opened)

    assert two.ola_asks()
    assert two.only.standing is Standing.REVOKED, "asking from the old page brings nothing back"
    assert two.only.used == (two.at.today,)


def test_the_same_page_with_other_words_asks_once_more(two: Two) -> None:
    two.ola_asks()
    two.ola_asks(OTHER)
    two.ola_asks(OTHER, page="2")

    assert [each.terms for each in two.matter.permissions] == [terms(), OTHER, OTHER]


def test_an_answer_that_changes_nothing_touches_nothing(two: Two) -> None:
    two.ola_asks()
    two.vera(HERS.DECLINE)
    before = bytes_of(two.world)
    for answer in (HERS.DECLINE, HERS.APPROVE, HERS.REVOKE):
        two.vera(answer)
    two.vera(HERS.APPROVE, AsShown("00", "0" * 64))

    assert bytes_of(two.world) == before


def test_an_answer_changes_the_lockers_row_and_no_length(two: Two) -> None:
    two.ola_asks()
    query = "SELECT id, state, destroy_on, length(to_ombuds), length(to_visitor), notes FROM locker WHERE id != ?"
    seen = "SELECT state, destroy_on, length(to_ombuds), length(to_visitor), length(notes) FROM locker WHERE id = ?"
    others, own = ask_desk(two.world, query, two.locker), ask_desk(two.world, seen, two.locker)
    two.vera_changes(OTHER)

    assert ask_desk(two.world, query, two.locker) == others
    assert ask_desk(two.world, seen, two.locker) == own


def test_after_its_last_day_nobody_can_do_anything(two: Two) -> None:
    two.ola_asks(terms(until=two.at.today))
    two.vera(HERS.APPROVE)
    two.now += DAY

    assert isinstance(two.vera(HERS.REVOKE), NotAsShown)
    assert not any(two.ola(each) for each in SAID)
    assert isinstance(two.vera_changes(OTHER), NotAsShown)


def test_whom_and_what_for_are_not_veras_to_change(two: Two) -> None:
    two.ola_asks()

    assert isinstance(two.vera_changes(replace(OTHER, to="the press")), NotAsShown)
    assert two.only.terms == terms()


def fill(two: Two) -> None:
    """Write until hardly a letter more fits; the version may take a digit."""
    count = 1
    while (left := room_left(two.matter)) > 1:
        said = Said(f"{count:016x}", "x" * min(left - 1, 900))
        found = returning.write(two.world.stores, TYPED, said, settings=two.world.settings, now=two.now)
        assert isinstance(found, Opened)
        count += 1


def test_in_a_full_matter_nothing_is_asked_or_changed_and_all_else_still_works(two: Two) -> None:
    for page in range(MOST_PERMISSIONS - 6):
        assert two.ola_asks(terms("Yes or no?"), page=str(page))
    fill(two)
    full = two.matter
    ids = [page_of(each) for each in full.permissions]

    assert not two.ola_asks(page="one more")
    assert isinstance(two.vera_changes(terms("y" * 400), ids[0].id), NoRoom)
    assert two.matter == full
    assert isinstance(two.vera(HERS.APPROVE, ids[0]), Opened)
    assert isinstance(two.vera(HERS.DECLINE, ids[1]), Opened)
    assert all(two.ola(SAID.WITHDRAW, each) for each in ids[2:])
    assert isinstance(two.vera(HERS.REVOKE, ids[0]), Opened)
    assert not has_room(two.matter), "it took of the room that is kept for it"


def test_no_more_permissions_are_asked_than_a_matter_holds(two: Two) -> None:
    for page in range(MOST_PERMISSIONS):
        assert two.ola_asks(terms("Yes?"), page=str(page))

    assert not two.ola_asks(terms("Yes?"), page="one more")
    assert len(two.matter.permissions) == MOST_PERMISSIONS


def test_wrong_words_and_a_matter_that_is_gone_answer_nothing(two: Two) -> None:
    two.ola_asks()
    page = page_of(two.only)
    returning.erase(
        two.world.stores, TYPED, publication=two.world.publication, settings=two.world.settings, now=two.now
    )

    assert isinstance(two.vera(HERS.APPROVE, page), NothingThere)
    assert not two.ola(SAID.WITHDRAW, page)
    assert not two.ola_asks()


def test_no_box_tells_how_much_was_asked(two: Two) -> None:
    before = {name: len(box) for name, box in boxes(two.world, two.locker).items()}
    two.ola_asks(terms("x" * 400))
    two.vera(HERS.APPROVE)

    assert {name: len(box) for name, box in boxes(two.world, two.locker).items()} == before
