"""What an ombuds copies from paper: a slip is seen, and only the right paper opens."""

import os

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from portal.office.rules import (
    DeskKeys,
    Kit,
    Wrapped,
    desk_keys,
    read_join_code,
    read_recovery,
    write_join_code,
    write_recovery,
)
from portal.sealing.keys import ombuds_keys
from portal.sealing.symbols import ALPHABET

RECOVERY = bytes.fromhex("00112233445566778899aabbccddeeff01234567")


def slips(text: str) -> list[str]:
    """Every single wrong symbol of a text."""
    places = [place for place, symbol in enumerate(text) if symbol in ALPHABET]
    return [text[:place] + wrong + text[place + 1 :] for place in places for wrong in ALPHABET if wrong != text[place]]


@tried(deadline=None)
@given(st.binary(min_size=20, max_size=20))
def test_a_recovery_code_reads_back_as_it_was_written(recovery: bytes) -> None:
    rows = write_recovery(recovery)

    assert [len(row) for row in rows] == [11, 11, 11, 11]
    assert read_recovery("\n".join(rows)) == recovery


@pytest.mark.parametrize(
    "as_typed",
    [
        str.lower,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", " ").replace("\n", "   "),
        lambda text: text.replace("\n", ", "),
        lambda text: text.replace("0", "O").replace("1", "l"),
        lambda text: f"  {text}  ",
    ],
)
def test_a_recovery_code_may_be_typed_in_any_way_the_eye_forgives(as_typed: object) -> None:
    assert callable(as_typed)
    assert read_recovery(as_typed("\n".join(write_recovery(RECOVERY)))) == RECOVERY


@pytest.mark.parametrize("row", range(4))
def test_every_slip_in_every_row_is_seen(row: int) -> None:
    rows = write_recovery(RECOVERY)

    for slip in slips(rows[row]):
        assert read_recovery("\n".join((*rows[:row], slip, *rows[row + 1 :]))) is None


@tried(deadline=None)
@given(st.binary(min_size=20, max_size=20), st.integers(0, 3), st.integers(0, 7))
def test_two_neighbours_changed_about_are_seen(recovery: bytes, row: int, place: int) -> None:
    rows = [text.replace("-", "") for text in write_recovery(recovery)]
    text = rows[row]
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    found = read_recovery(" ".join((*rows[:row], swapped, *rows[row + 1 :])))

    assert found == (recovery if swapped == text else None)


@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_too_few_or_too_many_rows_are_no_recovery_code(count: int) -> None:
    rows = write_recovery(RECOVERY)

    assert read_recovery("\n".join((rows * 2)[:count])) is None


@tried(deadline=None)
@given(st.text())
def test_whatever_is_typed_is_a_code_or_nothing(typed: str) -> None:
    found = read_recovery(typed)

    assert found is None or len(found) == 20
    assert read_join_code(typed) is None or len(read_join_code(typed) or "") == 17


def test_rows_changed_about_read_as_another_code_which_opens_another_key() -> None:
    rows = write_recovery(RECOVERY)
    found = read_recovery("\n".join((rows[1], rows[0], *rows[2:])))

    assert found is not None
    assert found != RECOVERY
    assert ombuds_keys(found) != ombuds_keys(RECOVERY)


@tried(deadline=None)
@given(st.binary(min_size=16, max_size=16))
def test_a_joining_code_reads_back_however_it_is_typed(secret: bytes) -> None:
    code = write_join_code(secret)
    plain = code.replace("-", "")

    assert len(plain) == 17
    assert read_join_code(code) == read_join_code(code.lower()) == read_join_code(f" {plain} ") == plain


def test_every_slip_in_a_joining_code_is_seen() -> None:
    code = write_join_code(b"0123456789abcdef")

    assert [slip for slip in slips(code) if read_join_code(slip) is not None] == []
    assert read_join_code(code[:-1]) is None
    assert read_join_code(code + "0") is None


def test_desk_keys_belong_to_their_recovery_code() -> None:
    keys, again = desk_keys(b"o" * 16, RECOVERY, None), desk_keys(b"o" * 16, RECOVERY, b"office")

    assert keys.private == again.private
    assert keys.public == again.public
    assert keys.own == again.own
    assert (keys.office, again.office) == (None, b"office")
    assert desk_keys(b"o" * 16, os.urandom(20), None).private != keys.private


def test_nothing_that_opens_is_shown_by_accident() -> None:
    kit = Kit(RECOVERY, "six words that nobody else should see", b"factor")
    keys = desk_keys(b"o" * 16, RECOVERY, b"office key")

    assert repr(kit) == "Kit()"
    assert repr(keys) == f"DeskKeys(ombuds={keys.ombuds!r})"
    assert isinstance(keys, DeskKeys)
    assert Wrapped(b"", b"", b"", b"").public == b""
