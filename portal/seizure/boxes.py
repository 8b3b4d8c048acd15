"""S16: sealed columns forced, moved and exchanged, with every key that lies on the server."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from portal.errors import CannotOpen
from portal.intake.lockers import STORE, Boxes
from portal.intake.tables import USED
from portal.sealing import box
from portal.sealing.keys import KEY_SIZE, PRIVATE_SIZE, expand
from portal.sealing.places import Place
from portal.seizure.crowd import keys_of
from portal.seizure.files import looking, tables
from portal.seizure.results import NotPossible, Scene
from portal.sqlite import store_path

#: How many lockers are forced, the used ones first, and with how many locks of others.
_LOCKERS = 30
_LOCKS = 40
_NAMES = ("to_ombuds", "to_visitor", "notes", "matter", "ledger", "waiting", "code", "factor", "office")
_SEEDS = ("ombuds/private", "words/private", "office/private")
_OWN = ("ombuds/own", "words/pair", "")


@dataclass(frozen=True, repr=False)
class _Locker:
    id: bytes
    secret: bytes
    boxes: Boxes


def look(scene: Scene) -> list[str]:
    """Locks and server secrets as keys on every box, in its place and in others."""
    found = _lockers(scene.copy)
    locks = [each.secret for each in found[:_LOCKS]]
    server = list(keys_of(scene.settings.secrets, scene.now.date()).all().values())
    keys = [*server, *locks, *(expand(each, label) for each in server for label in _OWN), bytes(KEY_SIZE)]
    seeds = [expand(each, label, PRIVATE_SIZE) for each in server for label in _SEEDS] + [bytes(PRIVATE_SIZE)]
    told = [*_forced(found[:_LOCKERS], keys, seeds), *_keyrings(scene.copy, keys, seeds)]
    if not any(_inner(each) for each in found):
        raise NotPossible("no locker opens with its own lock, so there was nothing to force")
    return sorted(set(told))


def _lockers(folder: Path) -> list[_Locker]:
    """Used ones first; within them in any order."""
    with closing(looking(store_path(folder, "desk"))) as desk, closing(looking(store_path(folder, "keys"))) as keys:
        rows = desk.execute("SELECT state, id, to_ombuds, to_visitor, notes FROM locker").fetchall()
        secrets = dict(keys.execute("SELECT locker, secret FROM lock"))
    if not rows:
        raise NotPossible("no ombuds has joined, so there are no lockers")
    random.SystemRandom().shuffle(rows)
    rows.sort(key=lambda row: row[0] != USED)
    return [_Locker(locker, secrets.get(locker, b""), Boxes(*found)) for _, locker, *found in rows]


def _forced(found: Sequence[_Locker], keys: Sequence[bytes], seeds: Sequence[bytes]) -> Iterator[str]:
    for number, each in enumerate(found):
        for name in _opened(each.id, _inner(each), keys, seeds):
            yield f"desk.db: a box of {name} opens with the server's keys"
        other = found[number - 1]
        if other is not each:
            yield from _moved(each, other)


def _moved(one: _Locker, other: _Locker) -> Iterator[str]:
    """Each box of another locker in this one's place, with this one's lock and with the other's."""
    for name, value in vars(other.boxes).items():
        for secret in (one.secret, other.secret):
            if _unlocks(value, secret, Place(STORE, one.id, f"{name}/lock")):
                yield f"desk.db: a box of {name} opens in another locker"
    for name in vars(one.boxes):
        for elsewhere in vars(one.boxes).keys() - {name}:
            if _unlocks(vars(one.boxes)[elsewhere], one.secret, Place(STORE, one.id, f"{name}/lock")):
                yield f"desk.db: a box of {elsewhere} opens in the place of {name}"


def _inner(locker: _Locker) -> dict[str, bytes]:
    """Its boxes without the lock, as far as it fits: not in a locker that was ended halfway."""
    found = {}
    for name, value in vars(locker.boxes).items():
        with suppress(CannotOpen):
            found[name] = box.unlock(value, locker.secret, Place(STORE, locker.id, f"{name}/lock"))
    return found


def _opened(row: bytes, boxes: Mapping[str, bytes], keys: Sequence[bytes], seeds: Sequence[bytes]) -> Iterator[str]:
    for name, value in boxes.items():
        if any(_opens(value, Place(STORE, row, place), keys, seeds) for place in _NAMES[:4]):
            yield name


def _keyrings(folder: Path, keys: Sequence[bytes], seeds: Sequence[bytes]) -> Iterator[str]:
    """What an ombuds' passphrase opens. Not the second factor: the server must open that one itself."""
    store = store_path(folder, "keys")
    known = tables(store)
    wanted = (("keyring", "wrapped_code"), ("keyring", "office_key"), ("ledger", "box"), ("waiting", "box"))
    for table, column in wanted:
        if table not in known:
            continue
        with closing(looking(store)) as connection:
            rows = connection.execute(f"SELECT ombuds, {column} FROM {table}").fetchall()  # noqa: S608 - names of ours
        for ombuds, value in rows:
            if any(_opens(value, Place("keys", ombuds, place), keys, seeds) for place in _NAMES):
                yield f"keys.db: {column} opens with the server's keys"


def _opens(value: bytes, place: Place, keys: Sequence[bytes], seeds: Sequence[bytes]) -> bool:
    if len(value) > box.SEALED_OVERHEAD and any(_unseals(value, seed, place) for seed in seeds):
        return True
    return any(_unlocks(value, key, place) for key in keys)


def _unlocks(value: bytes, key: bytes, place: Place) -> bool:
    try:
        box.unlock(value, key, place)
    except CannotOpen:
        return False
    return True


def _unseals(value: bytes, seed: bytes, place: Place) -> bool:
    try:
        box.open_sealed(value, seed, place)
    except CannotOpen:
        return False
    return True
