"""Where the office and its ombuds are kept, in three stores with three secrets."""

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import DeskBase, KeysBase, SiteBase

FOREIGN, CLOSED, INVITED, JOINED, ADMITTED = 5, 6, 7, 8, 9
SQLITE = {"sqlite_with_rowid": False}


class Ombuds(DeskBase):
    """Somebody who was invited, and the public key that bookings are sealed to."""

    __tablename__ = "ombuds"
    __table_args__ = SQLITE

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[int] = mapped_column(Integer)
    join_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1216))


class OfficeKey(DeskBase):
    """The public half of the office key, one row."""

    __tablename__ = "office"
    __table_args__ = SQLITE

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1216))


class Keyring(KeysBase):
    """What an ombuds' passphrase opens. No column here opens anything without it."""

    __tablename__ = "keyring"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    wrapped_code: Mapped[bytes] = mapped_column(LargeBinary(48))
    second_factor: Mapped[bytes] = mapped_column(LargeBinary(48))
    office_key: Mapped[bytes] = mapped_column(LargeBinary(1232))


class Face(SiteBase):
    """What the public is told of an ombuds: the name, and the key on posters and booking pages."""

    __tablename__ = "face"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1216))
