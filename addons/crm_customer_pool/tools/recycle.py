"""When a customer that nobody works on goes back to the pool: after two warnings, each
with the days it promises. No clock, no database."""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import NamedTuple

KEEP, WAIT, FIRST, LAST, LOSE = "keep", "wait", "first", "last", "lose"
_DAY = timedelta(days=1)


class Rule(NamedTuple):
    """``days``: so many without what is asked for; ``first`` and ``last``: the owner is
    warned so many days before; ``days`` > ``first`` + 1, ``first`` >= ``last`` >= 1."""

    days: int
    first: int
    last: int


class Told(NamedTuple):
    """The days on which the owner was warned of this silence."""

    first: date | None = None
    last: date | None = None


class Days(NamedTuple):
    """Which days count. ``working``: those only, ``None``: all; ``away``: those on
    which the owner was not there do not."""

    working: AbstractSet[date] | None = None
    away: AbstractSet[date] = frozenset()

    def counts(self, day: date) -> bool:
        return day not in self.away and (self.working is None or day in self.working)


class Decision(NamedTuple):
    """``what`` is to be done today, ``left``: full days that count after today, until
    it is lost."""

    what: str
    left: int


def passed(since: date, today: date, most: int, days: Days) -> int:
    """Return how many full days that count lie between two days; at most ``most``."""
    found, day = 0, today - _DAY
    while day > since and found < most:
        found += days.counts(day)
        day -= _DAY
    return found


def decide(rule: Rule, since: date, told: Told, today: date, days: Days) -> Decision:
    """Say what happens today to a customer without contact (or order) since a day.

    It is lost when the days are full and both warnings have had theirs: a rule that is
    switched on late begins with a warning.
    """
    # a day is full when it is over
    now = days.counts(today)
    left = rule.days - passed(since, today, rule.days, days)
    if left - now > rule.first:
        return Decision(KEEP, left - now)
    if told.first is None:
        return Decision(FIRST, max(left - now, rule.first))
    left = max(left, rule.first - passed(told.first, today, rule.first, days))
    if told.last is None:
        if left - now > rule.last:
            return Decision(WAIT, left - now)
        return Decision(LAST, max(left - now, rule.last))
    left = max(left, rule.last - passed(told.last, today, rule.last, days))
    return Decision(WAIT, left - now) if left > 0 else Decision(LOSE, 0)


def lost_on(today: date, left: int, days: Days) -> date:
    """Return the day before which so many days that count are full. Beyond what is
    known of the calendar every day counts, so that there is one."""
    day = today + _DAY
    known = max(days.working or (), default=today)
    while left > 0:
        beyond = day > known and day not in days.away
        left -= days.counts(day) or beyond
        day += _DAY
    return day
