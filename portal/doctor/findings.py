"""Everything that should be put right in an office, the grave first."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.exc import OperationalError

from portal.config import SECRETS_FILE, SETTINGS_FILE, Settings
from portal.db import BASES, open_stores
from portal.doctor import calendars, decoys, files, machine, mail, people, places, public, stores
from portal.doctor.finding import Finding
from portal.doctor.machine import Machine
from portal.leftovers import MEMORY
from portal.roster.rules import RosterFacts
from portal.sqlite import store_path

ROSTER = "roster"


def findings(settings: Settings, on: Machine, now: datetime) -> list[Finding]:
    """Look at everything and change nothing.

    Raises:
        NotReady, WrongSetting: when a store is missing, or is not this user's to read.
    """
    stores.refuse_missing(settings.instance)
    found = [
        *files.findings(settings.instance),
        *_about_the_place(settings, on),
        *machine.findings(on, zone=settings.zone.key, needed=machine.room_for(_paths(settings))),
        *_about_stores_and_people(settings, now),
        *mail.findings(settings.digest),
    ]
    return sorted(found, key=lambda each: not each.is_grave)


def _paths(settings: Settings) -> list[str]:
    names = (SECRETS_FILE, SETTINGS_FILE, *(store_path(settings.instance, name).name for name in (*BASES, ROSTER)))
    return [str(settings.instance.resolve() / name) for name in names]


def _about_the_place(settings: Settings, on: Machine) -> Iterator[Finding]:
    instance = settings.instance.resolve()
    yield from places.about_folders(instance)
    yield from places.about_git(instance, _paths(settings))
    yield from places.about_copies(MEMORY)
    yield from places.about_mount(instance, places.find_mount(instance, on.mounts))


def _about_stores_and_people(settings: Settings, now: datetime) -> Iterator[Finding]:
    """People are asked for only in stores that can be opened without changing them."""
    looks = {name: stores.look_at(store_path(settings.instance, name), now) for name in (*BASES, ROSTER)}
    for look in looks.values():
        yield from look.findings
    today = now.astimezone(settings.zone).date()
    seen: dict[str, date | None] = {}
    if looks[ROSTER].is_whole:
        facts = people.read_roster(settings.roster)
        yield from people.about_roster(facts, today)
        seen["the roster's import"] = facts.imported_on if isinstance(facts, RosterFacts) else None
    if looks["desk"].is_whole and looks["site"].is_whole:
        office = _read_office(settings)
        yield from people.about_office(office, today)
        seen["the last daily job"] = office.last_day if office else None
    yield from machine.about_clock(today, seen)
    if looks["desk"].is_whole:
        yield from decoys.findings(settings, _read_left(settings, now))
    yield from public.findings(settings, _read_words(settings) if looks["site"].is_whole else None)
    if looks["desk"].is_whole and looks["keys"].is_whole:
        yield from calendars.findings(settings, _read_calendars(settings), now)


def _read_office(settings: Settings) -> people.Office | None:
    opened = open_stores(settings.instance)
    try:
        return people.read_office(opened)
    except OperationalError:  # busy for long, or a table is missing
        return None
    finally:
        opened.close()


def _read_words(settings: Settings) -> public.Words | None:
    opened = open_stores(settings.instance)
    try:
        with opened.site.reading() as site:
            return public.read_words(site)
    except OperationalError:  # as above
        return None
    finally:
        opened.close()


def _read_calendars(settings: Settings) -> list[calendars.Connected]:
    opened = open_stores(settings.instance)
    try:
        return calendars.read_calendars(opened, settings)
    except OperationalError:  # as above
        return []
    finally:
        opened.close()


def _read_left(settings: Settings, now: datetime) -> dict[str, int]:
    opened = open_stores(settings.instance)
    try:
        return decoys.read_left(opened, settings, now)
    except OperationalError:  # as above
        return {}
    finally:
        opened.close()
