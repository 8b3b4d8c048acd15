"""Editors: people who change public words and nothing else. They hold no key, and none of their visits is noted."""

import hmac
import os
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.errors import CannotOpen
from portal.office.factor import matching_step
from portal.sealing import box, words
from portal.sealing.keys import KEY_SIZE, editor_hash
from portal.sealing.places import Place
from portal.site.tables import Editor

LONGEST_NAME = 60
_ID = 16
_SALT = 16
_FACTOR = 20


@dataclass(frozen=True)
class Card:
    """What an editor takes away on paper: six words, and the second factor (20 bytes). It is shown once."""

    name: str
    passphrase: str = field(repr=False)
    factor: bytes = field(repr=False)


@dataclass(frozen=True)
class Kept:
    """A card as the keys store holds it: the words as a slow hash, the second factor under the server's secret."""

    editor: bytes
    name: str
    salt: bytes
    hash: bytes
    factor: bytes


@dataclass(frozen=True)
class NameTaken:
    """Another editor has this name."""


@dataclass(frozen=True)
class NotAdmitted:
    """Name, words and digits do not fit together. Which of them is not told."""


def draw_card(name: str) -> Card:
    return Card(name, words.draw(), os.urandom(_FACTOR))


def wrap(card: Card, pepper: bytes) -> Kept:
    """A new editor's card as it is kept. It takes 19 MiB and some 30 ms: do it before any store is held."""
    editor, salt = os.urandom(_ID), os.urandom(_SALT)
    return Kept(
        editor=editor,
        name=card.name,
        salt=salt,
        hash=editor_hash(card.passphrase, salt, pepper),
        factor=box.lock(card.factor, pepper, _place(editor)),
    )


def add(keys: Session, new: Kept) -> NameTaken | None:
    if find(keys, new.name) is not None:
        return NameTaken()
    keys.add(Editor(id=new.editor, name=new.name, salt=new.salt, hash=new.hash, factor=new.factor))
    keys.flush()
    return None


def remove(keys: Session, editor: bytes) -> None:
    keys.execute(delete(Editor).where(Editor.id == editor))


def everybody(keys: Session) -> list[tuple[bytes, str]]:
    """Id and name of each, by name."""
    found = [(row.id, str(row.name)) for row in keys.scalars(select(Editor))]  # somebody may have written there no text
    return sorted(found, key=lambda each: each[1].casefold())


def find(keys: Session, name: str) -> Kept | None:
    """What is kept of the editor of this name; None too for what cannot be a salt and a hash."""
    rows = (row for row in keys.scalars(select(Editor)) if str(row.name).casefold() == name.casefold())
    row = next(rows, None)
    if row is None or len(row.salt) != _SALT or len(row.hash) != KEY_SIZE:
        return None
    return Kept(row.id, row.name, row.salt, row.hash, row.factor)


def check(kept: Kept | None, passphrase: str, digits: str, *, pepper: bytes, now: datetime) -> int | NotAdmitted:
    """The step of the digits, where all fits. The work is the same where nobody has the name, so that no time tells."""
    against = kept or _nobody(pepper)
    typed = words.read(passphrase)
    given = editor_hash(typed if isinstance(typed, str) else "", against.salt, pepper)
    are_words = hmac.compare_digest(given, against.hash)
    step = _step(against, digits, pepper, now)
    return step if kept is not None and are_words and step is not None else NotAdmitted()


def _step(kept: Kept, digits: str, pepper: bytes, now: datetime) -> int | None:
    try:
        factor = box.unlock(kept.factor, pepper, _place(kept.editor))
    except CannotOpen:  # the secrets file is another one, or somebody wrote into the row
        return None
    return matching_step(factor, digits, now)


def _nobody(pepper: bytes) -> Kept:
    editor = os.urandom(_ID)
    factor = box.lock(os.urandom(_FACTOR), pepper, _place(editor))
    return Kept(editor, "", os.urandom(_SALT), os.urandom(KEY_SIZE), factor)


def _place(editor: bytes) -> Place:
    return Place("keys", editor, "editor")
