"""What the doctor says: one thing, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that `doctor` would change, and how. A grave one must be put right; the others are remarks."""

    what: str
    what_to_do: str
    is_grave: bool = True


def remark(what: str, what_to_do: str) -> Finding:
    return Finding(what, what_to_do, is_grave=False)
