"""Where counts wait for the end of their month, and where they stay."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import DeskBase, KeysBase

SQLITE = {"sqlite_with_rowid": False}


class Quarter(DeskBase):
    """All counts of a quarter (like 2026-Q4), sealed to the office; every box has one length."""

    __tablename__ = "quarter"
    __table_args__ = SQLITE

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class Waiting(KeysBase):
    """What an ombuds closed this month, under their own key, always of one length."""

    __tablename__ = "waiting"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)
