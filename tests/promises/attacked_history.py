"""The short history of an office that an operator will write into: two ombuds, three visitors, a mark, notes."""

import os
import shutil
from dataclasses import replace
from datetime import time as wall_clock
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from portal import clock, jobs
from portal.busy.map import BusyMap
from portal.desk import noting
from portal.desk import service as desk_service
from portal.intake import service as intake
from portal.intake import store
from portal.intake.rules import Matter
from portal.intake.rules import State as Met
from portal.notices import service as notices
from portal.notices.rules import Days
from portal.office import service as office
from portal.office.rules import DeskKeys, Kit, desk_keys
from portal.outreach import service as outreach
from portal.scheduling import elsewhere, opening
from portal.scheduling.rules import WeeklyRange
from portal.sealing.keys import VisitorKeys, passphrase_key, visitor_keys
from portal.site import choices, tables, voices, words
from portal.site.choices import Choices
from tests.cast import LIBRARY, MEI, PRACTICE, TOMAS, VERA, World, change_settings
from tests.promises.attacked_office import WEEK, WORDS, Office

NOOR_NAME = "Noor Haddad"
NAMED = {
    "notice_hours": 12,
    "horizon_weeks": 1,
    "zone": "UTC",
    "holidays": "IE",
    "languages": ("en", "ga"),
    "region": "North",
}


def make_office(world: World, folder: Path) -> Office:
    # Few times and few mailboxes, because every attack starts from a fresh copy.
    change_settings(world.instance, horizon_weeks="horizon_weeks = 1", lockers="lockers = 4")
    world.refresh()
    _open_mornings(world, world.ombuds)
    noor = _join(world)
    olas, noors = ([each for each in world.offers()[2:] if each.ombuds == who] for who in (world.ombuds, noor))
    offers = {"Vera": olas[0], "Tomás": olas[1], "Mei": noors[0]}
    found, sealed, lockers = {}, [], {}
    for name, person in (("Vera", VERA), ("Tomás", TOMAS), ("Mei", MEI)):
        receipt = world.book(person, typed=WORDS[name], share="name", slots=[offers[name].id], message=f"{name}'s")
        assert isinstance(receipt, intake.Receipt)
        found[name] = visitor_keys(WORDS[name], world.settings.secrets.words)
        sealed.append(receipt.matter)
        with world.stores.desk.reading() as desk:
            locker = store.find_by_lookup(desk, found[name].lookup)
        assert locker
        lockers[name] = locker
    return _lived(world, noor, folder, found, lockers, sealed)


def _write_public_words(site: Session) -> None:
    charter = words.standing(site, "about/charter", "en")
    words.keep(site, "about/charter", "en", "# Our charter\n\nThe council signed it.", mark=charter.mark)
    words.show(site, "about/covenant", shown=False)
    choices.keep(site, Choices(accent="#1d5a53"))
    site.add(
        tables.Event(
            id="0" * 16,
            starts="2027-10-12T14:00",
            ends="2027-10-12T15:00",
            place="",
            link="",
            audience="",
            changes=1,
        )
    )
    site.add(
        tables.Voice(
            id="0" * 16, kind=voices.Kind.EXPERIENCE.value, quarter="2026-Q4", lang="en", text="I was heard.", answer=""
        )
    )


def _join(world: World) -> bytes:
    """Noor, whom Ola admits."""
    with world.stores.desk.writing() as desk:
        code = office.invite(desk, NOOR_NAME)
        assert isinstance(code, str)
        noor = office.find_invitation(desk, code)
    assert isinstance(noor, bytes)
    kit = office.new_kit()
    assert desk_service.join(world.stores, code=code, kit=kit, settings=world.settings, now=clock.now())
    with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
        assert office.admit(desk, keys, noor, _keys(world, world.kit))
    _open_mornings(world, noor)
    world.refresh()
    return noor


def _open_mornings(world: World, ombuds: bytes) -> None:
    mornings = [WeeklyRange(day, wall_clock(9), wall_clock(11)) for day in range(7)]
    with world.stores.desk.writing() as desk:
        place = replace(LIBRARY, id=ombuds)
        opening.put_place(desk, place)
        opening.set_hours(desk, ombuds, mornings, replace(PRACTICE, **NAMED, place=place.id))
        today = clock.now().date()
        opening.set_date(desk, ombuds, today, [WeeklyRange(today.weekday(), wall_clock(9), wall_clock(10))])
        opening.open_slots(desk, world.settings, clock.now(), ombuds)
        busy = BusyMap(today)
        busy.mark(clock.now(), clock.now() + timedelta(hours=1))
        elsewhere.keep(desk, ombuds, busy, settings=world.settings, now=clock.now())
    with world.stores.keys.writing() as keys:
        elsewhere.set_address(keys, ombuds, "https://calendar.example.org/ola.ics", settings=world.settings)


def _keys(world: World, kit: Kit) -> DeskKeys:
    with world.stores.keys.reading() as keys:
        wrapped = office.find_wrapped(keys, world.ombuds)
    assert wrapped
    return desk_keys(world.ombuds, kit.recovery, office._office_private(wrapped, kit.recovery))


def _lived(
    world: World,
    noor: bytes,
    folder: Path,
    visitors: dict[str, VisitorKeys],
    lockers: dict[str, bytes],
    sealed: list[Matter],
) -> Office:
    ola, last = _keys(world, world.kit), clock.now()
    desk_service.unlock(world.at_desk(ola, last - WEEK))
    assert noting.write(world.at_desk(ola, last - WEEK), lockers["Vera"], "Ola's first note", 0) == noting.Kept()
    world.stores.close()
    shutil.copytree(world.instance, folder / "earlier")
    assert desk_service.mark(world.at_desk(ola, last + 8 * WEEK), lockers["Vera"], Met.MET)
    assert noting.write(world.at_desk(ola, last), lockers["Vera"], "Ola's second note", 1) == noting.Kept()
    desk_service.unlock(world.at_desk(ola, last))
    marked = desk_service.open_matter(world.at_desk(ola, last), lockers["Vera"])
    assert isinstance(marked, desk_service.MatterView)
    with world.stores.keys.reading() as keys:
        wrapped = office.find_wrapped(keys, world.ombuds)
    assert wrapped
    jobs.daily(world.stores, settings=world.settings, now=last)
    with world.stores.site.writing() as site:
        outreach.keep_trial(site, outreach.Tried(last.date(), found_nobody=True))
        _write_public_words(site)
        for ombuds in (world.ombuds, noor):
            notices.set_notice(site, ombuds, Days(last.date(), last.date() + WEEK), today=last.date())
    with world.stores.keys.writing() as keys:
        keys.add(tables.Editor(id=os.urandom(16), name="Eve", salt=bytes(16), hash=bytes(32), factor=bytes(48)))
        for ombuds in (world.ombuds, noor):
            notices.keep_pin(keys, ombuds, notices.pinned("12345678", world.settings.secrets.factors))
    world.stores.close()
    shutil.copytree(world.instance, folder / "now")
    return Office(
        world=world,
        noor=noor,
        earlier=folder / "earlier",
        now=folder / "now",
        visitors=visitors,
        lockers=lockers,
        last=last.replace(microsecond=0),
        sealed=[*sealed, marked.matter],
        ola=ola,
        passphrase=passphrase_key(world.kit.passphrase, wrapped.salt),
        salt=wrapped.salt,
    )
