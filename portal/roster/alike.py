"""How many people hold the same profile, counted in a memory of one size."""

from array import array
from collections.abc import Iterable

#: Slots, a power of two: 12 MiB, whether a roster has ten people or a million.
_SLOTS = 1 << 20


class ProfileCounts:
    """The number of people for each profile, exact while three quarters of the slots suffice for the different ones.

    After 786,432 different profiles, later ones are not counted at all. Then somebody is told that fewer people fit
    than do: too many would be false comfort. Nor is anybody counted twice: two of 300,000 profiles get the same
    64 bits once in hundreds of millions of rosters.
    """

    def __init__(self, profiles: Iterable[tuple[str, ...]], *, slots: int = _SLOTS) -> None:
        self._keys = array("q", [0]) * slots
        self._counts = array("I", [0]) * slots
        self._left = slots * 3 // 4
        for key in map(hash, profiles):
            self._add(key)

    def people(self, profile: tuple[str, ...]) -> int:
        """How many hold it; 0 when it came too late to be counted."""
        return self._counts[self._slot(hash(profile))]

    def _add(self, key: int) -> None:
        slot = self._slot(key)
        if not self._counts[slot]:
            if not self._left:
                return
            self._left -= 1
            self._keys[slot] = key
        self._counts[slot] += 1

    def _slot(self, key: int) -> int:
        """The slot of a key, or the free one where it would lie; a quarter of them stays free, so there is one."""
        keys, counts = self._keys, self._counts
        last = len(keys) - 1
        slot = key & last
        while counts[slot] and keys[slot] != key:
            slot = slot + 1 & last
        return slot
