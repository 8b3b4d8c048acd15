"""What an ombuds has seen, kept apart from the lockers: an old locker can be put back, and this not with it."""

import hashlib
import hmac
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from portal.errors import CannotOpen
from portal.intake.rules import Matter
from portal.sealing import box
from portal.sealing.places import Place

_MARK = 16
#: Locker, version, version of the notes, day of the end, digest of the lock, digest of the key that both sides share.
_LINE = struct.Struct(f">16sIII{_MARK}s{_MARK}s")
_HEAD = struct.Struct(">QI")


@dataclass(frozen=True, repr=False)
class Seen:
    """A matter as it was when its ombuds last looked; marks are digests of 16 bytes."""

    version: int
    notes: int
    ends: date
    lock: bytes
    pair: bytes

    def is_of(self, secret: bytes) -> bool:
        """Whether the locker still has the lock it had: it was not ended in the meantime."""
        return hmac.compare_digest(self.lock, _mark(b"lock", secret))

    def has_become(self, matter: Matter) -> bool:
        """Whether a matter may be what this one is now: the same two sides, and nothing taken back."""
        return hmac.compare_digest(self.pair, _mark(b"pair", matter.pair)) and matter.version >= self.version


@dataclass(frozen=True, repr=False)
class Ledger:
    """All matters that an ombuds has seen, by locker, and when their desk was last used; UTC, None before that."""

    opened: datetime | None = None
    seen: Mapping[bytes, Seen] = field(default_factory=dict)


def note(matter: Matter, secret: bytes, notes: int = 0) -> Seen:
    """What is kept of a matter that lies under this lock; `notes` is the version of its ombuds' notes."""
    return Seen(matter.version, notes, matter.ends, _mark(b"lock", secret), _mark(b"pair", matter.pair))


def merged(before: Mapping[bytes, Seen], now: Mapping[bytes, Seen]) -> dict[bytes, Seen]:
    """Two looks at the same lockers, by two windows perhaps: of each matter the newer one.

    A line stays where the lock is another one now: that its matter is gone is told at the next sign-in, and not
    overwritten by whatever lies in its locker since.
    """
    return dict(before) | {
        locker: seen for locker, seen in now.items() if locker not in before or _follows(seen, before[locker])
    }


def write(ledger: Ledger, room: int, own: bytes, ombuds: bytes) -> bytes:
    """A locked box with room for so many matters: its length does not tell how many there are.

    Raises:
        box.TooLong: when there are more.
    """
    opened = int(ledger.opened.timestamp()) if ledger.opened else 0
    lines = (
        _LINE.pack(locker, seen.version, seen.notes, seen.ends.toordinal(), seen.lock, seen.pair)
        for locker, seen in sorted(ledger.seen.items())
    )
    text = _HEAD.pack(opened, len(ledger.seen)) + b"".join(lines)
    return box.lock(box.pad(text, _size(room)), own, _place(ombuds))


def read(locked: bytes | None, own: bytes, ombuds: bytes) -> Ledger:
    """Undo `write`.

    Raises:
        CannotOpen: when it is not what this ombuds' desk wrote.
    """
    text = box.unpad(box.unlock(locked or b"", own, _place(ombuds)))
    opened, count = _HEAD.unpack_from(text)
    if len(text) != _HEAD.size + count * _LINE.size:
        raise CannotOpen("A ledger is not whole.")
    return Ledger(datetime.fromtimestamp(opened, UTC) if opened else None, dict(_lines(text[_HEAD.size :])))


def _lines(text: bytes) -> Iterable[tuple[bytes, Seen]]:
    for locker, version, notes, ends, lock, pair in _LINE.iter_unpack(text):
        yield locker, Seen(version, notes, date.fromordinal(ends), lock, pair)


def _follows(seen: Seen, before: Seen) -> bool:
    return seen.lock == before.lock and seen.version >= before.version and seen.notes >= before.notes


def _size(room: int) -> int:
    return 4 + _HEAD.size + room * _LINE.size


def _mark(what: bytes, key: bytes) -> bytes:
    return hashlib.sha256(b"ledger/v1\0" + what + key).digest()[:_MARK]


def _place(ombuds: bytes) -> Place:
    return Place("keys", ombuds, "ledger")
