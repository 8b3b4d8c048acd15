"""S9: a blank, a decoy and a matter are made of the same stuff, also for a thief who holds the locks."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal import clock
from portal.intake import lockers, returning, upkeep
from portal.intake import service as intake
from portal.intake.lockers import Boxes
from portal.sealing.keys import PUBLIC_SIZE, is_public
from portal.seizure.files import looking
from tests.cast import MEI, TOMAS, VERA, World
from tests.promises.chance import deviations, kinds_differ

pytestmark = pytest.mark.xdist_group("blanks")
#: FIPS 203: the capsule of ML-KEM-768; then RFC 7748: the share of X25519.
CAPSULE, SHARE = 1088, 32
PRIME = 2**255 - 19
CURVE = 486662
#: Sixteen comparisons, and none of them by chance in a hundred thousand runs.
APART = deviations(16 * 100_000)
NAMES = ("to_ombuds", "to_visitor", "notes")
PUBLIC = {"desk.db": ("ombuds", "office"), "site.db": ("face",)}


@dataclass(frozen=True)
class Stuff:
    """One kind of locker: its boxes as they lie on the disk, and with the lock off, as Theo has them."""

    outer: list[Boxes]
    inner: list[Boxes]


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Mapping[str, Stuff]]:
    """Eight lockers: two matters, two decoys, one erased, one stirred, two that nobody ever touched."""
    world = first_world.copy(tmp_path_factory.mktemp("blanks") / "instance")
    slots, kinds = [offer.id for offer in world.offers()][1:], dict[str, set[bytes]]()
    kinds["untouched"] = _ids(world)
    for person, slot, words in zip((VERA, TOMAS, MEI), slots, ("amber", "cabbage", "eagle"), strict=False):
        assert isinstance(world.book(person, slots=[slot], share="name", typed=f"{words} " * 6), intake.Receipt)
    kinds["matters"] = _used(world)
    for _ in range(2):
        assert intake.book_decoy(world.stores, publication=world.publication, settings=world.settings, now=clock.now())
    kinds["decoys"] = _used(world) - kinds["matters"]
    before = _used(world)
    assert returning.erase(
        world.stores, "eagle " * 6, publication=world.publication, settings=world.settings, now=clock.now()
    )
    kinds["erased"] = before - _used(world)
    kinds["matters"] -= kinds["erased"]
    kinds["untouched"] -= before
    kinds["stirred"] = {kinds["untouched"].pop()}
    _stir(world, *kinds["stirred"])
    world.stores.close()
    return world, {kind: _stuff(world, found) for kind, found in kinds.items()}


def test_every_kind_of_locker_is_there(office: tuple[World, Mapping[str, Stuff]]) -> None:
    counts = {kind: len(stuff.outer) for kind, stuff in office[1].items()}
    assert counts == {"untouched": 2, "matters": 2, "decoys": 2, "erased": 1, "stirred": 1}


def test_all_boxes_of_a_column_have_one_length_with_the_lock_and_without(
    office: tuple[World, Mapping[str, Stuff]],
) -> None:
    for layer in ("outer", "inner"):
        for name in NAMES:
            assert len({len(box) for stuff in office[1].values() for box in _boxes(stuff, layer, name)}) == 1


@pytest.mark.parametrize("layer", ["outer", "inner"])
@pytest.mark.parametrize("kind", ["matters", "decoys", "erased", "stirred"])
def test_the_bytes_of_a_used_box_are_like_those_of_an_untouched_one(
    kind: str, layer: str, office: tuple[World, Mapping[str, Stuff]]
) -> None:
    for name in NAMES[:2]:
        blank, other = (b"".join(_boxes(office[1][each], layer, name)) for each in ("untouched", kind))
        assert kinds_differ(blank, other) < APART


def test_every_sealed_box_begins_with_a_real_capsule_and_a_real_share(
    office: tuple[World, Mapping[str, Stuff]],
) -> None:
    """A share of random bytes has its top bit set, or lies on the twist of the curve, three times out of four."""
    shares = [_share(box) for stuff in office[1].values() for name in NAMES[:2] for box in _boxes(stuff, "inner", name)]
    assert len(shares) == 2 * 8
    assert [share.hex() for share in shares if not _is_on_curve(share)] == []


def test_every_public_key_on_the_disk_is_one(office: tuple[World, Mapping[str, Stuff]]) -> None:
    keys = list(_public_keys(office[0].instance))
    assert len(keys) == 3
    assert [key[:8].hex() for key in keys if not (is_public(key) and _is_on_curve(key[-SHARE:]))] == []


@pytest.mark.parametrize("make", [bytes, os.urandom, lambda size: os.urandom(size // 2).hex().encode()])
def test_a_blank_that_is_no_box_shows(make: object, office: tuple[World, Mapping[str, Stuff]]) -> None:
    """Zeros, random bytes, a text: what a blank could be if nobody thought of it."""
    assert callable(make)
    matters = _boxes(office[1]["matters"], "inner", "to_ombuds")
    planted = [make(len(box)) for box in matters for _ in range(10)]
    is_like = kinds_differ(b"".join(planted), b"".join(matters)) < APART
    assert not (is_like and all(_is_on_curve(_share(box)) for box in planted))


def test_a_key_that_is_none_shows() -> None:
    assert not is_public(os.urandom(PUBLIC_SIZE)), "ML-KEM's numbers are smaller than 3329"
    assert not all(_is_on_curve(os.urandom(SHARE)) for _ in range(30))


def _is_on_curve(share: bytes) -> bool:
    """Whether v² = u³ + 486662u² + u has an answer, by Euler; its top bit is never set."""
    u = int.from_bytes(share, "little")
    return u < PRIME and pow(u**3 + CURVE * u**2 + u, (PRIME - 1) // 2, PRIME) in {0, 1}


def _share(box: bytes) -> bytes:
    return box[CAPSULE : CAPSULE + SHARE]


def _boxes(stuff: Stuff, layer: str, name: str) -> list[bytes]:
    return [getattr(boxes, name) for boxes in getattr(stuff, layer)]


def _stuff(world: World, ids: set[bytes]) -> Stuff:
    with closing(looking(world.instance / "desk.db")) as desk, closing(looking(world.instance / "keys.db")) as keys:
        locks = dict(keys.execute("SELECT locker, secret FROM lock"))
        rows = desk.execute("SELECT id, to_ombuds, to_visitor, notes FROM locker").fetchall()
    found = {locker: Boxes(*boxes) for locker, *boxes in rows if locker in ids}
    return Stuff(list(found.values()), [lockers.unlock(each, locks[each], boxes) for each, boxes in found.items()])


def _stir(world: World, locker: bytes) -> None:
    """What the noise does in a free locker, without waiting for chance to draw it."""
    with world.stores.desk.writing() as desk, world.stores.keys.writing() as keys:
        upkeep.end(desk, keys, locker, world.ombuds)


def _used(world: World) -> set[bytes]:
    return _ids(world, "WHERE state = 9")


def _ids(world: World, where: str = "") -> set[bytes]:
    with closing(sqlite3.connect(world.instance / "desk.db")) as desk:
        return {row[0] for row in desk.execute(f"SELECT id FROM locker {where}")}  # noqa: S608 - our own words


def _public_keys(folder: Path) -> Iterator[bytes]:
    for file, tables in PUBLIC.items():
        with closing(looking(folder / file)) as store:
            for table in tables:
                yield from (row[0] for row in store.execute(f"SELECT public_key FROM {table}"))  # noqa: S608
