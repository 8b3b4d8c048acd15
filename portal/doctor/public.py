"""What visitors, and whoever watches their network, would meet: settings that are missing, unsafe or telling."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from portal.config import SETTINGS_FILE, Settings
from portal.doctor.finding import Finding, remark
from portal.language import SOURCE
from portal.site import cases, choices, marks, shelves, words

_EXAMPLE_LINK = "https://meet.example.org/"
_SET_IT = f"Set it in {SETTINGS_FILE}."
#: Parts of words, so that their endings are met too; English, French, German, Spanish and Dutch.
_TELLING = (
    "ombud", "complain", "grievance", "whistle", "harass", "bully", "ethic", "report", "hotline", "helpline",
    "speakup", "speak-up", "confiden", "mediat", "misconduct", "integrity", "compliance", "discriminat",
    "mediateur", "signalement", "alerte", "vertrauen", "beschwerde", "hinweis", "meldestelle", "denuncia", "acoso",
    "queja", "klacht", "vertrouwen", "klokkenluid",
)  # fmt: skip
_MANY_PUBLICATIONS = 4
#: What is shipped of these says how such an office usually is.
_ONLY_THE_OFFICE = {"who-we-report-to", "charter", "referrals"}


@dataclass(frozen=True)
class Words:
    """What the office wrote in the browser, and what it did not."""

    has_cases: bool = False
    as_shipped: tuple[str, ...] = ()


def read_words(site: Session) -> Words:
    """Cases count where every language that is offered reads the office's own page of them, with at least one."""
    langs = choices.read(site).languages
    return Words(
        has_cases=all(_has_cases(site, lang) for lang in langs),
        as_shipped=tuple(name for name in words.names(site, shelves.ABOUT) if _is_as_shipped(site, name, langs[0])),
    )


def findings(settings: Settings, own: Words | None = None) -> Iterator[Finding]:
    yield from _about_what_is_missing(settings, own or Words())
    yield from _about_words(own or Words())
    yield from _about_what_is_unsafe(settings)
    yield from about_host(urlsplit(settings.address).hostname or "")


def _has_cases(site: Session, lang: str) -> bool:
    found = words.find(site, shelves.EXCEPTIONS, lang)
    return cases.is_own(site) and found is not None and bool(marks.read(found.text).items)


def _is_as_shipped(site: Session, name: str, lang: str) -> bool:
    key = f"{shelves.ABOUT}/{name}"
    if name not in _ONLY_THE_OFFICE and not name.startswith(shelves.GROUP):
        return False
    return words.find(site, key, lang) is not None and not any(
        words.standing(site, key, each).is_own for each in (lang, SOURCE)
    )


def _about_words(own: Words) -> Iterator[Finding]:
    if own.as_shipped:
        yield remark(
            f"Of these pages only the office knows what is true, and they are as shipped: {', '.join(own.as_shipped)}.",
            "Write them, or hide them, at /desk/site.",
        )


def _about_what_is_missing(settings: Settings, own: Words) -> Iterator[Finding]:
    has_cases = bool(settings.exceptions) or own.has_cases
    empty = {"office.phone": settings.phone, "office.exceptions": has_cases, "[[crisis]]": settings.crisis}
    for name, value in empty.items():
        if not value:
            yield Finding(
                f"{name} is empty. Do not open the site to the public like this.", f"Fill it in {SETTINGS_FILE}."
            )
    if not settings.formal_report:
        yield remark(
            "office.formal_report is empty: visitors are not told where a formal report is made.",
            f"Fill it in {SETTINGS_FILE}.",
        )
    if not settings.overseen_by:
        yield remark(
            "office.overseen_by is empty: visitors whose issue is about an ombuds are not told whom else to turn to.",
            f"Fill it in {SETTINGS_FILE}.",
        )
    if settings.video_link.startswith(_EXAMPLE_LINK):
        yield Finding("video.link is the example: visitors would get links that lead nowhere.", _SET_IT)
    elif not settings.video_link.startswith("https://"):
        yield Finding("video.link leads to the visitor's own machine: nobody would meet there.", _SET_IT)


def _about_what_is_unsafe(settings: Settings) -> Iterator[Finding]:
    if not settings.is_https:
        yield remark(
            "The address is plain http: fine on this machine, never in public.",
            f"Set site.address in {SETTINGS_FILE} to an https address.",
        )
    if not settings.decoys_a_week:
        yield remark(
            "storage.decoys_a_week is 0: every time that goes from the list was taken by a visitor.",
            f"Set it to 2 or more in {SETTINGS_FILE}.",
        )
    if not settings.noise_a_day:
        yield remark(
            "storage.noise_a_day is 0: every change of the stores, and its moment, is a visitor's or an ombuds'.",
            f"Set it to 96 in {SETTINGS_FILE}.",
        )
    if len(settings.publish_at) > _MANY_PUBLICATIONS:
        yield remark(
            f"The list of times is published {len(settings.publish_at)} times a day: whoever watches it sees more "
            "closely when a time was taken.",
            f"One or two hours in times.publish_at are enough; change them in {SETTINGS_FILE}.",
        )


def about_host(host: str) -> Iterator[Finding]:
    """The name in DNS and in TLS's first message, which every network on the way reads and often keeps."""
    telling = next((word for word in _TELLING if word in host.lower()), None)
    if telling is not None:
        yield remark(
            f"The host name {host} says what it is for (“{telling}”): every network on a visitor's way sees it, "
            "encryption or not.",
            f"A neutral one like times.example.org tells less. Set site.address in {SETTINGS_FILE}.",
        )
