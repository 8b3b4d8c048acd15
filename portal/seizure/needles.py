"""The dictionary attack: everything that could be derived from a person, looked for in every byte."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.roster.codes import code_of, period_key
from portal.roster.rules import hash_of
from portal.sealing import symbols
from portal.seizure.files import Employee

#: Eight bytes at a time, because a set of whole numbers is compared at the speed of C.
PIECE = 8
#: Below this, chance and public words look like people.
SHORTEST = 5
#: Of a digest, so much is looked for: nobody stores less of one.
_HEAD = 16
_PLAIN = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.blake2b, hashlib.blake2s, hashlib.sha3_256)


@dataclass(frozen=True)
class Needle:
    """Bytes that must be in no file, and what they would mean there; a `whole` one means nothing in pieces."""

    what: str
    text: bytes
    whole: bool = False


@dataclass(frozen=True)
class Hit:
    file: str
    what: str


@dataclass(frozen=True)
class Keys:
    """What a fingerprint of a person could be made with: every key Theo has, every label in the code."""

    secrets: Mapping[str, bytes]
    labels: Sequence[bytes]
    periods: Sequence[str]

    def all(self) -> dict[str, bytes]:
        return dict(self.secrets) | {each: period_key(self.secrets["codes"], each) for each in self.periods}


Source = Callable[[], Iterator[Needle]]


def of_staff(staff: Sequence[Employee], keys: Keys) -> Iterator[Needle]:
    for person in staff:
        yield from _of_person(person, keys)


def of_text(what: str, text: str) -> Iterator[Needle]:
    """A text as programs write it: UTF-8, UTF-16, hexadecimal, base 64; capitals do not matter."""
    yield Needle(what, text.lower().encode())
    yield from _coded(what, text)


def of_words(what: str, words: str) -> Iterator[Needle]:
    """Six words as people, addresses and lists join them.

    In clear, two neighbours at least: a single word of the list may stand in any file.
    """
    listed = words.split()
    for between in (" ", "-", "", ", ", ",", "_", ".", "+", "\n"):
        yield from _coded(what, between.join(listed))
        for before, behind in pairwise(listed):
            yield Needle(what, f"{before}{between}{behind}".encode(), whole=True)


def of_key(what: str, key: bytes) -> Iterator[Needle]:
    """A key or a secret, raw and in every alphabet that people or programs use for one."""
    yield Needle(what, key)
    yield Needle(f"{what}, hexadecimal", key.hex().encode())
    yield Needle(f"{what}, UTF-16", key.hex().encode("utf-16-le"))
    yield Needle(f"{what}, base 32", base64.b32encode(key).lower())
    yield Needle(f"{what}, Crockford's base 32", symbols.encode(key).lower().encode())
    yield from _in_base64(what, key)


def pieces(text: bytes) -> Iterator[int]:
    """A text cut in eights; fifteen bytes of it in a row hold one of them whole."""
    return iter(memoryview(text)[: len(text) // PIECE * PIECE].cast("Q"))


class Dictionary:
    """Needles, ready to be looked for; `source` gives them anew, to say what a hit means."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._whole = [needle for needle in source() if _is_sought_whole(needle)]
        self._pieces = frozenset(piece for needle in source() if not needle.whole for piece in pieces(needle.text))

    def __len__(self) -> int:
        return len(self._pieces) + len(self._whole)

    def search(self, files: Mapping[str, bytes]) -> list[Hit]:
        """Where anything of it lies, at any offset; text is found in capitals too."""
        return [Hit(name, what) for name, data in files.items() for what in self._found(data, data.lower())]

    def _found(self, data: bytes, small: bytes) -> Iterator[str]:
        yield from (needle.what for needle in self._whole if needle.text in small)
        numbers = self.scan(data) | self.scan(small)
        if numbers:
            yield from (needle.what for needle in self._source() if _has_any(needle, numbers))

    def scan(self, data: bytes) -> frozenset[int]:
        """The pieces that lie in the data, whatever their offset."""
        view, found = memoryview(data), set[int]()
        for offset in range(min(PIECE, len(data))):
            end = offset + (len(data) - offset) // PIECE * PIECE
            found |= self._pieces.intersection(view[offset:end].cast("Q"))
        return frozenset(found)


def _is_sought_whole(needle: Needle) -> bool:
    return needle.whole or SHORTEST <= len(needle.text) < PIECE


def _has_any(needle: Needle, numbers: frozenset[int]) -> bool:
    return not needle.whole and not numbers.isdisjoint(pieces(needle.text))


def _of_person(person: Employee, keys: Keys) -> Iterator[Needle]:
    first, _, last = person.name.rpartition(" ")
    yield from of_text(f"the name {person.name}", person.name)
    yield from of_text(f"the name {person.name}, last name first", f"{last}, {first}")
    for address in person.addresses:
        local = address.rpartition("@")[0]
        # Not with its domain: that stands on the front page, and eight bytes of it would look like everybody.
        yield from of_text(f"the local part of {address}", local)
        for text in (address, local, person.name, person.name.lower()):
            yield from _digests(f"{text} ({address})", text.encode(), keys)
        yield from _derived(address, keys)


def _derived(address: str, keys: Keys) -> Iterator[Needle]:
    """What the portal itself makes of an address: the roster's hash, and the codes."""
    hashed = hash_of(address, keys.secrets["roster"])
    yield from of_key(f"the roster hash of {address}", hashed)
    yield from _digests(f"the roster hash of {address}", hashed, keys)
    for period in keys.periods:
        code = code_of(hashed, period_key(keys.secrets["codes"], period))
        for spelt in (code, symbols.grouped(code)):
            yield from of_text(f"the code of {address} for {period}", spelt)


def _coded(what: str, text: str) -> Iterator[Needle]:
    small = text.lower()
    yield Needle(f"{what}, UTF-16", small.encode("utf-16-le"))
    for spelt in {text, small}:
        yield Needle(f"{what}, hexadecimal", spelt.encode().hex().encode())
        yield from _in_base64(what, spelt.encode())


def _digests(what: str, text: bytes, keys: Keys) -> Iterator[Needle]:
    for make in _PLAIN:
        yield from _spelt(f"{make.__name__} of {what}", make(text).digest())
    for label in keys.labels:
        yield from _spelt(f"SHA-256 of {label!r} and {what}", hashlib.sha256(label + text).digest())
    for name, key in keys.all().items():
        for label in (b"", *keys.labels):
            yield from _spelt(f"HMAC under {name} of {label!r} and {what}", hmac.digest(key, label + text, "sha256"))


def _spelt(what: str, digest: bytes) -> Iterable[Needle]:
    text = digest[:_HEAD].hex().encode()
    return (
        Needle(what, digest[:_HEAD]),
        Needle(what, text[:_HEAD]),
        Needle(what, base64.b64encode(digest)[:_HEAD]),
        Needle(what, base64.urlsafe_b64encode(digest)[:_HEAD]),
        Needle(what, text[:PIECE].decode().encode("utf-16-le")),
    )


def _in_base64(what: str, data: bytes) -> Iterator[Needle]:
    """In base 64 the same bytes look different at each of three offsets; both ends depend on their neighbours."""
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + data)
        yield Needle(f"{what}, base 64", coded[4 if shift else 0 : -4])
