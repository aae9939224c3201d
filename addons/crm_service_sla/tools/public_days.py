"""The public holidays and make-up days of a year, and what they change in a calendar.

A year's list names days: off, or worked although the week says they are not. Whoever
keeps the calendar has holidays from one day to another; some came from an earlier
list, some were entered by hand, some belong to all calendars of the company and some
to one. ``changes`` says what to do so that the list holds, and nothing when it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

#: What is done with a holiday or a make-up day; ``REFUSED``: nothing, and why.
ADD, CHANGE, REMOVE, REFUSED = "add", "change", "remove", "refused"
#: Why a make-up day of the list is refused.
IN_HOLIDAY, ELSEWHERE = "holiday", "elsewhere"
Level = Literal["own", "wider", "narrower"]


class PublicDay(NamedTuple):
    """A day of a year's list."""

    date: date
    name: str
    works: bool


class Span(NamedTuple):
    """A holiday from its first to its last day, or a make-up day of one."""

    first: date
    last: date
    name: str

    def covers(self, other: Span) -> bool:
        """Return whether all days of another one are days of this one."""
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: Span) -> bool:
        """Return whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last


class There(NamedTuple):
    """What is in the calendar.

    ``key``: how the caller knows it; ``level``: of the calendars in question alone, of
    more than those, or of some of them; ``year``: from whose list it came, 0 for what
    was entered by hand; ``whole``: it takes whole days.
    """

    key: int
    span: Span
    level: Level = "own"
    year: int = 0
    whole: bool = True


class Change(NamedTuple):
    """What becomes of a holiday or a make-up day.

    ``new``: ``None`` when removed; ``old``: ``None`` when added; ``why``: one of the
    reasons above, with the holiday it is about in ``old``.
    """

    verb: str
    new: Span | None
    old: There | None
    why: str = ""


class Changes(NamedTuple):
    """What to do so that a year's list holds."""

    holidays: list[Change]
    makeups: list[Change]

    def __bool__(self) -> bool:
        """Return whether there is anything to do."""
        return any(one.verb != REFUSED for one in [*self.holidays, *self.makeups])


def holidays_of(days: Iterable[PublicDay]) -> list[Span]:
    """Return the days off as holidays: days of one name that follow each other.

    >>> [(one.first.day, one.last.day) for one in holidays_of(
    ...     PublicDay(date(2026, 1, day), "New Year", False) for day in (1, 2, 5))]
    [(1, 2), (5, 5)]
    """
    found: list[Span] = []
    for day in sorted(day for day in days if not day.works):
        last = found[-1] if found else None
        if last and last.name == day.name and day.date - last.last <= timedelta(days=1):
            found[-1] = last._replace(last=day.date)
        else:
            found.append(Span(day.date, day.date, day.name))
    return found


def makeups_of(days: Iterable[PublicDay]) -> list[Span]:
    """Return the days that are worked for a holiday: those of a weekend. A list of all
    days of a year names the others as well, and they are worked anyway."""
    return [
        Span(day.date, day.date, day.name)
        for day in sorted(days)
        if day.works and day.date.weekday() >= 5
    ]


def changes(
    days: Sequence[PublicDay],
    holidays: Sequence[There],
    makeups: Sequence[There],
    year: int,
) -> Changes:
    """Return what to do so that a list holds.

    :param days: the list
    :param holidays: what is in the calendar around the year
    :param makeups: likewise
    :param year: whose list it is: what came from an earlier one and is not in it any
        more is removed, what was entered by hand stays
    """
    wanted = holidays_of(days)
    off = _holiday_changes(wanted, holidays, year)
    gone = {one.old.key for one in off if one.old}
    staying = [one for one in holidays if one.key not in gone]
    worked = makeups_of(days)
    return Changes(off, _makeup_changes(worked, wanted, staying, makeups, year))


def _holiday_changes(
    wanted: list[Span], there: Sequence[There], year: int
) -> list[Change]:
    found: list[Change] = []
    own = sorted((one for one in there if one.level == "own"), key=_order)
    free = list(own)
    for span in wanted:
        fits = [one for one in there if _holds(one, span)]
        replaced = [one for one in free if _gives_way(one, span) and one not in fits]
        for one in (*fits, *replaced):
            if one in free:
                free.remove(one)
        if not fits and replaced:
            found.append(Change(CHANGE, span, replaced.pop(0)))
        elif not fits:
            found.append(Change(ADD, span, None))
        found += [Change(REMOVE, None, one) for one in replaced]
    found += [Change(REMOVE, None, one) for one in free if one.year == year]
    return found


def _order(there: There) -> tuple[date, date, int]:
    return there.span.first, there.span.last, there.key


def _holds(there: There, span: Span) -> bool:
    """It gives those days off already. A longer one that was entered by hand is what
    the company gives its people; a longer one of an earlier list is outdated."""
    if there.level == "narrower" or not there.whole:
        return False
    if there.year and there.level == "own":
        return there.span[:2] == span[:2]
    return there.span.covers(span)


def _gives_way(there: There, span: Span) -> bool:
    """It is what the list says now, as it was known before."""
    return there.span.meets(span) and bool(there.year or span.covers(there.span))


def _makeup_changes(
    wanted: list[Span],
    off: list[Span],
    staying: Sequence[There],
    there: Sequence[There],
    year: int,
) -> list[Change]:
    found: list[Change] = []
    dates = {span.first for span in wanted}
    for span in wanted:
        known = {one.level: one for one in there if one.span.first == span.first}
        holiday = next((one for one in staying if one.span.meets(span)), None)
        if "own" in known or "wider" in known:
            continue
        if holiday:
            found.append(Change(REFUSED, span, holiday, IN_HOLIDAY))
        elif known:
            found.append(Change(REFUSED, span, known["narrower"], ELSEWHERE))
        else:
            found.append(Change(ADD, span, None))
    return found + [
        Change(REMOVE, None, one)
        for one in sorted(there, key=_order)
        if one.level == "own"
        and one.span.first not in dates
        and (one.year == year or any(span.covers(one.span) for span in off))
    ]
