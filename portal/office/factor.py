"""The second factor: six digits that change, as every authenticator app speaks them (RFC 6238)."""

import base64
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30
_DIGITS = 6


def app_of(factor: bytes) -> TOTP:
    """What an authenticator app does with a secret of 20 bytes."""
    return TOTP(factor, _DIGITS, SHA1(), STEP)  # noqa: S303 - apps know no other hash


def matching_step(factor: bytes, digits: str, now: datetime) -> int | None:
    """The step whose digits these are, one step early or late allowed for clocks that differ."""
    typed = "".join(character for character in digits if character.isascii() and character.isdigit())
    current = int(now.timestamp()) // STEP
    for step in (current, current - 1, current + 1):
        try:
            app_of(factor).verify(typed.encode(), step * STEP)
        except InvalidToken:
            continue
        return step
    return None


def provisioning_uri(factor: bytes, name: str, issuer: str) -> str:
    """What an authenticator app reads from the QR picture."""
    return app_of(factor).get_provisioning_uri(name, issuer)


def as_text(factor: bytes) -> str:
    """The second factor for typing into an app by hand: base 32 in groups of four."""
    text = base64.b32encode(factor).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
