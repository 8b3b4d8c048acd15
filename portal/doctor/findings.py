"""What should be put right in an office, and how."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from portal.config import SECRETS_FILE, SETTINGS_FILE, Settings
from portal.db import BASES, Stores, store_path
from portal.intake import upkeep
from portal.office import service as office
from portal.roster import service as roster

_STALE_AFTER = timedelta(days=35)
_FEW_LOCKERS = 10
_EXAMPLE_LINK = "https://meet.example.org/"


@dataclass(frozen=True)
class Finding:
    """Something that `doctor` would change, and how."""

    what: str
    what_to_do: str
    is_grave: bool = True


def findings(settings: Settings, stores: Stores, now: datetime) -> Iterator[Finding]:
    """Everything that should be put right, the grave first."""
    yield from _about_files(settings.instance)
    yield from _about_people(settings, stores, now)
    yield from _about_the_public(settings)


def _about_files(instance: Path) -> Iterator[Finding]:
    stores = (store_path(instance, name) for name in (*BASES, "roster"))
    if (instance / "what-to-try.json").exists():
        yield Finding("This is a demo office: its keys lie in what-to-try.json.", "Never use it for real people.")
    for path in (instance, instance / SECRETS_FILE, *stores):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(f"{path} can be read by others on this machine.", f"chmod go-rwx {path}")


def _about_people(settings: Settings, stores: Stores, now: datetime) -> Iterator[Finding]:
    with stores.desk.reading() as desk:
        people, free = office.names(desk), upkeep.free_lockers(desk)
    if not people:
        yield Finding("Nobody can be booked: no ombuds has joined.", 'portal ombuds invite "NAME"')
    for key, name in people.items():
        if free.get(key, 0) < _FEW_LOCKERS:
            yield Finding(
                f"{name} has {free.get(key, 0)} free lockers left.", "Raise storage.lockers and run portal tick."
            )
    facts = roster.facts(settings.roster)
    if facts is None:
        yield Finding("There is no roster: nobody's address is known.", "portal roster import FILE")
    elif now.date() - facts.imported_on > _STALE_AFTER:
        yield Finding(f"The roster is from {facts.imported_on}.", "Import a newer one: portal roster import FILE")


def _about_the_public(settings: Settings) -> Iterator[Finding]:
    empty = {"office.phone": settings.phone, "office.exceptions": settings.exceptions, "[[crisis]]": settings.crisis}
    for name, value in empty.items():
        if not value:
            yield Finding(
                f"{name} is empty. Do not open the site to the public like this.", f"Fill it in {SETTINGS_FILE}."
            )
    if settings.video_link.startswith(_EXAMPLE_LINK):
        yield Finding(
            "video.link is the example: visitors would get links that lead nowhere.", f"Set it in {SETTINGS_FILE}."
        )
    if not settings.is_https:
        yield Finding(
            "The address is plain http: fine on this machine, never in public.",
            f"Set site.address in {SETTINGS_FILE} to an https address.",
            is_grave=False,
        )
