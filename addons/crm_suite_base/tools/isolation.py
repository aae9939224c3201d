"""What to do when one of many cannot be worked on."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

Item = TypeVar("Item")

#: How long something that failed waits, by the number of times it was tried.
WAITS = (
    timedelta(hours=1),
    timedelta(hours=4),
    *(timedelta(days=1),) * 6,
)


def bad_ones(
    items: Sequence[Item], attempt: Callable[[Sequence[Item]], Exception | None]
) -> list[tuple[Item, Exception]]:
    """Do all at once; where that fails in halves, and at last one by one.

    :param attempt: does some of the items, wholly or not at all; returns why not, or
        raises what is no item's fault
    :return: the items that fail by themselves, each with its error, in order. One bad
        item of n costs about 2 log2 n further attempts.
    """
    found: list[tuple[Item, Exception]] = []
    waiting = [items]
    while waiting:
        batch = waiting.pop()
        if not batch or (error := attempt(batch)) is None:
            continue
        if len(batch) == 1:
            found.append((batch[0], error))
            continue
        middle = len(batch) // 2
        waiting += [batch[middle:], batch[:middle]]
    return found


def next_try(tries: int) -> timedelta | None:
    """Return how long to wait after the ``tries``-th failure, ``None``: for good."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None
