"""Puts every visible word through one catalogue, and writes days, clocks and zones as each language does."""

from __future__ import annotations

import gettext as catalogues
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from babel import Locale
from babel.dates import format_skeleton, format_time, get_timezone_name
from babel.support import LazyProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from jinja2 import Environment

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "messages"
SOURCE = "en"

# Plain "en" would write American dates and a 12-hour clock; 14:00 cannot be misread as two in the morning.
_FORMATS = {"en": "en_GB"}

_WORLD = {"UTC", "Etc/UTC"}

_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def current() -> str:
    """Name the language of the page being made, such as "en" or "ar"."""
    return _current.get()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Use `lang` for everything said inside the block."""
    mark = _current.set(lang)
    try:
        yield
    finally:
        _current.reset(mark)


def shipped() -> tuple[str, ...]:
    """List the languages with a compiled catalogue, the source language first."""
    compiled = FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (SOURCE, *sorted(path.parent.parent.name for path in compiled))


def text_direction(lang: str) -> str:
    """Return "ltr" or "rtl", ready for the `dir` attribute."""
    return Locale.parse(lang, sep="-" if "-" in lang else "_").text_direction


@cache
def _catalogue(lang: str) -> catalogues.NullTranslations:
    return catalogues.translation(DOMAIN, FOLDER, [lang], fallback=True)


def gettext(message: str) -> str:
    """Translate `message` now. Values are filled in by the caller, with `%`."""
    return _catalogue(current()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate the form of the sentence that fits `count`."""
    return _catalogue(current()).ngettext(one, many, count)


def _l(message: str) -> str:
    """Translate each time the text is shown: labels are made once, at import, for all languages."""
    # A proxy behaves as a string wherever forms and templates use it; a cached one would freeze the first language.
    return cast("str", LazyProxy(gettext, message, enable_cache=False))


_ = gettext


def _locale() -> Locale:
    return _parsed(_FORMATS.get(current(), current()))


@cache
def _parsed(name: str) -> Locale:
    return Locale.parse(name)


def _local(value: datetime, zone: ZoneInfo) -> datetime:
    return value.astimezone(zone)


def day(value: date | datetime, zone: ZoneInfo) -> str:
    """Write a day in words, such as "Tuesday 24 November". A moment is first moved to the office's zone."""
    here = _local(value, zone).date() if isinstance(value, datetime) else value
    return format_skeleton("MMMMEEEEd", here, locale=_locale())


def short_day(value: date | datetime, zone: ZoneInfo) -> str:
    """Write a day as lists do that are read on a phone, such as "Tue 24 Nov"."""
    here = _local(value, zone).date() if isinstance(value, datetime) else value
    return format_skeleton("MMMEd", here, locale=_locale())


def full_day(value: date | datetime, zone: ZoneInfo) -> str:
    """Write a day with its year, such as "Thursday 14 October 2027", where it may be far away."""
    here = _local(value, zone).date() if isinstance(value, datetime) else value
    return format_skeleton("yMMMMEEEEd", here, locale=_locale())


def month_day(value: date) -> str:
    """Write a day without its weekday, such as "24 November", where two days make a sentence long."""
    return format_skeleton("MMMMd", value, locale=_locale())


def month(value: date) -> str:
    """Write a month with its year, such as "November 2026"."""
    return format_skeleton("yMMMM", value, locale=_locale())


def clock(value: datetime, zone: ZoneInfo) -> str:
    """Write the time of day at the office, such as "14:00"."""
    return format_time(_local(value, zone), "short", locale=_locale())


def zone_name(zone: ZoneInfo) -> str:
    """Write the zone in words, such as "Central European Time", because letters like CET are easy to miss."""
    # UTC belongs to no region, so only a moment in it has a name.
    named = datetime(2000, 1, 1, tzinfo=UTC) if zone.key in _WORLD else zone
    return get_timezone_name(named, "long", locale=_locale())


def dress(environment: Environment, zone: ZoneInfo) -> None:
    """Give templates `trans`, `_`, `ngettext` and the filters `day` and `clock`."""
    environment.add_extension("jinja2.ext.i18n")
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(gettext, ngettext, newstyle=True)
    environment.filters["day"] = lambda value: day(value, zone)
    environment.filters["short_day"] = lambda value: short_day(value, zone)
    environment.filters["full_day"] = lambda value: full_day(value, zone)
    environment.filters["clock"] = lambda value: clock(value, zone)
