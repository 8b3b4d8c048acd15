"""The dictionary attack: everything that could be derived from a person, looked for in every byte."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.roster.codes import code_of, period_key
from portal.roster.rules import hash_of
from portal.sealing import symbols
from portal.seizure.files import Employee

#: What stands before a text when the portal makes a fingerprint of it.
LABELS = tuple(
    f"{each}/v1\0".encode()
    for each in (
        "calendar",
        "code",
        "contact",
        "count",
        "editor",
        "fingerprint",
        "join",
        "ledger",
        "pin",
        "roster",
        "words",
    )
)
#: Eight bytes at a time, because a set of whole numbers is compared at the speed of C.
PIECE = 8
#: Below this, chance and public words look like people.
SHORTEST = 5
#: Shorter texts count only where so many readable bytes stand in a row: in a sealed box, chance spells them.
_READABLE = re.compile(rb"[\t\n\r\x20-\x7e]{16,}")
#: So much of a name or an address must lie there: "christop" alone is many people.
_TEXT = 12
#: Of a digest, so much is looked for: nobody stores less of one.
_HEAD = 16
_FINGERPRINT = "a fingerprint of a person"
_PLAIN = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.blake2b, hashlib.blake2s, hashlib.sha3_256)


@dataclass(frozen=True)
class Needle:
    """Bytes that must be in no file, and what they would mean there; a `whole` one means nothing in pieces.

    `what` names the person; `kind` does not, and may be shown. `least` is how many bytes in a row are no chance.
    """

    what: str
    text: bytes
    whole: bool = False
    kind: str = ""
    least: int = PIECE


@dataclass(frozen=True)
class Hit:
    file: str
    what: str
    kind: str = ""


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


def of_text(what: str, text: str, kind: str = "") -> Iterator[Needle]:
    """A text as programs write it: UTF-8, UTF-16, hexadecimal, base 64; capitals do not matter."""
    yield Needle(what, text.lower().encode(), kind=kind, least=_TEXT)
    yield from _coded(what, text, kind)


def of_words(what: str, words: str) -> Iterator[Needle]:
    """Six words as people, addresses and lists join them.

    In clear, two neighbours at least: a single word of the list may stand in any file.
    """
    listed = words.split()
    for between in (" ", "-", "", ", ", ",", "_", ".", "+", "\n"):
        yield from _coded(what, between.join(listed))
        for before, behind in pairwise(listed):
            yield Needle(what, f"{before}{between}{behind}".encode(), whole=True)


def of_key(what: str, key: bytes, kind: str = "") -> Iterator[Needle]:
    """A key or a secret, raw and in every alphabet that people or programs use for one."""
    yield Needle(what, key, kind=kind)
    yield Needle(f"{what}, hexadecimal", key.hex().encode(), kind=kind, least=2 * PIECE)
    yield Needle(f"{what}, UTF-16", key.hex().encode("utf-16-le"), kind=kind, least=4 * PIECE)
    yield Needle(f"{what}, base 32", base64.b32encode(key).lower(), kind=kind, least=_TEXT)
    yield Needle(f"{what}, Crockford's base 32", symbols.encode(key).lower().encode(), kind=kind, least=_TEXT)
    yield from _in_base64(what, key, kind)


def pieces(text: bytes) -> Iterator[int]:
    """A text cut in eights; fifteen bytes of it in a row hold one of them whole."""
    return iter(memoryview(text)[: len(text) // PIECE * PIECE].cast("Q"))


class Dictionary:
    """Needles, ready to be looked for; `source` gives them anew, to say what a hit means."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._whole: list[Needle] = []
        self._short: list[Needle] = []
        found = set[int]()
        for needle in source():
            if needle.whole:
                self._whole.append(needle)
            elif len(needle.text) < PIECE:
                self._short += [needle] * (len(needle.text) >= SHORTEST)
            else:
                found.update(pieces(_sieve(needle)))
        self._pieces = frozenset(found)

    def __len__(self) -> int:
        return len(self._pieces) + len(self._whole) + len(self._short)

    def search(self, files: Mapping[str, bytes]) -> list[Hit]:
        """Where anything of it lies, at any offset; text is found in capitals too."""
        return [
            Hit(name, each.what, each.kind) for name, data in files.items() for each in self._found(data, data.lower())
        ]

    def _found(self, data: bytes, small: bytes) -> Iterator[Needle]:
        yield from (needle for needle in self._whole if needle.text in small)
        if self._short:
            readable = b"\0".join(_READABLE.findall(small))
            yield from (needle for needle in self._short if needle.text in readable)
        numbers = self.scan(data) | self.scan(small)
        if numbers:
            suspects = (needle for needle in self._source() if _has_any(needle, numbers))
            yield from (needle for needle in suspects if _lies_in(needle, data) or _lies_in(needle, small))

    def scan(self, data: bytes) -> frozenset[int]:
        """The pieces that lie in the data, whatever their offset."""
        view, found = memoryview(data), set[int]()
        for offset in range(min(PIECE, len(data))):
            end = offset + (len(data) - offset) // PIECE * PIECE
            found |= self._pieces.intersection(view[offset:end].cast("Q"))
        return frozenset(found)


def _sieve(needle: Needle) -> bytes:
    """The part whose pieces are looked for: the first piece is enough for what must lie there as a whole."""
    return needle.text[:PIECE] if needle.least >= len(needle.text) else needle.text


def _has_any(needle: Needle, numbers: frozenset[int]) -> bool:
    return not needle.whole and not numbers.isdisjoint(pieces(_sieve(needle)))


def _lies_in(needle: Needle, data: bytes) -> bool:
    """Whether so many of its bytes lie there in a row that it is no chance."""
    text = _sieve(needle)
    for start in range(0, len(text) - PIECE + 1, PIECE):
        place = data.find(text[start : start + PIECE])
        while place >= 0:
            if _run(needle.text, start, data, place) >= min(needle.least, len(needle.text)):
                return True
            place = data.find(text[start : start + PIECE], place + 1)
    return False


def _run(text: bytes, start: int, data: bytes, place: int) -> int:
    """How many bytes around text[start] and data[place] are the same."""
    before, behind = 0, 0
    while before < min(start, place) and text[start - before - 1] == data[place - before - 1]:
        before += 1
    while behind < min(len(text) - start, len(data) - place) and text[start + behind] == data[place + behind]:
        behind += 1
    return before + behind


def _of_person(person: Employee, keys: Keys) -> Iterator[Needle]:
    if person.name:
        first, _, last = person.name.rpartition(" ")
        yield from of_text(f"the name {person.name}", person.name, "a name")
        if first:
            yield from of_text(f"the name {person.name}, last name first", f"{last}, {first}", "a name")
    for address in person.addresses:
        local = address.rpartition("@")[0]
        # Not with its domain: that stands on the front page, and eight bytes of it would look like everybody.
        yield from of_text(f"the local part of {address}", local, "an address")
        for text in {address, local, person.name, person.name.lower()} - {""}:
            yield from _digests(f"{text} ({address})", text.encode(), keys)
        yield from _derived(address, keys)


def _derived(address: str, keys: Keys) -> Iterator[Needle]:
    """What the portal itself makes of an address: the roster's hash, and the codes."""
    hashed = hash_of(address, keys.secrets["roster"])
    yield from of_key(f"the roster hash of {address}", hashed, _FINGERPRINT)
    yield from _digests(f"the roster hash of {address}", hashed, keys)
    for period in keys.periods:
        code = code_of(hashed, period_key(keys.secrets["codes"], period))
        for spelt in (code, symbols.grouped(code)):
            yield from of_text(f"the code of {address} for {period}", spelt, "a code")


def _coded(what: str, text: str, kind: str = "") -> Iterator[Needle]:
    small = text.lower()
    yield Needle(f"{what}, UTF-16", small.encode("utf-16-le"), kind=kind, least=2 * PIECE)
    for spelt in {text, small}:
        yield Needle(f"{what}, hexadecimal", spelt.encode().hex().encode(), kind=kind, least=2 * PIECE)
        yield from _in_base64(what, spelt.encode(), kind)


def _digests(what: str, text: bytes, keys: Keys) -> Iterator[Needle]:
    for make in _PLAIN:
        yield from _spelt(f"{make.__name__} of {what}", make(text).digest())
    for label in keys.labels:
        yield from _spelt(f"SHA-256 of {label!r} and {what}", hashlib.sha256(label + text).digest())
    for name, key in keys.all().items():
        for label in (b"", *keys.labels):
            yield from _spelt(f"HMAC under {name} of {label!r} and {what}", hmac.digest(key, label + text, "sha256"))


def _spelt(what: str, digest: bytes) -> Iterator[Needle]:
    """Raw, eight bytes are no chance; spelt in few symbols, it takes more of them."""
    text, coded = digest[:_HEAD].hex().encode(), base64.b64encode(digest)[:_HEAD]
    yield Needle(what, digest[:_HEAD], kind=_FINGERPRINT)
    yield Needle(what, text[:_HEAD], kind=_FINGERPRINT, least=_HEAD)
    yield Needle(what, coded, kind=_FINGERPRINT, least=_HEAD)
    if b"+" in coded or b"/" in coded:
        yield Needle(what, base64.urlsafe_b64encode(digest)[:_HEAD], kind=_FINGERPRINT, least=_HEAD)
    yield Needle(what, text[:_HEAD].decode().encode("utf-16-le"), kind=_FINGERPRINT, least=2 * _HEAD)


def _in_base64(what: str, data: bytes, kind: str = "") -> Iterator[Needle]:
    """In base 64 the same bytes look different at each of three offsets; both ends depend on their neighbours."""
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + data)
        yield Needle(f"{what}, base 64", coded[4 if shift else 0 : -4], kind=kind, least=_TEXT)
