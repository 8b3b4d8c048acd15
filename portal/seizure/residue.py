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
