"""What visitors said, as the office typed it over: kept with its quarter, shown to everybody, and taken off again."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.language import _, is_language
from portal.site import tables

LONGEST = 600
#: So many stand on the public page, which a phone must load at once.
MOST_SHOWN = 20
_ID = 8
#: So many quarters, with the running one, a voice may be of: an older one helps nobody choose.
_QUARTERS = 8
_A_YEAR = 4
_QUARTER = re.compile(r"[0-9]{4}-Q[1-4]")


class Kind(StrEnum):
    EXPERIENCE = "experience"
    QUESTION = "question"
    WISH = "wish"


@dataclass(frozen=True)
class Voice:
    """A text as everybody reads it; `id` is random, `quarter` is such as 2026-Q4, `answer` is to a question."""

    id: str
    kind: Kind
    quarter: str
    lang: str
    text: str
    answer: str = ""


def new_id() -> str:
    return os.urandom(_ID).hex()


def quarters(today: date) -> list[str]:
    """The running quarter and the seven before it, the newest first."""
    newest = today.year * _A_YEAR + (today.month - 1) // 3
    return [f"{each // _A_YEAR}-Q{each % _A_YEAR + 1}" for each in range(newest, newest - _QUARTERS, -1)]


def words_of(quarter: str) -> str:
    """A quarter such as 2026-Q4 as a heading says it."""
    year, _dash, number = quarter.partition("-Q")
    said = {
        "1": _("January to March %(year)s"),
        "2": _("April to June %(year)s"),
        "3": _("July to September %(year)s"),
        "4": _("October to December %(year)s"),
    }
    return said[number] % {"year": year}


def publish(site: Session, voice: Voice) -> None:
    """Show it to everybody; sent twice, the same form is one voice."""
    site.merge(tables.Voice(**vars(voice) | {"kind": voice.kind.value}))
    site.flush()


def remove(site: Session, voice_id: str) -> bool:
    """Take it off; False when it was not there any more."""
    found = site.get(tables.Voice, voice_id)
    if found is None:
        return False
    site.delete(found)
    site.flush()
    return True


def every(site: Session) -> list[Voice]:
    """All of them, the newest quarter first, and within it in the order of their random ids."""
    rows = site.scalars(select(tables.Voice).order_by(tables.Voice.quarter.desc(), tables.Voice.id))
    return [
        Voice(row.id, Kind(row.kind), row.quarter, row.lang, row.text, row.answer) for row in rows if _is_sound(row)
    ]


def newest(site: Session, lang: str, count: int) -> list[Voice]:
    """The newest ones, those in the language of the page before others of their quarter."""
    return _in_order(every(site), lang)[:count]


def by_quarter(found: Iterable[Voice]) -> dict[str, list[Voice]]:
    """In the order in which they come."""
    parts: dict[str, list[Voice]] = {}
    for each in found:
        parts.setdefault(each.quarter, []).append(each)
    return parts


def _in_order(found: list[Voice], lang: str) -> list[Voice]:
    own_first = sorted(found, key=lambda each: each.lang != lang)
    return sorted(own_first, key=lambda each: each.quarter, reverse=True)


def _is_sound(row: tables.Voice) -> bool:
    """Whether a row can be shown; somebody who writes to the disk must not break a page."""
    texts = (row.id, row.kind, row.quarter, row.lang, row.text, row.answer)
    if not all(isinstance(each, str) for each in texts):
        return False
    return row.kind in set(Kind) and _QUARTER.fullmatch(row.quarter) is not None and is_language(row.lang)
