"""What a visit changes: which blocks of which files, their sizes and their times."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = 8192
BLOCK = 64

Snapshot = Mapping[str, bytes]
#: File, its size afterwards, number of the block that changed.
Mark = tuple[str, int, int]


@dataclass(frozen=True)
class Stamp:
    """What a file's entry tells without its bytes; times in nanoseconds."""

    inode: int
    size: int
    modified: int
    changed: int
    digest: bytes


def take(folder: Path) -> Snapshot:
    """Every file of a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def changed(before: Snapshot, after: Snapshot, block: int) -> frozenset[Mark]:
    """The blocks that differ; a file that came, went or changed its size is a change of all it holds."""
    found: set[Mark] = set()
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            found.add((name, -1 if new is None else len(new), -1))
            continue
        end = max(len(old), len(new))
        found |= {
            (name, len(new), start // block)
            for start in range(0, end, block)
            if old[start : start + block] != new[start : start + block]
        }
    return frozenset(found)


def stamps(folder: Path) -> dict[str, Stamp]:
    return {str(path.relative_to(folder)): stamp(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def stamp(path: Path) -> Stamp:
    entry = path.stat()
    digest = hashlib.sha256(path.read_bytes()).digest()
    return Stamp(entry.st_ino, entry.st_size, entry.st_mtime_ns, entry.st_ctime_ns, digest)
