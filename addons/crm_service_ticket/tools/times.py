"""When a ticket was resolved, closed and reopened, from its moves."""

from datetime import datetime
from typing import Literal, NamedTuple

DONE = ("resolved", "closed")


class Times(NamedTuple):
    """Times of a ticket, named as its fields; ``False`` for not."""

    resolved_date: datetime | Literal[False]
    closed_date: datetime | Literal[False]
    reopen_count: int


def after_move(before: str, after: str, now: datetime, times: Times) -> Times:
    """Return the times of a ticket that moves from one state to another.

    Resolving and closing stamp the time; closing what was not resolved resolves it
    too. From there back to work clears both and counts; back from closed to resolved
    only takes the closing back.
    """
    if after == "closed":
        return times._replace(
            resolved_date=times.resolved_date or now,
            closed_date=times.closed_date or now,
        )
    if after == "resolved":
        return times._replace(
            resolved_date=times.resolved_date or now, closed_date=False
        )
    reopened = before in DONE
    return Times(False, False, times.reopen_count + reopened)
