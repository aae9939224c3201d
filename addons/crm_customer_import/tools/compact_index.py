"""A mapping for millions of keys in a few dozen bytes each."""

from __future__ import annotations

from array import array
from collections.abc import Hashable

_MASK = (1 << 64) - 1
_FIRST_SIZE = 1024
MOST_FILLED = 0.7


class CompactIndex:
    """Maps hashable keys to numbers from 0 to 2**32 - 1; nothing is taken out.

    Open addressing over 64-bit hashes in two arrays: 12 bytes a slot, up to three
    slots a key, where a dict of texts needs 150 bytes. The keys are not kept: two
    of a million have one hash once in 30 million imports. Hashes of texts change
    with the process, so an index cannot be stored.
    """

    def __init__(self) -> None:
        self._hashes = array("Q", bytes(8 * _FIRST_SIZE))
        self._numbers = array("I", bytes(4 * _FIRST_SIZE))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def get(self, key: Hashable) -> int | None:
        """Return the number of a key, None when it has none."""
        slot = self._slot(_hash(key))
        return self._numbers[slot] if self._hashes[slot] else None

    def setdefault(self, key: Hashable, number: int) -> None:
        """Give a key its number, unless it has one."""
        code = _hash(key)
        slot = self._slot(code)
        if self._hashes[slot]:
            return
        self._hashes[slot], self._numbers[slot] = code, number
        self._count += 1
        if self._count > len(self._hashes) * MOST_FILLED:
            self._grow()

    def _slot(self, code: int) -> int:
        """Return the slot of a hash, or the empty one where it belongs."""
        hashes, last = self._hashes, len(self._hashes) - 1
        slot = code & last
        while hashes[slot] and hashes[slot] != code:
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        old = zip(self._hashes, self._numbers, strict=True)
        size = len(self._hashes) * 2
        self._hashes = array("Q", bytes(8 * size))
        self._numbers = array("I", bytes(4 * size))
        for code, number in old:
            if code:
                slot = self._slot(code)
                self._hashes[slot], self._numbers[slot] = code, number


def _hash(key: Hashable) -> int:
    """Return a hash that is never 0, which marks an empty slot."""
    return hash(key) & _MASK or 1
