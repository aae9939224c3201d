"""What would have been: past tickets under another policy or calendar.

The ledger says which span of a ticket's life was spent in which state; whether that
state pauses and which part was working time is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from .clock import WorkingTime, elapsed
from .clocks import is_late
from .ledger import WORKING, bucket_of


class Past(NamedTuple):
    """A span of a ticket's past and the state it was in."""

    start: datetime
    end: datetime
    state: str


class Outcome(NamedTuple):
    """How a clock ended: seconds used, and whether that was too late."""

    used: int
    late: bool


def spans(rows: Iterable[Past]) -> list[Past]:
    """Join the lines of a ledger that follow each other in the same state."""
    found: list[Past] = []
    for row in sorted(rows):
        last = found[-1] if found else None
        if last and last.state == row.state and row.start <= last.end:
            found[-1] = last._replace(end=max(last.end, row.end))
        else:
            found.append(row)
    return found


def used_between(
    past: Sequence[Past],
    start: datetime,
    end: datetime,
    pauses: AbstractSet[str],
    working: WorkingTime,
) -> int:
    """Return the seconds a clock would have used between two moments of the past."""
    return sum(
        elapsed(working, max(start, span.start), min(end, span.end))
        for span in past
        if bucket_of(span.state, pauses) == WORKING
    )


def outcome(
    past: Sequence[Past],
    start: datetime,
    end: datetime,
    target: int,
    pauses: AbstractSet[str],
    working: WorkingTime,
) -> Outcome:
    """Return how a clock with that target in seconds would have ended."""
    spent = used_between(past, start, end, pauses, working)
    return Outcome(spent, is_late(spent, target))
