"""Which policy applies to a ticket, and whether a policy makes sense."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from .clocks import CLOCKS


class Facts(NamedTuple):
    """What policies ask of a ticket; ids, ``None`` for nothing."""

    company: int | None
    type_id: int | None
    priority: str | None
    level: int | None
    team: int | None
    stage: int | None


class Conditions(NamedTuple):
    """A policy's conditions; an empty set asks nothing.

    ``policy``: its id; ``company``: ``None`` for all; ``members``: the ids of the
    tickets its extra domain matches, ``None`` for a policy without one.
    """

    policy: int
    company: int | None
    types: AbstractSet[int]
    priorities: AbstractSet[str]
    levels: AbstractSet[int]
    teams: AbstractSet[int]
    stages: AbstractSet[int]
    members: AbstractSet[int] | None = None


def applies(conditions: Conditions, facts: Facts) -> bool:
    """Return whether a policy's sets, its extra domain aside, hold for a ticket."""
    pairs: tuple[tuple[Collection, object], ...] = (
        (conditions.types, facts.type_id),
        (conditions.priorities, facts.priority),
        (conditions.levels, facts.level),
        (conditions.teams, facts.team),
        (conditions.stages, facts.stage),
    )
    if conditions.company not in (None, facts.company):
        return False
    return all(not wanted or value in wanted for wanted, value in pairs)


def candidates(policies: Iterable[Conditions], facts: Facts) -> list[Conditions]:
    """Return the policies that may apply, up to the first that surely does.

    The same for all tickets with the same facts, so it is asked once for each.
    """
    found = []
    for conditions in policies:
        if applies(conditions, facts):
            found.append(conditions)
            if conditions.members is None:
                break
    return found


def choose(found: Sequence[Conditions], ticket: int) -> int | None:
    """Return the id of the first of ``candidates`` whose extra domain matches."""
    for conditions in found:
        if conditions.members is None or ticket in conditions.members:
            return conditions.policy
    return None


class Plan(NamedTuple):
    """A policy's targets in minutes (0: none) and the shares at which it warns."""

    first_response: int
    next_response: int
    resolution: int
    percents: tuple[int, ...]

    def targets(self) -> dict[str, int]:
        """Return the targets by clock, without those that are not set."""
        minutes = dict(zip(CLOCKS, self[:3], strict=True))
        return {clock: number for clock, number in minutes.items() if number}


#: The codes ``problems`` returns.
NO_TARGET = "no_target"
NEGATIVE = "negative"
LATE_RESPONSE = "late_response"
BAD_PERCENT = "bad_percent"
DOUBLE_PERCENT = "double_percent"
STANDING_STILL = "standing_still"


def problems(plan: Plan, pauses: AbstractSet[str]) -> list[str]:
    """Return what is wrong with a policy, as codes; empty if nothing is."""
    found = []
    if any(number < 0 for number in plan[:3]):
        found.append(NEGATIVE)
    elif not plan.targets():
        found.append(NO_TARGET)
    elif 0 < plan.resolution < plan.first_response:
        found.append(LATE_RESPONSE)
    if any(not 0 < percent <= 500 for percent in plan.percents):
        found.append(BAD_PERCENT)
    if len(set(plan.percents)) < len(plan.percents):
        found.append(DOUBLE_PERCENT)
    if {"pending", "in_progress"} <= pauses:
        found.append(STANDING_STILL)
    return found
