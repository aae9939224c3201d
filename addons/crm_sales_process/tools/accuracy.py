"""How right probabilities were: Brier score, reliability, measured shares.

All functions work on *forecasts*: a probability that was stated for deals of which
the outcome is known by now. Probabilities are shares between 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

BANDS = 10
# Below this many closed deals a share says too little to warn or to be adopted.
ENOUGH = 20
# A fixed probability nearer than this to what happened is good enough.
TOLERANCE = 0.10
Z_95 = 1.959964


class Forecast(NamedTuple):
    """``count`` deals for which ``probability`` was stated, ``won`` of them won."""

    probability: float
    count: int  # type: ignore[assignment]  # hides tuple.count
    won: int


class Band(NamedTuple):
    """A line of the reliability table: deals whose probability lay in
    ``lower <= p < upper`` (the last band includes 1), their average probability and
    the share that was won."""

    lower: float
    upper: float
    count: int  # type: ignore[assignment]  # hides tuple.count
    predicted: float
    happened: float


def brier(forecasts: Iterable[Forecast]) -> float | None:
    """Return the mean squared error of the probabilities, None without deals.

    0 is perfect, 0.25 what "50 %" for everything gets; lower is better.
    Source: G. W. Brier, Verification of forecasts expressed in terms of
    probability, Monthly Weather Review 78 (1950), in its form for two outcomes.
    """
    error, total = 0.0, 0
    for probability, count, won in forecasts:
        error += won * (1 - probability) ** 2 + (count - won) * probability**2
        total += count
    return error / total if total else None


def reliability(forecasts: Iterable[Forecast], bands: int = BANDS) -> list[Band]:
    """Return the bands that hold deals, lowest first.

    A source of probabilities is reliable where ``predicted`` and ``happened`` agree.
    """
    sums: dict[int, list[float]] = {}
    for probability, count, won in forecasts:
        # rounding keeps 0.3 out of the band below: 0.3 * 10 is 3 only then
        band = min(int(round(probability * bands, 9)), bands - 1)
        line = sums.setdefault(band, [0, 0, 0])
        line[0] += count
        line[1] += probability * count
        line[2] += won
    return [
        Band(
            band / bands,
            (band + 1) / bands,
            int(count),
            predicted / count,
            won / count,
        )
        for band, (count, predicted, won) in sorted(sums.items())
        if count
    ]


def interval(won: int, count: int, z: float = Z_95) -> tuple[float, float]:
    """Return the bounds between which the true share lies (95 % by default).

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical
    inference, JASA 22 (1927). ``count`` must not be 0.
    """
    share = won / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def is_far_off(probability: float, won: int, count: int) -> bool:
    """Tell whether a fixed probability contradicts what happened: enough deals, a
    difference that matters, and one that chance does not explain."""
    if count < ENOUGH or abs(probability - won / count) <= TOLERANCE:
        return False
    low, high = interval(won, count)
    return not low <= probability <= high


def adoptable(won: int, count: int) -> float:
    """Return the measured share as a probability a stage can have: whole percent,
    never 0 or 1, which would claim certainty. ``count`` must not be 0.

    >>> adoptable(1, 3)
    0.33
    """
    return min(max(round(100 * won / count), 1), 99) / 100
