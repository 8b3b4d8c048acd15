"""Where a box belongs, so that it opens nowhere else."""

from dataclasses import dataclass

VERSION = b"ombuds-portal/v1"


@dataclass(frozen=True)
class Place:
    """A store, a row in it and a box in that row.

    The bytes are used as HPKE `info` (RFC 9180, section 8.1) and as associated data of symmetric boxes.
    """

    store: str
    row: bytes
    box: str

    def __bytes__(self) -> bytes:
        """Each part with its length before it, so that no two places share their bytes."""
        parts = (VERSION, self.store.encode(), self.row, self.box.encode())
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts)
