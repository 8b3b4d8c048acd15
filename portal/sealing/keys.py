"""Key pairs from seeds, and keys from words, codes and passphrases."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from portal.sealing import symbols

#: An ML-KEM-768 seed (FIPS 203: d and z, 64 bytes), then an X25519 private key (RFC 7748, 32 bytes).
PRIVATE_SIZE = 96
#: An ML-KEM-768 encapsulation key (1184 bytes), then an X25519 public key (32 bytes).
PUBLIC_SIZE = 1216
KEY_SIZE = 32
RECOVERY_SIZE = 20
LOOKUP_SIZE = 16
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184

# Two derivations of words run at a time, one of a passphrase, one of a PIN: without a gate, callers could fill the
# memory.
_WORDS_GATE = BoundedSemaphore(2)
_PASSPHRASE_GATE = BoundedSemaphore(1)
_PIN_GATE = BoundedSemaphore(1)


def private_key(private: bytes) -> MLKEM768X25519PrivateKey:
    mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:_MLKEM_SEED])
    return MLKEM768X25519PrivateKey(mlkem, X25519PrivateKey.from_private_bytes(private[_MLKEM_SEED:]))


def public_key(public: bytes) -> MLKEM768X25519PublicKey:
    mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC])
    return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]))


def is_public(public: bytes) -> bool:
    """Whether these bytes are a public key that something can be sealed to."""
    try:
        public_key(public)
    except ValueError:
        return False
    return True


def new_private() -> bytes:
    """A new private seed, `PRIVATE_SIZE` random bytes."""
    return os.urandom(PRIVATE_SIZE)


def public_of(private: bytes) -> bytes:
    """The public key, `PUBLIC_SIZE` bytes, of a private seed."""
    mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:_MLKEM_SEED]).public_key()
    return (
        mlkem.public_bytes_raw()
        + X25519PrivateKey.from_private_bytes(private[_MLKEM_SEED:]).public_key().public_bytes_raw()
    )


def fingerprint(public: bytes) -> str:
    """Eighty bits of a public key's SHA-256 as four groups of four symbols, for posters and the telephone."""
    return symbols.grouped(symbols.encode(hashlib.sha256(b"fingerprint/v1\0" + public).digest()[:10]))


def expand(secret: bytes, label: str, size: int = KEY_SIZE) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869) of a strong secret under a label of its own."""
    return HKDFExpand(algorithm=hashes.SHA256(), length=size, info=label.encode()).derive(secret)


@dataclass(frozen=True)
class VisitorKeys:
    """What six words open: where the matter lies (16 bytes), its private seed (96), the key both sides share (32)."""

    lookup: bytes = field(repr=False)
    private: bytes = field(repr=False)
    pair: bytes = field(repr=False)


def visitor_keys(words: str, pepper: bytes) -> VisitorKeys:
    """Derive a visitor's keys from the six words.

    Argon2id t=2, 19 MiB, p=1 (OWASP's floor, RFC 9106) on top of 77.5 bits; the pepper, kept outside the database,
    makes a copied database alone useless for guessing. The salt is fixed, because the words alone must find the matter.
    """
    peppered = hmac.digest(pepper, b"words/v1\0" + words.encode(), "sha256")
    with _WORDS_GATE:
        root = Argon2id(salt=b"visitor words v1", length=KEY_SIZE, iterations=2, lanes=1, memory_cost=19 * 1024).derive(
            peppered
        )
    return VisitorKeys(
        expand(root, "words/lookup", LOOKUP_SIZE),
        expand(root, "words/private", PRIVATE_SIZE),
        expand(root, "words/pair"),
    )


def passphrase_key(passphrase: str, salt: bytes) -> bytes:
    """The key (32 bytes) that wraps an ombuds' recovery code: Argon2id t=3, 256 MiB, p=4, a salt of 16 bytes."""
    with _PASSPHRASE_GATE:
        return Argon2id(salt=salt, length=KEY_SIZE, iterations=3, lanes=4, memory_cost=256 * 1024).derive(
            passphrase.encode()
        )


def pin_hash(pin: str, salt: bytes, pepper: bytes) -> bytes:
    """What is kept (32 bytes) of the eight digits that set a notice; a salt of 16 bytes.

    Argon2id t=2, 19 MiB, p=1 (OWASP's floor, RFC 9106). Eight digits are soon tried by whoever has the pepper too; what
    they find can show a false notice and nothing else.
    """
    return _slow_hash(b"pin/v1\0", pin, salt, pepper)


def editor_hash(words: str, salt: bytes, pepper: bytes) -> bytes:
    """What is kept (32 bytes) of an editor's six words; a salt of 16 bytes. As for a PIN, on top of 77.5 bits."""
    return _slow_hash(b"editor/v1\0", words, salt, pepper)


def _slow_hash(label: bytes, secret: str, salt: bytes, pepper: bytes) -> bytes:
    peppered = hmac.digest(pepper, label + secret.encode(), "sha256")
    with _PIN_GATE:
        return Argon2id(salt=salt, length=KEY_SIZE, iterations=2, lanes=1, memory_cost=19 * 1024).derive(peppered)


@dataclass(frozen=True)
class OmbudsKeys:
    """What a recovery code opens: the private seed (96 bytes) and the ombuds' own key (32 bytes) for notes."""

    private: bytes = field(repr=False)
    own: bytes = field(repr=False)


def ombuds_keys(recovery: bytes) -> OmbudsKeys:
    """An ombuds' keys from the 20 bytes of the printed recovery code: paper alone restores them."""
    return OmbudsKeys(expand(recovery, "ombuds/private", PRIVATE_SIZE), expand(recovery, "ombuds/own"))
