"""Who may get a ticket: everybody in turn, the least busy, or who has the skills.

Whose turn it is among those who are left is the hub's fair share
(``crm_customer_center/tools/fair_share.py``); all ways keep the same books, so that a
team can change from one to another without anybody losing out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

TURN = "turn"
LOAD = "load"
SKILL = "skill"
FULL = "full"
NO_SKILL = "no_skill"
BUSIER = "busier"


class Person(NamedTuple):
    """Who may get tickets. ``weight``: relative to the others; ``daily_cap``,
    ``open_cap``: most new tickets a day and most open ones, 0 for any number;
    ``taken``: new ones today; ``open``: open ones now; ``skills``: keys."""

    key: int
    weight: float = 1.0
    daily_cap: int = 0
    open_cap: int = 0
    taken: int = 0
    open: int = 0
    skills: frozenset[int] = frozenset()


def left_out(
    method: str,
    people: Iterable[Person],
    needs: frozenset[int] = frozenset(),
    absent: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """Return who is not to be considered for one ticket, and why.

    :param method: ``TURN``, ``LOAD`` or ``SKILL``
    :param people: with distinct keys; their order does not matter
    :param needs: skills the ticket needs; asked for ``SKILL`` only
    :param absent: key → word why that person is not there
    :return: key → ``absent``'s word, ``FULL``, ``NO_SKILL`` or ``BUSIER``; somebody
        stays unless all are absent or full
    """
    everybody = list(people)
    away = dict(absent or {})
    for person in everybody:
        if 0 < person.open_cap <= person.open:
            away.setdefault(person.key, FULL)
    free = [person for person in everybody if _is_free(person, away)]
    return away | _by_method(method, free, needs)


def _by_method(
    method: str, free: list[Person], needs: frozenset[int]
) -> dict[int, str]:
    if free and method == SKILL:
        best = max(len(person.skills & needs) for person in free)
        return {p.key: NO_SKILL for p in free if len(p.skills & needs) < best}
    if free and method == LOAD:
        least = min(_load(person) for person in free)
        return {p.key: BUSIER for p in free if _load(p) > least}
    return {}


def _is_free(person: Person, away: Mapping[int, str]) -> bool:
    """Whether fair_share would consider the person."""
    capped = 0 < person.daily_cap <= person.taken
    return person.key not in away and person.weight > 0 and not capped


def _load(person: Person) -> float:
    """Open tickets with the one more, for the weight."""
    return round((person.open + 1) / person.weight, 9)
