"""How near a name is to what somebody typed, and to how it is read."""

from __future__ import annotations

from .duplicate_keys import without_legal_form
from .pinyin import IS_HAN, alike, readings, syllables_of
from .search_keys import fold, squeezed

# what is wrong with a character: it sounds the same, nearly so, or is another one or
# one too many, which is less likely than one too few
_SAME_SOUND, _NEARLY, _ANOTHER = 0.25, 0.5, 1.5
# a whole syllable is missing: more than a letter, less than two letters
_SYLLABLE = 0.75
# a reading that is rarely meant
_RARE = 0.2


def distance(text: str, name: str, *, person: bool) -> float:
    """Return how far a name is from what was typed, by letters and by sound.

    Changes that are needed to find the text within the name; what the name has more
    counts a little, so that of two the shorter one is nearer.
    """
    typed = squeezed(fold(text))
    known = squeezed(fold(name))
    if not person:
        known = without_legal_form(known) or known
    more = abs(len(known) - len(typed)) / 100
    if typed and all(IS_HAN.match(char) for char in typed):
        return _by_characters(typed, known) + more
    by_writing = float(_within_distance(typed, known)) + more
    if not typed.isascii():
        return by_writing
    heard = (
        _by_sound(typed, way) + (_RARE if at else 0)
        for at, way in enumerate(readings(known, person=person))
        if way
    )
    return min(by_writing, *heard)


def is_usual(letters: str, name: str) -> bool:
    """Tell whether the name, or what follows after some characters of it, begins so as
    it is usually read: by initials, syllables or a mix of them."""
    known = squeezed(fold(name))
    if any(char.isascii() and char.isalpha() for char in known):
        return True
    ways = [*readings(known, person=True)[:1], *readings(known, person=False)[:1]]
    return any(_begins(letters, way[at:]) for way in ways for at in range(len(way)))


def _begins(letters: str, syllables: tuple[str, ...]) -> bool:
    reached = {0}
    for syllable in syllables:
        reached = {
            at + length
            for at in reached
            for length in range(1, len(syllable) + 1)
            if letters[at : at + length] == syllable[:length]
        }
        if len(letters) in reached:
            return True
    return False


def _by_characters(typed: str, known: str) -> float:
    """Chinese characters are chosen by their sound: so they are mistaken."""
    row = [0.0] * (len(known) + 1)
    for count, char in enumerate(typed, 1):
        above, row = row, [count * _ANOTHER]
        for at, other in enumerate(known, 1):
            changed = above[at - 1] + (0 if char == other else _mistaken(char, other))
            row.append(min(above[at] + _ANOTHER, row[-1] + 1, changed))
    return min(row)


def _mistaken(char: str, other: str) -> float:
    sounds = set(syllables_of(char))
    others = syllables_of(other)
    if sounds.intersection(others):
        return _SAME_SOUND
    if any(sounds.intersection(alike(sound)) for sound in others):
        return _NEARLY
    return _ANOTHER


def _by_sound(letters: str, way: tuple[str, ...]) -> float:
    spoken = "".join(way)
    # by a letter of a sound one is less wrong than by a whole character
    found = _within_distance(letters, spoken) / 2
    if found > _SYLLABLE and any(
        letters in "".join((*way[:at], *way[at + 1 :])) for at in range(len(way))
    ):
        found = _SYLLABLE
    return found + abs(len(spoken) - len(letters)) / 200


def _within_distance(pattern: str, text: str) -> int:
    """Return the least number of changes that turn the pattern into a part of the text
    (Sellers' algorithm)."""
    row = [0] * (len(text) + 1)
    for count, char in enumerate(pattern, 1):
        above, row = row, [count]
        for at, other in enumerate(text, 1):
            row.append(min(above[at] + 1, row[-1] + 1, above[at - 1] + (char != other)))
    return min(row)
