"""Ombuds, their keys and lockers, the roster and the daily job; never anything about a visitor."""

import shlex
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from portal.db import Stores
from portal.doctor.finding import Finding, remark
from portal.errors import NotReady
from portal.intake import upkeep
from portal.jobs import LONGEST_PAUSE
from portal.office import service as office
from portal.office import store as faces
from portal.roster import service as roster
from portal.roster.rules import RosterFacts

_STALE_AFTER = timedelta(days=35)
_LATE_AFTER = timedelta(days=2)
_FEW_LOCKERS = 10


@dataclass(frozen=True)
class Person:
    """An ombuds who has joined: can they be booked, is the key that the public is shown the stored one, lockers left.

    `is_alarmed` when their own sign-in found a key that is not theirs.
    """

    name: str
    is_open: bool
    is_key_shown: bool
    is_alarmed: bool
    free: int


@dataclass(frozen=True)
class Office:
    people: tuple[Person, ...]
    last_day: date | None


@dataclass(frozen=True)
class UnknownRoster:
    """A file in the roster's place that this portal cannot read as one."""


def read_office(stores: Stores) -> Office:
    with stores.desk.reading() as desk, stores.site.reading() as site:
        bookable, free, alarmed = office.names(desk), upkeep.free_lockers(desk), office.alarmed(desk)
        people = []
        for key, name, public, _ in office.colleagues(desk):
            face = faces.find_face(site, key)
            is_shown = face is not None and face.public_key == public
            people.append(Person(name, key in bookable, is_shown, name in alarmed, free.get(key, 0)))
        return Office(tuple(people), upkeep.last_day(desk))


def about_office(found: Office | None, today: date) -> Iterator[Finding]:
    """`found` is None when the stores did not answer."""
    if found is None:
        yield Finding(
            "The stores could not be asked about the ombuds and the daily job.",
            "Run portal doctor again. If it says so twice, stop the server and restore the newest copy.",
        )
        return
    yield from about_ombuds(found)
    yield from about_daily_job(found.last_day, today)


def about_ombuds(found: Office) -> Iterator[Finding]:
    if not any(person.is_open for person in found.people):
        yield Finding("Nobody can be booked: no ombuds has joined, or all are closed.", 'portal ombuds invite "NAME"')
    for person in found.people:
        if not person.is_key_shown:
            yield _foreign_key(person.name)
        elif person.is_alarmed:
            yield _alarmed(person.name)
        elif not person.is_open:
            yield _closed(person.name)
        elif person.free < _FEW_LOCKERS:
            yield Finding(
                f"{person.name} has {person.free} free lockers left.", "Raise storage.lockers and run portal tick."
            )


def _foreign_key(name: str) -> Finding:
    return Finding(
        f"The key that bookings with {name} are sealed to is not the one that the public is shown.",
        f"Close booking: portal ombuds close {shlex.quote(name)}. Ask {name}, by voice, for the fingerprint on their "
        "papers, find out which store was changed, and put back the true one.",
    )


def _alarmed(name: str) -> Finding:
    return Finding(
        f"At sign-in, {name} found a key on this server that is not theirs. Booking with them is closed.",
        f"Ask {name}, by voice, for the fingerprint on their papers, find out who changed the stores, and put back the "
        f"true key. When it is cleared up: portal ombuds reopen {shlex.quote(name)}",
    )


def _closed(name: str) -> Finding:
    return remark(
        f"Booking with {name} is closed.", f"To offer their times again: portal ombuds reopen {shlex.quote(name)}"
    )


def read_roster(path: Path) -> RosterFacts | UnknownRoster | None:
    """What may be said of the roster in place; None when there is none."""
    try:
        return roster.facts(path)
    except (NotReady, sqlite3.Error, TypeError):  # TypeError: its one row of facts is gone
        return UnknownRoster()


def about_roster(facts: RosterFacts | UnknownRoster | None, today: date) -> Iterator[Finding]:
    if isinstance(facts, UnknownRoster):
        yield Finding(
            "The roster is not one that this version of the portal made: no address is known.",
            "Import it again: portal roster import FILE",
        )
    elif facts is None:
        yield Finding("There is no roster: nobody's address is known.", "portal roster import FILE")
    elif not facts.people:
        yield Finding("There is nobody in the roster: nobody's address is known.", "portal roster import FILE")
    elif today - facts.imported_on > _STALE_AFTER:
        yield Finding(f"The roster is from {facts.imported_on}.", "Import a newer one: portal roster import FILE")


def about_daily_job(last_day: date | None, today: date) -> Iterator[Finding]:
    what_to_do = (
        "Run portal tick now. A running server does it by itself every day: see that it runs, and what it logged."
    )
    if last_day is not None and today - last_day > LONGEST_PAUSE:
        what_to_do = (
            "Look at the clock first: a wrong one ends matters for good. If it is right: portal tick --catch-up"
        )
    if last_day is None:
        yield Finding("The daily job has never run: nothing ends, and no new times open.", what_to_do)
    elif today - last_day > _LATE_AFTER:
        yield Finding(f"The daily job last ran on {last_day}: since then nothing has ended or opened.", what_to_do)
