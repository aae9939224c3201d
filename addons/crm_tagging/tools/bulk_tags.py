"""What putting tags on and taking tags off does to many records at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple


class BulkPlan(NamedTuple):
    """The consequences, before anything is written.

    ``off``: the tags to take off, those that make room for a tag of an exclusive
    group included; ``changed``: ids of the records that change at all; ``added`` and
    ``kept``: tag put on -> on how many it is new, how many have it already;
    ``removed``: tag asked to be taken off -> from how many; ``replaced``: (tag put on,
    tag that makes room) -> on how many.
    """

    off: frozenset[int]
    changed: frozenset[int]
    added: Counter[int]
    kept: Counter[int]
    removed: Counter[int]
    replaced: Counter[tuple[int, int]]


def conflicts(
    add: Iterable[int], remove: AbstractSet[int], exclusive: Mapping[int, int]
) -> set[int]:
    """Return the tags that cannot be put on together as asked.

    :param exclusive: tag -> its exclusive group; other tags are missing
    """
    seen: dict[int, int] = {}
    wrong = set()
    for tag in add:
        if tag in remove:
            wrong.add(tag)
        group = exclusive.get(tag)
        if group in seen:
            wrong |= {tag, seen[group]}
        elif group is not None:
            seen[group] = tag
    return wrong


def plan(
    current: Mapping[int, AbstractSet[int]],
    add: AbstractSet[int],
    remove: AbstractSet[int],
    exclusive: Mapping[int, int],
) -> BulkPlan:
    """Plan putting ``add`` on and taking ``remove`` off every record.

    :param current: record -> the tags it has
    :param exclusive: tag -> its exclusive group, of which a record has one tag
    """
    by_group = {exclusive[tag]: tag for tag in add if tag in exclusive}
    makes_room = {
        tag: by_group[group]
        for tag, group in exclusive.items()
        if group in by_group and tag not in add
    }
    off = frozenset(remove) | makes_room.keys()
    result = BulkPlan(off, frozenset(), Counter(), Counter(), Counter(), Counter())
    changed = set()
    for record, tags in current.items():
        result.added.update(add - tags)
        result.kept.update(add & tags)
        result.removed.update(tags & remove)
        for tag in tags & makes_room.keys():
            result.replaced[makes_room[tag], tag] += 1
        if add - tags or tags & off:
            changed.add(record)
    return result._replace(changed=frozenset(changed))
