"""Lockers: sealed mailboxes, made in bulk before anybody comes; the locks that end them; what each ombuds has seen."""

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import DeskBase, KeysBase

# Not 0 and 1: SQLite stores those two without a byte, so that the row would change its length.
FREE, USED = 8, 9
SQLITE = {"sqlite_with_rowid": False}


class Locker(DeskBase):
    """One matter, or a blank that looks the same. A visit changes rows in place; only the daily job makes them.

    Small columns first: a look-up scans them, and must not walk through the boxes. No index on what a visit changes,
    because an index keeps order.
    """

    __tablename__ = "locker"
    __table_args__ = SQLITE

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16))
    state: Mapped[int] = mapped_column(Integer)
    destroy_on: Mapped[str] = mapped_column(String(10))
    lookup: Mapped[bytes] = mapped_column(LargeBinary(16))
    to_ombuds: Mapped[bytes] = mapped_column(LargeBinary)
    to_visitor: Mapped[bytes] = mapped_column(LargeBinary)
    notes: Mapped[bytes] = mapped_column(LargeBinary)


class Lock(KeysBase):
    """The outermost key of one locker. Overwriting it ends every copy of the locker, backups included."""

    __tablename__ = "lock"
    __table_args__ = SQLITE

    locker: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))


class LedgerRow(KeysBase):
    """What an ombuds has seen, under the ombuds' own key, always with room for all their lockers."""

    __tablename__ = "ledger"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class Diary(DeskBase):
    """The last day on which the daily job ran; one row, the same for every office whose server runs."""

    __tablename__ = "diary"
    __table_args__ = SQLITE

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    last_day: Mapped[str] = mapped_column(String(10))
