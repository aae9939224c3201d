"""When a day of a place begins, as the database keeps time."""

from datetime import date, datetime, time

import pytz


def begins(day: date, zone: str) -> datetime:
    """Return the midnight a day begins with in a time zone; naive, UTC."""
    local = pytz.timezone(zone).localize(datetime.combine(day, time.min))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
