"""What is true of addresses, claims and periods, without a file or a database."""

import hmac
import re
import unicodedata
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import idna

#: Fields in the order in which they are kept. Each part of a profile can be shared without the others.
GROUP_FIELDS = ("constituency",)
ATTRIBUTE_FIELDS = ("department", "unit", "location", "role", "tenure", "gender", "race", "age")
IDENTITY_FIELDS = ("first", "last", "name", "id", "supervisor", "title", "phone", "email", "other_emails")

HASH_SIZE = 16
#: A value that fewer people hold would point at a person.
SMALLEST_GROUP = 25
OTHER = "other"

#: The band of a name, which fits nobody else.
ONLY_YOU = 0
#: How many people each further band begins with, behind the one of fewer than 5: so wide that no number can be told.
_BANDS = (5, 15, 30, 70, 150, 300, 700, 1500)

_EARLIER_DAYS = 30
_LATER_DAYS = 14
_MONTHS = 3
_PERIOD = re.compile(r"[0-9]{4}-Q[1-4]")


class Level(StrEnum):
    """What is known of a visitor's right to come; the ombuds sees it, nobody else does."""

    mailbox = "mailbox"
    address = "address"
    none = "none"


@dataclass(frozen=True, repr=False)
class Claim:
    """What a visitor typed; `proof` is `code`, or `none` for somebody without a code at hand."""

    email: str
    code: str
    proof: str


@dataclass(frozen=True)
class Fits:
    """How many people share somebody's group, and group and attributes together: bands as `band_of` gives them."""

    group: int
    profile: int


@dataclass(frozen=True, repr=False)
class Parts:
    """A profile as the roster keeps it, still locked; nothing in it is derived from the address."""

    import_id: str
    sealed_key: bytes
    group: bytes
    attributes: bytes
    identity: bytes
    fits: Fits


@dataclass(frozen=True)
class Eligible:
    """May come; `parts` is None when the roster holds no such address."""

    level: Level
    parts: Parts | None


@dataclass(frozen=True)
class Misread:
    """A slip in the code, seen from its check symbol alone."""


@dataclass(frozen=True)
class Refused:
    """An unknown address or a wrong code. There is one value, so that no answer can tell which."""


@dataclass(frozen=True)
class FileRefused:
    """A roster file that changes nothing; `reason` is a sentence that says what to do, never a value from a cell."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class LinesRead:
    """What became of a file's lines: people accepted; the first 200 rejected (line, reason), all of them by reason."""

    accepted: int
    rejected: list[tuple[int, str]]
    rejected_total: int
    rejected_by_reason: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ImportReport(LinesRead):
    """An import that took place.

    `shortened` counts values that were too long, `coarsened` by field the rare values that became "other";
    `fields` are kept, `ignored` are the headings nobody asked for.
    """

    shortened: int
    coarsened: dict[str, int]
    fields: tuple[str, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CodesReport(LinesRead):
    """A mail merge that was written; `codes` counts its lines, one for each address."""

    codes: int


@dataclass(frozen=True)
class RosterFacts:
    """What may be said aloud of the roster in place; `groups` has only constituencies of 25 people and more."""

    people: int
    imported_on: date
    fields: tuple[str, ...]
    groups: Mapping[str, int]


_LONGEST_TYPED = 1000
_LONGEST_ADDRESS = 254
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
#: A first symbol that a spreadsheet takes for a formula is no start of an address.
_LOCAL = re.compile(r"""(?![-=+.])[^\s"(),:;<>@\[\\\]\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,64}""")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def visible(text: str) -> str:
    """The text composed (NFC) and without what nobody sees: zero-width symbols, soft hyphens, direction marks."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def normalise(address: str, aliases: Mapping[str, str]) -> str | None:
    """One spelling of an e-mail address, or None when it is not one.

    NFC and lower case keep different people apart; NFKC and case folding would join straße and strasse. `aliases` leads
    from old domains to new ones. Nothing is cached: a cache would remember who asked.
    """
    if len(address) > _LONGEST_TYPED:
        return None
    local, _, domain = visible(_bare(visible(address).strip()).lower()).rpartition("@")
    known = _ascii_domain(domain)
    if known is None or not _LOCAL.fullmatch(local):
        return None
    normal = f"{local}@{_newest(known, aliases)}"
    return normal if len(normal) <= _LONGEST_ADDRESS else None


def _bare(text: str) -> str:
    """Without a display name, `mailto:` or the `smtp:` of directory exports around it."""
    if text.endswith(">"):
        text = text[text.rfind("<") + 1 : -1].strip()
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in {"mailto", "smtp"}:
        text = rest.partition("?")[0] if scheme.lower() == "mailto" else rest
    return text.strip()


def _ascii_domain(domain: str) -> str | None:
    """The domain's A-labels (UTS 46, non-transitional)."""
    domain = domain.removesuffix(".")
    if not (domain.isascii() and "xn--" not in domain):
        try:
            domain = idna.encode(domain[:_LONGEST_ADDRESS], uts46=True).decode("ascii")
        except UnicodeError:
            return None
    return domain if _DOMAIN.fullmatch(domain) else None


def _newest(domain: str, aliases: Mapping[str, str]) -> str:
    """Through every merger: an alias may lead to another one."""
    for _ in aliases:
        domain = aliases.get(domain, domain)
    return domain


def hash_of(normal: str, secret: bytes) -> bytes:
    """The roster's key (16 bytes) for a normalised address; it protects a copied roster without its secret, no more."""
    return hmac.digest(secret, b"roster/v1\0" + normal.encode(), "sha256")[:HASH_SIZE]


def band_of(people: int) -> int:
    """The band of a number of people, from 1 (fewer than 5) to 9 (1,500 and more)."""
    return ONLY_YOU + 1 + bisect(_BANDS, people)


def people_like(fits: Fits, share: str) -> int:
    """The band of how many people fit what somebody shares: `nothing`, `profile` or `name`."""
    return {"nothing": fits.group, "profile": fits.profile, "name": ONLY_YOU}[share]


def _quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // _MONTHS * _MONTHS + 1, 1)


def period_of(day: date) -> str:
    """The quarter of a day, like 2026-Q4."""
    return f"{day.year:04}-Q{(day.month - 1) // _MONTHS + 1}"


def is_period(text: str) -> bool:
    return _PERIOD.fullmatch(text) is not None


def valid_periods(day: date) -> tuple[str, ...]:
    """The quarters whose codes are good on a day.

    The last quarter's are good for 30 days more, because a mailing takes time to arrive; the next one's
    14 days before, because it goes out early.
    """
    start = _quarter_start(day)
    following = _quarter_start(start + timedelta(days=31 * _MONTHS))
    periods = [period_of(day)]
    if (day - start).days < _EARLIER_DAYS:
        periods.append(period_of(start - timedelta(days=1)))
    if (following - day).days <= _LATER_DAYS:
        periods.append(period_of(following))
    return tuple(periods)
