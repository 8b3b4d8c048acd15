"""What the office chose of its site as a whole; a value that means nothing counts as not chosen."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.language import SOURCE, is_language
from portal.site import tables

#: An office may stretch its week; more than a month is a slip.
_LONGEST_WEEK = timedelta(days=31)
_YEARS = range(2000, 2200)
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class Campaign(StrEnum):
    """When the pages of Ombuds Week speak of a week that is near: by its days, always, or never."""

    BY_DATE = "by date"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class Choices:
    """The languages of visitors' pages, the first of them the office's own; the accent, such as "#1d5a53", or none.

    `week` is the first and the last day of Ombuds Week; None for the week of Ombuds Day.
    """

    languages: tuple[str, ...] = (SOURCE,)
    accent: str = ""
    campaign: Campaign = Campaign.BY_DATE
    week: tuple[date, date] | None = None

    @property
    def mark(self) -> str:
        """Names all of it, so that a change made on top of something else is noticed."""
        return sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Changed:
    """Somebody else chose something else meanwhile: what holds now."""

    now: Choices


def read(site: Session) -> Choices:
    values = {row.name: _value(row.value) for row in site.scalars(select(tables.Choice))}
    return Choices(languages=_languages(values), accent=_accent(values), campaign=_campaign(values), week=_week(values))


def replace(site: Session, chosen: Choices, *, mark: str) -> Changed | None:
    """These, in the place of those that `mark` names; sent twice, they hold once."""
    now = read(site)
    if now.mark != mark and now != chosen:
        return Changed(now)
    keep(site, chosen)
    return None


def keep(site: Session, chosen: Choices) -> None:
    """These, in the place of whatever was before."""
    week = [each.isoformat() for each in chosen.week] if chosen.week else None
    values = {
        "languages": list(chosen.languages),
        "accent": chosen.accent,
        "campaign": chosen.campaign.value,
        "week": week,
    }
    for name, value in values.items():
        site.merge(tables.Choice(name=name, value=json.dumps(value)))
    site.flush()


def is_colour(typed: str) -> bool:
    """Whether it is written as a colour, or is empty for the one of the portal."""
    return not typed or _COLOUR.fullmatch(typed) is not None


def is_week(first: date, last: date) -> bool:
    """Whether somebody can mean these days: in order, a month at most, and in years that have a next one."""
    return first <= last <= first + _LONGEST_WEEK and first.year in _YEARS


def _value(text: str) -> Any:  # noqa: ANN401 - JSON holds anything until checked
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return None


def _languages(values: Mapping[str, Any]) -> tuple[str, ...]:
    found = values.get("languages")
    names = [each for each in found if isinstance(each, str) and is_language(each)] if isinstance(found, list) else []
    return tuple(dict.fromkeys(names)) or (SOURCE,)


def _accent(values: Mapping[str, Any]) -> str:
    found = values.get("accent")
    return found if isinstance(found, str) and _COLOUR.fullmatch(found) else ""


def _campaign(values: Mapping[str, Any]) -> Campaign:
    found = values.get("campaign")
    return Campaign(found) if isinstance(found, str) and found in set(Campaign) else Campaign.BY_DATE


def _week(values: Mapping[str, Any]) -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(each) for each in values.get("week") or ())
    except (ValueError, TypeError):
        return None
    return (first, last) if is_week(first, last) else None
