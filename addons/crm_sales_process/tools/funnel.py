"""The arithmetic of a funnel: how many deals got how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """A stage of the funnel. ``reached``: deals that came at least this far;
    ``passed``: came further; ``waiting``: are here and still open; ``dropped``: ended
    here without success; ``conversion``: passed / reached, None when nobody came."""

    stage: int
    reached: int
    passed: int
    waiting: int
    dropped: int
    conversion: float | None


def steps(
    stages: Sequence[int],
    furthest: Mapping[int, int],
    open_there: Mapping[int, int],
) -> list[Step]:
    """Return the funnel, first stage first.

    A deal counts in every stage up to the furthest it ever reached, whether it
    stopped there or was moved past; so the funnel never widens.

    :param stages: ids of the stages in their order
    :param furthest: number of deals by the furthest stage they reached
    :param open_there: those of them that are neither won nor lost
    """
    result: list[Step] = []
    beyond = 0
    for stage in reversed(stages):
        here = furthest.get(stage, 0)
        waiting = open_there.get(stage, 0)
        reached = beyond + here
        result.append(
            Step(
                stage,
                reached,
                beyond,
                waiting,
                here - waiting,
                beyond / reached if reached else None,
            )
        )
        beyond = reached
    return result[::-1]
