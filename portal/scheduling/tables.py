"""Hours that ombuds keep and the slots made from them; a visit changes one column of a slot and nothing else."""

from sqlalchemy import Boolean, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import DeskBase

# Not 0 and 1: SQLite stores those two without a byte, so that the row would change its length.
FREE, TAKEN = 8, 9
SQLITE = {"sqlite_with_rowid": False}


class Hours(DeskBase):
    """One range of an ombuds' usual week: local wall time as HH:MM, never an instant."""

    __tablename__ = "hours"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    weekday: Mapped[int] = mapped_column(Integer, primary_key=True)
    starts: Mapped[str] = mapped_column(String(5), primary_key=True)
    ends: Mapped[str] = mapped_column(String(5), primary_key=True)


class PracticeRow(DeskBase):
    """How an ombuds meets people; told to visitors, so in clear."""

    __tablename__ = "practice"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    minutes: Mapped[int] = mapped_column(Integer)
    modes: Mapped[str] = mapped_column(String(3))
    without_code: Mapped[bool] = mapped_column(Boolean)
    place_name: Mapped[str] = mapped_column(String)
    place_access: Mapped[str] = mapped_column(String)
    place_door: Mapped[str] = mapped_column(String)
    place_directions: Mapped[str] = mapped_column(String)


class Slot(DeskBase):
    """A time one ombuds opens, in seconds of UTC since 1970; `modes` is "vip" with "-" for each way not offered.

    Random ids and no index: an order of rows, pages or keys that follows the bookings would date them.
    """

    __tablename__ = "slot"
    __table_args__ = SQLITE

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16))
    starts: Mapped[int] = mapped_column(Integer)
    minutes: Mapped[int] = mapped_column(Integer)
    modes: Mapped[str] = mapped_column(String(3))
    proof_needed: Mapped[bool] = mapped_column(Boolean)
    #: Random, new with every change: so that the noise, which takes nothing, changes the same block as a booking.
    grain: Mapped[bytes] = mapped_column(LargeBinary(16))
    state: Mapped[int] = mapped_column(Integer)
