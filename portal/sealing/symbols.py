"""Codes that people copy from paper: Crockford's base 32, with a check symbol that catches every single slip."""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BITS = 5
_SIZE = 32
#: x^5 + x^2 + 1, primitive over GF(2): its root has order 31, so positions up to 31 have different weights.
_POLYNOMIAL = 0b100101
MAX_CHECKED = 31


def _powers() -> tuple[int, ...]:
    values = [1]
    for _ in range(MAX_CHECKED - 1):
        doubled = values[-1] << 1
        values.append(doubled ^ _POLYNOMIAL if doubled >= _SIZE else doubled)
    return tuple(values)


_POWER = _powers()
_LOGARITHM = {value: exponent for exponent, value in enumerate(_POWER)}


def _times(left: int, right: int) -> int:
    if not left or not right:
        return 0
    return _POWER[(_LOGARITHM[left] + _LOGARITHM[right]) % MAX_CHECKED]


def encode(data: bytes) -> str:
    """Bytes as symbols, five bits each, the first bits first; zeros fill the last symbol."""
    count = -(-len(data) * 8 // _BITS)
    number = int.from_bytes(data, "big") << (count * _BITS - len(data) * 8)
    return "".join(ALPHABET[(number >> (_BITS * place)) & (_SIZE - 1)] for place in reversed(range(count)))


def decode(text: str) -> bytes:
    """Undo `encode`; whole bytes only, and only as `encode` spells them.

    Raises:
        ValueError: on a character that is no symbol, when the filling bits are not zero, or when they fill a symbol.
    """
    number = 0
    for symbol in text:
        if symbol not in _VALUE:
            raise ValueError("not a symbol")
        number = number << _BITS | _VALUE[symbol]
    spare = len(text) * _BITS % 8
    if spare >= _BITS or number & ((1 << spare) - 1):
        raise ValueError("bits are left over")
    return (number >> spare).to_bytes(len(text) * _BITS // 8, "big")


def read(typed: str) -> str:
    """What somebody typed, as symbols: capitals, O as 0, I and L as 1, the digits of any script, all else dropped."""
    folded = "".join(map(_in_digits, unicodedata.normalize("NFKC", typed).upper()))
    return "".join(ALPHABET[_VALUE[symbol]] for symbol in folded if symbol in _VALUE)


def _in_digits(symbol: str) -> str:
    """A phone set to Arabic or Hindi may type ٣ or ३ for 3."""
    return str(unicodedata.decimal(symbol)) if symbol.isdecimal() else symbol


def grouped(text: str, size: int = 4) -> str:
    """Symbols in groups with hyphens between, as they are printed."""
    return "-".join(text[start : start + size] for start in range(0, len(text), size))


def _sum(text: str) -> int:
    total = 0
    for position, symbol in enumerate(text):
        total ^= _times(_POWER[position], _VALUE[symbol])
    return total


def with_check(text: str) -> str:
    """The text with its check symbol behind it; at most 30 symbols of text.

    The weighted sum over GF(32) of all symbols is zero. Weights of neighbours differ and none is zero, so
    every single wrong symbol and every swap of two neighbours changes the sum.
    """
    if len(text) >= MAX_CHECKED:
        raise ValueError("too long for one check symbol")
    weight = _LOGARITHM[_POWER[len(text)]]
    return text + ALPHABET[_times(_sum(text), _POWER[-weight % MAX_CHECKED])]


def is_checked(text: str) -> bool:
    """Whether the last symbol checks the others."""
    return 1 < len(text) <= MAX_CHECKED and _sum(text) == 0
