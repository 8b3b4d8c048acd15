"""The three parts of a profile as boxes of one length, so that each can be shared without the others."""

import json
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.sealing import box
from portal.sealing.places import Place

KEY_SIZE = 32
#: Bytes of a part before it is locked.
SIZES = {"group": 64, "attributes": 640, "identity": 512}
#: Longest values in bytes, tried one after the other until a part fits, quotation marks and all.
_CLIPS = {"group": (41, 20), "attributes": (60, 30), "identity": (120, 60, 40, 20)}
_NONCE = 12
_LENGTH = 4
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def place(import_id: str, part: str) -> Place:
    return Place("roster", import_id.encode(), part)


def pack(fields: Mapping[str, str], part: str) -> tuple[bytes, int]:
    """A part as padded JSON, and how many of its values had to be shortened."""
    text = _encode(fields).encode()
    shortened = 0
    if len(text) > SIZES[part] - _LENGTH:
        fields, shortened = fit(fields, part)
        text = _encode(fields).encode()
    return box.pad(text, SIZES[part]), shortened


def fit(fields: Mapping[str, str], part: str) -> tuple[Mapping[str, str], int]:
    """The fields with values short enough for their part, and how many are shorter now."""
    fitting = fields
    for most in _CLIPS[part]:
        if len(_encode(fitting).encode()) <= SIZES[part] - _LENGTH:
            break
        fitting = {name: clip(value, most) for name, value in fields.items()}
    return fitting, sum(fitting[name] != value for name, value in fields.items())


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
