"""Writing an ombuds' own notes, so that one window does not silently undo another."""

from dataclasses import dataclass

from portal.desk import linking
from portal.desk.changing import AtDesk, change_all
from portal.desk.service import open_all
from portal.intake.notes import Notes, has_room
from portal.intake.reading import Changed
from portal.intake.returning import Opened


@dataclass(frozen=True)
class Kept:
    """The notes are as they were typed."""


@dataclass(frozen=True, repr=False)
class Stale:
    """The notes were changed since the page was made; these are the ones that are kept."""

    kept: Notes


@dataclass(frozen=True)
class NoRoom:
    """The text is longer than a box of notes; nothing was changed."""


@dataclass(frozen=True)
class NotThere:
    """The matter has ended, or was tampered with."""


Answer = Kept | Stale | NoRoom | NotThere


def write(at: AtDesk, key: bytes, text: str, version: int) -> Answer:
    """Put a text in the place of the notes that a page showed; `version` is the one that it showed."""
    found = open_all(at)
    mine = found.get(key)
    if mine is None:
        return NotThere()
    if mine.kept.text == text:
        return Kept()
    refused: list[Answer] = [NotThere()]

    def act(opened: Opened) -> Changed | None:
        after = linking.without_ended(found, key, opened.kept).with_text(text)
        if opened.kept.version != version:
            refused.append(Stale(opened.kept))
        elif not has_room(after):
            refused.append(NoRoom())
        else:
            return Changed(opened.matter, notes=after, always_fits=True)
        return None

    return Kept() if change_all(at, {key: act}) else refused[-1]
