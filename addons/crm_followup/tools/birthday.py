"""When a birthday comes round."""

from __future__ import annotations

from datetime import date, timedelta


def celebrated_in(born: date, year: int) -> date:
    """Return the birthday in a year; one of 29 February is kept on the 28th where the
    year has none."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def celebrated_from(born: date, first: date) -> date:
    """Return the first birthday on or after ``first``."""
    coming = celebrated_in(born, first.year)
    return coming if coming >= first else celebrated_in(born, first.year + 1)


def birth_days(first: date, days: int) -> list[tuple[int, int]]:
    """Return (month, day of month) of those whose birthday falls into a span.

    :param first: first day of the span
    :param days: its length
    """
    span = [first + timedelta(days=number) for number in range(days)]
    found = [(day.month, day.day) for day in span]
    for day in span:
        has_leap_day = (day + timedelta(days=1)).month == day.month
        if (day.month, day.day) == (2, 28) and not has_leap_day:
            found.append((2, 29))
    return found
