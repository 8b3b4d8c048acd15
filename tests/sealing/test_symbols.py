import base64
import secrets

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.sealing import symbols

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
without_haste = settings(deadline=None)


def codes(length: int, count: int) -> list[str]:
    """Codes of `length` symbols: the ends of the range, each symbol over and over, and random ones."""
    payloads = [symbol * (length - 1) for symbol in CROCKFORD]
    payloads += ["".join(secrets.choice(CROCKFORD) for _ in range(length - 1)) for _ in range(count)]
    return [symbols.with_check(payload) for payload in payloads]


def slips(code: str) -> list[str]:
    """Every code with one symbol wrong: `len(code)` times 31 of them."""
    return [
        code[:position] + other + code[position + 1 :]
        for position, right in enumerate(code)
        for other in CROCKFORD
        if other != right
    ]


def swaps(code: str) -> list[str]:
    """Every code with two neighbours swapped that differ."""
    return [
        code[:left] + code[left + 1] + code[left] + code[left + 2 :]
        for left in range(len(code) - 1)
        if code[left] != code[left + 1]
    ]


def test_the_alphabet_is_crockfords() -> None:
    assert symbols.ALPHABET == CROCKFORD
    assert len(set(symbols.ALPHABET)) == 32
    assert not set("ILOU") & set(symbols.ALPHABET)


def test_each_of_the_32_values_is_one_symbol_at_every_position() -> None:
    for place in range(8):
        seen = [symbols.encode((value << (5 * (7 - place))).to_bytes(5, "big")) for value in range(32)]
        assert "".join(text[place] for text in seen) == CROCKFORD
        assert all(set(text[:place] + text[place + 1 :]) == {"0"} for text in seen)


def test_ten_bits_give_each_pair_of_symbols_exactly_once() -> None:
    pairs = [symbols.encode((bits << 6).to_bytes(2, "big"))[:2] for bits in range(1024)]
    assert len(set(pairs)) == 1024


@given(st.binary(max_size=64))
@example(b"")
@example(bytes(20))
@example(b"\xff" * 20)
def test_bytes_come_back_from_their_symbols(data: bytes) -> None:
    assert symbols.decode(symbols.encode(data)) == data


@given(st.binary(max_size=64))
def test_symbols_are_base_32_as_python_writes_it_in_another_alphabet(data: bytes) -> None:
    standard = base64.b32encode(data).decode().rstrip("=")
    assert symbols.encode(data) == standard.translate(str.maketrans(RFC_4648, CROCKFORD))


@given(st.text("01Z", max_size=12))
def test_what_decodes_has_no_second_spelling(text: str) -> None:
    try:
        data = symbols.decode(text)
    except ValueError:
        return
    assert symbols.encode(data) == text


@pytest.mark.parametrize("text", ["U0", "0-", "a0", " 0", "0é"])
def test_a_character_that_is_no_symbol_does_not_decode(text: str) -> None:
    with pytest.raises(ValueError, match="not a symbol"):
        symbols.decode(text)


@pytest.mark.parametrize("text", ["0", "01", "000", "ZZ", "0001", "000000", "ZZZZZZ1"])
def test_symbols_with_bits_left_over_do_not_decode(text: str) -> None:
    with pytest.raises(ValueError, match="left over"):
        symbols.decode(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7KQ2-M9XA-0PT", "7KQ2M9XA0PT"),
        ("7kq2 m9xa 0pt", "7KQ2M9XA0PT"),
        (" 7kq2–m9xa—0pt.\n", "7KQ2M9XA0PT"),  # noqa: RUF001 - the dashes that a phone sets by itself
        ("oO0", "000"),
        ("iI1lL", "11111"),
        ("Oil", "011"),
        ("７ＫＱ２", "7KQ2"),  # noqa: RUF001 - full width, as a Japanese keyboard types
        ("u U", ""),
        ("", ""),
    ],
)
def test_what_people_type_is_read_as_symbols(typed: str, meant: str) -> None:
    assert symbols.read(typed) == meant


@given(st.text(CROCKFORD, max_size=40))
def test_a_printed_code_is_read_as_it_was(text: str) -> None:
    printed = symbols.grouped(text)
    assert symbols.read(text) == text
    assert symbols.read(printed) == text
    assert symbols.read(printed.lower()) == text
    assert symbols.read(" ".join(text)) == text
    assert symbols.read(text.replace("0", "O").replace("1", "l")) == text


@given(st.text(max_size=60))
def test_whatever_is_typed_reading_gives_symbols_and_reading_again_changes_nothing(typed: str) -> None:
    found = symbols.read(typed)
    assert set(found) <= set(CROCKFORD)
    assert symbols.read(found) == found


def test_codes_are_printed_in_groups_of_four() -> None:
    assert symbols.grouped("ABCDEFGHJKM") == "ABCD-EFGH-JKM"
    assert symbols.grouped("ABCD") == "ABCD"
    assert symbols.grouped("ABCDEF", 3) == "ABC-DEF"
    assert symbols.grouped("") == ""


@given(st.text(CROCKFORD, min_size=1, max_size=30))
def test_a_code_with_its_check_symbol_passes(text: str) -> None:
    checked = symbols.with_check(text)
    assert checked[:-1] == text
    assert symbols.is_checked(checked)


@pytest.mark.parametrize("length", [11, 9])
def test_every_slip_of_one_symbol_is_caught(length: int) -> None:
    for code in codes(length, count=60):
        wrong = slips(code)
        assert len(wrong) == length * 31
        assert [slip for slip in wrong if symbols.is_checked(slip)] == []


@pytest.mark.parametrize("length", [11, 9])
def test_every_swap_of_neighbours_is_caught(length: int) -> None:
    for code in codes(length, count=200):
        assert [swap for swap in swaps(code) if symbols.is_checked(swap)] == []


@pytest.mark.parametrize("length", range(2, 32))
def test_slips_and_swaps_are_caught_at_every_length(length: int) -> None:
    for code in codes(length, count=2)[-3:]:
        assert [wrong for wrong in slips(code) + swaps(code) if symbols.is_checked(wrong)] == []


@given(st.text(CROCKFORD, min_size=10, max_size=10))
def test_exactly_one_check_symbol_fits_a_text(text: str) -> None:
    assert [symbol for symbol in CROCKFORD if symbols.is_checked(text + symbol)] == [symbols.with_check(text)[-1]]


@without_haste
@given(st.text(CROCKFORD, min_size=10, max_size=10), st.data())
def test_a_slip_is_caught_as_it_is_typed(text: str, data: st.DataObject) -> None:
    slip = data.draw(st.sampled_from(slips(symbols.with_check(text))))
    assert not symbols.is_checked(symbols.read(symbols.grouped(slip).lower()))


def test_a_text_too_long_for_one_check_symbol_is_a_mistake() -> None:
    assert symbols.is_checked(symbols.with_check("7" * 30))
    with pytest.raises(ValueError, match="too long"):
        symbols.with_check("7" * 31)


def test_nothing_one_symbol_and_too_many_symbols_are_not_checked() -> None:
    assert not any(symbols.is_checked(text) for text in ("", "0", "7", "0" * 32))
