"""What was noted of the writes of a run or an import, and what undoing makes of it.

Everything that can be taken back goes by the same rule: what still stands as we left it
is as before; whatever somebody changed since stays, and is listed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple


class Reversal(NamedTuple):
    """back: field -> value to write; changed: fields somebody changed since."""

    back: dict[str, Any]
    changed: list[str]


class Entry(NamedTuple):
    """A line of a journal: what of ``key`` was before and after."""

    key: Hashable
    before: Any
    after: Any


class TakenBack(NamedTuple):
    """back: key -> value to bring back; left: keys changed since."""

    back: dict[Hashable, Any]
    left: list[Hashable]


def changed_values(
    present: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what of ``wanted`` differs from ``present``; nothing else is written."""
    return {name: value for name, value in wanted.items() if present[name] != value}


def reverse(
    previous: Mapping[str, Any],
    written: Mapping[str, Any],
    present: Mapping[str, Any],
) -> Reversal:
    """Decide field by field what undoing writes back.

    :param previous: values before the import
    :param written: values as they stood right after it
    :param present: values now
    """
    back, changed = {}, []
    for name, before in previous.items():
        now = present.get(name)
        if now == before:
            continue
        if name in written and now == written[name]:
            back[name] = before
        else:
            changed.append(name)
    return Reversal(back, changed)


def take_back(entries: Iterable[Entry], present: Mapping[Hashable, Any]) -> TakenBack:
    """Decide for many things at once what taking a run back makes of them.

    :param entries: in the order they were written; of several of one thing the first
        says what was before, the last what the run left
    :param present: values now, by key; what is gone is not among them

    >>> take_back([Entry(1, "a", "b"), Entry(1, "b", "c")], {1: "c"})
    TakenBack(back={1: 'a'}, left=[])
    """
    whole: dict[Hashable, Entry] = {}
    for entry in entries:
        known = whole.get(entry.key)
        whole[entry.key] = known._replace(after=entry.after) if known else entry
    taken = TakenBack({}, [])
    for key, entry in whole.items():
        if key in present and present[key] == entry.after:
            taken.back[key] = entry.before
        else:
            taken.left.append(key)
    return taken
