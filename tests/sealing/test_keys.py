import hmac
import re
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.sealing import box, keys
from portal.sealing.places import Place

SIX = "abacus zoom walnut unicorn pastel ivory"
PEPPER = bytes(range(32))
PLACE = Place("desk", b"a locker's id...", "to_visitor")
RECOVERY = bytes(range(20))
without_haste = settings(deadline=None)


def flipped(whole: bytes, bit: int) -> bytes:
    return (int.from_bytes(whole, "big") ^ 1 << bit).to_bytes(len(whole), "big")


def test_a_new_private_seed_is_96_bytes_and_never_the_same() -> None:
    assert {len(keys.new_private()) for _ in range(100)} == {keys.PRIVATE_SIZE} == {96}
    assert len({keys.new_private() for _ in range(100)}) == 100


def test_a_public_key_is_1216_bytes_and_always_the_same_for_one_seed() -> None:
    private = keys.new_private()
    assert len(keys.public_of(private)) == keys.PUBLIC_SIZE == 1216
    assert keys.public_of(private) == keys.public_of(private) != keys.public_of(keys.new_private())


def test_a_public_key_ends_in_the_x25519_key_of_rfc_7748() -> None:
    alices = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    expected = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    assert keys.public_of(bytes(64) + alices)[-32:].hex() == expected


def test_a_seed_or_a_public_key_of_another_length_is_a_mistake() -> None:
    private = keys.new_private()
    public = keys.public_of(private)
    for wrong in (b"", private[:-1], private + b"\0"):
        with pytest.raises(ValueError, match="bytes"):
            keys.public_of(wrong)
    for wrong in (b"", public[:-1], public + b"\0"):
        with pytest.raises(ValueError, match="bytes"):
            keys.public_key(wrong)


def test_a_fingerprint_is_four_groups_of_four_symbols() -> None:
    fingerprint = keys.fingerprint(keys.public_of(keys.new_private()))
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", fingerprint)


def test_a_fingerprint_changes_with_every_bit_of_the_public_key() -> None:
    public = keys.public_of(keys.new_private())
    bits = len(public) * 8
    assert len({keys.fingerprint(flipped(public, bit)) for bit in range(bits)} | {keys.fingerprint(public)}) == bits + 1


def test_expanding_follows_rfc_5869() -> None:
    strong = bytes.fromhex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04")
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert keys.expand(strong, "", 42).hex() == expected


@given(st.binary(min_size=20, max_size=64), st.text(max_size=30))
def test_the_first_block_is_one_hmac_of_the_label(secret: bytes, label: str) -> None:
    assert keys.expand(secret, label) == hmac.digest(secret, label.encode() + b"\x01", "sha256")


@given(st.binary(min_size=20, max_size=20), st.text(max_size=12), st.text(max_size=12))
def test_another_label_expands_to_another_key(secret: bytes, one: str, two: str) -> None:
    assert (keys.expand(secret, one) == keys.expand(secret, two)) == (one == two)


def test_the_same_words_open_what_was_sealed_to_them() -> None:
    first, again = keys.visitor_keys(SIX, PEPPER), keys.visitor_keys(SIX, PEPPER)
    assert first == again
    sealed = box.seal(b"Ola's answer", keys.public_of(first.private), PLACE)
    assert box.open_sealed(sealed, again.private, PLACE) == b"Ola's answer"


def test_words_make_a_lookup_of_16_a_seed_of_96_and_a_pair_key_of_32_bytes_that_share_nothing() -> None:
    found = keys.visitor_keys(SIX, PEPPER)
    assert (len(found.lookup), len(found.private), len(found.pair)) == (16, 96, 32)
    blocks = [
        whole[at : at + 16] for whole in (found.lookup, found.private, found.pair) for at in range(0, len(whole), 16)
    ]
    assert len(set(blocks)) == 9


@pytest.mark.parametrize(
    ("six", "pepper"),
    [
        ("abacus zoom walnut unicorn pastel ivy", PEPPER),
        ("zoom abacus walnut unicorn pastel ivory", PEPPER),
        (SIX.replace(" ", ""), PEPPER),
        (SIX, bytes(32)),
    ],
    ids=["one other word", "another order", "no spaces", "another pepper"],
)
def test_other_words_or_another_pepper_give_other_keys_throughout(six: str, pepper: bytes) -> None:
    one, other = keys.visitor_keys(SIX, PEPPER), keys.visitor_keys(six, pepper)
    assert one.lookup != other.lookup
    assert one.private != other.private
    assert one.pair != other.pair


def test_visitors_who_type_at_once_each_get_their_own_keys() -> None:
    peppers = [bytes([number]) * 32 for number in range(3)]
    alone = [keys.visitor_keys(SIX, pepper) for pepper in peppers]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: keys.visitor_keys(SIX, peppers[number % 3]), range(9))) == alone * 3


def test_a_third_visitor_waits_while_two_derivations_run() -> None:
    with ThreadPoolExecutor(1) as pool:
        with keys._WORDS_GATE, keys._WORDS_GATE:
            third = pool.submit(keys.visitor_keys, SIX, PEPPER)
            assert not wait([third], timeout=0.4).done
        assert third.result(timeout=60) == keys.visitor_keys(SIX, PEPPER)


def test_a_second_ombuds_waits_while_a_passphrase_is_derived() -> None:
    with ThreadPoolExecutor(1) as pool:
        with keys._PASSPHRASE_GATE:
            second = pool.submit(keys.passphrase_key, SIX, b"")
            assert not wait([second], timeout=0.2).done
        with pytest.raises(ValueError, match="salt"):
            second.result(timeout=60)


def test_a_refused_derivation_leaves_the_gate_open_for_the_next() -> None:
    for _ in range(3):
        with pytest.raises(ValueError, match="salt"):
            keys.passphrase_key(SIX, b"short")
    assert keys._PASSPHRASE_GATE.acquire(blocking=False)
    keys._PASSPHRASE_GATE.release()


def test_another_passphrase_or_another_salt_wraps_with_another_key() -> None:
    found = {
        keys.passphrase_key(SIX, bytes(16)),
        keys.passphrase_key(SIX, bytes(15) + b"\x01"),
        keys.passphrase_key(SIX.capitalize(), bytes(16)),
    }
    assert {len(key) for key in found} == {keys.KEY_SIZE}
    assert len(found) == 3


@without_haste
@given(st.binary(min_size=20, max_size=20))
def test_paper_alone_restores_an_ombuds_keys(recovery: bytes) -> None:
    first, again = keys.ombuds_keys(recovery), keys.ombuds_keys(recovery)
    assert (len(again.private), len(again.own)) == (keys.PRIVATE_SIZE, keys.KEY_SIZE)
    assert box.open_sealed(box.seal(b"text", keys.public_of(first.private), PLACE), again.private, PLACE) == b"text"
    assert box.unlock(box.lock(b"a note", first.own, PLACE), again.own, PLACE) == b"a note"


def test_every_bit_of_the_recovery_code_counts() -> None:
    assert len(RECOVERY) == keys.RECOVERY_SIZE
    found = [keys.ombuds_keys(flipped(RECOVERY, bit)) for bit in range(160)] + [keys.ombuds_keys(RECOVERY)]
    assert len({ombuds.own for ombuds in found}) == 161
    assert len({keys.public_of(ombuds.private) for ombuds in found}) == 161
