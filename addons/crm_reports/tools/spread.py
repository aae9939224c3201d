"""A year's target over its months."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def spread(total: float, weights: Sequence[float], digits: int = 0) -> list[float]:
    """Return ``total`` in parts that are as the weights are to one another, each a
    whole number of units, and together exactly ``total`` rounded to that unit.

    The units that are left over go to the parts that were rounded down most, the later
    ones first. Weights that are all 0 count the same.

    :param digits: after the point, of a unit

    >>> spread(100, [1] * 3), spread(100, [0, 3, 1])
    ([33.0, 33.0, 34.0], [0.0, 75.0, 25.0])
    """
    if not weights:
        return []
    units = round(total * 10**digits)
    shares = [Fraction(max(weight, 0)) for weight in weights]
    if not sum(shares):
        shares = [Fraction(1)] * len(weights)
    exact = [units * share / sum(shares) for share in shares]
    parts = [int(one) for one in exact]
    left = units - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], -at))
    for at in by_loss[:left]:
        parts[at] += 1
    return [part / 10**digits for part in parts]
