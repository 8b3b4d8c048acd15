"""Puts every visible word through one catalogue, and writes days, clocks and zones as each language does."""

from __future__ import annotations

import gettext as catalogues
import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_datetime, format_interval, format_skeleton, match_skeleton
from babel.support import LazyProxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from jinja2 import Environment

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "messages"
SOURCE = "en"
#: So long is the longest code of a language in use, such as "zh-Hant-HK".
LONGEST_CODE = 12

#: Stands in the head of a catalogue as soon as somebody who grew up with the language has read it.
CHECKED = "# Checked by a native reader: yes"

# Plain "en" would write American dates.
_FORMATS = {"en": "en_GB"}
_WORLD = "Etc/UTC"
#: A weekday or a month in less than its whole word, outside of what a pattern quotes.
_NARROW = re.compile(r"(?<![EcML])(?:E{1,3}|ccc|[ML]{3})(?![EcML])(?=(?:[^']*'[^']*')*[^']*$)")

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


def speak(lang: str) -> None:
    """Use `lang` until `fall_silent`: for a request, which has no block around it."""
    _current.set(lang)


def fall_silent() -> None:
    """Back to the source language; a thread is used again, and its next page may be somebody else's."""
    _current.set(SOURCE)


def shipped() -> tuple[str, ...]:
    """List the languages with a compiled catalogue, the source language first."""
    return _shipped(FOLDER)


@cache
def _shipped(folder: Path) -> tuple[str, ...]:
    compiled = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (SOURCE, *sorted(path.parent.parent.name for path in compiled))


def is_checked(lang: str) -> bool:
    """Whether somebody who grew up with this language has read its words, as the head of its catalogue says."""
    path = FOLDER / lang / "LC_MESSAGES" / f"{DOMAIN}.po"
    if lang == SOURCE or not path.is_file():
        return lang == SOURCE
    with path.open(encoding="utf-8") as lines:
        return CHECKED in (line.rstrip() for line in takewhile(lambda line: line.startswith("#"), lines))


def is_language(name: str) -> bool:
    """Whether this names a language, such as "en" or "zh-Hant"."""
    try:
        return bool(Locale.parse(name, sep="-" if "-" in name else "_"))
    except (ValueError, TypeError, UnknownLocaleError):
        return False


def text_direction(lang: str) -> str:
    """Return "ltr" or "rtl", ready for the `dir` attribute."""
    return _parsed(lang).text_direction


def own_name(lang: str) -> str:
    """Name a language in itself, such as "Español", for whoever reads no other."""
    name = str(_parsed(lang).get_display_name() or lang)
    return name[:1].upper() + name[1:]


def _catalogue(lang: str) -> catalogues.NullTranslations:
    return _read_catalogue(FOLDER, lang)


@cache
def _read_catalogue(folder: Path, lang: str) -> catalogues.NullTranslations:
    return catalogues.translation(DOMAIN, folder, [lang], fallback=True)


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
    return Locale.parse(name, sep="-" if "-" in name else "_")


def _local(value: datetime, zone: ZoneInfo) -> datetime:
    return value.astimezone(zone)


def day(value: date | datetime, zone: ZoneInfo) -> str:
    """Write a day in words, such as "Tuesday 24 November". A moment is first moved to the zone."""
    here = _local(value, zone).date() if isinstance(value, datetime) else value
    return _in_words("MMMMEEEEd", here)


def short_day(value: date | datetime, zone: ZoneInfo) -> str:
    """Write a day as lists do that are read on a phone, such as "Tue 24 Nov"."""
    here = _local(value, zone).date() if isinstance(value, datetime) else value
    return format_skeleton("MMMEd", here, locale=_locale())


def full_day(value: date | datetime, zone: ZoneInfo) -> str:
    """Write a day with its year, such as "Thursday 14 October 2027", where it may be far away."""
    here = _local(value, zone).date() if isinstance(value, datetime) else value
    return _in_words("yMMMMEEEEd", here)


def _in_words(skeleton: str, value: date) -> str:
    """Write a day in a language's own order, with weekday and month in full."""
    # Babel takes the nearest pattern as it is, so that French and Spanish would get "mar." for a Tuesday; the standard
    # says that its fields are to be widened to those asked for (UTS 35, part 4, 2.6.2.1).
    return format_datetime(value, _pattern(_locale(), skeleton), locale=_locale())


@cache
def _pattern(locale: Locale, skeleton: str) -> str:
    nearest = match_skeleton(skeleton, locale.datetime_skeletons) or skeleton
    return _NARROW.sub(lambda found: found[0][0] * 4, str(locale.datetime_skeletons[nearest].pattern))


def stretch(first: date, last: date) -> str:
    """Write the days from one to another, such as "Monday 23 November – Friday 27 November 2026"."""  # noqa: RUF002
    return str(format_interval(first, last, "yMMMMEEEEd", locale=_locale()))


def short_stretch(first: date, last: date) -> str:
    """Write the same as a poster does, such as "23–27 Nov 2026"."""  # noqa: RUF002 - a dash between two days
    return str(format_interval(first, last, "yMMMd", locale=_locale()))


def month_day(value: date) -> str:
    """Write a day without its weekday, such as "24 November", where two days make a sentence long."""
    return format_skeleton("MMMMd", value, locale=_locale())


def month(value: date) -> str:
    """Write a month with its year, such as "November 2026"."""
    return format_skeleton("yMMMM", value, locale=_locale())


def clock(value: datetime, zone: ZoneInfo) -> str:
    """Write the time of day in a zone, such as "14:00"; of an hour that comes twice, which one, as "second 01:30"."""
    here = _local(value, zone)
    # The usual clock of English or Arabic has twelve hours; 14:00 cannot be misread as two in the morning.
    said = format_skeleton("Hm", here, locale=_locale())
    if here.replace(fold=0).utcoffset() == here.replace(fold=1).utcoffset():
        return said
    return (gettext("second %(clock)s") if here.fold else gettext("first %(clock)s")) % {"clock": said}


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Write a day, the time of day and its zone, as a sentence names a meeting."""
    said = gettext("%(day)s, %(clock)s") % {"day": day(value, zone), "clock": clock(value, zone)}
    return gettext("%(when)s (%(zone)s)") % {"when": said, "zone": zone_words(zone)}


def tongue(code: str) -> str:
    """Name a language such as "Irish" for "ga", in the language of the page; empty for a code that names none."""
    return _tongue(_locale(), code)


def zone_name(zone: ZoneInfo) -> str:
    """Write the zone in words, such as "Central European Time", because letters like CET are easy to miss."""
    return _zone_name(_locale(), zone.key)


def zone_city_first(key: str) -> str:
    """Write a zone for a list, such as "Amsterdam, Central European Time": people find their city by its letters."""
    name, place = _zone_name(_locale(), key), _zone_place(_locale(), key)
    return name if place.casefold() in name.casefold() else place + gettext(", ") + name


def zone_words(zone: ZoneInfo) -> str:
    """Write the zone so that it cannot be meant for another: Phoenix and Denver both have Mountain Time."""
    name, place = zone_name(zone), _zone_place(_locale(), zone.key)
    if place.casefold() in name.casefold():
        return name
    return gettext("%(zone)s, %(place)s") % {"zone": name, "place": place}


def zone_short(zone: ZoneInfo) -> str:
    """Write the zone in few words, such as "Amsterdam time"; the city alone would read as the place of a meeting."""
    place = _zone_place(_locale(), zone.key)
    return gettext("%(place)s time") % {"place": place} if place else gettext("World time")


@lru_cache(maxsize=512)
def _tongue(locale: Locale, code: str) -> str:
    """From Unicode's own list of names, and from nothing that a code could make it read."""
    names = locale.languages
    whole = names.get(code.replace("-", "_"))
    if whole or "-" not in code:
        return str(whole or "")
    base, _hyphen, rest = code.partition("-")
    place = locale.territories.get(rest.upper()) or locale.scripts.get(rest.title())
    return f"{names[base]} ({place})" if base in names and place else ""


@cache
def _zone_name(locale: Locale, key: str) -> str:
    """The name of a zone that holds all year; where a language has none, "India Time", by its country."""
    ids = _ids(key)
    if ids[0] == _WORLD:  # it belongs to no country and has no summer
        return str(locale.time_zones[_WORLD]["long"]["standard"])
    wide = next((found for each in ids if (found := get_global("meta_zones").get(each))), None)
    for names in (*(locale.time_zones.get(each, {}) for each in ids), locale.meta_zones.get(wide, {})):
        if "generic" in names.get("long", {}):
            return str(names["long"]["generic"])
    country = next((found for each in ids if (found := get_global("zone_territories").get(each))), "")
    return str(locale.zone_formats["region"] % locale.territories.get(country, key))


@cache
def _zone_place(locale: Locale, key: str) -> str:
    ids = _ids(key)
    if ids[0] == _WORLD:
        return ""
    named = next((city for each in ids if (city := locale.time_zones.get(each, {}).get("city"))), None)
    return str(named or ids[0].rpartition("/")[2].replace("_", " "))


@cache
def _ids(key: str) -> tuple[str, ...]:
    """The name of a zone as it is now, then its older ones: catalogues still say Calcutta where clocks say Kolkata."""
    aliases = get_global("zone_aliases")
    now = str(aliases.get(key, key))
    return now, *sorted(str(old) for old, new in aliases.items() if new == now)


def dress(environment: Environment, zone: Callable[[], ZoneInfo]) -> None:
    """Give templates `trans`, `_`, `ngettext` and filters like `day` and `clock`, in the zone of the page."""
    environment.add_extension("jinja2.ext.i18n")
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(gettext, ngettext, newstyle=True)
    environment.filters["day"] = lambda value: day(value, zone())
    environment.filters["short_day"] = lambda value: short_day(value, zone())
    environment.filters["full_day"] = lambda value: full_day(value, zone())
    environment.filters["until"] = stretch
    environment.filters["short_until"] = short_stretch
    environment.filters["clock"] = lambda value: clock(value, zone())
