"""Limits of time as people type and read them: ``1.5 h``, ``2 个工作日``, ``30 分钟``.

A limit is kept in minutes. A day has as many of them as the caller says: 1 440, or
those of a working day, where a limit counts working time.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

MINUTE, HOUR, DAY, WORKING_DAY = "minute", "hour", "day", "working day"
UNITS = {
    MINUTE: ("m", "min", "mins", "minute", "minutes", "分", "分钟", "分鐘"),
    HOUR: ("h", "hr", "hrs", "hour", "hours", "小时", "小時", "钟头", "時", "时"),
    DAY: ("d", "day", "days", "天", "日"),
    WORKING_DAY: (
        *("wd", "workday", "workdays", "working day", "working days"),
        *("business day", "business days", "工作日", "工作天"),
    ),
}
_UNIT = {word: unit for unit, words in UNITS.items() for word in words}
_NUMERALS = {
    **{one: str(at) for at, one in enumerate("一二三四五六七八九十", 1)},
    "两": "2",
    "兩": "2",
    "半": "0.5",
}
_PART = re.compile(
    r"\s*(?P<number>\d+(?:[.,]\d+)?|[一二三四五六七八九十两兩半])\s*个?個?\s*"
    rf"(?P<unit>{'|'.join(sorted(map(re.escape, _UNIT), key=len, reverse=True))})"
    r"(?![a-z])\s*(?:and|,|，|、|零|又)?"
)
#: A whole number of PostgreSQL's.
LONGEST = 2**31 - 1
#: The minutes of a day on the wall.
WALL_DAY = 1440

#: Why a text is no limit.
NO_UNIT, UNKNOWN, TWICE, TOO_SHORT, TOO_LONG, NO_WORKING_DAYS = (
    "no unit",
    "unknown",
    "twice",
    "too short",
    "too long",
    "no working days",
)


class Parts(NamedTuple):
    """Days, hours and minutes."""

    days: int
    hours: int
    minutes: int


class LimitRefused(ValueError):
    """A text is no limit; ``why`` is one of the above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def minutes_of(text: str, day: int = WALL_DAY, working: bool = False) -> int:
    """Return the minutes a text says; 0 of an empty one, or of ``0``.

    :param day: the minutes of a day
    :param working: the limit counts working time, so ``day`` is a working day
    :raise LimitRefused: when it says none

    >>> minutes_of("1.5h"), minutes_of("2 个工作日", 480, working=True)
    (90, 960)
    """
    rest = unicodedata.normalize("NFKC", text).strip().casefold()
    if rest in ("", "0"):
        return 0
    sizes = {MINUTE: 1, HOUR: 60, DAY: day, WORKING_DAY: day}
    said: dict[str, Decimal] = {}
    while rest:
        part = _PART.match(rest)
        if not part:
            is_bare = re.fullmatch(r"\d+(?:[.,]\d+)?", rest)
            raise LimitRefused(NO_UNIT if is_bare else UNKNOWN)
        unit = _UNIT[part["unit"]]
        if unit == WORKING_DAY and not working:
            raise LimitRefused(NO_WORKING_DAYS)
        key = DAY if unit == WORKING_DAY else unit
        if key in said:
            raise LimitRefused(TWICE)
        said[key] = _number(part["number"]) * sizes[unit]
        rest = rest[part.end() :]
    return _whole(sum(said.values(), Decimal(0)))


def _number(text: str) -> Decimal:
    return Decimal(_NUMERALS.get(text, text).replace(",", "."))


def _whole(minutes: Decimal) -> int:
    """Whole minutes; of what is said with a fraction the nearest."""
    if minutes > LONGEST:
        raise LimitRefused(TOO_LONG)
    whole = int(minutes.to_integral_value(ROUND_HALF_UP))
    if minutes and not whole:
        raise LimitRefused(TOO_SHORT)
    return whole


def parts_of(minutes: int, day: int = WALL_DAY) -> Parts:
    """Cut minutes into days, hours and minutes.

    Days only where they say it all, with hours at most: ``1 d 20 min`` is no clearer
    than ``8 h 20 min``.

    >>> parts_of(960, 480), parts_of(90)
    (Parts(days=2, hours=0, minutes=0), Parts(days=0, hours=1, minutes=30))
    """
    days, rest = divmod(minutes, day) if day > 0 else (0, minutes)
    if not days or rest % 60:
        return Parts(0, *divmod(minutes, 60))
    return Parts(days, rest // 60, 0)
