"""Where notices lie, and the slow hashes of the numbers that set them."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import KeysBase, SiteBase

SQLITE = {"sqlite_with_rowid": False}


class Notice(SiteBase):
    """That an ombuds' appointments are moved: the first and the last day, and which part of a day. One row each."""

    __tablename__ = "notice"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    first: Mapped[str] = mapped_column(String(10))
    last: Mapped[str] = mapped_column(String(10))
    part: Mapped[str] = mapped_column(String(9))


class Pin(KeysBase):
    """The number that sets an ombuds' notice from a phone and can do nothing else, as a slow hash."""

    __tablename__ = "pin"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
