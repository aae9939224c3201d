"""Working time: how much lies between two moments, and when so much has passed.

All moments are naive datetimes of one zone (Odoo's: UTC) without fractions of a
second; amounts are whole seconds. Time zones, daylight saving, holidays and make-up
days are the business of whoever lists the intervals: here they are only intervals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

Interval = tuple[datetime, datetime]


class WorkingTime(NamedTuple):
    """Disjoint intervals in order, and the seconds worked before and up to each end.

    ``starts[i]``–``ends[i]`` is the i-th interval, ``before[i]`` the working seconds
    of all intervals before it, ``after[i]`` those with it. Made by ``working_time``.
    """

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]


class Piece(NamedTuple):
    """A stretch of time in which people work all the time, or not at all."""

    start: datetime
    end: datetime
    is_open: bool


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the whole seconds from one moment to another.

    >>> seconds_between(datetime(2026, 1, 1), datetime(2026, 1, 2))
    86400
    """
    difference = end - start
    return difference.days * 86400 + difference.seconds


def working_time(intervals: Iterable[Interval]) -> WorkingTime:
    """Prepare intervals, in any order, touching or overlapping, for the functions
    below.

    >>> nine, noon = datetime(2026, 1, 5, 9), datetime(2026, 1, 5, 12)
    >>> working_time([(nine, noon)]).after
    (10800,)
    """
    starts: list[datetime] = []
    ends: list[datetime] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    before, after, total = [], [], 0
    for start, end in zip(starts, ends, strict=True):
        before.append(total)
        total += seconds_between(start, end)
        after.append(total)
    return WorkingTime(tuple(starts), tuple(ends), tuple(before), tuple(after))


#: Round the clock.
ALWAYS = working_time([(datetime(1, 1, 1), datetime(9999, 12, 31))])


def _position(working: WorkingTime, moment: datetime) -> int:
    """Return the working seconds from the first interval up to a moment."""
    index = bisect_right(working.starts, moment) - 1
    if index < 0:
        return 0
    reached = min(moment, working.ends[index])
    return working.before[index] + seconds_between(working.starts[index], reached)


def elapsed(working: WorkingTime, start: datetime, end: datetime) -> int:
    """Return the working seconds between two moments, 0 if ``end`` is not later."""
    if end <= start:
        return 0
    return _position(working, end) - _position(working, start)


def deadline(working: WorkingTime, start: datetime, budget: int) -> datetime | None:
    """Return the first moment at which ``budget`` working seconds have passed.

    ``elapsed(working, start, deadline(working, start, budget)) == budget`` for every
    budget of 0 or more. A budget already used up (0 or less) ends at ``start``.
    ``None``: the intervals hold less working time than that after ``start``.
    """
    if budget <= 0:
        return start
    target = _position(working, start) + budget
    index = bisect_left(working.after, target)
    if index == len(working.after):
        return None
    return working.ends[index] - timedelta(seconds=working.after[index] - target)


def opening(working: WorkingTime, moment: datetime) -> datetime | None:
    """Return ``moment`` if people work then, else when they begin to.

    ``None``: not within the intervals.
    """
    index = bisect_right(working.ends, moment)
    if index == len(working.ends):
        return None
    return max(moment, working.starts[index])


def pieces(working: WorkingTime, start: datetime, end: datetime) -> list[Piece]:
    """Cut a stretch of time where work begins and ends.

    The pieces touch, begin at ``start`` and end at ``end``; none is empty.
    """
    found: list[Piece] = []
    at = start
    index = bisect_right(working.ends, start)
    while at < end:
        if index == len(working.starts) or working.starts[index] >= end:
            found.append(Piece(at, end, False))
            break
        if at < working.starts[index]:
            found.append(Piece(at, working.starts[index], False))
            at = working.starts[index]
        stop = min(end, working.ends[index])
        found.append(Piece(at, stop, True))
        at, index = stop, index + 1
    return found
