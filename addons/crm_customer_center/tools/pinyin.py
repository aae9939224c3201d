"""How Chinese names are read aloud, and how readings are typed.

Readings are without tones, ü is v. The data are pypinyin's; what it lacks is the
reading of surnames: 单 is shan in a name and dan elsewhere.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

# at most so many readings of one name
MAX_READINGS = 6
# characters at the beginning of a name whose other readings count
VARIED = 3
# at most so many readings of one character: the rest are rare or old
_MAX_OF_CHAR = 3
_LONGEST_PHRASE = 6

HAN = (
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002fa1f\U00030000-\U000323af"
)
IS_HAN = re.compile(f"[{HAN}]")

# Surnames that are read otherwise than the character by itself.
SURNAMES = {
    "单": "shan",
    "仇": "qiu",
    "区": "ou",
    "解": "xie",
    "查": "zha",
    "曾": "zeng",
    "朴": "piao",
    "盖": "ge",
    "覃": "qin",
    "召": "shao",
    "缪": "miao",
    "乐": "yue",
    "员": "yun",
    "秘": "bi",
    "种": "chong",
    "翟": "zhai",
    "折": "she",
    "黑": "he",
    "洗": "xian",
    "繁": "po",
    "祭": "zhai",
    "佴": "nai",
    "能": "nai",
    "阚": "kan",
    "牟": "mu",
    "句": "gou",
    "薄": "bo",
    "卜": "bu",
    "重": "chong",
    "都": "du",
    "藏": "zang",
    "粘": "nian",
    "适": "kuo",
    "参": "shen",
}


class _Data(NamedTuple):
    """``chars``: readings of a character, the usual first; ``phrases``: those that
    are read otherwise than their characters one by one."""

    chars: dict[str, tuple[str, ...]]
    phrases: dict[str, tuple[str, ...]]


# tone marks are dropped: ``lǜ`` → ``lv``
_TONELESS = {
    code: "v" if "\u0308" in parts else parts[0]
    for code in range(0xC0, 0x1F00)
    if len(parts := unicodedata.normalize("NFD", chr(code))) > 1
    and parts[0] in "aeioumn"
}


@lru_cache(maxsize=1)
def _data() -> _Data:
    """Read pypinyin's tables, and keep a tenth of what the package itself would.

    Read when the first name is, which takes a second once in a process.
    """
    spec = find_spec("pypinyin")
    if not spec or not spec.submodule_search_locations:
        raise ImportError("pypinyin is not installed")
    folder = Path(next(iter(spec.submodule_search_locations)))
    chars = {}
    for code, toned in json.loads((folder / "pinyin_dict.json").read_bytes()).items():
        found = dict.fromkeys(toned.translate(_TONELESS).split(","))
        usable = [sys.intern(r) for r in found if r.isascii() and r.isalpha()]
        chars[chr(int(code))] = tuple(usable[:_MAX_OF_CHAR])
    phrases = {}
    for phrase, toned in json.loads(
        (folder / "phrases_dict.json").read_bytes()
    ).items():
        if len(phrase) != len(toned) or len(phrase) > _LONGEST_PHRASE:
            continue
        reading = tuple(options[0].translate(_TONELESS) for options in toned)
        usual = tuple(readings[0] for char in phrase if (readings := chars.get(char)))
        if reading != usual and all(r.isascii() and r.isalpha() for r in reading):
            phrases[phrase] = tuple(sys.intern(r) for r in reading)
    return _Data(chars, phrases)


def syllables_of(char: str) -> tuple[str, ...]:
    """Return the readings of a character, the usual first; () when there is none."""
    return _data().chars.get(char, ())


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """All syllables that a character can have."""
    found = {r for readings in _data().chars.values() for r in readings}
    return frozenset(s for s in found if re.search("[aeiouv]", s) and len(s) <= 6)


@lru_cache(maxsize=8192)
def readings(han: str, *, person: bool) -> tuple[tuple[str, ...], ...]:
    """Return how a run of Chinese characters may be read, the likeliest first.

    A person's name begins with the surname as surnames are read, a company's is read
    by phrases; the other way follows, as do other readings of the first characters.
    Characters without reading are left out of it.
    """
    by_phrase = _by_phrases(han)
    by_surname = _by_surname(han)
    options = []
    for position, char in enumerate(han):
        likely = [by_surname[position], by_phrase[position]]
        if not person:
            likely.reverse()
        others = syllables_of(char) if position < VARIED else ()
        options.append(tuple(dict.fromkeys([s for s in (*likely, *others) if s])))
    head = [o for o in options[:VARIED] if o]
    tail = tuple(o[0] for o in options[VARIED:] if o)
    heads = sorted(
        product(*(range(len(o)) for o in head)), key=lambda at: (sum(at), at)
    )
    return tuple(
        (*(o[i] for o, i in zip(head, at, strict=True)), *tail)
        for at in islice(heads, MAX_READINGS)
    )


def _usual(han: str) -> list[str]:
    return [next(iter(syllables_of(char)), "") for char in han]


def _by_phrases(han: str) -> list[str]:
    """Read by the longest phrase that begins at each place."""
    phrases = _data().phrases
    read = _usual(han)
    position = 0
    while position < len(han):
        for length in range(min(_LONGEST_PHRASE, len(han) - position), 1, -1):
            found = phrases.get(han[position : position + length])
            if found:
                read[position : position + length] = found
                position += length - 1
                break
        position += 1
    return read


def _by_surname(han: str) -> list[str]:
    for length in (2, 1):
        surname = SURNAMES.get(han[:length])
        if surname:
            return [*surname.split(), *_usual(han[length:])]
    return _by_phrases(han)


# ------------------------------------------------------------
# What is typed
# ------------------------------------------------------------

_INITIAL = re.compile("[bpmfdtnlgkhjqxzcsryw]h?|[aeo]")
_MAX_WAYS = 6


class Typed(NamedTuple):
    """A way to take letters as syllables: ``zhangwm`` is zhang, w, m.

    ``parts``: syllables, or what was typed of them; ``full``: which are whole ones
    """

    parts: tuple[str, ...]
    full: tuple[bool, ...]


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(s[:n] for s in syllables() for n in range(1, len(s)))


@lru_cache(maxsize=1024)
def split_letters(letters: str) -> tuple[Typed, ...]:
    """Return the ways to take letters as the beginning of syllables each.

    Only the last may be any part of a syllable; before it stand whole syllables or
    initials (z, zh). Those with the most letters in whole syllables come first.
    """
    ways: list[Typed] = []

    def walk(rest: str, parts: tuple[str, ...], full: tuple[bool, ...]) -> None:
        if not rest:
            ways.append(Typed(parts, full))
            return
        if len(ways) >= 64 or len(parts) >= 12:
            return
        for length in range(min(6, len(rest)), 0, -1):
            head, tail = rest[:length], rest[length:]
            if head in syllables():
                walk(tail, (*parts, head), (*full, True))
            elif head in _beginnings() and (not tail or _INITIAL.fullmatch(head)):
                walk(tail, (*parts, head), (*full, False))

    if letters.isalpha() and letters.isascii():
        walk(letters, (), ())
    ways.sort(
        key=lambda way: (
            -sum(len(p) for p, whole in zip(*way, strict=True) if whole),
            len(way.parts),
        )
    )
    return tuple(ways[:_MAX_WAYS])


def surname_and_initials(letters: str) -> tuple[Typed, ...]:
    """Return the ways to take letters as one syllable and initials: wangca is 王长安,
    though ca may be a syllable."""
    return tuple(
        Typed((head, *tail), (True, *[False] * len(tail)))
        for length in range(2, 7)
        if (head := letters[:length]) in syllables()
        and 2 <= len(tail := letters[length:]) <= 4
        and all(_INITIAL.fullmatch(letter) for letter in tail)
    )


# Sounds that people mistake for each other, in speech or by their keyboard's habit.
_ALIKE_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("h", "f"))
_ALIKE_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("v", "u"))


@lru_cache(maxsize=1024)
def alike(syllable: str) -> tuple[str, ...]:
    """Return the syllables that sound nearly like this one, itself first."""
    found = {syllable: None}
    for pairs, at_end in ((_ALIKE_INITIALS, False), (_ALIKE_FINALS, True)):
        for known in list(found):
            for pair in pairs:
                for old, new in (pair, pair[::-1]):
                    found.update(dict.fromkeys(_exchange(known, old, new, at_end)))
    return tuple(s for s in found if s == syllable or s in syllables())


def _exchange(text: str, old: str, new: str, at_end: bool) -> list[str]:
    if at_end:
        return [text[: -len(old)] + new] if text.endswith(old) else []
    return [new + text[len(old) :]] if text.startswith(old) else []
