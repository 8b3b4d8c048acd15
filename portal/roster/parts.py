"""The three parts of a profile as boxes of one length, so that each can be shared without the others."""

import json
import os
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.roster.rules import ATTRIBUTE_FIELDS, GROUP_FIELDS, IDENTITY_FIELDS
from portal.sealing import box
from portal.sealing.places import Place

KEY_SIZE = 32
#: Bytes of a part before it is locked.
SIZES = {"group": 64, "attributes": 640, "identity": 512}
#: Longest values in bytes, tried one after the other until a part fits, quotation marks and all.
_CLIPS = {"group": (41, 20), "attributes": (60, 30), "identity": (120, 60, 40, 20)}
_NONCE = 12
_LENGTH = 4
#: A million rows build their text from these heads in half the time that a JSON encoder takes for a dict.
_HEADS = {
    part: [f'"{name}":' for name in names]
    for part, names in zip(SIZES, (GROUP_FIELDS, ATTRIBUTE_FIELDS, IDENTITY_FIELDS), strict=True)
}
_quoted = json.encoder.encode_basestring


def place(import_id: str, part: str) -> Place:
    return Place("roster", import_id.encode(), part)


def pack(values: Sequence[str], part: str) -> tuple[bytes, int]:
    """The values of a part's fields, in their order, as padded JSON without the empty ones; and how many it cut."""
    text, shortened = _text(values, part), 0
    if len(text) > SIZES[part] - _LENGTH:
        values, shortened = fit(values, part)
        text = _text(values, part)
    return box.pad(text, SIZES[part]), shortened


def fit(values: Sequence[str], part: str) -> tuple[Sequence[str], int]:
    """The values short enough for their part, and how many are shorter now."""
    fitting = values
    for most in _CLIPS[part]:
        if len(_text(fitting, part)) <= SIZES[part] - _LENGTH:
            break
        fitting = [clip(value, most) for value in values]
    return fitting, sum(short != value for short, value in zip(fitting, values, strict=True))


def _text(values: Sequence[str], part: str) -> bytes:
    said = [head + _quoted(value) for head, value in zip(_HEADS[part], values, strict=True) if value]
    return f"{{{','.join(said)}}}".encode()


def clip(value: str, most: int) -> str:
    """At most so many bytes of UTF-8, cut between characters."""
    return value.encode()[:most].decode(errors="ignore").rstrip()


class PartsWriter:
    """Locks parts under one import's key: the format of `box.lock`, with the cipher made once for a million rows."""

    def __init__(self, key: bytes, import_id: str) -> None:
        self._cipher = ChaCha20Poly1305(key)
        self._places = {part: bytes(place(import_id, part)) for part in SIZES}

    def lock(self, padded: bytes, part: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, padded, self._places[part])


def open_import_key(sealed_key: bytes, import_id: str, office_private: bytes) -> bytes:
    """The key (32 bytes) that opens every part of one import.

    Raises:
        CannotOpen: with another office's key, or for another import.
    """
    return box.open_sealed(sealed_key, office_private, place(import_id, "key"))


def open_group(part: bytes, import_key: bytes, import_id: str) -> dict[str, str]:
    """The constituency.

    Raises:
        CannotOpen: wrong key, another part, or changed bytes.
    """
    return _open(part, import_key, import_id, "group")


def open_attributes(part: bytes, import_key: bytes, import_id: str) -> dict[str, str]:
    """Department, unit, location, role, tenure, gender, race and age, in bands; fields without a value are missing.

    Raises:
        CannotOpen: wrong key, another part, or changed bytes.
    """
    return _open(part, import_key, import_id, "attributes")


def open_identity(part: bytes, import_key: bytes, import_id: str) -> dict[str, str]:
    """Names, id, supervisor, title, phone and addresses; fields without a value are missing.

    Raises:
        CannotOpen: wrong key, another part, or changed bytes.
    """
    return _open(part, import_key, import_id, "identity")


def _open(locked: bytes, import_key: bytes, import_id: str, part: str) -> dict[str, str]:
    fields: dict[str, str] = json.loads(box.unpad(box.unlock(locked, import_key, place(import_id, part))))
    return fields
