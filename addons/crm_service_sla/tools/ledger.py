"""The ledger of a ticket: what every second of it was spent on.

A ticket's life is cut into spans: stretches in which its team, its person and what
the clock does (run, wait, stand still) stay the same. A span becomes segments; the
segments of a ticket touch and add up to its age, whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from .clock import WorkingTime, pieces, seconds_between

#: Work could be done: the only bucket that uses up a target.
WORKING = "working"
#: The clock ran, but nobody works at that time.
CLOSED = "closed"
#: The customer was to answer.
CUSTOMER = "customer"
#: Paused for another reason the policy allows.
PAUSED = "paused"
#: Resolved or closed.
DONE = "done"
#: Before there was a clock.
BEFORE = "before"
BUCKETS = (WORKING, CLOSED, CUSTOMER, PAUSED, DONE, BEFORE)

#: A span with more pieces than this is told in sums instead of piece by piece.
LONGEST = 120


class Segment(NamedTuple):
    """One line: between ``start`` and ``end`` this bucket took so many seconds.

    Piece by piece, ``seconds`` is all of the time between; in the sums of a very long
    span, ``start`` and ``end`` are those of the span.
    """

    start: datetime
    end: datetime
    bucket: str
    seconds: int


def bucket_of(state: str, pauses: Iterable[str]) -> str:
    """Return what a ticket's time goes into in a state.

    ``working`` stands for a running clock; whether people work is for ``segments``.

    >>> bucket_of("waiting", {"waiting"})
    'customer'
    """
    if state in ("resolved", "closed"):
        return DONE
    if state not in pauses:
        return WORKING
    return CUSTOMER if state == "waiting" else PAUSED


def segments(
    bucket: str, start: datetime, end: datetime, working: WorkingTime
) -> list[Segment]:
    """Cut a span into segments; none for a span without length.

    A running span (bucket ``working``) is split into working and closed hours, any
    other stays whole. The seconds add up to those from ``start`` to ``end``.
    """
    if end <= start:
        return []
    if bucket != WORKING:
        return [Segment(start, end, bucket, seconds_between(start, end))]
    found = [
        Segment(
            piece.start,
            piece.end,
            WORKING if piece.is_open else CLOSED,
            seconds_between(piece.start, piece.end),
        )
        for piece in pieces(working, start, end)
    ]
    return found if len(found) <= LONGEST else _sums(start, end, found)


def _sums(start: datetime, end: datetime, found: list[Segment]) -> list[Segment]:
    totals = {bucket: 0 for bucket in (WORKING, CLOSED)}
    for segment in found:
        totals[segment.bucket] += segment.seconds
    return [
        Segment(start, end, bucket, total) for bucket, total in totals.items() if total
    ]


def used(found: Iterable[Segment]) -> int:
    """Return the seconds a clock has used: those of working time."""
    return sum(segment.seconds for segment in found if segment.bucket == WORKING)
