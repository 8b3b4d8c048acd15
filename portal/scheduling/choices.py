"""What an ombuds chooses from: zones, countries with their parts and holidays, languages; named as the page speaks."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale

from portal import language

#: Those spoken at home by most people; one more is one line more.
LANGUAGES = (
    *("af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa"),
    *("fi", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id", "ig", "is", "it", "ja", "ka", "kk", "km"),
    *("ko", "ku", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "pa", "pl", "ps", "pt", "ro"),
    *("ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "ti", "tl", "tr", "uk", "ur", "uz", "vi"),
    *("yo", "zh", "zu"),
)
_REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The names of all zones of places, in order, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


def languages() -> list[tuple[str, str]]:
    """Codes and names, in order of the names."""
    names = _locale().languages
    return sorted(((code, str(names.get(code, code))) for code in LANGUAGES), key=lambda pair: pair[1].casefold())


def countries() -> list[tuple[str, str]]:
    """Codes and names of all countries whose public holidays are known, in order of the names."""
    names = _locale().territories
    return sorted(((code, str(names.get(code, code))) for code in _parts()), key=lambda pair: pair[1].casefold())


def parts(country: str) -> list[tuple[str, str]]:
    """Codes of the parts of a country that have holidays of their own, each with its name where it is known."""
    names = _names_of_parts(country) if country in _parts() else {}
    return [(code, names.get(code, code)) for code in _parts().get(country, ())]


def holidays(code: str, years: Sequence[int]) -> dict[date, str]:
    """The public holidays of "NL" or "DE-BY" with their names, in order; none for what nobody knows."""
    from holidays import country_holidays  # noqa: PLC0415 - slow to import, and only for whoever asked for it

    country, _dash, part = code.partition("-")
    if country not in _parts():
        return {}
    try:
        return dict(sorted(country_holidays(country, subdiv=part or None, years=years).items()))
    except NotImplementedError:
        return {}


@lru_cache(maxsize=1)
def _parts() -> Mapping[str, Sequence[str]]:
    from holidays.utils import list_supported_countries  # noqa: PLC0415 - the same

    return list_supported_countries(include_aliases=False)


@lru_cache(maxsize=32)
def _names_of_parts(country: str) -> Mapping[str, str]:
    from holidays import country_holidays  # noqa: PLC0415 - the same

    names: dict[str, str] = {}
    for name, code in getattr(country_holidays(country), "subdivisions_aliases", {}).items():
        names.setdefault(code, name)
    return names


def _locale() -> Locale:
    return Locale.parse(language.current(), sep="-" if "-" in language.current() else "_")
