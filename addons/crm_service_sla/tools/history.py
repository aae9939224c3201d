"""What held at a moment of the past, told from the changes since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

#: Clocks end on whole seconds: a change within the second of the end belongs to it.
SECOND = timedelta(seconds=1)


class Change(NamedTuple):
    """A value was replaced at a moment; ``before`` is what it was."""

    moment: datetime
    before: Any


def value_at(changes: Sequence[Change], present: Any, moment: datetime) -> Any:
    """Return the value that held at a moment, changes of its second included.

    :param changes: in the order they were made
    :param present: the value since the last of them

    >>> changes = [Change(datetime(2026, 3, 2, 12), "low")]
    >>> value_at(changes, "high", datetime(2026, 3, 1))
    'low'
    """
    later = [change for change in changes if change.moment >= moment + SECOND]
    return later[0].before if later else present
