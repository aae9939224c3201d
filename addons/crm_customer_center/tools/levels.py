"""Which level a customer has earned, and what becomes of the one it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

STAY, MOVE, NOTICE, FORGET = "stay", "move", "notice", "forget"


class Rule(NamedTuple):
    """A rule in use whose condition the customer meets, in their order. All three
    numbers must be reached; one that is 0 asks for nothing."""

    id: int
    level: int
    sales: float = 0.0
    orders: int = 0
    open: float = 0.0


class Figures(NamedTuple):
    """Sales and orders of twelve months, and what is open."""

    sales: float = 0.0
    orders: int = 0
    open: float = 0.0


class Held(NamedTuple):
    """What a customer has. ``level``: 0 for none; ``by_rule``: a rule gave it;
    ``notice_on``: when its owner was told that it will be lower."""

    level: int
    by_rule: bool
    notice_on: date | None = None


def earned(figures: Figures, rules: Iterable[Rule]) -> Rule | None:
    """Return the first rule whose numbers are reached.

    >>> rules = [Rule(1, 10, sales=1000), Rule(2, 20, orders=1)]
    >>> earned(Figures(sales=999, orders=1), rules).level
    20
    """
    for rule in rules:
        if (
            (not rule.sales or figures.sales >= rule.sales)
            and (not rule.orders or figures.orders >= rule.orders)
            and (not rule.open or figures.open >= rule.open)
        ):
            return rule
    return None


def is_lower(level: int, than: int, ranks: Mapping[int, int]) -> bool:
    """Tell whether a level is lower than another; none is the lowest."""
    last = len(ranks)
    return ranks.get(level, last) > ranks.get(than, last)


def verdict(
    held: Held,
    target: int,
    ranks: Mapping[int, int],
    grace: int,
    today: date,
) -> str:
    """Say what is to be done: nothing, move, tell the owner first, or forget that the
    owner was told.

    :param target: the level that is earned, 0: no rule gives any; then a level that no
        rule gave stays
    :param ranks: places of the levels, the best has 0
    :param grace: days between notice and a lower level
    """
    if target == held.level or (not target and not held.by_rule):
        return FORGET if held.notice_on else STAY
    if grace and is_lower(target, held.level, ranks):
        if held.notice_on is None:
            return NOTICE
        if today < held.notice_on + timedelta(days=grace):
            return STAY
    return MOVE
