"""What to say of several at once: how many were left out, which and why."""

from __future__ import annotations

from collections.abc import Iterable

# of more with the same reason the first ones are named
NAMED = 5


def by_reason(
    left_out: Iterable[tuple[str, str]], most: int = NAMED
) -> list[tuple[str, list[str], int]]:
    """Gather what was left out under its reasons, in the order they came up.

    :param left_out: pairs (name, reason); without a name where it is not to be told
    :return: reason, the first names, and how many there are with it
    """
    found: dict[str, list[str]] = {}
    for name, reason in left_out:
        found.setdefault(reason, []).append(name)
    return [
        (reason, [name for name in names if name][:most], len(names))
        for reason, names in found.items()
    ]
