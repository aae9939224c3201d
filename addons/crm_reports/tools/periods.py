"""Periods of time a figure is about, and the ones they are compared with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


class Period(NamedTuple):
    """The days from ``start`` to the day before ``end``; never empty."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)


UNITS = {
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}
KEYS = (
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "last_30",
    "last_90",
    "last_365",
    "custom",
)


def unit_start(unit: str, day: date) -> date:
    """Return the first day of the week (Monday), month, quarter or year of a day.

    >>> unit_start("quarter", date(2026, 11, 24))
    datetime.date(2026, 10, 1)
    """
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1)


def period(
    key: str, today: date, first: date | None = None, last: date | None = None
) -> Period:
    """Return the period a key of ``KEYS`` stands for.

    Running periods (``this_…``) go to the end of today, so that they compare with
    as many days of the one before.

    :param first, last: the days of ``custom``, both included
    :raises ValueError: for another key, or a custom period that ends before it begins
    """
    tomorrow = today + timedelta(days=1)
    if key == "today":
        return Period(today, tomorrow)
    if key == "yesterday":
        return Period(today - timedelta(days=1), today)
    if key == "custom" and first and last and first <= last:
        return Period(first, last + timedelta(days=1))
    kind, _sep, what = key.partition("_")
    if kind == "this" and what in UNITS:
        return Period(unit_start(what, today), tomorrow)
    if kind == "last" and what in UNITS:
        end = unit_start(what, today)
        return Period(end - UNITS[what], end)
    if kind == "last" and what.isdigit():
        return Period(tomorrow - timedelta(days=int(what)), tomorrow)
    raise ValueError(f"no period: {key}")


def whole(key: str, chosen: Period) -> Period:
    """Return the whole week, month, quarter or year of a running period, for what
    lies ahead in it (forecast, target); other periods as they are."""
    kind, _sep, what = key.partition("_")
    if kind == "this" and what in UNITS:
        return Period(chosen.start, chosen.start + UNITS[what])
    return chosen


def previous(key: str, chosen: Period) -> Period:
    """Return the period a period is compared with.

    A running one compares with as many days of the unit before (1–24 November with
    1–24 October; never beyond its end), a whole unit with the unit before, any other
    with as many days directly before.
    """
    _kind, _sep, what = key.partition("_")
    if what not in UNITS:
        return Period(chosen.start - timedelta(days=chosen.days), chosen.start)
    start = chosen.start - UNITS[what]
    if key.startswith("last"):
        return Period(start, chosen.start)
    return Period(start, min(start + timedelta(days=chosen.days), chosen.start))


def part_of_month(first: date, chosen: Period) -> float:
    """Return how much of a month lies in a period, from 0 to 1, day by day.

    >>> part_of_month(date(2026, 11, 1), Period(date(2026, 11, 1), date(2026, 11, 16)))
    0.5
    """
    month = Period(first, first + UNITS["month"])
    days = (min(month.end, chosen.end) - max(month.start, chosen.start)).days
    return max(days, 0) / month.days


def step_for(chosen: Period) -> str:
    """Return how fine a curve over the period is: day, week or month."""
    if chosen.days <= 31:
        return "day"
    return "week" if chosen.days <= 186 else "month"


def steps(chosen: Period, step: str) -> list[Period]:
    """Cut a period into days, weeks or months of the calendar; the first and the last
    may be parts of one. Together they are the period."""
    result = []
    start = chosen.start
    while start < chosen.end:
        if step == "day":
            end = start + timedelta(days=1)
        else:
            end = unit_start(step, start) + UNITS[step]
        result.append(Period(start, min(end, chosen.end)))
        start = end
    return result
