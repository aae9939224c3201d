"""Which of the articles that share words with a question may answer it. No Odoo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# two neighbouring pairs of Chinese signs, or one word of letters
NEEDED = 2
# of the closest one's score; less is about something else
NEAR = 0.4


def units(words: Iterable[str]) -> list[int]:
    """Return how much of a question each word is: a pair of Chinese signs is half a
    word.

    >>> units(["传感", "感器", "sensor"])
    [1, 1, 2]
    """
    return [NEEDED if word.isascii() else 1 for word in words]


def closest(found: Sequence[tuple[int, float]]) -> list[int]:
    """Return the numbers of what is nearly as close as the closest.

    :param found: pairs (number, score), the closest first

    >>> closest([(7, 5.0), (3, 4.0), (9, 1.0)])
    [7, 3]
    """
    least = found[0][1] * NEAR if found else 0
    return [number for number, score in found if score >= least]
