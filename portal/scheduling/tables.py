"""Hours that ombuds keep and the slots made from them; a visit changes one column of a slot and nothing else."""

from sqlalchemy import Boolean, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import DeskBase, KeysBase

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
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    modes: Mapped[str] = mapped_column(String(3))
    place: Mapped[bytes] = mapped_column(LargeBinary(16))


class Special(DeskBase):
    """One range of a date with hours of its own, until that date is over; one without length says that it is closed."""

    __tablename__ = "special"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    starts: Mapped[str] = mapped_column(String(5), primary_key=True)
    ends: Mapped[str] = mapped_column(String(5), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    modes: Mapped[str] = mapped_column(String(3))
    place: Mapped[bytes] = mapped_column(LargeBinary(16))


class PlaceRow(DeskBase):
    """Where people meet, for all ombuds of the office: none of two offers it while the other does."""

    __tablename__ = "place"
    __table_args__ = SQLITE

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    name: Mapped[str] = mapped_column(String)
    access: Mapped[str] = mapped_column(String)
    door: Mapped[str] = mapped_column(String)
    directions: Mapped[str] = mapped_column(String)
    is_step_free: Mapped[bool] = mapped_column(Boolean)
    has_no_sign: Mapped[bool] = mapped_column(Boolean)
    is_apart: Mapped[bool] = mapped_column(Boolean)


class RoomRow(DeskBase):
    """When an ombuds has a place, as their hours say or said: what is booked makes no difference.

    So that a colleague's list does not tell which of the times that stayed after a change of hours are taken.
    """

    __tablename__ = "room"
    __table_args__ = SQLITE

    place: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    use: Mapped[bytes] = mapped_column(LargeBinary)


class PracticeRow(DeskBase):
    """How an ombuds meets people; told to visitors, so in clear."""

    __tablename__ = "practice"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    minutes: Mapped[int] = mapped_column(Integer)
    modes: Mapped[str] = mapped_column(String(3))
    without_code: Mapped[int] = mapped_column(Integer)
    place: Mapped[bytes] = mapped_column(LargeBinary(16))
    buffer: Mapped[int] = mapped_column(Integer)
    a_day: Mapped[int] = mapped_column(Integer)
    online: Mapped[int] = mapped_column(Integer)
    notice_hours: Mapped[int | None] = mapped_column(Integer)
    horizon_weeks: Mapped[int | None] = mapped_column(Integer)
    zone: Mapped[str] = mapped_column(String)
    holidays: Mapped[str] = mapped_column(String)
    languages: Mapped[str] = mapped_column(String)
    region: Mapped[str] = mapped_column(String)


class BusyRow(DeskBase):
    """When an ombuds is busy elsewhere, always as many bytes, locked; read from their calendar at hours of the server.

    Who holds the disk and the secrets opens it. It tells of no visitor: the hours of reading follow nobody.
    """

    __tablename__ = "busy"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    read_at: Mapped[int] = mapped_column(Integer)
    map: Mapped[bytes] = mapped_column(LargeBinary)


class CalendarRow(KeysBase):
    """The address of an ombuds' own calendar, locked and always as long, and the digest of their feed's token.

    Here and not in the desk store, because of this one only the newest copy is ever kept.
    """

    __tablename__ = "calendar"
    __table_args__ = SQLITE

    ombuds: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    feed: Mapped[bytes] = mapped_column(LargeBinary(32))


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
    place: Mapped[bytes] = mapped_column(LargeBinary(16))
    #: Random, new with every change: so that the noise, which takes nothing, changes the same block as a booking.
    grain: Mapped[bytes] = mapped_column(LargeBinary(16))
    state: Mapped[int] = mapped_column(Integer)
