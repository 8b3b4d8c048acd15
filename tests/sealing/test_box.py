import secrets

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.errors import CannotOpen
from portal.sealing import box, keys
from portal.sealing.places import Place

PLACE = Place("desk", b"a locker's id...", "to_ombuds")
OTHER_PLACES = {
    "store": Place("keys", PLACE.row, PLACE.box),
    "row": Place(PLACE.store, b"another one's...", PLACE.box),
    "box": Place(PLACE.store, PLACE.row, "to_visitor"),
}
OLA = keys.new_private()
OLAS_PUBLIC = keys.public_of(OLA)
THEO = keys.new_private()
SHARED = secrets.token_bytes(keys.KEY_SIZE)
SIZE = 64
#: Where the X25519 share stands in a sealed box: its highest bit is the one that RFC 7748 tells a receiver to ignore.
SHARE = range(1088, 1120)

without_haste = settings(deadline=None)


def opens_sealed(sealed: bytes, private: bytes = OLA, place: Place = PLACE) -> bool:
    """Any exception but CannotOpen fails the test that asks."""
    try:
        box.open_sealed(sealed, private, place)
    except CannotOpen:
        return False
    return True


def unlocks(locked: bytes, key: bytes = SHARED, place: Place = PLACE) -> bool:
    try:
        box.unlock(locked, key, place)
    except CannotOpen:
        return False
    return True


def flipped(whole: bytes, bit: int) -> bytes:
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@without_haste
@given(st.binary(max_size=3000))
def test_what_is_sealed_opens_with_the_private_key(text: bytes) -> None:
    sealed = box.seal(text, OLAS_PUBLIC, PLACE)
    assert len(sealed) == len(text) + box.SEALED_OVERHEAD
    assert box.open_sealed(sealed, OLA, PLACE) == text


@without_haste
@given(st.binary(max_size=3000), st.binary(min_size=32, max_size=32))
def test_what_is_locked_unlocks_with_the_same_key(text: bytes, key: bytes) -> None:
    locked = box.lock(text, key, PLACE)
    assert len(locked) == len(text) + box.LOCKED_OVERHEAD
    assert box.unlock(locked, key, PLACE) == text


def test_the_same_text_never_makes_the_same_box_twice() -> None:
    assert len({box.seal(b"text", OLAS_PUBLIC, PLACE) for _ in range(50)}) == 50
    assert len({box.lock(b"text", SHARED, PLACE)[:12] for _ in range(50)}) == 50


def test_a_box_shows_nothing_of_its_text() -> None:
    text = b"Vera wrote this to Ola and nobody else."
    assert text[:8] not in box.seal(text, OLAS_PUBLIC, PLACE)
    assert text[:8] not in box.lock(text, SHARED, PLACE)


def test_a_box_does_not_open_with_theos_key() -> None:
    assert not opens_sealed(box.seal(b"text", OLAS_PUBLIC, PLACE), private=THEO)
    assert not unlocks(box.lock(b"text", SHARED, PLACE), key=secrets.token_bytes(keys.KEY_SIZE))


def test_a_sealed_box_needs_both_halves_of_the_key() -> None:
    sealed = box.seal(b"text", OLAS_PUBLIC, PLACE)
    assert opens_sealed(sealed)
    assert not opens_sealed(sealed, private=OLA[:64] + THEO[64:])
    assert not opens_sealed(sealed, private=THEO[:64] + OLA[64:])


def test_a_locked_box_does_not_open_when_one_bit_of_the_key_is_wrong() -> None:
    locked = box.lock(b"text", SHARED, PLACE)
    assert [bit for bit in range(len(SHARED) * 8) if unlocks(locked, key=flipped(SHARED, bit))] == []


def test_a_key_of_another_length_opens_nothing() -> None:
    sealed, locked = box.seal(b"text", OLAS_PUBLIC, PLACE), box.lock(b"text", SHARED, PLACE)
    assert not any(opens_sealed(sealed, private=key) for key in (b"", OLA[:64], OLA[:-1], OLA + b"\0"))
    assert not any(unlocks(locked, key=key) for key in (b"", SHARED[:16], SHARED[:-1], SHARED + b"\0"))


@pytest.mark.parametrize("other", OTHER_PLACES.values(), ids=OTHER_PLACES)
def test_a_box_does_not_open_in_another_place(other: Place) -> None:
    assert not opens_sealed(box.seal(b"text", OLAS_PUBLIC, PLACE), place=other)
    assert not unlocks(box.lock(b"text", SHARED, PLACE), place=other)


def test_a_box_does_not_open_where_the_same_letters_are_divided_otherwise() -> None:
    here, there = Place("desk", b"row", "box"), Place("des", b"krow", "box")
    assert not opens_sealed(box.seal(b"text", OLAS_PUBLIC, here), place=there)
    assert not unlocks(box.lock(b"text", SHARED, here), place=there)


@pytest.mark.parametrize("text", [b"", b"a small text"], ids=["empty", "small"])
def test_one_flipped_bit_anywhere_spoils_a_locked_box(text: bytes) -> None:
    locked = box.lock(text, SHARED, PLACE)
    assert [bit for bit in range(len(locked) * 8) if unlocks(flipped(locked, bit))] == []


def test_one_flipped_bit_in_any_byte_spoils_a_sealed_box() -> None:
    sealed = box.seal(b"a small text", OLAS_PUBLIC, PLACE)
    bits = [byte * 8 + secrets.randbelow(8) for byte in range(len(sealed))]
    assert [bit for bit in bits if opens_sealed(flipped(sealed, bit))] == []


def test_every_bit_of_the_share_counts_even_the_one_that_x25519_ignores() -> None:
    sealed = box.seal(b"a small text", OLAS_PUBLIC, PLACE)
    bits = range(SHARE.start * 8, SHARE.stop * 8)
    assert [bit for bit in bits if opens_sealed(flipped(sealed, bit))] == []


@without_haste
@given(st.binary(max_size=200), st.data())
def test_one_flipped_bit_spoils_a_sealed_box_of_any_text(text: bytes, data: st.DataObject) -> None:
    sealed = box.seal(text, OLAS_PUBLIC, PLACE)
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1), label="bit")
    assert not opens_sealed(flipped(sealed, bit))


def test_a_share_or_ciphertext_of_zeros_opens_nothing() -> None:
    sealed = box.seal(b"text", OLAS_PUBLIC, PLACE)
    assert not opens_sealed(sealed[: SHARE.start] + bytes(len(SHARE)) + sealed[SHARE.stop :])
    assert not opens_sealed(bytes(SHARE.start) + sealed[SHARE.start :])


def test_the_halves_of_two_boxes_do_not_make_a_third() -> None:
    one, two = (box.seal(text, OLAS_PUBLIC, PLACE) for text in (b"text one", b"text two"))
    for cut in (SHARE.start, SHARE.stop):
        assert not opens_sealed(one[:cut] + two[cut:])


def test_a_sealed_box_does_not_open_when_its_end_is_missing() -> None:
    sealed = box.seal(b"a small text", OLAS_PUBLIC, PLACE)
    assert [length for length in range(len(sealed)) if opens_sealed(sealed[:length])] == []


def test_a_locked_box_does_not_open_when_its_end_is_missing() -> None:
    locked = box.lock(b"a small text", SHARED, PLACE)
    assert [length for length in range(len(locked)) if unlocks(locked[:length])] == []


@without_haste
@given(st.binary(min_size=1, max_size=40))
def test_a_box_does_not_open_when_something_is_added(more: bytes) -> None:
    sealed, locked = box.seal(b"text", OLAS_PUBLIC, PLACE), box.lock(b"text", SHARED, PLACE)
    assert not opens_sealed(sealed + more)
    assert not opens_sealed(more + sealed)
    assert not unlocks(locked + more)
    assert not unlocks(more + locked)


@without_haste
@given(st.binary(max_size=1300))
@example(b"")
@example(bytes(box.LOCKED_OVERHEAD))
@example(bytes(box.SEALED_OVERHEAD))
@example(b"\xff" * box.SEALED_OVERHEAD)
def test_any_other_bytes_do_not_open(anything: bytes) -> None:
    assert not opens_sealed(anything)
    assert not unlocks(anything)


@given(st.binary(max_size=SIZE - 4))
@example(b"")
@example(bytes(SIZE - 4))
@example(b"ends in zeros\0\0\0")
def test_a_padded_text_comes_back_as_it_was(text: bytes) -> None:
    padded = box.pad(text, SIZE)
    assert len(padded) == SIZE
    assert box.unpad(padded) == text


@given(st.binary(max_size=SIZE), st.binary(max_size=SIZE))
def test_two_texts_never_share_their_padded_bytes(one: bytes, two: bytes) -> None:
    assert (box.pad(one, SIZE + 4) == box.pad(two, SIZE + 4)) == (one == two)


@without_haste
@given(st.binary(max_size=SIZE - 4))
def test_boxes_have_one_length_for_every_text_that_fits(text: bytes) -> None:
    padded = box.pad(text, SIZE)
    assert len(box.seal(padded, OLAS_PUBLIC, PLACE)) == SIZE + box.SEALED_OVERHEAD
    assert len(box.lock(padded, SHARED, PLACE)) == SIZE + box.LOCKED_OVERHEAD


@given(st.integers(0, 300), st.integers(0, 300))
@example(SIZE - 4, SIZE)
@example(SIZE - 3, SIZE)
@example(0, 4)
@example(0, 3)
@example(0, 0)
def test_a_text_is_too_long_exactly_when_four_bytes_of_length_do_not_fit_beside_it(length: int, size: int) -> None:
    if length + 4 <= size:
        assert len(box.pad(bytes(length), size)) == size
    else:
        with pytest.raises(box.TooLong):
            box.pad(bytes(length), size)


@given(st.binary(max_size=SIZE))
@example(b"")
@example(b"\0\0\0")
@example(b"\0\0\0\x01")
@example(b"\xff\xff\xff\xff" + bytes(60))
def test_broken_padding_opens_nothing_and_raises_nothing_else(padded: bytes) -> None:
    claimed = int.from_bytes(padded[:4], "big")
    if len(padded) >= 4 and claimed <= len(padded) - 4:
        assert box.unpad(padded) == padded[4 : 4 + claimed]
    else:
        with pytest.raises(CannotOpen):
            box.unpad(padded)
