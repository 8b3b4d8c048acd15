"""Two matters of one dispute, joined in an ombuds' own notes and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.desk.changing import Act, AtDesk, change_all
from portal.desk.rules import has_met
from portal.desk.service import is_shown, open_all
from portal.intake.notes import Notes
from portal.intake.reading import Changed
from portal.intake.returning import Opened

Found = Mapping[bytes, Opened | None]


@dataclass(frozen=True)
class Side:
    """Another matter, as much as one line needs; one that has ended or was tampered with has only its key."""

    key: str
    call_name: str = ""
    starts: datetime | None = None
    has_met: bool = False
    is_ended: bool = False
    is_tampered: bool = False


def sides(at: AtDesk, key: bytes, kept: Notes) -> list[Side]:
    """The other sides of a matter; nothing is opened when there are none."""
    if not kept.linked:
        return []
    found = open_all(at)
    return [_side(found, key, each) for each in kept.linked]


def choices(at: AtDesk, key: bytes) -> list[Side]:
    """What a matter can be linked with: every other open one that it is not linked with yet, by name."""
    found = open_all(at)
    mine = found.get(key)
    linked = _alive(found, key, mine.kept) if mine else ()
    others = [_of(each) for locker, each in found.items() if each and locker not in {key, *linked} and is_shown(each)]
    return sorted(others, key=lambda each: (not each.call_name, each.call_name.casefold()))


def link(at: AtDesk, key: bytes, other: bytes) -> bool:
    """Note on both that they belong together; False when one is gone, or its notes have no room."""
    found = open_all(at)
    mine, theirs = found.get(key), found.get(other)
    if key == other or not mine or not theirs or not is_shown(theirs):
        return False
    return change_all(at, {key: _links(found, key, other), other: _links(found, other, key)})


def part(at: AtDesk, key: bytes, other: bytes) -> bool:
    """Undo `link`; where the other one has ended, only what is left of it is struck out."""
    found = open_all(at)
    acts = {key: _parts(found, key, other)}
    if found.get(other) and not has_ended(found, key, other):
        acts[other] = _parts(found, other, key)
    return change_all(at, acts)


def without_ended(found: Found, key: bytes, kept: Notes) -> Notes:
    """Notes without links to matters that have ended; the same ones when there are none."""
    for each in kept.linked:
        if has_ended(found, key, each):
            kept = kept.parted_from(each)
    return kept


def has_ended(found: Found, key: bytes, other: bytes) -> bool:
    """Whether the other side is gone.

    A locker is used again for somebody else: a link holds only while the other's notes lead back, and new ones lead
    nowhere. What was tampered with tells nothing of its notes, and is not called ended.
    """
    if other not in found:
        return True
    opened = found[other]
    return opened is not None and key not in opened.kept.linked


def _links(found: Found, key: bytes, other: bytes) -> Act:
    def act(opened: Opened) -> Changed:
        return Changed(opened.matter, notes=without_ended(found, key, opened.kept).linked_to(other), always_fits=True)

    return act


def _parts(found: Found, key: bytes, other: bytes) -> Act:
    def act(opened: Opened) -> Changed:
        return Changed(opened.matter, notes=without_ended(found, key, opened.kept).parted_from(other), always_fits=True)

    return act


def _alive(found: Found, key: bytes, kept: Notes) -> tuple[bytes, ...]:
    return tuple(each for each in kept.linked if not has_ended(found, key, each))


def _side(found: Found, key: bytes, other: bytes) -> Side:
    opened = found.get(other)
    if has_ended(found, key, other):
        return Side(other.hex(), is_ended=True)
    return _of(opened) if opened else Side(other.hex(), is_tampered=True)


def _of(opened: Opened) -> Side:
    matter = opened.matter
    meeting = matter.meeting
    return Side(opened.locker.hex(), matter.stub.call_name, meeting.starts if meeting else None, has_met(matter))
