"""What a signed-in ombuds can do; every function needs keys that only the sign-in gives."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.config import Settings
from portal.db import Stores
from portal.desk.changing import AtDesk, change, change_all
from portal.desk.morning import LONGER, Matters, Morning, Queue, arrange, is_ending
from portal.desk.rules import can_mark
from portal.errors import CannotOpen
from portal.intake import reading, upkeep
from portal.intake.notes import Notes
from portal.intake.reading import Changed, Visit
from portal.intake.returning import Opened, Said
from portal.intake.rules import By, Matter, Message, RosterCopy, State, week_of_end
from portal.office import service as office
from portal.office.rules import CodeUnknown, DeskKeys, KeyCheck, Kit, desk_keys
from portal.reporting import service as reporting
from portal.reporting.service import Settled
from portal.roster import service as roster


@dataclass(frozen=True)
class MatterView:
    """One opened matter, and as much of the roster profile as the visitor allowed: field name to value."""

    key: str
    matter: Matter
    notes: Notes = field(default_factory=Notes)
    profile: dict[str, str] = field(default_factory=dict)
    is_profile_shut: bool = False


@dataclass(frozen=True)
class Tampered:
    """The boxes of this matter are not what its two sides sealed."""


@dataclass(frozen=True)
class Gone:
    """There is no such matter any more."""


def join(stores: Stores, *, code: str, kit: Kit, settings: Settings, now: datetime) -> bool:
    """Make somebody an ombuds and their lockers; False when the invitation is used up or replaced by a newer one."""
    with stores.desk.reading() as desk:
        ombuds = office.find_invitation(desk, code)
    if isinstance(ombuds, CodeUnknown):
        return False
    wrapped, today = office.wrap(ombuds, kit, settings), now.astimezone(settings.zone).date()
    with stores.desk.writing() as desk, stores.keys.writing() as keys, stores.site.writing() as site:
        # Asked again inside the transaction: wrapping took a second, and the code works once.
        if office.find_invitation(desk, code) != ombuds or not office.join(desk, keys, site, wrapped):
            return False
        upkeep.make_lockers(desk, keys, ombuds, settings.lockers, upkeep.furthest_end(today, settings))
        reading.start_ledger(keys, desk_keys(ombuds, kit.recovery, None), settings.lockers)
        return True


@dataclass(frozen=True)
class Welcome:
    """What an ombuds is told at sign-in: about their key, and about what the server did while they were away.

    `counts` names tables of counts that are not what they were.
    """

    key: KeyCheck
    visit: Visit
    counts: Settled = field(default_factory=Settled)


def unlock(at: AtDesk) -> Welcome:
    """What happens at every sign-in: compare the public keys, end what is over, seal all other used lockers anew.

    Sealing everything hides what the ombuds does afterwards from whoever compares two copies of the disk. Counts of
    past months go to their tables, which are locked anew whether or not there were any.
    When the server offered another key than this ombuds' own, booking with them is closed.
    """
    stores, own = at.stores, at.own
    with stores.desk.writing() as desk, stores.site.reading() as site:
        checked = office.check_own_key(desk, site, own)
    sealed = reading.seal(stores, own, {}) or []
    over = {each.locker for each in sealed if week_of_end(each.seen.ends) <= at.today}
    kept = [each for each in sealed if each.locker not in over]
    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        for each in sealed:
            if each.locker in over and each.is_as_found(desk):
                upkeep.end(desk, keys, each.locker, own.ombuds)
        seen = reading.put(desk, kept, ())
        reading.set_month(desk, own.ombuds, at.furthest(kept))
        settled = reporting.settle(desk, keys, own, at.here)
    visit = reading.note_visit(stores, own, seen, at.here)
    with stores.keys.writing() as keys:
        reporting.empty(keys, own, settled)
    reading.blur(stores, reading.BLANK_AT_SIGN_IN)
    return Welcome(checked, visit, settled)


def queue(at: AtDesk) -> Queue:
    """Everything at hand, arranged for the morning; decoys and notes are left out: nobody waits behind them."""
    found = open_all(at)
    tampered = [locker.hex() for locker, opened in found.items() if opened is None]
    return arrange(_shown(found), tampered, morning(at))


def morning(at: AtDesk) -> Morning:
    return Morning(at.now, at.settings.zone, at.settings.keep_days)


def matters(at: AtDesk) -> Matters:
    """All matters that open, by the key of their locker."""
    return _shown(open_all(at))


def views(at: AtDesk) -> list[MatterView]:
    """All matters that open, each with what its visitor allowed."""
    return [_view(opened, at.own) for opened in open_all(at).values() if opened and is_shown(opened)]


def open_matter(at: AtDesk, key: bytes) -> MatterView | Tampered | Gone:
    """One matter with the profile parts that the visitor put into it."""
    found = open_all(at, only=key)
    if key not in found:
        return Gone()
    opened = found[key]
    if opened and opened.matter.remark:
        return Gone()  # a note is read on a page of its own, and has nobody to answer
    return Tampered() if opened is None else _view(opened, at.own)


def mark(at: AtDesk, key: bytes, state: State, uid: str | None = None) -> bool:
    """Note that a meeting took place or did not; False when it has not begun, is gone, or was tampered with.

    Without `uid` it is the meeting that counts now.
    """

    def act(matter: Matter) -> Matter | None:
        meeting = matter.meeting if uid is None else matter.find_meeting(uid)
        return matter.with_state(meeting.uid, state) if meeting and can_mark(meeting, at.now) else None

    return change(at, key, act, always_fits=True)


def reply(at: AtDesk, key: bytes, said: Said) -> bool:
    """Write to a visitor; False when there is no room, or the matter is gone or was tampered with."""
    return change(at, key, lambda matter: matter.with_message(Message(said.form, By.OMBUDS, at.now, said.text)))


def keep_longer(at: AtDesk, key: bytes) -> bool:
    """Keep a matter for one more month; False when it does not end soon, so that pressed twice is kept once."""

    def act(opened: Opened) -> Changed | None:
        matter = opened.matter
        longer = matter.kept_until(max(matter.ends, at.today) + LONGER)
        return Changed(longer, always_fits=True) if is_ending(matter, at.today) else None

    return change_all(at, {key: act})


def open_all(at: AtDesk, only: bytes | None = None) -> dict[bytes, Opened | None]:
    """Used lockers of this ombuds, opened; None for what was tampered with.

    An erasure commits the new lock first and the blanks after it. Whoever looks in between sees boxes that do not
    open; behind the write lock the erasure is whole, so a doubt is looked at again there.
    """
    stores, own = at.stores, at.own
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        fetched = reading.fetch(desk, keys, own, only)
    found = reading.open_fetched(fetched, own)
    doubts = [locker for locker, opened in found.items() if opened is None]
    if doubts:
        with stores.desk.writing() as desk, stores.keys.reading() as keys:
            for locker in doubts:
                del found[locker]
                found |= reading.open_used(desk, keys, own, locker)
    return found


def is_shown(opened: Opened) -> bool:
    return opened.matter.is_of_a_visitor


def _view(opened: Opened, own: DeskKeys) -> MatterView:
    copy, bare = opened.matter.roster, MatterView(opened.locker.hex(), opened.matter, opened.kept)
    if not copy.sealed_key:
        return bare
    if own.office is None:
        return replace(bare, is_profile_shut=True)
    try:
        return replace(bare, profile=_profile(copy, own.office))
    except CannotOpen:
        return replace(bare, is_profile_shut=True)


def _profile(copy: RosterCopy, office_private: bytes) -> dict[str, str]:
    import_key = roster.open_import_key(copy.sealed_key, copy.import_id, office_private)
    profile = roster.open_group(copy.group, import_key, copy.import_id)
    if copy.attributes:
        profile |= roster.open_attributes(copy.attributes, import_key, copy.import_id)
    if copy.identity:
        profile |= roster.open_identity(copy.identity, import_key, copy.import_id)
    return {name: value for name, value in profile.items() if value}


def _shown(found: dict[bytes, Opened | None]) -> dict[str, Matter]:
    return {locker.hex(): opened.matter for locker, opened in found.items() if opened and is_shown(opened)}
