"""What an ombuds writes on paper, and what a sign-in may show."""

from dataclasses import dataclass, field
from enum import Enum

from portal.sealing import symbols
from portal.sealing.keys import RECOVERY_SIZE, OmbudsKeys, ombuds_keys, public_of

_ROW = 8
_ROWS = 4
_CODE_BYTES = 10


@dataclass(frozen=True)
class Kit:
    """What a joining ombuds takes away on paper: recovery (20 bytes), six words, second factor (20 bytes)."""

    recovery: bytes = field(repr=False)
    passphrase: str = field(repr=False)
    factor: bytes = field(repr=False)


@dataclass(frozen=True)
class Wrapped:
    """A kit as the keys store holds it: salt (16 bytes), locked recovery code, locked second factor (48 bytes each).

    `public` (1216 bytes) is known when it is made, `office` (1232 bytes) when it is read back.
    """

    ombuds: bytes
    salt: bytes
    code: bytes
    factor: bytes
    public: bytes = b""
    office: bytes = b""


@dataclass(frozen=True)
class DeskKeys:
    """What a signed-in ombuds holds; `office` is None until a colleague has admitted them."""

    ombuds: bytes
    private: bytes = field(repr=False)
    own: bytes = field(repr=False)
    office: bytes | None = field(repr=False)

    @property
    def public(self) -> bytes:
        return public_of(self.private)


class KeyCheck(Enum):
    """What an ombuds' own key finds at sign-in."""

    OWN = "the server offers this ombuds' key"
    CLOSED = "the operator has closed booking with this ombuds"
    FOREIGN = "the server offered another key; booking is closed"


@dataclass(frozen=True)
class NotAdmitted:
    """The passphrase or the six digits are wrong. Which of the two is not told."""


@dataclass(frozen=True)
class NameTaken:
    """Somebody of this name has joined already."""


@dataclass(frozen=True)
class CodeUnknown:
    """No open invitation has this code: mistyped, used, or replaced by a newer one."""


def write_recovery(recovery: bytes) -> tuple[str, ...]:
    """The 160 bits as four rows of eight symbols, each with its own check symbol."""
    text = symbols.encode(recovery)
    rows = (text[start : start + _ROW] for start in range(0, len(text), _ROW))
    return tuple(symbols.grouped(symbols.with_check(row), 3) for row in rows)


def read_recovery(typed: str) -> bytes | None:
    """The 20 bytes of a typed recovery code, or None when a row does not check."""
    text = symbols.read(typed)
    rows = [text[start : start + _ROW + 1] for start in range(0, len(text), _ROW + 1)]
    if len(rows) != _ROWS or not all(len(row) == _ROW + 1 and symbols.is_checked(row) for row in rows):
        return None
    recovery = symbols.decode("".join(row[:_ROW] for row in rows))
    return recovery if len(recovery) == RECOVERY_SIZE else None


def write_join_code(secret: bytes) -> str:
    """Eighty random bits as an invitation: sixteen symbols and their check."""
    return symbols.grouped(symbols.with_check(symbols.encode(secret[:_CODE_BYTES])))


def read_join_code(typed: str) -> str | None:
    """A typed invitation as its seventeen symbols, or None when they do not check."""
    text = symbols.read(typed)
    return text if len(text) == _CODE_BYTES * 8 // 5 + 1 and symbols.is_checked(text) else None


def desk_keys(ombuds: bytes, recovery: bytes, office: bytes | None) -> DeskKeys:
    keys: OmbudsKeys = ombuds_keys(recovery)
    return DeskKeys(ombuds, keys.private, keys.own, office)
