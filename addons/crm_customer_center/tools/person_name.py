"""Names of people: 张伟, 张先生, 张伟（财务）, Zhang Wei, Smith, John."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from .company_name import plain_letters, sounds
from .pinyin import IS_HAN
from .search_keys import fold

_TITLE = "|".join(
    "总经理 经理 先生 女士 小姐 太太 老师 律师 会计 老板 师傅 医生 主任 阿姨 工程师"
    " 工 总".split()
)
_ENDING = re.compile(f"(?:{_TITLE})$")
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_DOUBLE = tuple("欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 慕容 司徒 令狐".split())
_WORD = re.compile(r"[^\W\d_]+")
_FORMS = {"mr", "mrs", "ms", "dr", "miss"}
# of so many characters a name is hardly anybody else's too
RARE = 4


class PersonName(NamedTuple):
    """``family``: '' for a name in Latin letters; ``given``: '' where only a title
    follows the family name; ``words``: the words of a name in Latin letters"""

    family: str = ""
    given: str = ""
    words: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return self.family + self.given


@lru_cache(maxsize=16384)
def person_name(name: str) -> PersonName:
    folded = _BRACKETS.sub("", fold(name)).strip() or fold(name)
    if not IS_HAN.search(folded):
        words = _WORD.findall(plain_letters(folded))
        kept = [word for word in words if word not in _FORMS] or words
        return PersonName(words=tuple(sorted(kept)))
    plain = "".join(char for char in folded if char.isalnum())
    bare = _ENDING.sub("", plain)
    plain = bare if bare else plain
    size = 2 if plain.startswith(_DOUBLE) and len(plain) > 2 else 1
    return PersonName(plain[:size], plain[size:])


def likeness_of_people(one: PersonName, other: PersonName) -> int:
    """Return how like two names are, 0 to 100; the same whichever comes first."""
    if one == other:
        return 100 if one.given or one.words else 50
    if one.words and other.words:
        return _latin(one.words, other.words)
    if one.words or other.words:
        latin, han = (one, other) if one.words else (other, one)
        return 90 if _read_alike(latin.words, han) else 0
    if one.family != other.family:
        same = sounds(one.whole) == sounds(other.whole) and bool(one.given)
        return 80 if same else 0
    if not one.given or not other.given:
        return 60
    if sounds(one.given) == sounds(other.given):
        return 85
    shorter, longer = sorted((one.given, other.given), key=len)
    return 68 if longer.startswith(shorter) else 0


def _read_alike(words: tuple[str, ...], name: PersonName) -> bool:
    family, given = "".join(sounds(name.family)), "".join(sounds(name.given))
    if not given:
        return family in words
    return "".join(words) in (
        "".join(sorted((family, given))),
        "".join(sorted((family, *sounds(name.given)))),
    )


def _latin(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    if len(one) != len(other):
        return 0
    errors = [OSA.distance(*pair) for pair in zip(one, other, strict=True)]
    alike = all(
        error <= (len(word) > 5) for error, word in zip(errors, one, strict=True)
    )
    return 86 if alike and sum(errors) == 1 else 0
