"""The three clocks of a ticket: first response, next response, resolution.

They all read one counter: the working seconds a ticket has used, which stands still
while the policy pauses it. A clock is where that counter was when it started and how
much it may use; so a pause, a hand-over and a change of calendar are one matter for
all three, and what was used stays used when the target changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from .clock import WorkingTime, deadline

FIRST = "first_response"
NEXT = "next_response"
RESOLUTION = "resolution"
CLOCKS = (FIRST, NEXT, RESOLUTION)

ON_TRACK = "on_track"
WARNING = "warning"
BREACHED = "breached"
PAUSED = "paused"
MET = "met"
#: Only of a badge: it is over, and was late.
MISSED = "missed"
#: The share of a target from which on a ticket is shown as urgent.
URGENT = 80


class Running(NamedTuple):
    """A clock that is running or paused.

    ``kind``: one of ``CLOCKS``; ``target``: seconds it may use; ``used``: seconds used
    until the counter was read last; ``was_due``: the deadline it had, if any.
    """

    kind: str
    target: int
    used: int
    was_due: datetime | None = None


class Mark(NamedTuple):
    """The moment a clock reaches a share of its target."""

    kind: str
    percent: int
    moment: datetime


def is_late(used: int, target: int) -> bool:
    """Return whether a target is missed.

    At the deadline it is: an answer in the night after a deadline at closing time has
    used no more than the target, and comes after it all the same.
    """
    return used >= target


def due(clock: Running, since: datetime, working: WorkingTime) -> datetime | None:
    """Return the deadline of a clock that runs since a moment.

    A deadline that has passed stays what it was. ``None``: not within the intervals.
    """
    if is_late(clock.used, clock.target):
        return clock.was_due if clock.was_due and clock.was_due <= since else since
    return deadline(working, since, clock.target - clock.used)


def threshold(target: int, percent: int) -> int:
    """Return the seconds at which a share of a target is reached, rounded up.

    >>> threshold(100, 50), threshold(3, 50)
    (50, 2)
    """
    return -(-target * percent // 100)


def marks(
    clock: Running, percents: Iterable[int], since: datetime, working: WorkingTime
) -> list[Mark]:
    """Return when a running clock reaches each share of its target, in order.

    A share it had reached when the counter was read last is reached at ``since``.
    """
    found = []
    for percent in sorted(set(percents)):
        budget = threshold(clock.target, percent) - clock.used
        moment = deadline(working, since, budget)
        if moment is not None:
            found.append(Mark(clock.kind, percent, moment))
    return found


def next_mark(found: Iterable[Mark], now: datetime) -> datetime | None:
    """Return the moment of the first mark after ``now``."""
    return min((mark.moment for mark in found if mark.moment > now), default=None)


def look_of(state: str, target: int, left: int | None, is_running: bool) -> str:
    """Return how the badge of a ticket looks: red is what is late now, and a pause is
    seen whatever was before.

    :param state: as ``state_of`` has it, which remembers what was late once
    :param target: seconds of the clock that ends first
    :param left: working seconds it has left, below zero if it is late; None when no
        clock runs or pauses any more
    """
    if left is None:
        return MISSED if state == BREACHED else state
    if left <= 0:
        return BREACHED
    if not is_running:
        return PAUSED
    return WARNING if target - left >= threshold(target, URGENT) else ON_TRACK


def state_of(
    clocks: Sequence[Running], has_breached: bool, is_running: bool, is_done: bool
) -> str:
    """Return how a ticket stands; ``used`` of the clocks is that of now.

    ``has_breached``: a clock that has stopped was late. A ticket that was late once
    is never shown as met or on track again.
    """
    late = has_breached or any(is_late(clock.used, clock.target) for clock in clocks)
    if late:
        return BREACHED
    if is_done:
        return MET
    if not is_running:
        return PAUSED
    shares = [clock.used >= threshold(clock.target, URGENT) for clock in clocks]
    return WARNING if any(shares) else ON_TRACK
