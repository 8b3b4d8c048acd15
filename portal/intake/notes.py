"""An ombuds' own notes on a matter, under a key that is theirs alone; a blank looks the same."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace

from portal.errors import CannotOpen
from portal.sealing import box
from portal.sealing.places import Place

SIZE = 4096
_LENGTH = 4


@dataclass(frozen=True, repr=False)
class Notes:
    """What an ombuds wrote down; `linked` are the lockers (16 bytes) of other sides of the same dispute.

    `version` is 0 while nothing was ever written, and grows with every change, so that older ones are noticed.
    """

    version: int = 0
    text: str = ""
    linked: tuple[bytes, ...] = ()

    def with_text(self, text: str) -> "Notes":
        return replace(self, version=self.version + 1, text=text)

    def linked_to(self, locker: bytes) -> "Notes":
        return replace(self, version=self.version + 1, linked=tuple(sorted({*self.linked, locker})))

    def parted_from(self, locker: bytes) -> "Notes":
        return replace(self, version=self.version + 1, linked=tuple(each for each in self.linked if each != locker))


def has_room(notes: Notes) -> bool:
    return len(_to_json(notes)) <= SIZE - _LENGTH


def room_left(notes: Notes) -> int:
    """How many bytes the text may still grow by."""
    return max(0, SIZE - _LENGTH - len(_to_json(notes)))


def write(notes: Notes, own: bytes, locker: bytes) -> bytes:
    """A box of one length.

    Raises:
        box.TooLong: when there is no room; ask `has_room` first.
    """
    return box.lock(box.pad(_to_json(notes), SIZE), own, place(locker))


def read(locked: bytes, own: bytes, locker: bytes) -> Notes:
    """Undo `write`.

    Raises:
        CannotOpen: a blank, or not what this ombuds wrote for this locker.
    """
    text = box.unlock(locked, own, place(locker))
    try:
        values = json.loads(box.unpad(text))
        linked = tuple(b64decode(each) for each in values["linked"])
        return Notes(int(values["version"]), str(values["text"]), linked)
    except (ValueError, KeyError, TypeError) as error:
        raise CannotOpen("A box holds no notes.") from error


def place(locker: bytes) -> Place:
    return Place("desk", locker, "notes")


def _to_json(notes: Notes) -> bytes:
    linked = [b64encode(each).decode() for each in notes.linked]
    return json.dumps({"version": notes.version, "text": notes.text, "linked": linked}, ensure_ascii=False).encode()
