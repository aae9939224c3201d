"""Until when something is put aside: the moments that are offered with one click."""

from __future__ import annotations

from datetime import datetime, time, timedelta

MORNING = time(9)
AFTERNOON = time(14)
# what comes back within this time need not be put aside
AT_LEAST = timedelta(minutes=30)


def moments(now: datetime) -> dict[str, datetime]:
    """Return what is offered now, by key, the nearest first.

    :param now: on the clock of whoever is asked, and so is what is returned
    """
    today = now.date()
    tomorrow = today + timedelta(days=1)
    monday = today + timedelta(days=7 - today.weekday())
    offered = {
        "afternoon": datetime.combine(today, AFTERNOON),
        "tomorrow": datetime.combine(tomorrow, MORNING),
        "monday": datetime.combine(monday, MORNING),
    }
    if now + AT_LEAST > offered["afternoon"]:
        del offered["afternoon"]
    if monday == tomorrow:
        del offered["monday"]
    return offered
