"""What a signed-in ombuds can do; every function needs keys that only the sign-in gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from portal.config import Settings
from portal.db import Stores
from portal.desk.rules import Queue, QueueLine, arrange, can_mark, line
from portal.errors import CannotOpen
from portal.intake import reading, upkeep
from portal.intake.documents import has_room
from portal.intake.reading import Visit
from portal.intake.returning import Opened, Said
from portal.intake.rules import By, Matter, Message, RosterCopy, State
from portal.office import service as office
from portal.office.rules import CodeUnknown, DeskKeys, KeyCheck, Kit, desk_keys
from portal.roster import service as roster


@dataclass(frozen=True)
class MatterView:
    """One opened matter, and as much of the roster profile as the visitor allowed: field name to value."""

    key: str
    matter: Matter
    profile: dict[str, str] = field(default_factory=dict)
    is_profile_shut: bool = False


@dataclass(frozen=True)
class Tampered:
    """The boxes of this matter are not what its two sides sealed."""


@dataclass(frozen=True)
class Gone:
    """There is no such matter any more."""


def join(stores: Stores, *, code: str, kit: Kit, settings: Settings) -> bool:
    """Make somebody an ombuds and their lockers; False when the invitation is used up or replaced by a newer one."""
    with stores.desk.reading() as desk:
        ombuds = office.find_invitation(desk, code)
    if isinstance(ombuds, CodeUnknown):
        return False
    wrapped = office.wrap(ombuds, kit, settings)
    with stores.desk.writing() as desk, stores.keys.writing() as keys, stores.site.writing() as site:
        # Asked again inside the transaction: wrapping took a second, and the code works once.
        if office.find_invitation(desk, code) != ombuds or not office.join(desk, keys, site, wrapped):
            return False
        upkeep.make_lockers(desk, keys, ombuds, settings.lockers)
        reading.start_ledger(keys, desk_keys(ombuds, kit.recovery, None), settings.lockers)
        return True


@dataclass(frozen=True)
class Welcome:
    """What an ombuds is told at sign-in: about their key, and about what the server did while they were away."""

    key: KeyCheck
    visit: Visit


def unlock(stores: Stores, own: DeskKeys, now: datetime) -> Welcome:
    """What happens at every sign-in: compare the public keys, then seal all used lockers anew.

    Sealing everything hides what the ombuds does afterwards from whoever compares two copies of the disk.
    When the server offered another key than this ombuds' own, booking with them is closed.
    """
    with stores.desk.writing() as desk, stores.site.reading() as site, stores.keys.reading() as keys:
        checked = office.check_own_key(desk, site, own)
        seen = reading.seal_anew(desk, keys, own)
    visit = reading.note_visit(stores, own, seen, now)
    reading.blur(stores, reading.BLANK_AT_SIGN_IN)
    return Welcome(checked, visit)


def queue(stores: Stores, own: DeskKeys, *, settings: Settings, now: datetime) -> Queue:
    """All appointments by day; decoys are left out, they were for others to see."""
    found = _open_all(stores, own)
    lines = [line(locker.hex(), opened.matter) for locker, opened in found.items() if opened and _is_shown(opened)]
    tampered = [QueueLine(key=locker.hex(), tampered=True) for locker, opened in found.items() if opened is None]
    return arrange(lines, tampered, now=now, zone=settings.zone)


def open_matter(stores: Stores, own: DeskKeys, key: bytes) -> MatterView | Tampered | Gone:
    """One matter with the profile parts that the visitor put into it."""
    found = _open_all(stores, own, only=key)
    if key not in found:
        return Gone()
    opened = found[key]
    return Tampered() if opened is None else _view(opened, own)


def mark(stores: Stores, own: DeskKeys, key: bytes, state: State, *, now: datetime) -> bool:
    """Note that a meeting took place or did not; False when it has not begun, is gone, or was tampered with."""

    def change(matter: Matter) -> Matter | None:
        return matter.with_state(state) if can_mark(matter.meeting, now) else None

    return _change(stores, own, key, change, now)


def reply(stores: Stores, own: DeskKeys, key: bytes, said: Said, *, now: datetime) -> bool:
    """Write to a visitor; False when there is no room, or the matter is gone or was tampered with."""

    def change(matter: Matter) -> Matter | None:
        answered = matter.with_message(Message(said.form, By.OMBUDS, now, said.text))
        return answered if has_room(answered) else None

    return _change(stores, own, key, change, now)


def _change(
    stores: Stores, own: DeskKeys, key: bytes, change: Callable[[Matter], Matter | None], now: datetime
) -> bool:
    """Change one matter, and seal all anew so that no copy of the disk shows which; False when it cannot be."""
    with stores.desk.writing() as desk, stores.keys.reading() as keys:
        opened = reading.open_used(desk, keys, own, key).get(key)
        changed = change(opened.matter) if opened else None
        if changed is None:
            return False
        seen = reading.seal_anew(desk, keys, own, {key: changed})
    reading.note(stores, own, seen, now)
    reading.blur(stores, reading.BLANK_AT_CHANGE)
    return True


def _open_all(stores: Stores, own: DeskKeys, only: bytes | None = None) -> dict[bytes, Opened | None]:
    """Used lockers of this ombuds, opened; None for what was tampered with.

    An erasure commits the new lock first and the blanks after it. Whoever looks in between sees boxes that do not
    open; behind the write lock the erasure is whole, so a doubt is looked at again there.
    """
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        found = reading.open_used(desk, keys, own, only)
    doubts = [locker for locker, opened in found.items() if opened is None]
    if doubts:
        with stores.desk.writing() as desk, stores.keys.reading() as keys:
            for locker in doubts:
                del found[locker]
                found |= reading.open_used(desk, keys, own, locker)
    return found


def _view(opened: Opened, own: DeskKeys) -> MatterView:
    copy, key = opened.matter.roster, opened.locker.hex()
    if not copy.sealed_key:
        return MatterView(key, opened.matter)
    if own.office is None:
        return MatterView(key, opened.matter, is_profile_shut=True)
    try:
        return MatterView(key, opened.matter, _profile(copy, own.office))
    except CannotOpen:
        return MatterView(key, opened.matter, is_profile_shut=True)


def _profile(copy: RosterCopy, office_private: bytes) -> dict[str, str]:
    import_key = roster.open_import_key(copy.sealed_key, copy.import_id, office_private)
    profile = roster.open_group(copy.group, import_key, copy.import_id)
    if copy.attributes:
        profile |= roster.open_attributes(copy.attributes, import_key, copy.import_id)
    if copy.identity:
        profile |= roster.open_identity(copy.identity, import_key, copy.import_id)
    return {name: value for name, value in profile.items() if value}


def _is_shown(opened: Opened) -> bool:
    return not opened.matter.is_decoy
