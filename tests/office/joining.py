"""Somebody joins an office, and the six digits that an app would show them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from portal.config import Settings
from portal.db import Stores
from portal.office import service as office
from portal.office.rules import DeskKeys, Kit, NotAdmitted, Wrapped

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Joined:
    """Somebody with an id, papers, and what the keys store holds of them."""

    ombuds: bytes
    kit: Kit
    wrapped: Wrapped

    def digits(self, now: datetime = NOON, step: int = 0) -> str:
        """What an app shows at `now`, or `step` half-minutes later."""
        return TOTP(self.kit.factor, 6, SHA1(), 30).generate(int(now.timestamp()) + 30 * step).decode()  # noqa: S303 - RFC 6238


def invited(stores: Stores, name: str) -> tuple[str, bytes]:
    """An invitation: its code and the id it leads to."""
    with stores.desk.writing() as desk:
        code = office.invite(desk, name)
        assert isinstance(code, str)
        ombuds = office.find_invitation(desk, code)
    assert isinstance(ombuds, bytes)
    return code, ombuds


def use_invitation(stores: Stores, wrapped: Wrapped) -> bool:
    with stores.desk.writing() as desk, stores.keys.writing() as keys, stores.site.writing() as site:
        return office.join(desk, keys, site, wrapped)


def join(stores: Stores, settings: Settings, name: str) -> Joined:
    kit, (_code, ombuds) = office.new_kit(), invited(stores, name)
    wrapped = office.wrap(ombuds, kit, settings)
    assert use_invitation(stores, wrapped)
    return Joined(ombuds, kit, wrapped)


def find_wrapped(stores: Stores, ombuds: bytes) -> Wrapped | None:
    with stores.keys.reading() as keys:
        return office.find_wrapped(keys, ombuds)


def sign_in(
    stores: Stores, settings: Settings, person: Joined, *, now: datetime = NOON, last_step: int = 0
) -> DeskKeys | NotAdmitted:
    wrapped = find_wrapped(stores, person.ombuds)
    digits = person.digits(now)
    found = office.sign_in(wrapped, digits, person.kit.passphrase, settings=settings, now=now, last_step=last_step)
    return found if isinstance(found, NotAdmitted) else found[0]
