"""Customers that are one, taken together.

Only pairs that are sure join: of 恒策, 恒测 and 恒册 each may be perhaps the next
one, and the first is not the last. What is perhaps the same stays a pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Found(NamedTuple):
    """A pair that waits for a decision; the order in which they come is kept."""

    id: int
    one: int
    other: int
    is_sure: bool


def groups(pairs: Iterable[Found]) -> list[frozenset[int]]:
    """Return who is surely the same, each group once, by its smallest member."""
    leader: dict[int, int] = {}

    def find(member: int) -> int:
        while leader.setdefault(member, member) != member:
            leader[member] = leader[leader[member]]
            member = leader[member]
        return member

    for pair in pairs:
        if pair.is_sure:
            first, second = sorted((find(pair.one), find(pair.other)))
            leader[second] = first
    members: dict[int, set[int]] = {}
    for member in leader:
        members.setdefault(find(member), set()).add(member)
    return [frozenset(members[first]) for first in sorted(members)]


def in_groups(pairs: Sequence[Found]) -> list[int]:
    """Return the ids of pairs so that those of one group follow each other: who
    decides on three that are one has them in mind at once."""
    group_of = {
        member: at for at, group in enumerate(groups(pairs)) for member in group
    }
    first: dict[int, int] = {}
    for place, pair in enumerate(pairs):
        if pair.is_sure:
            first.setdefault(group_of[pair.one], place)
    ordered = sorted(
        enumerate(pairs),
        key=lambda item: (
            first[group_of[item[1].one]] if item[1].is_sure else item[0],
            item[0],
        ),
    )
    return [pair.id for _place, pair in ordered]
