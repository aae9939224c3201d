"""The order of a timeline, and how to read on where one stopped.

Events come from many tables. Their order is (moment, source, number): newest first; of
one moment the source that is ranked first, then the newer record. A place in that order
is a ``Cursor``, so that reading on costs the same everywhere and skips nothing, however
many events share a moment.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

# so much of what was said stands on a line
EXCERPT = 280


class Event(NamedTuple):
    """One event: when, the rank of its source (0 first), the number of its record."""

    moment: datetime
    rank: int
    id: int


class Bound(NamedTuple):
    """What a source has still to show below a cursor: events before ``moment``, and of
    that very moment those with a smaller number than ``id`` (all where ``id`` is None,
    none where it is 0)."""

    moment: datetime
    id: int | None


def position(event: Event) -> tuple[datetime, int, int]:
    """Where an event stands; the newest has the greatest position."""
    return (event.moment, -event.rank, event.id)


def bound(cursor: Event | None, rank: int) -> Bound | None:
    """What the source of a rank has still to show below the cursor; None: all it has.

    A source of an earlier rank has shown all of the cursor's moment, one of a later
    rank none of it.
    """
    if cursor is None:
        return None
    if rank == cursor.rank:
        return Bound(cursor.moment, cursor.id)
    return Bound(cursor.moment, 0 if rank < cursor.rank else None)


def is_below(event: Event, limit: Bound | None) -> bool:
    """Whether an event lies below a bound; what the database is asked in SQL."""
    if limit is None:
        return True
    if event.moment != limit.moment:
        return event.moment < limit.moment
    return limit.id is None or event.id < limit.id


def page(
    streams: Iterable[Sequence[Event]], limit: int
) -> tuple[list[Event], Event | None]:
    """The newest events of sources that are in order, and where to read on.

    :param streams: of each source the newest ``limit + 1`` below the cursor, or all
    :return: at most ``limit`` events, and the last of them when there are more
    """
    merged = heapq.merge(*streams, key=position, reverse=True)
    events = [event for event, _number in zip(merged, range(limit + 1), strict=False)]
    more = len(events) > limit
    events = events[:limit]
    return events, events[-1] if more and events else None


def excerpt(text: str, length: int = EXCERPT) -> str:
    """The beginning of a text, on one line, with an ellipsis where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
