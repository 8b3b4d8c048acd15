"""Inviting, joining, signing in and recovering; the operator's part never sees a key."""

import hashlib
import os
from datetime import datetime

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.errors import CannotOpen, NotReady
from portal.office import store
from portal.office.factor import matching_step
from portal.office.rules import (
    CodeUnknown,
    DeskKeys,
    KeyCheck,
    Kit,
    NameTaken,
    NotAdmitted,
    Wrapped,
    desk_keys,
    read_join_code,
    read_recovery,
    write_join_code,
)
from portal.office.tables import ADMITTED, CLOSED, FOREIGN, INVITED, JOINED, Face, Keyring, Ombuds
from portal.sealing import box, words
from portal.sealing.keys import (
    PRIVATE_SIZE,
    PUBLIC_SIZE,
    RECOVERY_SIZE,
    is_public,
    new_private,
    ombuds_keys,
    passphrase_key,
    public_of,
)
from portal.sealing.places import Place

_HASH = 32
_SALT = 16


def invite(desk: Session, name: str) -> str | NameTaken:
    """Make a one-time joining code for a name; a second invitation of the same name replaces the first."""
    ombuds = store.find_by_name(desk, name)
    if ombuds is not None and ombuds.state != INVITED:
        return NameTaken()
    code = write_join_code(os.urandom(_SALT))
    if ombuds is None:
        ombuds = Ombuds(id=os.urandom(16), name=name, state=INVITED, public_key=bytes(PUBLIC_SIZE))
        desk.add(ombuds)
    ombuds.join_hash = _join_hash(code)
    desk.flush()
    return code


def find_invitation(desk: Session, typed: str) -> bytes | CodeUnknown:
    """The id of whoever was invited with this code."""
    ombuds = store.find_invited(desk, _join_hash(typed))
    return CodeUnknown() if ombuds is None else ombuds.id


def new_kit(recovery: bytes | None = None) -> Kit:
    """A fresh passphrase and second factor, and a recovery code unless one is kept."""
    return Kit(recovery or os.urandom(RECOVERY_SIZE), words.draw(), os.urandom(RECOVERY_SIZE))


def wrap(ombuds: bytes, kit: Kit, settings: Settings) -> Wrapped:
    """Put a kit under its passphrase. It takes a second and 256 MiB: do it before any store is held."""
    salt = os.urandom(_SALT)
    return Wrapped(
        ombuds=ombuds,
        salt=salt,
        code=box.lock(kit.recovery, passphrase_key(kit.passphrase, salt), _place(ombuds, "code")),
        factor=box.lock(kit.factor, settings.secrets.factors, _place(ombuds, "factor")),
        public=public_of(ombuds_keys(kit.recovery).private),
    )


def join(desk: Session, keys: Session, site: Session, wrapped: Wrapped) -> bool:
    """Make somebody an ombuds; the first to join makes the office key. False when the invitation is used up."""
    person = store.find_ombuds(desk, wrapped.ombuds)
    if person is None or person.state != INVITED:
        return False
    office = store.find_office_key(desk)
    # Whoever is not admitted holds a box of the same length that opens to nothing they could use.
    office_private = new_private() if office is None else bytes(PRIVATE_SIZE)
    if office is None:
        store.add_office_key(desk, public_of(office_private))
    keys.merge(_keyring(wrapped, box.seal(office_private, wrapped.public, _place(person.id, "office"))))
    site.merge(Face(ombuds=person.id, name=person.name, public_key=wrapped.public))
    person.state = ADMITTED if office is None else JOINED
    person.public_key = wrapped.public
    person.join_hash = os.urandom(_HASH)
    desk.flush()
    return True


def find_wrapped(keys: Session, ombuds: bytes) -> Wrapped | None:
    """What a sign-in must open, taken out of the store, because deriving the key takes long."""
    found = store.find_keyring(keys, ombuds)
    if found is None:
        return None
    return Wrapped(ombuds, found.salt, found.wrapped_code, found.second_factor, office=found.office_key)


def sign_in(
    wrapped: Wrapped | None, digits: str, passphrase: str, *, settings: Settings, now: datetime, last_step: int
) -> tuple[DeskKeys, int] | NotAdmitted:
    """Open an ombuds' keys; also gives the second factor's step, which must not work again.

    The cheap factor is checked first, so that nobody without it can keep the server deriving keys.
    """
    step = lift_cover(wrapped, digits, settings=settings, now=now, last_step=last_step)
    typed = words.read(passphrase)
    if wrapped is None or isinstance(step, NotAdmitted) or not isinstance(typed, str):
        return NotAdmitted()
    try:
        recovery = box.unlock(wrapped.code, passphrase_key(typed, wrapped.salt), _place(wrapped.ombuds, "code"))
    except (CannotOpen, ValueError):  # a salt of too few bytes is no salt
        return NotAdmitted()
    return desk_keys(wrapped.ombuds, recovery, _office_private(wrapped, recovery)), step


def lift_cover(
    wrapped: Wrapped | None, digits: str, *, settings: Settings, now: datetime, last_step: int
) -> int | NotAdmitted:
    """Check six digits alone; gives their step, newer than `last_step`."""
    if wrapped is None:
        return NotAdmitted()
    try:
        factor = box.unlock(wrapped.factor, settings.secrets.factors, _place(wrapped.ombuds, "factor"))
    except CannotOpen:  # the secrets file is another one; the recovery code makes a new factor
        return NotAdmitted()
    step = matching_step(factor, digits, now)
    return NotAdmitted() if step is None or step <= last_step else step


def find_recovery(desk: Session, ombuds: bytes, typed: str) -> bytes | NotAdmitted:
    """The recovery code, when it is this ombuds' own: its public key is the stored one."""
    recovery = read_recovery(typed)
    person = store.find_ombuds(desk, ombuds)
    if recovery is None or person is None or public_of(ombuds_keys(recovery).private) != person.public_key:
        return NotAdmitted()
    return recovery


def renew(keys: Session, wrapped: Wrapped) -> None:
    """Put a recovered code under a new passphrase and a new second factor; the key pair stays."""
    before = store.find_keyring(keys, wrapped.ombuds)
    if before is None:
        raise NotReady("The keys store does not know this ombuds. See docs/operating.md on a lost keys store.")
    keys.merge(_keyring(wrapped, before.office_key))
    keys.flush()


def admit(desk: Session, keys: Session, colleague: bytes, own: DeskKeys) -> bool:
    """Seal the office key to a colleague who has joined; the two have compared the fingerprint by voice."""
    person = store.find_ombuds(desk, colleague)
    keyring = store.find_keyring(keys, colleague)
    if own.office is None or person is None or keyring is None or person.state != JOINED:
        return False
    keyring.office_key = box.seal(own.office, person.public_key, _place(colleague, "office"))
    person.state = ADMITTED
    desk.flush()
    keys.flush()
    return True


def check_own_key(desk: Session, site: Session, own: DeskKeys) -> KeyCheck:
    """Whether the server still offers this ombuds' own key, and the office's; if not, booking is closed at once."""
    person = store.find_ombuds(desk, own.ombuds)
    face = store.find_face(site, own.ombuds)
    mine = own.public
    offered = store.find_office_key(desk)
    is_office_ours = own.office is None or (offered is not None and offered.public_key == public_of(own.office))
    if person is None or face is None or not person.public_key == mine == face.public_key or not is_office_ours:
        if person is not None:
            person.state = FOREIGN
        desk.flush()
        return KeyCheck.FOREIGN
    if person.state == JOINED and own.office is not None:
        person.state = ADMITTED
        desk.flush()
    return KeyCheck.CLOSED if person.state in {CLOSED, FOREIGN} else KeyCheck.OWN


def close_booking(desk: Session, name: str) -> bool:
    """Stop offering somebody's times, for instance when they have left; False when nobody of this name has joined."""
    person = store.find_by_name(desk, name)
    if person is None or person.state == INVITED:
        return False
    person.state = CLOSED
    desk.flush()
    return True


def reopen_booking(desk: Session, name: str) -> bool:
    """Offer somebody's times again; the next sign-in compares the keys, and knows whether they hold the office key."""
    person = store.find_by_name(desk, name)
    if person is None or person.state == INVITED:
        return False
    person.state = JOINED if person.state in {CLOSED, FOREIGN} else person.state
    desk.flush()
    return True


def names(desk: Session) -> dict[bytes, str]:
    """Everybody who can be booked: id to name."""
    return {person.id: person.name for person in store.open_for_booking(desk)}


def alarmed(desk: Session) -> list[str]:
    """Names of those whose sign-in found a key that is not theirs, until the operator opens booking again."""
    return [person.name for person in store.everybody(desk) if person.state == FOREIGN]


def get_name(desk: Session, ombuds: bytes) -> str:
    person = store.find_ombuds(desk, ombuds)
    if person is None:
        raise NotReady("Nobody was invited under this id.")
    return person.name


def colleagues(desk: Session) -> list[tuple[bytes, str, bytes, bool]]:
    """Everybody who has joined: id, name, public key, and whether nobody needs to admit them any more.

    Whoever's booking is closed is among them: their desk must still open for the matters they have.
    """
    return [
        (person.id, person.name, person.public_key, person.state != JOINED)
        for person in store.everybody(desk)
        if person.state != INVITED
    ]


def get_public_key(desk: Session, ombuds: bytes) -> bytes:
    """The key that bookings with this ombuds are sealed to.

    Raises:
        NotReady: when nobody has joined under this id.
    """
    person = store.find_ombuds(desk, ombuds)
    if person is None or person.state == INVITED:
        raise NotReady("This ombuds has not joined yet.")
    return person.public_key


def find_public_key(desk: Session, ombuds: bytes) -> bytes | None:
    """The same, for what must go on without it: None when nobody is there, or somebody put something else there."""
    person = store.find_ombuds(desk, ombuds)
    if person is None or person.state == INVITED or not is_public(person.public_key):
        return None
    return person.public_key


def get_office_public(desk: Session) -> bytes:
    """The office's public key, which a roster is sealed to.

    Raises:
        NotReady: before the first ombuds has joined.
    """
    office = store.find_office_key(desk)
    if office is None:
        raise NotReady(
            "Nobody has joined yet, so there is no key to seal the roster to. "
            "Run `portal ombuds invite NAME`, let that person join in the browser, then import again."
        )
    return office.public_key


def _keyring(wrapped: Wrapped, office_key: bytes) -> Keyring:
    return Keyring(
        ombuds=wrapped.ombuds,
        salt=wrapped.salt,
        wrapped_code=wrapped.code,
        second_factor=wrapped.factor,
        office_key=office_key,
    )


def _office_private(wrapped: Wrapped, recovery: bytes) -> bytes | None:
    try:
        opened = box.open_sealed(wrapped.office, ombuds_keys(recovery).private, _place(wrapped.ombuds, "office"))
    except CannotOpen:
        return None
    return opened if any(opened) else None


def _join_hash(typed: str) -> bytes:
    code = read_join_code(typed) or ""
    return hashlib.sha256(b"join/v1\0" + code.encode()).digest()


def _place(ombuds: bytes, name: str) -> Place:
    return Place("keys", ombuds, name)
