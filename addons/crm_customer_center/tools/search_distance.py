"""How near a name is to what somebody typed with a slip in it."""

from __future__ import annotations

from .pinyin import readings
from .search_keys import fold, squeezed


def distance(text: str, name: str, *, person: bool) -> float:
    """Return how far a name is from what was typed, by letters and by sound.

    Changes that are needed to find the text within the name; what the name has more
    counts a little, so that of two the shorter one is nearer.
    """
    typed = squeezed(fold(text))
    known = squeezed(fold(name))
    by_writing = float(_within_distance(typed, known))
    heard = typed
    if not typed.isascii():
        heard = "".join(next(iter(readings(typed, person=person)), ()))
    spoken = ("".join(way) for way in readings(known, person=person))
    # by a letter of a sound one is less wrong than by a whole character
    by_sound = min((_within_distance(heard, s) / 2 for s in spoken), default=by_writing)
    return min(by_writing, by_sound) + abs(len(known) - len(typed)) / 100


def _within_distance(pattern: str, text: str) -> int:
    """Return the least number of changes that turn the pattern into a part of the text
    (Sellers' algorithm)."""
    row = [0] * (len(text) + 1)
    for count, char in enumerate(pattern, 1):
        above, row = row, [count]
        for at, other in enumerate(text, 1):
            row.append(min(above[at] + 1, row[-1] + 1, above[at - 1] + (char != other)))
    return min(row)
