"""What is left of something that was replaced or erased."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from portal.seizure.files import databases, looking
from portal.seizure.needles import Dictionary, Hit, Needle

_LEFTOVERS = ("*-journal", "*-wal", "*-shm", "*.new", "*.staging", "*.tmp", "*~")


def free_pages(instance: Path) -> dict[str, int]:
    """Pages of each database that hold nothing any more; old text hides there."""
    found = {}
    for path in databases(instance):
        with closing(looking(path)) as connection:
            (found[path.name],) = connection.execute("PRAGMA freelist_count").fetchone()
    return found


def full_free_pages(instance: Path) -> dict[str, int]:
    """Free pages of each database that still hold bytes; an emptied one is all zeros."""
    return {path.name: _full_free_pages(path.read_bytes()) for path in databases(instance)}


def _full_free_pages(data: bytes) -> int:
    """Walk the list of free pages: https://www.sqlite.org/fileformat2.html#the_freelist."""

    def number(place: int) -> int:
        return int.from_bytes(data[place : place + 4], "big")

    size = int.from_bytes(data[16:18], "big")
    size = 65_536 if size == 1 else size
    found, trunk, seen = 0, number(32), set[int]()
    while trunk and trunk not in seen:
        seen.add(trunk)
        start = (trunk - 1) * size
        for leaf in range(number(start + 4)):
            page = number(start + 8 + 4 * leaf)
            found += any(data[(page - 1) * size : page * size])
        trunk = number(start)
    return found


def leftovers(instance: Path) -> list[str]:
    """Journals and temporary files that still hold bytes."""
    paths = (path for pattern in _LEFTOVERS for path in instance.rglob(pattern))
    return sorted(path.name for path in paths if path.stat().st_size)


def remains(old: Mapping[str, bytes], files: Mapping[str, bytes]) -> list[Hit]:
    """Where sixteen bytes in a row of something old still lie."""

    def source() -> Iterator[Needle]:
        return (Needle(what, text) for what, text in old.items())

    return Dictionary(source).search(files)


def boxes(desk: Path, lookup: bytes) -> dict[str, bytes]:
    """The sealed columns of the locker that six words lead to, as they lie on the disk."""
    with closing(looking(desk)) as connection:
        row = connection.execute(
            "SELECT to_ombuds, to_visitor, notes FROM locker WHERE lookup = ?", (lookup,)
        ).fetchone()
    return dict(zip(("to_ombuds", "to_visitor", "notes"), row, strict=True))
