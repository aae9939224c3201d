"""When something that repeats is due next."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta


def next_run(
    now: datetime, frequency: str, hour: int, weekday: int = 0, month_day: int = 1
) -> datetime:
    """Return the first full hour after ``now`` that fits.

    :param now: local time, without zone
    :param frequency: ``daily``, ``weekly`` or ``monthly``
    :param weekday: 0 Monday … 6 Sunday, for ``weekly``
    :param month_day: 1 … 31, for ``monthly``; where a month is shorter, its last day
    :raises ValueError: for another frequency
    """
    day = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if day <= now:
        day += timedelta(days=1)
    if frequency == "daily":
        return day
    if frequency == "weekly":
        return day + timedelta(days=(weekday - day.weekday()) % 7)
    if frequency != "monthly":
        raise ValueError(f"no frequency: {frequency}")
    while True:
        last = calendar.monthrange(day.year, day.month)[1]
        due = day.replace(day=min(month_day, last))
        if due >= day:
            return due
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
