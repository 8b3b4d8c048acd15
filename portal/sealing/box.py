"""Boxes of one length: sealed to a person's public key, or locked with a shared key."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from portal.errors import CannotOpen, PortalError
from portal.sealing.keys import private_key, public_key
from portal.sealing.places import Place

#: RFC 9180 base mode; the KEM is a hybrid, so that a box copied today stays shut when X25519 falls.
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
#: ML-KEM-768 ciphertext 1088 + X25519 share 32 + tag 16.
SEALED_OVERHEAD = 1136
#: Random nonce 12 + tag 16 (RFC 8439).
LOCKED_OVERHEAD = 28
_NONCE = 12
_LENGTH = 4


class TooLong(PortalError):  # noqa: N818 - it says what the text is
    """The text does not fit its box; nothing was written."""


def pad(text: bytes, size: int) -> bytes:
    """Four bytes of length, the text, zeros: always `size` bytes.

    Raises:
        TooLong: when the text needs more than `size - 4` bytes.
    """
    if len(text) > size - _LENGTH:
        raise TooLong(f"{len(text)} bytes do not fit into {size - _LENGTH}.")
    return (len(text).to_bytes(_LENGTH, "big") + text).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """Undo `pad`.

    Raises:
        CannotOpen: when the length makes no sense, which an honest box never shows.
    """
    size = int.from_bytes(padded[:_LENGTH], "big")
    if size > len(padded) - _LENGTH:
        raise CannotOpen("The padding of a box is broken.")
    return padded[_LENGTH : _LENGTH + size]


def seal(text: bytes, to: bytes, place: Place) -> bytes:
    """Seal to a public key (1216 bytes); the box is `SEALED_OVERHEAD` bytes longer than the text."""
    return SUITE.encrypt(text, public_key(to), info=bytes(place))


def open_sealed(box: bytes, private: bytes, place: Place) -> bytes:
    """Open a sealed box with a private seed (96 bytes).

    Raises:
        CannotOpen: wrong key, wrong place, or changed bytes.
    """
    try:
        return SUITE.decrypt(box, private_key(private), info=bytes(place))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("A sealed box did not open.") from error


def lock(text: bytes, key: bytes, place: Place) -> bytes:
    """Lock with a shared key (32 bytes); the box is `LOCKED_OVERHEAD` bytes longer than the text."""
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, text, bytes(place))


def unlock(box: bytes, key: bytes, place: Place) -> bytes:
    """Open a locked box with its shared key.

    Raises:
        CannotOpen: wrong key, wrong place, or changed bytes.
    """
    try:
        return ChaCha20Poly1305(key).decrypt(box[:_NONCE], box[_NONCE:], bytes(place))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("A locked box did not open.") from error
