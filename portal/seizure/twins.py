"""S2, S19: whoever books, or nobody at all, the same blocks of the same files change; noise changes as many.

This is what is seen from outside: which bytes change, not what they become when a lock is opened.
"""

from portal.intake import service as intake
from portal.intake import upkeep
from portal.intake.practising import practise_meeting
from portal.intake.rules import Share, Stub
from portal.roster.rules import Claim
from portal.scheduling.service import KEEP_FREE, NotOffered
from portal.sealing import words
from portal.seizure.footprint import BLOCK, Mark, Snapshot, changed, take
from portal.seizure.results import NotPossible, Scene
from portal.seizure.visiting import (
    World,
    code_for,
    free_slots,
    known_addresses,
    made_world,
    mode_for,
    narrow,
    stores_of,
    twin_of,
)
from portal.volatile import Publication

_NOBODY = Claim("", "", "none")
_LONG = "Ünïcödé, at length. " * 25
#: Some bytes of a new box are the old ones by chance, now and then just where a block begins; not three times over.
_TRIES = 3
_STIRRED = 3
#: Boxes of one length reach over a block more or less, by where they begin.
_BORDERS = 16
#: Whoever writes stirs another slot than a decoy takes: sixteen bytes and a state, on either side of a border.
_SLOT = 3
#: Erasing changes the lock too.
_VISITED = frozenset({"desk.db", "keys.db"})


def look(scene: Scene) -> list[str]:
    """Visitors who say nothing, say all, write or only practise, and a decoy, each in a copy with one free locker."""
    found: list[str] = []
    for number in range(_TRIES):
        found = _differences(scene, f"twins{number}")
        if not found:
            return []
    return found


def _differences(scene: Scene, name: str) -> list[str]:
    with made_world(scene, name) as world:
        if len(world.offers) <= KEEP_FREE:
            raise NotPossible(f"it needs {KEEP_FREE + 1} free times of one ombuds")
        narrow(world)
        before = take(world.folder)
        decoy, slot = _decoy(scene, world, before)
        visits = {
            "a visitor without a name": _visit(scene, world, before, slot, known=False),
            "a visitor with a name and a long text": _visit(scene, world, before, slot, known=True),
        }
        letter = _letter(scene, world, before)
        practice = _practice(scene, world, before, slot)
        noise = [_noise(world, before) for _ in range(_STIRRED)]
    found = [
        f"{who} changes other parts of {', '.join(_files(marks, decoy))} than a decoy"
        for who, marks in visits.items()
        if marks != decoy
    ]
    if max(len(letter - decoy), len(decoy - letter)) > _SLOT:
        found.append(f"a visitor who writes changes other parts of {', '.join(_files(letter, decoy))} than a decoy")
    if practice:
        found.append(f"somebody who only practises changes {', '.join(sorted({name for name, _, _ in practice}))}")
    return found if all(_is_kin(each, decoy) for each in noise) else [*found, "the noise does not look like a visit"]


def _files(one: frozenset[Mark], other: frozenset[Mark]) -> list[str]:
    return sorted({name for name, _, _ in one ^ other})


def _decoy(scene: Scene, world: World, before: Snapshot) -> tuple[frozenset[Mark], bytes]:
    """What a decoy changes, and which slot it took: a listed one, so that a visitor can take it too."""
    listed = {offer.id for offer in world.offers}
    for _ in range(_TRIES):
        with twin_of(world) as folder:
            with stores_of(folder) as stores:
                intake.book_decoy(stores, publication=Publication(), settings=world.settings, now=scene.now)
            taken = listed & (free_slots(world.folder) - free_slots(folder))
            if taken:
                return changed(before, take(folder), BLOCK), taken.pop()
    raise NotPossible("no decoy could be booked")


def _visit(scene: Scene, world: World, before: Snapshot, slot: bytes, *, known: bool) -> frozenset[Mark]:
    offers = [offer for offer in world.offers if offer.id == slot]
    people = known_addresses(scene, 1) if known or offers[0].proof_needed else []
    if offers[0].proof_needed and not people:
        raise NotPossible("its times need a code, and nobody of the list is on the roster")
    claim = Claim(people[0], code_for(scene, people[0]), "code") if people else _NOBODY
    share = Share.NAME if known and people else Share.NOTHING
    request = intake.Request(
        words=words.draw(),
        claim=claim,
        slots=[slot],
        mode=mode_for(offers),
        stub=Stub(share=share, message=_LONG if known else ""),
    )
    with twin_of(world) as folder:
        with stores_of(folder) as stores:
            told = intake.request_meeting(
                stores, request, publication=Publication(), settings=world.settings, now=scene.now
            )
        if not isinstance(told, intake.Receipt):
            raise NotPossible(f"a booking was refused ({type(told).__name__})")
        return changed(before, take(folder), BLOCK)


def _letter(scene: Scene, world: World, before: Snapshot) -> frozenset[Mark]:
    """What somebody changes who writes to the same ombuds: with a code, as every ombuds takes those."""
    people = known_addresses(scene, 1)
    claim = Claim(people[0], code_for(scene, people[0]), "code") if people else _NOBODY
    request = intake.Writing(
        words=words.draw(),
        claim=claim,
        ombuds=world.ombuds,
        stub=Stub(share=Share.NAME if people else Share.NOTHING),
        text=_LONG,
        form="",
    )
    with twin_of(world) as folder:
        with stores_of(folder) as stores:
            told = intake.request_writing(stores, request, settings=world.settings, now=scene.now)
        if isinstance(told, NotOffered):
            raise NotPossible("messages need a code, and nobody of the list is on the roster")
        if not isinstance(told, intake.Receipt):
            raise NotPossible(f"a message was refused ({type(told).__name__})")
        return changed(before, take(folder), BLOCK)


def _practice(scene: Scene, world: World, before: Snapshot, slot: bytes) -> frozenset[Mark]:
    """What a practice run changes: nothing, as nothing may tell one from a visit that never was."""
    offers = [offer for offer in world.offers if offer.id == slot]
    people = known_addresses(scene, 1)
    request = intake.Request(
        words=words.draw(),
        claim=Claim(people[0], code_for(scene, people[0]), "code") if people else _NOBODY,
        slots=[slot],
        mode=mode_for(offers),
        stub=Stub(share=Share.NAME if people else Share.NOTHING, message=_LONG),
    )
    with twin_of(world) as folder:
        with stores_of(folder) as stores:
            practise_meeting(stores, request, publication=Publication(), settings=world.settings, now=scene.now)
        return changed(before, take(folder), BLOCK)


def _noise(world: World, before: Snapshot) -> frozenset[Mark]:
    with twin_of(world) as folder:
        with stores_of(folder) as stores, stores.desk.writing() as desk, stores.keys.writing() as keys:
            upkeep.stir(desk, keys)
        return changed(before, take(folder), BLOCK)


def _is_kin(noise: frozenset[Mark], decoy: frozenset[Mark]) -> bool:
    """Noise falls on any slot and any locker: it changes about as much, and in no other files than visits do."""
    count = len(_in_desk(noise)) - len(_in_desk(decoy))
    sizes = {(name, size) for name, size, _ in _in_desk(noise | decoy)}
    return abs(count) <= _BORDERS and len(sizes) == 1 and {name for name, _, _ in noise} <= _VISITED


def _in_desk(marks: frozenset[Mark]) -> frozenset[Mark]:
    return frozenset(mark for mark in marks if mark[0] == "desk.db")
