"""Lengths of time, cut as people say them."""

from __future__ import annotations

from typing import NamedTuple


class Parts(NamedTuple):
    """Hours, minutes and seconds."""

    hours: int
    minutes: int
    seconds: int


def split(seconds: int) -> Parts:
    """Cut seconds into hours, minutes and the rest.

    >>> split(8100)
    Parts(hours=2, minutes=15, seconds=0)
    """
    minutes, rest = divmod(seconds, 60)
    return Parts(minutes // 60, minutes % 60, rest)
