"""The time zones that a visitor may be in: which names are known, and which stand on the list."""

import unicodedata
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from babel.core import get_global

from portal.language import current, zone_city_first

#: No name of a zone is longer; a field of this width tells nothing about which one it holds.
LONGEST = 32
_NOWHERE = "ZZ"
_WORLD = "Etc/UTC"

_LISTED = """
    Africa/Abidjan Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos Africa/Nairobi
    America/Anchorage America/Argentina/Buenos_Aires America/Asuncion America/Bogota America/Caracas America/Chicago
    America/Denver America/Godthab America/Halifax America/Havana America/Lima America/Los_Angeles America/Mexico_City
    America/Miquelon America/New_York America/Noronha America/Panama America/Phoenix
    America/Puerto_Rico America/Regina America/Santiago America/Sao_Paulo America/St_Johns America/Tijuana
    America/Toronto America/Vancouver
    Asia/Almaty Asia/Baghdad Asia/Bangkok Asia/Beirut Asia/Colombo Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh
    Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu Asia/Kolkata
    Asia/Manila Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Tashkent Asia/Tehran Asia/Tokyo
    Asia/Vladivostok Asia/Yangon Asia/Yekaterinburg
    Atlantic/Azores Atlantic/Cape_Verde Atlantic/Reykjavik
    Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Eucla Australia/Lord_Howe Australia/Perth
    Australia/Sydney
    Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Dublin
    Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/London Europe/Madrid Europe/Moscow Europe/Paris
    Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich
    Indian/Mauritius
    Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Fiji Pacific/Guam Pacific/Honolulu Pacific/Kiritimati
    Pacific/Marquesas Pacific/Noumea Pacific/Pago_Pago Pacific/Tongatapu
    Etc/UTC
"""

#: At least one for each offset of the world and each rule for summer, as far as people live there.
LISTED = tuple(_LISTED.split())


def find(name: str) -> ZoneInfo | None:
    """The zone of this name, under its present name: Asia/Calcutta is Asia/Kolkata. None when no place has it.

    The name comes from anybody, and a zone is a file: it is made from what was read at the start.
    """
    if len(name) > LONGEST or name not in _known():
        return None
    present = canonical(name)
    lives = get_global("zone_territories").get(present, _NOWHERE) != _NOWHERE or present == _WORLD
    content = _files().get(present) if lives else None
    return ZoneInfo.from_file(BytesIO(content), key=present) if content else None


def canonical(name: str) -> str:
    """The present name of a zone; one that nobody renamed keeps its own."""
    return str(get_global("zone_aliases").get(name, name))


def options(office: ZoneInfo, shown: ZoneInfo) -> list[tuple[str, str]]:
    """Values and words of the list: the office's zone first, without a value, then the others by city.

    A zone that is shown stands there too, wherever it came from.
    """
    found = dict(_listed(current())) | {canonical(shown.key): zone_city_first(shown.key)}
    found.pop(canonical(office.key), None)
    return [("", zone_city_first(office.key)), *sorted(found.items(), key=lambda pair: _letters(pair[1]))]


@cache
def _listed(_lang: str) -> tuple[tuple[str, str], ...]:
    """The list in the language of the page, made once for each; by names alone, as each zone would be a file."""
    names = {canonical(each) for each in LISTED} & _known()
    return tuple((name, zone_city_first(name)) for name in names)


def _letters(words: str) -> str:
    return unicodedata.normalize("NFKD", words).casefold()


def read_all() -> None:
    """Read every zone now: a file that is read when somebody chooses its zone would bear that moment, by its name."""
    _files()


@cache
def _known() -> frozenset[str]:
    """Read once: the list is gathered from hundreds of files."""
    return frozenset(available_timezones())


@cache
def _files() -> dict[str, bytes]:
    """What the file of each zone holds, by the zone's present name. All together take half a megabyte."""
    return {name: _content(name) for name in {canonical(each) for each in _known()} & _known()}


def _content(name: str) -> bytes:
    """Of the system where it has that zone, else of the package that brings all of them."""
    own = next((path for folder in TZPATH if (path := Path(folder, name)).is_file()), None)
    return own.read_bytes() if own else files("tzdata").joinpath("zoneinfo", name).read_bytes()
