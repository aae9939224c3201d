"""Make-up working days: a day on which people work though the week says they rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

Hours = tuple[float, float]


class Day(NamedTuple):
    """A weekday's stretch of work: the payload is what the calendar attaches to it."""

    weekday: int
    hours: Hours
    payload: object


def stretches(weekday: int | None, own: Hours, week: Iterable[Day]) -> list[Day]:
    """Return the stretches of work of a make-up day.

    :param weekday: the weekday it is worked like (Monday is 0), ``None`` for ``own``
    :param own: hours of its own
    :param week: what the calendar says of its weekdays
    """
    if weekday is None:
        return [Day(-1, own, None)]
    return [day for day in week if day.weekday == weekday]


def overlap(hours: Sequence[Hours]) -> bool:
    """Return whether any two stretches of one day overlap.

    >>> overlap([(9, 12), (12, 18)]), overlap([(9, 12), (11, 18)])
    (False, True)
    """
    ordered = sorted(hours)
    return any(first[1] > second[0] for first, second in pairwise(ordered))
