"""What the office lets the public know of itself."""

from sqlalchemy import Boolean, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import KeysBase, SiteBase

SQLITE = {"sqlite_with_rowid": False}


class Trial(SiteBase):
    """The newest run of the seizure test: the day, and whether nobody was found. One row."""

    __tablename__ = "trial"
    __table_args__ = SQLITE

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
    found_nobody: Mapped[bool] = mapped_column(Boolean)


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
