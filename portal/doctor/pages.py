"""A store read past SQLite: the beginning of the file, and the pages that hold nothing any more.

Source: the file format of SQLite, https://www.sqlite.org/fileformat2.html, sections 1.3 and 1.5.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MAGIC = b"SQLite format 3\0"
_WAL = 2
_BIGGEST = 65_536


@dataclass(frozen=True)
class Header:
    page_size: int
    is_wal: bool
    is_auto_vacuum: bool


def read_header(start: bytes) -> Header | None:
    """The first 100 bytes of a store; None when they are no SQLite file's."""
    if len(start) < 100 or not start.startswith(_MAGIC):  # noqa: PLR2004 - the header's length
        return None
    (size,) = struct.unpack_from(">H", start, 16)
    (largest_root,) = struct.unpack_from(">I", start, 52)
    # The one size that does not fit into two bytes is written as 1.
    return Header(_BIGGEST if size == 1 else size, _WAL in start[18:20], largest_root != 0)


def free_pages_with_bytes(file: BinaryIO, page_size: int) -> int:
    """How many pages of the free list hold anything; secure deletion leaves zeros there."""
    return sum(any(page) for page in _free_pages(file, page_size))


def _free_pages(file: BinaryIO, page_size: int) -> Iterator[bytes]:
    """Leaves of the list, and of its trunks what stands behind the numbers of their leaves.

    Numbers of leaves that were taken back stay in a trunk. They are numbers of pages and tell nothing, so they count
    as blank.
    """
    file.seek(0, 2)
    count = file.tell() // page_size
    file.seek(32)
    (trunk,) = struct.unpack(">I", file.read(4))
    seen: set[int] = set()
    while 0 < trunk <= count and trunk not in seen:
        seen.add(trunk)
        words = struct.unpack(f">{page_size // 4}I", _page(file, trunk, page_size))
        following, leaves = words[0], min(words[1], len(words) - 2)
        yield bytes(word > count for word in words[2 + leaves :])
        for leaf in words[2 : 2 + leaves]:
            yield _page(file, leaf, page_size)
        trunk = following


def _page(file: BinaryIO, number: int, page_size: int) -> bytes:
    file.seek((number - 1) * page_size)
    return file.read(page_size)
