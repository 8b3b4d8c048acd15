"""The three boxes of a locker: packed, unpacked, and filled with blanks that nobody can tell from a matter."""

import os
from dataclasses import dataclass

from portal.errors import CannotOpen
from portal.intake import notes as own_notes
from portal.intake.documents import TEXT_SIZE, read, write
from portal.intake.ledger import Seen
from portal.intake.rules import Document
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, PUBLIC_SIZE, new_private, public_of
from portal.sealing.places import Place

_PLAIN_SIZE = 32 + 2 * PUBLIC_SIZE + TEXT_SIZE
STORE = "desk"


@dataclass(frozen=True)
class Boxes:
    """A locker's three columns, each of one length, encrypted once more under the locker's lock (32 bytes)."""

    to_ombuds: bytes
    to_visitor: bytes
    notes: bytes


def blank(locker: bytes, secret: bytes, to_ombuds: bytes) -> Boxes:
    """Genuine boxes around nothing: one really sealed to the ombuds, one to a key that is thrown away here."""
    nothing = bytes(_PLAIN_SIZE)
    return _locked(
        locker,
        secret,
        Boxes(
            box.seal(nothing, to_ombuds, _place(locker, "to_ombuds")),
            box.seal(nothing, public_of(new_private()), _place(locker, "to_visitor")),
            empty_notes(locker),
        ),
    )


def pack(locker: bytes, secret: bytes, document: Document, notes: bytes | None = None) -> Boxes:
    """Seal a document to both keys inside it; `notes` as they lie under the lock, or None for none yet."""
    place = _place(locker, "matter")
    text = write(document, place)
    return _locked(
        locker,
        secret,
        Boxes(
            box.seal(text, document.to_ombuds, _place(locker, "to_ombuds")),
            box.seal(text, document.to_visitor, _place(locker, "to_visitor")),
            empty_notes(locker) if notes is None else notes,
        ),
    )


def unlock(locker: bytes, secret: bytes, boxes: Boxes) -> Boxes:
    """Take the outer layer off.

    Raises:
        CannotOpen: when the lock was replaced (the matter has ended) or a box was changed or moved.
    """
    return Boxes(*(box.unlock(value, secret, _outer(locker, name)) for name, value in vars(boxes).items()))


def lock_anew(locker: bytes, secret: bytes, boxes: Boxes) -> Boxes:
    """The same boxes under the same lock, with not a byte in common; raises CannotOpen as `unlock` does."""
    return _locked(locker, secret, unlock(locker, secret, boxes))


def opens_nothing(locker: bytes, secret: bytes, boxes: Boxes) -> bool:
    """Whether the lock fits no box at all: it was replaced, and the boxes were not. One damaged box is no such sign."""
    return not any(_fits(value, secret, _outer(locker, name)) for name, value in vars(boxes).items())


def open_for_ombuds(locker: bytes, boxes: Boxes, private: bytes, seen: Seen | None, lookup: bytes) -> Document:
    """Open an unlocked locker as its ombuds; `seen` is what their ledger knows of it, `lookup` how words find it.

    Raises:
        CannotOpen: forged, moved, or older than the ombuds has seen: the matter was tampered with.
    """
    text = box.open_sealed(boxes.to_ombuds, private, _place(locker, "to_ombuds"))
    document = read(text, _place(locker, "matter"))
    if document.to_ombuds != public_of(private):
        raise CannotOpen("A matter names another key to be sealed to.")
    if document.matter.lookup != lookup:
        raise CannotOpen("The words of a matter were led elsewhere.")
    if seen is not None and not seen.has_become(document.matter):
        raise CannotOpen("Another matter, or an older one, was put in the place of one.")
    return document


def open_for_visitor(locker: bytes, boxes: Boxes, private: bytes, pair: bytes) -> Document:
    """Open an unlocked locker with the keys of the six words; raises CannotOpen as above."""
    text = box.open_sealed(boxes.to_visitor, private, _place(locker, "to_visitor"))
    return read(text, _place(locker, "matter"), pair)


def empty_notes(locker: bytes) -> bytes:
    """Where the ombuds' own notes will lie: a genuine box under a key that is thrown away here."""
    return box.lock(bytes(own_notes.SIZE), os.urandom(KEY_SIZE), own_notes.place(locker))


def _fits(value: bytes, secret: bytes, place: Place) -> bool:
    try:
        box.unlock(value, secret, place)
    except CannotOpen:
        return False
    return True


def _locked(locker: bytes, secret: bytes, boxes: Boxes) -> Boxes:
    return Boxes(*(box.lock(value, secret, _outer(locker, name)) for name, value in vars(boxes).items()))


def _place(locker: bytes, name: str) -> Place:
    return Place(STORE, locker, name)


def _outer(locker: bytes, name: str) -> Place:
    return Place(STORE, locker, f"{name}/lock")
