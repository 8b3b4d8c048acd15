"""Looking up and writing the office's few rows."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.office.tables import ADMITTED, INVITED, JOINED, Face, Keyring, OfficeKey, Ombuds

_OFFICE = 1
#: Made once, and of two columns: as whole rows by a new statement it cost every page of times a third of its time.
_OPEN = select(Ombuds.id, Ombuds.name).where(Ombuds.state.in_((JOINED, ADMITTED))).order_by(Ombuds.name)


def find_by_name(desk: Session, name: str) -> Ombuds | None:
    return desk.scalars(select(Ombuds).where(Ombuds.name == name)).one_or_none()


def find_invited(desk: Session, join_hash: bytes) -> Ombuds | None:
    query = select(Ombuds).where(Ombuds.join_hash == join_hash, Ombuds.state == INVITED)
    return desk.scalars(query).one_or_none()


def find_ombuds(desk: Session, ombuds: bytes) -> Ombuds | None:
    return desk.get(Ombuds, ombuds)


def everybody(desk: Session) -> list[Ombuds]:
    return list(desk.scalars(select(Ombuds).order_by(Ombuds.name)))


def open_for_booking(desk: Session) -> Sequence[Row[bytes, str]]:
    return desk.execute(_OPEN).all()


def find_office_key(desk: Session) -> OfficeKey | None:
    return desk.get(OfficeKey, _OFFICE)


def add_office_key(desk: Session, public: bytes) -> None:
    desk.add(OfficeKey(id=_OFFICE, public_key=public))


def find_keyring(keys: Session, ombuds: bytes) -> Keyring | None:
    return keys.get(Keyring, ombuds)


def find_face(site: Session, ombuds: bytes) -> Face | None:
    return site.get(Face, ombuds)
