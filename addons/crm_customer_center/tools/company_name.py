"""The name of a company, taken apart: where, who, what, and which of its branches."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .duplicate_keys import without_legal_form
from .pinyin import IS_HAN, readings
from .places import PLACES, split_place
from .search_keys import fold, squeezed
from .trades import ANY, TRADES, split_trade

# the legal forms of the world, written without dots
_LEGAL = frozenset(
    "co ltd limited inc incorporated corp corporation company llc llp lp plc"
    " gmbh mbh ag kg kgaa ohg ug ev sa sas sasu sarl srl sl slu spa snc scs bv"
    " nv cv ab oy oyj aps asa kft zrt doo dd sro as jsc pjsc ooo oao zao ооо оао"
    " зао пао ао тов pty pte pvt private bhd sdn kk yk gk kabushiki kaisha tbk"
    " pt de ltda me eireli sp zoo z o oo group holding holdings und".split()
)
# what a name says besides
_FILLING = frozenset("and of the for d l et y e i & und".split())
_INITIALS = re.compile(r"\b([^\W\d_])[./](?=[^\W\d_]\b)")
_TOKEN = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’`]")
_LEGAL_WITHIN = re.compile(
    "有限责任公司|股份有限公司|有限公司|股份公司"
    "|特殊普通合伙|普通合伙|有限合伙|合伙企业"
)
_UNITS = "|".join(
    (
        *("分公司", "子公司", "分店", "分厂", "分所", "分行", "支行", "分校", "校区"),
        *("分部", "办事处", "代表处", "事业部", "营业部", "网点", "店"),
    )
)
# 北京分公司, 驻新疆办事处, 静安店: which of its places it is
_BRANCH = re.compile(f"^(?:驻)?([\u4e00-\u9fff0-9a-z]{{1,12}}?)(?:{_UNITS})$")
# without a legal form before them: 某某快运常州武进网点
_LOOSE = re.compile(
    "(?P<head>.{3,}?)(?P<tail>(?:驻)?[\u4e00-\u9fff0-9]{2,6}"
    "(?:分公司|分店|分厂|分所|支行|校区|办事处|代表处|网点))$"
)
_LOOSE_SHOP = re.compile("(?P<head>.{4,})(?P<tail>.{2,4}(?:路|街|口|广场|校区)店)$")
_ORDINAL = re.compile("第?([一二三四五六七八九十]|\\d+)(?=[^\\d])")
_DIGIT = {digit: str(at) for at, digit in enumerate("零一二三四五六七八九十")}
_GROUP = re.compile("集团|控股|总公司|[（(]集团[)）]")
_FOREIGN_FORM = re.compile("^(?:株式会社|有限会社)|(?:株式会社|有限会社)$")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "å": "a"}
)
_MARKS = re.compile("[\u0300-\u036f]")


class CompanyName(NamedTuple):
    """What a name says.

    ``key``: all but legal form, place and branch; ``places``: where the company is;
    ``brand``: who; ``trade``: what it does, as written; ``branch``: which of its
    places, '' for the company itself; ``is_group``: the head of others; ``tokens``: the
    words of a name in Latin letters, without legal form and places
    """

    key: str = ""
    places: frozenset[str] = frozenset()
    brand: str = ""
    trade: str = ""
    branch: str = ""
    is_group: bool = False
    tokens: tuple[str, ...] = ()

    @property
    def is_latin(self) -> bool:
        return bool(self.tokens)


@lru_cache(maxsize=16384)
def company_name(name: str) -> CompanyName:
    """Take a name apart. Script, width, case and marks do not count."""
    folded = fold(name)
    if not IS_HAN.search(folded):
        return _latin_name(folded)
    is_group = bool(_GROUP.search(folded))
    main, branch = _branch_of(_FOREIGN_FORM.sub("", _numbered(squeezed(folded))))
    plain = without_legal_form(_LEGAL_WITHIN.sub("", main)) or main
    if plain != main and is_group:
        plain = plain.removesuffix("集团")
    places, rest = split_place(plain)
    within = [place for place in _bracketed_place(folded) if place != branch]
    for place in within:
        rest = rest.replace(place, "", 1) if len(rest) - len(place) > 1 else rest
    rest = rest.removesuffix("中国")
    brand, trade = split_trade(rest or plain)
    return CompanyName(
        key=rest or plain,
        places=frozenset((*places, *within)),
        brand=brand,
        trade=trade,
        branch=branch,
        is_group=is_group,
    )


def looks_like_company(name: str) -> bool:
    """Tell whether a name is one of a company, whatever was ticked beside it."""
    folded = squeezed(fold(name))
    return bool(_LEGAL_WITHIN.search(folded)) or folded.endswith(("公司", "集团"))


def _numbered(text: str) -> str:
    """Write 第一 and 第1 alike."""
    return _ORDINAL.sub(
        lambda match: (
            "第" + _DIGIT.get(match[1], match[1]) if match[0][0] == "第" else match[0]
        ),
        text,
    )


def _branch_of(text: str) -> tuple[str, str]:
    """Return the company, and which of its branches a name is."""
    legal = list(_LEGAL_WITHIN.finditer(text))
    for at, after in [(m.start(), m.end()) for m in reversed(legal)]:
        if found := _BRANCH.match(text[after:]):
            return text[:at], _label(found[1])
    if not legal:
        for pattern in (_LOOSE, _LOOSE_SHOP):
            if found := pattern.match(text):
                return _cut_loose(found["head"], found["tail"])
    return text, ""


def _cut_loose(head: str, tail: str) -> tuple[str, str]:
    """Where no legal form divides a name, its place or its trade does."""
    whole = head + tail
    for at in range(3, len(whole) - 3):
        if whole[at:].startswith(tuple(PLACES)) and (
            found := _BRANCH.match(whole[at:])
        ):
            return whole[:at], _label(found[1])
    found = _BRANCH.match(tail)
    return head, _label(found[1]) if found else tail


def _label(text: str) -> str:
    return text.removeprefix("驻").removesuffix("市")


def _bracketed_place(folded: str) -> tuple[str, ...]:
    """Return the places that stand in brackets: 华为技术(上海)."""
    return tuple(
        place
        for inner in re.findall(r"[(\[（]([^()\[\]（）]{2,6})[)\]）]", folded)
        for place in (inner.removesuffix("市").removesuffix("省"),)
        if place in PLACES
    )


# --- names in Latin letters -------------------------------------------------------


def _latin_name(folded: str) -> CompanyName:
    text = plain_letters(folded)
    words = _TOKEN.findall(_APOSTROPHE.sub("", _INITIALS.sub(r"\1", text)))
    kept = _without_form(words)
    places, tokens = _latin_places(kept)
    tokens = [token for token in tokens if token not in _FILLING] or tokens or words
    return CompanyName(
        key="".join(tokens),
        places=frozenset(places),
        brand="".join(t for t in tokens if t not in TRADES and t not in ANY),
        trade=" ".join(t for t in tokens if t in TRADES or t in ANY),
        is_group="group" in words or "holding" in words,
        tokens=tuple(tokens),
    )


def plain_letters(folded: str) -> str:
    """Return letters without marks: Müller and Mueller, García and Garcia."""
    parts = unicodedata.normalize("NFD", folded.translate(_UMLAUTS))
    return unicodedata.normalize("NFC", _MARKS.sub("", parts))


def _without_form(words: list[str]) -> list[str]:
    rest = list(words)
    while len(rest) > 1 and rest[-1] in _LEGAL:
        rest.pop()
    while len(rest) > 1 and rest[0] in _LEGAL and len(rest[0]) > 1:
        rest.pop(0)
    return rest


@lru_cache(maxsize=1)
def _latin_table() -> dict[str, list[str]]:
    """Return how places are written in Latin letters; suzhou are 苏州 and 宿州."""
    found: dict[str, list[str]] = {}
    for place in PLACES:
        if ways := readings(place, person=False):
            found.setdefault("".join(ways[0]), []).append(place)
    usual = {
        "hongkong": ["香港"],
        "macau": ["澳门"],
        "macao": ["澳门"],
        "taipei": ["台北"],
        "harbin": ["哈尔滨"],
        "xian": ["西安"],
    }
    return {**found, **usual}


def _latin_places(words: list[str]) -> tuple[list[str], list[str]]:
    table = _latin_table()
    places: list[str] = []
    rest = list(words)
    for one, two in pairwise(words):
        if one + two in table and len(rest) > 2:
            places += table[one + two]
            rest = [word for word in rest if word not in (one, two)]
    for word in list(rest):
        if len(rest) > 1 and word in table:
            places += table[word]
            rest.remove(word)
        elif len(rest) > 1 and word == "china":
            rest.remove(word)
    return places, rest


@lru_cache(maxsize=16384)
def sounds(text: str) -> tuple[str, ...]:
    """Return how Chinese text is read, syllable by syllable; letters stay."""
    found: list[str] = []
    for run in re.findall(f"{IS_HAN.pattern}+|[^\\W_]", text):
        ways = readings(run, person=False) if IS_HAN.match(run) else ()
        found += ways[0] if ways else (run,)
    return tuple(found)
