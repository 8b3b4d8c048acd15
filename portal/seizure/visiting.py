"""Worlds to try things in: copies of an office in which one visit takes place, and what it is told and leaves."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal import config, migrations
from portal.db import Stores, open_stores
from portal.intake import upkeep
from portal.intake.tables import FREE as FREE_LOCKER
from portal.intake.tables import USED
from portal.office import service as office
from portal.roster import service as roster
from portal.roster.codes import code_of, period_key
from portal.roster.rules import Claim, Eligible, hash_of, valid_periods
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer
from portal.scheduling.tables import FREE as FREE_SLOT
from portal.scheduling.tables import TAKEN
from portal.sealing import symbols
from portal.seizure.copying import copy_stores
from portal.seizure.files import looking
from portal.seizure.results import NotPossible, Scene
from portal.sqlite import store_path
from portal.volatile import Publication

_ASKED = 500
#: Shown in order of preference: a call needs no place, and its receipt no link of its own.
_MODES = (Mode.phone, Mode.in_person, Mode.video)


@dataclass(frozen=True)
class World:
    """A copy brought to the newest shape, and in it the ombuds with most listed times and a free locker."""

    folder: Path
    settings: config.Settings
    ombuds: bytes
    offers: list[Offer]
    free_lockers: int


@contextmanager
def stores_of(folder: Path) -> Iterator[Stores]:
    stores = open_stores(folder)
    try:
        yield stores
    finally:
        stores.close()


@contextmanager
def made_world(scene: Scene, name: str) -> Iterator[World]:
    """A working copy under a name, removed afterwards.

    Raises:
        NotPossible: when nobody can be booked in this office.
    """
    folder = scene.work / name
    copy_stores(scene.copy, folder)
    try:
        yield _look_over(folder, scene.now)
    finally:
        shutil.rmtree(folder)


def _look_over(folder: Path, now: datetime) -> World:
    migrations.upgrade(folder)
    settings = config.load(folder)
    with stores_of(folder) as stores, stores.desk.reading() as desk:
        free = upkeep.free_lockers(desk)
        names = {key: name for key, name in office.names(desk).items() if free.get(key)}
        listed = scheduling.published(desk, Publication(), names, settings=settings, now=now)
    if not listed:
        raise NotPossible("it needs a free time of an ombuds with a free locker, and there is none")
    by_ombuds = {each: [offer for offer in listed if offer.ombuds == each] for each in names}
    ombuds = max(by_ombuds, key=lambda each: len(by_ombuds[each]))
    return World(folder, settings, ombuds, by_ombuds[ombuds], free[ombuds])


@contextmanager
def twin_of(world: World) -> Iterator[Path]:
    """A copy of the copy, for one visit."""
    folder = world.folder.with_name("twin")
    shutil.copytree(world.folder, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def narrow(world: World) -> None:
    """Leave one free locker, and free times of one ombuds only: every visit must change the same row."""
    with closing(sqlite3.connect(store_path(world.folder, "desk"))) as desk, desk:
        desk.execute("PRAGMA journal_mode = TRUNCATE")
        (kept,) = desk.execute(
            "SELECT id FROM locker WHERE ombuds = ? AND state = ? LIMIT 1", (world.ombuds, FREE_LOCKER)
        ).fetchone()
        desk.execute("UPDATE locker SET state = ? WHERE state = ? AND id != ?", (USED, FREE_LOCKER, kept))
        desk.execute("UPDATE slot SET state = ? WHERE state = ? AND ombuds != ?", (TAKEN, FREE_SLOT, world.ombuds))


def free_slots(folder: Path) -> set[bytes]:
    with closing(looking(store_path(folder, "desk"))) as desk:
        return {slot for (slot,) in desk.execute("SELECT id FROM slot WHERE state = ?", (FREE_SLOT,))}


def mode_for(offers: list[Offer]) -> Mode:
    """A way to meet that all these times offer."""
    for mode in _MODES:
        if all(mode in offer.modes for offer in offers):
            return mode
    raise NotPossible("its times share no way to meet")


def code_for(scene: Scene, address: str) -> str:
    """The code that was mailed to an address: Theo has the secret that makes it."""
    secrets = scene.settings.secrets
    key = period_key(secrets.codes, valid_periods(scene.now.date())[0])
    return symbols.grouped(code_of(hash_of(address, secrets.roster), key))


def known_addresses(scene: Scene, count: int) -> list[str]:
    """So many people of the list, each by an address that the roster knows; fewer when they are not to be found."""
    found: list[str] = []
    for person in scene.staff[:_ASKED]:
        for address in person.addresses:
            claim = Claim(address, code_for(scene, address), "code")
            told = roster.check_claim(scene.settings.roster, claim, settings=scene.settings, now=scene.now)
            if isinstance(told, Eligible):
                found.append(address)
                break
        if len(found) == count:
            break
    return found
