"""China's public holidays and make-up days, as the State Council announced them.

The list is that of the library ``chinese-calendar``, which is brought up to date each
year after the announcement in November.
"""

from __future__ import annotations

from chinese_calendar.constants import Holiday, holidays, workdays

from .public_days import PublicDay

_CHINESE = {one.value: one.chinese for one in Holiday}


def known_years() -> range:
    """Return the years whose announcement the library has.

    Days of a year may be in the announcement of the one before, so a year is known by
    its National Day.
    """
    years = {day.year for day in holidays if (day.month, day.day) == (10, 1)}
    return range(min(years), max(years) + 1)


def days_of(year: int, in_chinese: bool = True) -> list[PublicDay]:
    """Return the days off and the make-up days of a year; none of one not known.

    >>> [str(day.date) for day in days_of(2026) if day.works][:2]
    ['2026-01-04', '2026-02-14']
    """
    if year not in known_years():
        return []
    return sorted(
        PublicDay(day, _CHINESE.get(name, name) if in_chinese else name, works)
        for named, works in ((holidays, False), (workdays, True))
        for day, name in named.items()
        if day.year == year
    )
