"""What an import noted of its writes, and what undoing makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Reversal(NamedTuple):
    """back: field -> value to write; changed: fields somebody changed since."""

    back: dict[str, Any]
    changed: list[str]


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
