"""Where the public words lie. Nothing here says when, or by whom, a word was changed."""

from sqlalchemy import Boolean, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import KeysBase, SiteBase

SQLITE = {"sqlite_with_rowid": False}


class Words(SiteBase):
    """A text of the office's own in one language, and the one before it. None means the text that is shipped."""

    __tablename__ = "words"
    __table_args__ = SQLITE

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    lang: Mapped[str] = mapped_column(String(12), primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)


class Page(SiteBase):
    """A page that the office added, or one of the shipped that it does not show."""

    __tablename__ = "page"
    __table_args__ = SQLITE

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    shown: Mapped[bool] = mapped_column(Boolean)


class Choice(SiteBase):
    """What the office chose of the site as a whole: its languages, its colour, its week. Values are JSON."""

    __tablename__ = "choice"
    __table_args__ = SQLITE

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Event(SiteBase):
    """Something that anybody may come to; clocks on the wall at the office, such as "2027-10-12T14:00".

    Its title and what is told of it are `words` of the key "event/" and its id, in each language. `changes` counts how
    often it was changed, because a calendar keeps what it has until a file with a higher number comes.
    """

    __tablename__ = "event"
    __table_args__ = SQLITE

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    starts: Mapped[str] = mapped_column(String(16))
    ends: Mapped[str] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(String(300))
    audience: Mapped[str] = mapped_column(String(60))
    changes: Mapped[int] = mapped_column(Integer)


class Voice(SiteBase):
    """What a visitor said, as the office typed it over, with the quarter, such as "2026-Q4"; no day, and no note."""

    __tablename__ = "voice"
    __table_args__ = SQLITE

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    quarter: Mapped[str] = mapped_column(String(7))
    lang: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)


class Editor(KeysBase):
    """Who may change public words and nothing else: a slow hash of six words, and a second factor under a secret."""

    __tablename__ = "editor"
    __table_args__ = SQLITE

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    factor: Mapped[bytes] = mapped_column(LargeBinary)
