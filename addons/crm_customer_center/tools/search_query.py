"""What a person means who types this, as conditions over the keys of customers.

A condition is a tree of ``Key``, ``All`` and ``Any``; ``to_tsquery`` writes it for
PostgreSQL, ``holds`` asks it of a set of keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import islice, product
from typing import NamedTuple

from .pinyin import (
    IS_HAN,
    Typed,
    alike,
    readings,
    split_letters,
    surname_and_initials,
    syllables_of,
)
from .search_keys import (
    LONGEST,
    fold,
    grams,
    phone_digits,
    runs,
    signs,
    squeezed,
)
from .typing_slips import beside, exchanged, one_less, one_more

# how good a match is, the best first
EXACT, PREFIX, INSIDE, SOUND, SOUND_INSIDE, GUESS = range(6)
# more is a pasted text, not a search
LONGEST_TEXT = 200
_WINDOW = 3
_MAX_INITIALS = 8
_MAX_WORDS = 8
_MAX_GRAMS = 12
_MAX_GUESSES = 96


class Key(NamedTuple):
    """A key, or with ``begins`` every key that begins so."""

    text: str
    begins: bool = False


class All(NamedTuple):
    """Each of the conditions."""

    parts: tuple


class Any(NamedTuple):
    """One of the conditions."""

    parts: tuple


Node = Key | All | Any
NOTHING = Any(())


class Stage(NamedTuple):
    """``rank``: how good a match by the condition is."""

    rank: int
    node: Node


def stages(text: str) -> tuple[Stage, ...]:
    """Return what finds by this text, the best first; () for a text of no meaning."""
    folded = fold(text[:LONGEST_TEXT]).strip()
    plain = squeezed(folded)
    if not plain:
        return ()
    ranked: dict[int, list[Node]] = {rank: [] for rank in range(5)}
    _whole(ranked, folded, plain)
    if _is_number(folded):
        _number(ranked, folded)
    words = folded.split()[:_MAX_WORDS]
    together = [node for word in words if (node := any_of(_within(word))) != NOTHING]
    ranked[INSIDE] += [all_of(together)] if together else []
    if plain.isascii() and plain.isalpha():
        ranked[SOUND] += _sounds(plain, start=True)
        ranked[SOUND_INSIDE] += _sounds(plain, start=False)
    return tuple(
        Stage(rank, node)
        for rank, nodes in ranked.items()
        if (node := any_of(nodes)) != NOTHING
    )


def meant(text: str) -> Node:
    """Return what finds by this text, in whatever way."""
    every = [stage for stage in stages(text)]
    plain = squeezed(fold(text[:LONGEST_TEXT]).strip())
    if len(plain) > 1 and all(IS_HAN.match(char) for char in plain):
        # names that are so or begin so have it within, too
        every = [stage for stage in every if stage.rank >= INSIDE]
    return any_of(stage.node for stage in every)


def all_of(parts: Iterable[Node]) -> Node:
    """Return the condition that all of them hold."""
    unique = tuple(dict.fromkeys(parts))
    if NOTHING in unique:
        return NOTHING
    return unique[0] if len(unique) == 1 else All(unique)


def any_of(parts: Iterable[Node]) -> Node:
    """Return the condition that one of them holds."""
    unique = tuple(part for part in dict.fromkeys(parts) if part != NOTHING)
    return unique[0] if len(unique) == 1 else Any(unique)


def _whole(ranked: dict[int, list[Node]], folded: str, plain: str) -> None:
    """The text is all or the beginning of a name, code or address."""
    key = plain[:LONGEST]
    cut = len(plain) > LONGEST
    ranked[EXACT] += [] if cut else [Key("N" + key), Key("K" + key)]
    if len(key) == 2:
        # thousands of names may begin so, which are one key and not thousands
        ranked[PREFIX].append(Key("B" + key))
    else:
        ranked[PREFIX] += [Key(kind + key, begins=True) for kind in "NKF"]
    if "@" in folded:
        ranked[EXACT].append(Key("E" + folded[:LONGEST]))
        ranked[PREFIX].append(Key("E" + folded[:LONGEST], begins=True))


def _is_number(folded: str) -> bool:
    return bool(re.fullmatch(r"\+?[\d ()*.-]+", folded)) and any(
        char.isdigit() for char in folded
    )


def _number(ranked: dict[int, list[Node]], folded: str) -> None:
    """Digits are the beginning or the end of a phone number or of a code."""
    masked = re.fullmatch(r"(\d{2,})\*+(\d{2,})", folded.replace(" ", ""))
    if masked:
        head, tail = masked.groups()
        ranked[PREFIX].append(
            All((Key("D" + head, begins=True), Key("R" + tail[::-1], begins=True)))
        )
        return
    number = phone_digits(folded)
    if len(number) >= 7:
        ranked[EXACT].append(Key("D" + number))
    digits = re.sub(r"\D", "", folded)
    if len(number) >= 3:
        # 0191: the last digits of a number rather than the first of 191…
        rank = INSIDE if len(number) < len(digits) <= 4 else PREFIX
        ranked[rank].append(Key("D" + number, begins=True))
    if len(digits) >= 3:
        ends = {digits, number} if len(number) >= 7 else {digits}
        for end in sorted(ends):
            ranked[PREFIX].append(Key("R" + end[::-1], begins=True))
            ranked[PREFIX].append(Key("k" + end[::-1], begins=True))


def _within(word: str) -> list[Node]:
    """Ways in which a word without blanks may be in a name, code or address."""
    pieces = runs(word)
    marks = [Key("S" + sign) for sign in sorted(signs(word))]
    if not pieces:
        return [all_of(marks)] if marks else []
    conditions: list[Node] = list(marks)
    for at, piece in enumerate(pieces):
        before = pieces[at - 1] if at else ""
        if IS_HAN.match(piece):
            conditions.append(_han(piece))
        elif IS_HAN.search(before):
            conditions.append(any_of([*_letters(piece), *_after(before[-1], piece)]))
        elif any(IS_HAN.match(other) for other in pieces):
            ways = [*_letters(piece), *_sounds(piece, start=True)]
            conditions.append(any_of([*ways, *_sounds(piece, start=False)]))
        else:
            conditions.append(any_of(_letters(piece)))
    return [all_of(conditions)]


def _han(run: str) -> Node:
    if len(run) == 1:
        return Key("C" + run, begins=True)
    return all_of(Key("C" + run[at : at + 2]) for at in range(len(run) - 1))


def _letters(word: str) -> list[Node]:
    """A word of letters and digits begins a word, or stands within one."""
    ways: list[Node] = [Key("W" + word[:LONGEST], begins=True)]
    if len(word) >= 3:
        ways.append(all_of(Key("G" + gram) for gram in grams(word)[:_MAX_GRAMS]))
    return ways


def _after(char: str, letters: str) -> list[Node]:
    """张w: the syllables that follow a Chinese character."""
    if not letters.isalpha():
        return []
    found: list[Node] = []
    for syllable in syllables_of(char):
        found += [Key(kind + syllable + letters, begins=True) for kind in "Pp"]
        initials = Typed((syllable, *letters), (True, *[False] * len(letters)))
        ways = [
            Typed((syllable, *w.parts), (True, *w.full)) for w in split_letters(letters)
        ]
        whole = [way for way in ways if all(way.full[:-1]) and len(way.parts) > _WINDOW]
        for start in (True, False):
            if len(letters) > 1:
                found.append(_mixed(initials, start=start))
            found += [_windows(way.parts, start=start) for way in whole]
    return found


# ------------------------------------------------------------
# How a name sounds
# ------------------------------------------------------------


def _sounds(letters: str, *, start: bool) -> list[Node]:
    """Letters are syllables, initials, or some of each.

    :param start: from the beginning of the name; within it two letters mean nothing,
        there would be hardly a name without them
    """
    if not letters.isascii() or not letters.isalpha():
        return []
    if not start and len(letters) < 3:
        return []
    spelled, initials = ("P", "I") if start else ("p", "i")
    nodes: list[Node] = [Key(spelled + letters[:LONGEST], begins=True)]
    if len(letters) <= _MAX_INITIALS:
        nodes.append(Key(initials + letters, begins=True))
    ways = split_letters(letters)
    whole = [way for way in ways if all(way.full[:-1])]
    nodes += [_windows(way.parts, start=start) for way in whole]
    mixed = surname_and_initials(letters) if whole else ways
    nodes += [_mixed(way, start=start) for way in mixed]
    return nodes


def _windows(parts: tuple[str, ...], *, start: bool) -> Node:
    """Syllables one after another, the last perhaps not yet typed to its end."""
    if len(parts) <= _WINDOW:
        return Key(("P" if start else "p") + "".join(parts), begins=True)
    last = len(parts) - _WINDOW
    return all_of(
        Key(
            ("P" if start and not at else "p") + "".join(parts[at : at + _WINDOW]),
            begins=at == last,
        )
        for at in range(last + 1)
    )


def _mixed(way: Typed, *, start: bool) -> Node:
    """zhang, w, m: the initials, and each syllable that was typed as a whole."""
    parts = way.parts
    first = "".join(part[0] for part in parts)[:_MAX_INITIALS]
    conditions: list[Node] = [Key(("I" if start else "i") + first, begins=True)]
    last = len(parts) - 1
    for at, (part, whole) in enumerate(zip(parts, way.full, strict=True)):
        if whole and (at < last or len(part) > 1):
            # of zh the first letter is known: all beginnings of syllables are many
            conditions.append(Key("Y" + part, begins=at == last))
    return all_of(conditions)


# ------------------------------------------------------------
# Slips
# ------------------------------------------------------------

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def guesses(text: str) -> tuple[Node, ...]:
    """Return what may have been meant if nothing is found: the likeliest slip first.

    A character that sounds the same or nearly so, a key beside the right one, two
    letters exchanged, one too many, one or a whole syllable too few.
    """
    folded = fold(text[:LONGEST_TEXT]).strip()
    plain = squeezed(folded)
    if len(plain) < 2 or len(plain) > LONGEST:
        return ()
    if all(IS_HAN.match(char) for char in plain):
        found = [*_alike_sounds(plain), *_other_characters(plain)]
    elif _is_number(folded):
        found = _wrong_digits(phone_digits(folded), "D")
        found += _wrong_digits(plain, "K")
    elif plain.isascii() and plain.isalpha():
        found = _wrong_letters(plain)
    elif plain.isascii() and plain.isalnum():
        found = _wrong_digits(plain, "K")
    else:
        found = []
    return tuple(dict.fromkeys(node for node in found if node != NOTHING))


def _alike_sounds(han: str) -> list[Node]:
    same: list[Node] = []
    nearly: list[Node] = []
    for reading in islice(
        dict.fromkeys((*readings(han, person=True), *readings(han, person=False))), 4
    ):
        if len(reading) != len(han):
            continue
        same += [_windows(reading, start=start) for start in (True, False)]
        ways = islice(product(*map(alike, reading[:_WINDOW])), 1, _MAX_GUESSES)
        rest = [any_of(_one_syllable(s) for s in alike(x)) for x in reading[_WINDOW:]]
        for way in ways:
            head = any_of(_windows(way, start=start) for start in (True, False))
            nearly.append(all_of([head, *rest]))
    return [any_of(same), any_of(nearly)]


def _one_syllable(syllable: str) -> Node:
    return Key("Y" + syllable)


def _other_characters(han: str) -> list[Node]:
    """One character is wrong or too many, or one is missing."""
    found: list[Node] = []
    if len(han) > 2:
        rests = [(han[:at], han[at + 1 :]) for at in range(len(han))]
        found.append(any_of(all_of(map(_han, filter(None, r))) for r in rests))
    found.append(all_of(Key("C" + char, begins=True) for char in han))
    return found


def _wrong_digits(number: str, kind: str) -> list[Node]:
    if len(number) < 6:
        return []
    slips = [*exchanged(number), *beside(number), *one_less(number)]
    if kind == "D":
        slips += one_more(number, "0123456789")
    return [any_of(Key(kind + slip, begins=True) for slip in slips)]


def _wrong_letters(letters: str) -> list[Node]:
    if len(letters) < 4:
        return []
    slips = dict.fromkeys((*exchanged(letters), *beside(letters)))
    slips.update(dict.fromkeys((*one_less(letters), *one_more(letters, _LETTERS))))
    slips.pop(letters, None)
    sounds: list[Node] = []
    for slip in slips:
        whole = [w for w in split_letters(slip) if all(w.full[:-1])]
        sounds += [_windows(way.parts, start=True) for way in whole[:1]]
    words = [Key("W" + slip, begins=True) for slip in islice(slips, _MAX_GUESSES)]
    within = [
        _windows(way.parts, start=False)
        for slip in islice(slips, _MAX_GUESSES)
        for way in split_letters(slip)[:1]
        if all(way.full[:-1])
    ]
    return [
        any_of([*sounds[: 2 * _MAX_GUESSES], *words]),
        _nearly_heard(letters),
        any_of(within),
        _syllable_missing(letters),
    ]


def _nearly_heard(letters: str) -> Node:
    """zangwei for zhangwei, lin for ling."""
    found: list[Node] = []
    for way in split_letters(letters)[:2]:
        if not all(way.full[:-1]):
            continue
        if len(way.parts) > _WINDOW:
            # of a long name one syllable is another: all at once would be too many
            found += [
                _windows((*way.parts[:at], other, *way.parts[at + 1 :]), start=start)
                for at, part in enumerate(way.parts)
                for other in alike(part)[1:]
                for start in (True, False)
            ][:_MAX_GUESSES]
        else:
            options = product(*(alike(part) for part in way.parts))
            found += [
                Key(kind + "".join(option), begins=True)
                for option in islice(options, 1, _MAX_GUESSES)
                for kind in "Pp"
            ]
    return any_of(found)


def _syllable_missing(letters: str) -> Node:
    ways = [way for way in split_letters(letters) if all(way.full)]
    return any_of(
        all_of(map(_one_syllable, way.parts)) for way in ways[:2] if len(way.parts) > 1
    )


# ------------------------------------------------------------
# Asking
# ------------------------------------------------------------


def to_tsquery(node: Node) -> str:
    """Write a condition in the language of PostgreSQL's text search."""
    match node:
        case Key(text, begins):
            quoted = text.replace("\\", "\\\\").replace("'", "''")
            return f"'{quoted}'" + (":*" if begins else "")
        case All(parts):
            return "(" + " & ".join(map(to_tsquery, parts)) + ")"
        case Any(parts):
            return "(" + " | ".join(map(to_tsquery, parts)) + ")"
    raise TypeError(node)


def tsqueries(node: Node) -> list[str]:
    """Write a condition as several of which one is to be met: each is looked up in the
    index by itself, however many there are."""
    parts = node.parts if isinstance(node, Any) else (node,)
    return [to_tsquery(part) for part in parts]


def holds(node: Node, keys: AbstractSet[str]) -> bool:
    """Tell whether a set of keys meets the condition."""
    match node:
        case Key(text, begins):
            return any(k.startswith(text) for k in keys) if begins else text in keys
        case All(parts):
            return all(holds(part, keys) for part in parts)
        case Any(parts):
            return any(holds(part, keys) for part in parts)
    raise TypeError(node)
