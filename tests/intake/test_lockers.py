"""The boxes of a locker: a blank looks like a matter, and an old or moved one is noticed."""

import os
from dataclasses import replace

import pytest

from portal.errors import CannotOpen
from portal.intake import ledger, lockers
from portal.intake.ledger import Seen
from portal.intake.lockers import Boxes
from portal.intake.rules import Document, Matter, State
from portal.sealing.keys import OmbudsKeys, VisitorKeys, ombuds_keys, public_of, visitor_keys
from tests.intake.sealed import make_matter

OLA = ombuds_keys(b"ola's recovery code!")
VERA = visitor_keys("amber bagpipe cabbage daybreak eagle fabric", b"pepper")
HERE, ELSEWHERE = b"1" * 16, b"2" * 16
LOCK = b"k" * 32


@pytest.fixture
def document() -> Document:
    return Document(make_matter(pair=VERA.pair, lookup=VERA.lookup), public_of(OLA.private), public_of(VERA.private))


def marked(matter: Matter, state: State) -> Matter:
    return matter.with_state(matter.meetings[0].uid, state)


def lengths(boxes: Boxes) -> list[int]:
    return [len(box) for box in vars(boxes).values()]


def inner(boxes: Boxes, locker: bytes = HERE) -> Boxes:
    return lockers.unlock(locker, LOCK, boxes)


def by_ola(
    boxes: Boxes, keys: OmbudsKeys = OLA, locker: bytes = HERE, *, seen: Seen | None = None, lookup: bytes = VERA.lookup
) -> Document:
    return lockers.open_for_ombuds(locker, inner(boxes, locker), keys.private, seen, lookup)


def by_vera(boxes: Boxes, keys: VisitorKeys = VERA) -> Document:
    return lockers.open_for_visitor(HERE, inner(boxes), keys.private, keys.pair)


def test_a_blank_and_a_matter_have_the_same_lengths(document: Document) -> None:
    blank = lockers.blank(HERE, LOCK, document.to_ombuds)
    packed = lockers.pack(HERE, LOCK, document)
    sealed_again = lockers.pack(HERE, LOCK, document, inner(packed).notes)

    assert lengths(blank) == lengths(packed) == lengths(sealed_again)


def test_both_sides_open_the_same_matter(document: Document) -> None:
    boxes = lockers.pack(HERE, LOCK, document)

    assert by_ola(boxes) == by_vera(boxes) == document


def test_packing_twice_gives_boxes_that_have_nothing_in_common(document: Document) -> None:
    first, second = (lockers.pack(HERE, LOCK, document) for _ in range(2))

    assert not set(vars(first).values()) & set(vars(second).values())


def test_a_blank_opens_to_no_matter(document: Document) -> None:
    blank = lockers.blank(HERE, LOCK, document.to_ombuds)

    for open_it in (by_ola, by_vera):
        with pytest.raises(CannotOpen):
            open_it(blank)


def test_nobody_else_opens_a_matter(document: Document) -> None:
    boxes = lockers.pack(HERE, LOCK, document)
    theo, his_words = ombuds_keys(b"theo's recovery code"), visitor_keys("six other words", b"pepper")

    with pytest.raises(CannotOpen):
        by_ola(boxes, theo)
    with pytest.raises(CannotOpen):
        by_vera(boxes, his_words)
    with pytest.raises(CannotOpen):
        by_vera(boxes, visitor_keys("amber bagpipe cabbage daybreak eagle fabric", b"other"))


def test_without_its_lock_a_locker_opens_for_nobody(document: Document) -> None:
    boxes = lockers.pack(HERE, LOCK, document)

    with pytest.raises(CannotOpen):
        lockers.unlock(HERE, os.urandom(32), boxes)
    with pytest.raises(CannotOpen):
        lockers.open_for_ombuds(HERE, boxes, OLA.private, None, VERA.lookup)


def test_boxes_moved_to_another_locker_do_not_open_even_with_its_lock(document: Document) -> None:
    boxes = lockers.pack(HERE, LOCK, document)

    with pytest.raises(CannotOpen):
        lockers.unlock(ELSEWHERE, LOCK, boxes)
    bare = inner(boxes)
    with pytest.raises(CannotOpen):
        lockers.open_for_ombuds(ELSEWHERE, bare, OLA.private, None, VERA.lookup)
    with pytest.raises(CannotOpen):
        lockers.open_for_visitor(ELSEWHERE, bare, VERA.private, VERA.pair)


def test_boxes_changed_about_inside_a_locker_do_not_open(document: Document) -> None:
    boxes = lockers.pack(HERE, LOCK, document)

    with pytest.raises(CannotOpen):
        inner(Boxes(boxes.to_visitor, boxes.to_ombuds, boxes.notes))


def test_an_older_version_is_noticed_once_ola_has_seen_a_newer_one(document: Document) -> None:
    newer = replace(document, matter=marked(document.matter, State.MET))
    seen = ledger.note(newer.matter, LOCK)

    assert by_ola(lockers.pack(HERE, LOCK, newer), seen=seen) == newer
    with pytest.raises(CannotOpen, match="older"):
        by_ola(lockers.pack(HERE, LOCK, document), seen=seen)
    assert by_ola(lockers.pack(HERE, LOCK, document)) == document, "at first sight there is nothing to compare with"


def test_a_newer_version_from_vera_is_no_tampering(document: Document) -> None:
    newer = replace(document, matter=marked(document.matter, State.CANCELLED))

    assert by_ola(lockers.pack(HERE, LOCK, newer), seen=ledger.note(document.matter, LOCK)) == newer


def test_a_forged_matter_is_noticed_once_ola_has_seen_the_true_one(document: Document) -> None:
    """Theo knows Ola's public key and every lock, and seals what Vera never said."""
    invented = make_matter(version=9, pair=b"t" * 32, lookup=VERA.lookup)
    forged = Document(invented, document.to_ombuds, document.to_visitor)

    with pytest.raises(CannotOpen, match="Another matter"):
        by_ola(lockers.pack(HERE, LOCK, forged), seen=ledger.note(document.matter, LOCK))
    with pytest.raises(CannotOpen, match="not part of it"):
        by_vera(lockers.pack(HERE, LOCK, forged))


def test_words_that_were_led_to_another_locker_are_noticed_at_first_sight(document: Document) -> None:
    with pytest.raises(CannotOpen, match="led elsewhere"):
        by_ola(lockers.pack(HERE, LOCK, document), lookup=b"t" * 16)


def test_a_locker_is_ended_halfway_when_its_lock_opens_no_box(document: Document) -> None:
    boxes = lockers.pack(HERE, LOCK, document)
    damaged = Boxes(boxes.to_ombuds[:-1] + bytes([boxes.to_ombuds[-1] ^ 1]), boxes.to_visitor, boxes.notes)

    assert lockers.opens_nothing(HERE, os.urandom(32), boxes)
    assert not lockers.opens_nothing(HERE, LOCK, boxes)
    assert not lockers.opens_nothing(HERE, LOCK, damaged), "damage must stay to be seen"
