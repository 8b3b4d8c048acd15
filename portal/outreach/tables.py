"""What the office lets the public know of itself."""

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import SiteBase

SQLITE = {"sqlite_with_rowid": False}


class Trial(SiteBase):
    """The newest run of the seizure test: the day, and whether nobody was found. One row."""

    __tablename__ = "trial"
    __table_args__ = SQLITE

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
    found_nobody: Mapped[bool] = mapped_column(Boolean)
