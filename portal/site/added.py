"""Pages that the office added: how many there may be, and how one is removed with its words."""

from enum import StrEnum
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.site import shelves, tables, words

#: On all shelves together: the lists of pages are loaded whole, also over a slow line.
MOST = 40


class Refused(StrEnum):
    """Why a page is not added."""

    THERE = "there already"
    FULL = "as many as there may be"


def is_added(key: str) -> bool:
    shelf, _slash, name = key.partition("/")
    return shelf in shelves.SHIPPED and name not in shelves.SHIPPED[shelf]


def add(site: Session, key: str) -> Refused | None:
    """Add a page, which is shown once it has a text."""
    keys = {each for each in site.scalars(select(tables.Page.key)) if isinstance(each, str)}
    if key in keys | shelves.TAKEN or not is_added(key):
        return Refused.THERE
    if len([each for each in keys if is_added(each)]) >= MOST:
        return Refused.FULL
    words.show(site, key, shown=True)
    return None


def mark(site: Session, key: str) -> str:
    """Names the page as it stands, so that a change meanwhile is noticed; empty where there is none."""
    page = site.get(tables.Page, key)
    if page is None or not is_added(key):
        return ""
    rows = site.scalars(select(tables.Words).where(tables.Words.key == key).order_by(tables.Words.lang))
    found = [(page.key, page.shown), *((row.lang, row.text, row.before) for row in rows)]
    return sha256(repr(found).encode()).hexdigest()[:16]


def remove(site: Session, key: str, *, as_marked: str) -> bool:
    """Remove a page with its words in every language; False where it is not the one that the mark names."""
    if not as_marked or mark(site, key) != as_marked:
        return False
    site.execute(delete(tables.Words).where(tables.Words.key == key))
    site.execute(delete(tables.Page).where(tables.Page.key == key))
    return True
