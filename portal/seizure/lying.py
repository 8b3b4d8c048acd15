"""What Theo sees in files that lie still: sizes, times, order, remains, and bytes that look unlike others."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import chain
from pathlib import Path
from statistics import NormalDist

from portal.intake.tables import FREE, USED
from portal.office.tables import INVITED
from portal.roster import service as roster
from portal.roster.codes import code_of, period_key
from portal.roster.rules import Claim, hash_of, valid_periods
from portal.sealing.keys import public_key
from portal.seizure import order, residue
from portal.seizure.files import databases, looking, tables
from portal.seizure.footprint import stamps
from portal.seizure.results import NotPossible, Scene
from portal.sqlite import store_path

BOXES = ("to_ombuds", "to_visitor", "notes")
#: Columns that may say a moment, and why.
TOLD = {("desk.db", "slot", "starts"): "the planned time of a slot, which the public list tells"}
#: Columns whose boxes need not be equally long, and why.
OF_MANY_LENGTHS = {("keys.db", "ledger", "box"): "it follows the number of lockers, for each ombuds at a sign-in"}
_RECENT = timedelta(days=400)
_SOON = timedelta(days=1)
_LOOKED_UP = 30
#: How often bytes that are as random as each other may be called different.
_ONCE_IN = 1_000_000
_BYTES = 256
#: Bytes that a byte's share is reckoned from: five of each kind, as the chi-square test wants.
_ENOUGH = 5 * _BYTES


def roster_unchanged(scene: Scene) -> list[str]:
    """S3: people are looked up, with right codes and wrong ones."""
    path = scene.copy / "roster.db"
    if not path.exists():
        raise NotPossible("there is no roster")
    before, secrets = stamps(scene.copy), scene.settings.secrets
    period = valid_periods(scene.now.date())[0]
    for person in scene.staff[:_LOOKED_UP]:
        for address in person.addresses:
            right = code_of(hash_of(address, secrets.roster), period_key(secrets.codes, period))
            for code, proof in ((right, "code"), (right[::-1], "code"), ("", "none")):
                roster.check_claim(path, Claim(address, code, proof), settings=scene.settings, now=scene.now)
    after = stamps(scene.copy)
    return [
        f"{name}: changed by a look-up"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def lengths(scene: Scene) -> list[str]:
    """S4: a longer text must not make a longer box, nor a booking a wider row."""
    found = [
        f"{path.name}: table {table}, column {column} has {len(sizes)} lengths"
        for path in databases(scene.copy)
        for (table, column), sizes in sorted(order.lengths(path).items())
        if len(sizes) > 1 and (path.name, table, column) not in OF_MANY_LENGTHS
    ]
    return found + [f"desk.db: table {table} has rows of different width" for table in _uneven(scene.copy)]


def _uneven(folder: Path) -> Iterator[str]:
    """Tables in which what a visit changes is not stored in one width."""
    desk = store_path(folder, "desk")
    for table, column in (("locker", "state"), ("locker", "destroy_on"), ("slot", "state")):
        with closing(looking(desk)) as connection:
            query = f"SELECT DISTINCT typeof({column}), length({column}), {column} IN (0, 1) FROM {table}"  # noqa: S608
            if len(connection.execute(query).fetchall()) > 1:
                yield table


def moments(scene: Scene) -> list[str]:
    """S5: when somebody came, written down anywhere but where a public time is planned."""
    recent = order.moments(scene.copy, scene.now - _RECENT, scene.now + _SOON)
    places = {(cell.file, cell.table, cell.column) for cell in recent} - TOLD.keys()
    return [f"{file}: table {table}, column {column} holds a time of late" for file, table, column in sorted(places)]


def arrival(scene: Scene) -> list[str]:
    """S6, S18: rows that stand as they came."""
    return [f"{each} keeps an order of arrival" for each in order.kept_in_order_of_arrival(scene.copy)]


def remains(scene: Scene) -> list[str]:
    """S7: what was thrown away and still lies there."""
    full = {name: count for name, count in residue.full_free_pages(scene.copy).items() if count}
    found = [f"{name}: {count} pages that are free hold bytes" for name, count in sorted(full.items())]
    return found + [f"{name}: holds bytes that a change left over" for name in residue.leftovers(scene.copy)]


def alike(scene: Scene) -> list[str]:
    """S9: keys are keys, and a blank looks like a matter from outside."""
    return [*_broken_keys(scene.copy), *_unlike(store_path(scene.copy, "desk"))]


def _broken_keys(folder: Path) -> Iterator[str]:
    for path in databases(folder):
        for table, made in tables(path).items():
            if "public_key" not in made:
                continue
            where = f"WHERE state != {INVITED}" if table == "ombuds" else ""  # invited: no key yet
            with closing(looking(path)) as connection:
                rows = connection.execute(f'SELECT public_key FROM "{table}" {where}').fetchall()  # noqa: S608
            if not all(_is_key(key) for (key,) in rows):
                yield f"{path.name}: table {table} holds a public key that is none"


def _is_key(public: bytes) -> bool:
    try:
        public_key(public)
    except (ValueError, TypeError):
        return False
    return True


def _unlike(desk: Path) -> Iterator[str]:
    with closing(looking(desk)) as connection:
        rows = connection.execute(f"SELECT state, {', '.join(BOXES)} FROM locker").fetchall()  # noqa: S608
    by_state: Mapping[int, list[Sequence[bytes]]] = defaultdict(list)
    for state, *boxes in rows:
        by_state[state].append(boxes)
    for place, name in enumerate(BOXES):
        free, used = (b"".join(boxes[place] for boxes in by_state[state]) for state in (FREE, USED))
        if any(_is_uneven(_counts(each)) for each in (free, used)) or _differ(_counts(free), _counts(used)):
            yield f"desk.db: used and free boxes of {name} look different"
        if len({boxes[place] for boxes in chain(*by_state.values())}) < len(rows):
            yield f"desk.db: two boxes of {name} are the same"


def _counts(data: bytes) -> list[int]:
    counted = Counter(data)
    return [counted[byte] for byte in range(_BYTES)]


def _is_uneven(counts: Sequence[int]) -> bool:
    """Whether bytes are not all equally frequent (Pearson's chi-square, 255 degrees of freedom)."""
    expected = sum(counts) / _BYTES
    return sum(counts) >= _ENOUGH and bound() < sum((count - expected) ** 2 / expected for count in counts)


def _differ(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two heaps of bytes are of different make (chi-square of homogeneity)."""
    if min(sum(one), sum(other)) < _ENOUGH:
        return False
    first, second = (sum(other) / sum(one)) ** 0.5, (sum(one) / sum(other)) ** 0.5
    pairs = ((a, b) for a, b in zip(one, other, strict=True) if a + b)
    return bool(sum((first * a - second * b) ** 2 / (a + b) for a, b in pairs) > bound())


def bound(once_in: int = 3 * len(BOXES) * _ONCE_IN, freedom: int = _BYTES - 1) -> float:
    """What chi-square passes by chance so rarely (Wilson and Hilferty, 1931)."""
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + NormalDist().inv_cdf(1 - 1 / once_in) * spread**0.5) ** 3)
