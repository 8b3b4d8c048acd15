"""The events of Ombuds Week: kept, found in order, gone from the public list when they are over."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.site import event_rules as rules
from portal.site import tables, words
from portal.site.event_rules import Facts

_KEY = "event/"
_MOST_CHANGES = 2**31 - 2


@dataclass(frozen=True)
class Event:
    """An event as it lies there, the instants at which it starts and ends, in UTC, and how often it was changed."""

    id: str
    facts: Facts
    starts: datetime
    ends: datetime
    changes: int = 0

    @property
    def key(self) -> str:
        """The key of its words."""
        return key_of(self.id)


@dataclass(frozen=True)
class Standing:
    """An event as its editor finds it in one language; without facts it is not there yet."""

    facts: Facts | None
    words: words.Standing

    @property
    def mark(self) -> str:
        """Names all of it, so that a change made on top of something else is noticed."""
        return sha256(f"{self.facts}\0{self.words.text}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Changed:
    """Somebody else changed it meanwhile: what stands there now."""

    now: Standing


@dataclass(frozen=True)
class TooMany:
    """So many are to come already."""


def key_of(event: str) -> str:
    return _KEY + event


def made(event: str, facts: Facts, zone: ZoneInfo, changes: int = 0) -> Event:
    return Event(event, facts, rules.instant(facts.starts, zone), rules.instant(facts.ends, zone), changes)


def everything(site: Session, zone: ZoneInfo) -> list[Event]:
    """All that can be read, in order of time."""
    rows = site.scalars(select(tables.Event))
    found = [made(row.id, facts, zone, _changes(row)) for row in rows if rules.is_id(row.id) and (facts := _facts(row))]
    return sorted(found, key=lambda event: (event.starts, event.id))


def coming(site: Session, zone: ZoneInfo, now: datetime) -> list[Event]:
    """Those that are not over, in order of time, and no more than a page can bear."""
    return [each for each in everything(site, zone) if each.ends > now][: rules.MOST]


def find(site: Session, event: str, zone: ZoneInfo) -> Event | None:
    row = site.get(tables.Event, event) if rules.is_id(event) else None
    facts = _facts(row) if row else None
    return made(event, facts, zone, _changes(row)) if row and facts else None


def standing(site: Session, event: str, lang: str) -> Standing:
    row = site.get(tables.Event, event)
    return Standing(_facts(row) if row else None, words.standing(site, key_of(event), lang))


def keep(  # noqa: PLR0913 - an event has facts and words, and each its place
    site: Session, event: str, facts: Facts, lang: str, text: str, *, mark: str, zone: ZoneInfo, now: datetime
) -> Standing | Changed | TooMany:
    """Put an event in the place of what `mark` names; sent twice, it is there once."""
    found = standing(site, event, lang)
    if found.mark != mark:
        return found if (found.facts, found.words.text) == (facts, words.tidy(text)) else Changed(found)
    # One that was over may be put into the future again: it comes on top then, like a new one.
    row, others = site.get(tables.Event, event), [each for each in coming(site, zone, now) if each.id != event]
    if len(others) >= rules.MOST:
        return TooMany()
    site.merge(
        tables.Event(
            id=event,
            starts=rules.written(facts.starts),
            ends=rules.written(facts.ends),
            place=facts.place,
            link=facts.link,
            audience=facts.audience,
            changes=_changes(row) + 1 if row else 0,
        )
    )
    words.keep(site, key_of(event), lang, text, mark=found.words.mark)
    site.flush()
    return standing(site, event, lang)


def take_back(site: Session, event: str, lang: str, *, mark: str) -> Standing | Changed:
    """Go back to the words before, in one language; when and where stay."""
    found = standing(site, event, lang)
    if found.mark != mark:
        return Changed(found)
    words.take_back(site, key_of(event), lang, mark=found.words.mark)
    row = site.get(tables.Event, event)
    if row:
        row.changes = _changes(row) + 1
    return standing(site, event, lang)


def remove(site: Session, event: str, lang: str, *, mark: str) -> Changed | None:
    """Take an event away with its words in every language; one that is gone already stays away."""
    found = standing(site, event, lang)
    if found.facts is not None and found.mark != mark:
        return Changed(found)
    site.execute(delete(tables.Event).where(tables.Event.id == event))
    site.execute(delete(tables.Words).where(tables.Words.key == key_of(event)))
    return None


def _changes(row: tables.Event) -> int:
    """Up to what a calendar can count to (RFC 5545, 3.3.8); somebody may have written there what is no number."""
    return min(max(row.changes, 0), _MOST_CHANGES) if isinstance(row.changes, int) else 0


def _facts(row: tables.Event) -> Facts | None:
    """What lies there, as far as it can be shown; a link that is none is left out."""
    starts, ends = rules.read(row.starts), rules.read(row.ends)
    if starts is None or ends is None or ends <= starts:
        return None
    link = row.link if rules.is_link(row.link or "") else ""
    return Facts(starts, ends, str(row.place or "")[: rules.PLACE_LIMIT], link, str(row.audience or ""))
