"""What Ola has seen: it comes back as it was, weighs the same whatever it holds, and opens for nobody else."""

from datetime import UTC, date, datetime

import pytest

from portal.errors import CannotOpen
from portal.intake import ledger
from portal.intake.ledger import Ledger
from portal.sealing import box
from tests.intake.sealed import make_matter

OWN, OLA = b"k" * 32, b"o" * 16
LOCK, NEW_LOCK = b"a" * 32, b"b" * 32
MATTER = make_matter(version=3, ends=date(2026, 8, 30))
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FULL = Ledger(NOW, {bytes([number]) * 16: ledger.note(MATTER, bytes([number]) * 32) for number in range(8)})


@pytest.mark.parametrize("kept", [Ledger(), Ledger(NOW), FULL], ids=["new", "empty", "full"])
def test_a_ledger_comes_back_as_it_was_and_always_weighs_the_same(kept: Ledger) -> None:
    written = ledger.write(kept, 8, OWN, OLA)

    assert ledger.read(written, OWN, OLA) == kept
    assert len(written) == len(ledger.write(Ledger(), 8, OWN, OLA))


def test_more_than_there_is_room_for_is_an_error_and_never_cut() -> None:
    with pytest.raises(box.TooLong):
        ledger.write(FULL, 7, OWN, OLA)


def test_a_ledger_opens_for_nobody_else_and_in_no_other_place() -> None:
    written = ledger.write(FULL, 8, OWN, OLA)

    for other in (None, b"", written[:-1], written[:-1] + bytes([written[-1] ^ 1])):
        with pytest.raises(CannotOpen):
            ledger.read(other, OWN, OLA)
    with pytest.raises(CannotOpen):
        ledger.read(written, b"t" * 32, OLA)
    with pytest.raises(CannotOpen):
        ledger.read(written, OWN, b"t" * 16)


def test_what_was_seen_may_become_newer_and_nothing_else() -> None:
    seen = ledger.note(MATTER, LOCK)

    assert seen.has_become(MATTER)
    assert seen.has_become(make_matter(version=9))
    assert not seen.has_become(make_matter(version=2))
    assert not seen.has_become(make_matter(version=9, pair=b"t" * 32))


def test_a_new_lock_is_the_sign_of_an_end() -> None:
    seen = ledger.note(MATTER, LOCK)

    assert seen.is_of(LOCK)
    assert not seen.is_of(NEW_LOCK)
    assert not seen.is_of(b"")


def test_of_two_looks_the_newer_one_counts_whichever_comes_last() -> None:
    older, newer = ledger.note(MATTER, LOCK), ledger.note(make_matter(version=4), LOCK)
    again = ledger.note(make_matter(version=1), NEW_LOCK)

    assert ledger.merged({OLA: older}, {OLA: newer}) == {OLA: newer}
    assert ledger.merged({OLA: newer}, {OLA: older}) == {OLA: newer}
    assert ledger.merged({OLA: newer}, {OLA: again}) == {OLA: newer}, "that it ended is told at the next sign-in"
    assert ledger.merged({OLA: newer}, {b"2" * 16: older}) == {OLA: newer, b"2" * 16: older}
