"""Due dates and working time of follow-ups.

A calendar is given as intervals of working time, ``(start, end)`` pairs of aware
datetimes in order and without overlap, or as the set of days that have any. ``None``
in place of a calendar means that all days are working days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import NamedTuple

TOMORROW = "tomorrow"
IN_THREE_DAYS = "three_days"
NEXT_WEEK = "next_week"
QUICK_DAYS = {TOMORROW: 1, IN_THREE_DAYS: 3, NEXT_WEEK: 7}

_HORIZON = 60
_DAY = timedelta(days=1)

Interval = tuple[datetime, datetime]


class OpenTask(NamedTuple):
    """A planned follow-up as far as it matters here.

    ``is_next_step``: agreed by a person, not made by a rule; ``is_event``: made by a
    rule that counts from an event; ``due``: its date; ``remind_days``: how many days
    before that date it began to be announced.
    """

    is_next_step: bool
    is_event: bool
    due: date
    remind_days: int


class Step(NamedTuple):
    """A step of the ladder: who hears of it after how much overdue working time.

    ``unit`` is ``hours`` or ``days`` of work.
    """

    number: int
    unit: str


def working_dates(intervals: Iterable[Interval]) -> frozenset[date]:
    """Return the days, in the intervals' own time zone, that have working time."""
    return frozenset(start.date() for start, end in intervals if end > start)


def next_working_day(day: date, working: AbstractSet[date] | None) -> date:
    """Return ``day``, or the first working day after it.

    A calendar without a working day in the next two months is taken for one that was
    not filled in, and leaves the day as it is.
    """
    if working is None:
        return day
    for offset in range(_HORIZON):
        candidate = day + offset * _DAY
        if candidate in working:
            return candidate
    return day


def quick_date(choice: str, today: date, working: AbstractSet[date] | None) -> date:
    """Return the working day a quick choice stands for.

    :raises KeyError: for a choice that is none of ``QUICK_DAYS``
    """
    return next_working_day(today + QUICK_DAYS[choice] * _DAY, working)


def due_date(
    base: date, days: int, today: date, working: AbstractSet[date] | None
) -> date:
    """Return when a follow-up is due that a rule plans now.

    :param base: the last contact or the event the days are counted from
    :param days: how many days after it
    :return: that day, not before today, moved to a working day: what was due long ago
        when a rule is switched on is due today, not overdue at birth
    """
    return next_working_day(max(base + days * _DAY, today), working)


def elapsed_hours(
    intervals: Iterable[Interval], start: datetime, end: datetime
) -> float:
    """Return the hours of working time between two moments, 0.0 when in order of
    ``end`` before ``start``."""
    total = timedelta()
    for begin, stop in intervals:
        overlap = min(stop, end) - max(begin, start)
        total += max(overlap, timedelta())
    return total / timedelta(hours=1)


def overdue_days(due: date, today: date, working: AbstractSet[date] | None) -> int:
    """Return the working days after ``due``, today included."""
    late = ((due + n * _DAY) for n in range(1, max(0, (today - due).days) + 1))
    return sum(1 for day in late if working is None or day in working)


def ladder_step(steps: Sequence[Step], reached: int, hours: float, days: int) -> int:
    """Return the step of the ladder an overdue follow-up has reached.

    :param steps: the ladder from its first step
    :param reached: how many steps were told before
    :param hours: overdue working hours
    :param days: overdue working days
    :return: the number of steps reached now, never less than ``reached``
    """
    for index in range(len(steps), reached, -1):
        step = steps[index - 1]
        if (hours if step.unit == "hours" else days) >= step.number:
            return index
    return reached


def is_settled(task: OpenTask, day: date, has_next_date: bool) -> bool:
    """Tell whether a contact on ``day`` does what the task planned.

    Every contact starts the count of "every N days" anew. What counts from an event
    is done by a contact once it was announced. A next step agreed for later stays,
    unless the contact agreed on a new one.
    """
    if task.is_next_step:
        return task.due <= day or has_next_date
    if task.is_event:
        return day >= task.due - task.remind_days * _DAY
    return True


def promised_date(promised: date, moved_to: date, today: date) -> date:
    """Return the date a task is measured by after it was put off.

    Put off in time, the new date counts; what was overdue stays late.
    """
    return promised if promised < today else moved_to
