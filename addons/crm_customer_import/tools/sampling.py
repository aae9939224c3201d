"""Draw the rows of the sampling report."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random


def sample_ids(ids: Iterable[int], size: int, seed: str) -> list[int]:
    """Return at most ``size`` of the ids, sorted; the same for the same seed.

    The order the ids come in does not matter.
    """
    pool = sorted(set(ids))
    return sorted(Random(seed).sample(pool, min(size, len(pool))))
