"""The keys under which a customer is found.

A key is a short text whose first letter says of what kind it is, see ``KINDS``. All
keys of a partner are one set; ``search_query`` says which of them a typed text wants.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .duplicate_keys import simplified, without_legal_form
from .pinyin import HAN, IS_HAN, VARIED, readings, syllables
from .text import fold_marks

# raised when the same partner would get other keys than before
VERSION = 2

KINDS = {
    "N": "the whole name, folded",
    "F": "a former name, folded",
    "B": "how a name, a former name or a code begins: two characters",
    "C": "two neighbouring Chinese characters, or the last one",
    "W": "a word of letters and digits",
    "G": "three neighbouring letters or digits",
    "S": "a sign, like % or _",
    "P": "three syllables from the beginning of the name",
    "p": "three syllables from within the name",
    "Y": "a syllable of the name",
    "I": "initials from the beginning of the name",
    "i": "initials from within the name",
    "D": "a phone number as dialled in its country",
    "R": "a phone number backwards",
    "K": "a code, a credit code or another number that names the customer",
    "k": "the same backwards",
    "E": "an e-mail address",
}
# Marks of writing that people leave out or exchange; any other sign is a key.
_LEFT_OUT = dict.fromkeys(
    map(ord, " ()[]{}<>.,;:!?'\"`-–—/\\|·•…、。，；：！？（）【】《》「」“”‘’~～")
)
# a key is never longer: whoever types more is found by the beginning
LONGEST = 40
_SYLLABLES = 3
# Regions that stand before the name of a company and are left out in speech.
_REGION = re.compile(
    "(?:中国)?(?:"
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北"
    "|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
    "|石家庄|太原|沈阳|大连|长春|哈尔滨|南京|苏州|无锡|常州|南通|徐州|扬州|杭州|宁波|温州|嘉兴"
    "|绍兴|金华|台州|合肥|芜湖|福州|厦门|泉州|南昌|济南|青岛|烟台|潍坊|郑州|洛阳|武汉|长沙|广州"
    "|深圳|东莞|佛山|珠海|中山|惠州|南宁|海口|成都|绵阳|贵阳|昆明|西安|兰州|西宁|银川|乌鲁木齐"
    ")(?:省|市|自治区)?"
)
_INITIALS = 8
# of a company's name all is taken, of a text pasted into it by mistake not
_MOST_OF_NAME = 60

# fewer digits are part of too many numbers
SHORTEST_NUMBER = 4
_DIGITS = re.compile(r"\D")
_RUN = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")


class Card(NamedTuple):
    """What is known of a partner.

    ``name``: its own; ``full_name``: with the company before it, as Odoo shows it;
    ``former``: names it had; ``codes``: code, reference, credit code and the like;
    ``phones``: as typed and in E.164; ``person``: its name begins with a surname
    """

    name: str = ""
    full_name: str = ""
    former: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    person: bool = True


def keys_of(card: Card) -> frozenset[str]:
    """Return all keys of a partner."""
    keys = set(_own_name_keys(card.name, person=card.person))
    if card.full_name and card.full_name != card.name:
        keys |= _text_keys(fold(card.full_name))
        keys.add("N" + squeezed(fold(card.full_name))[:LONGEST])
    for former in card.former:
        folded = fold(former)
        keys |= _text_keys(folded)
        keys |= _sound_keys(folded, person=card.person)
        keys.add("F" + squeezed(folded)[:LONGEST])
    for code in card.codes:
        keys |= _code_keys(fold(code))
    for phone in card.phones:
        keys |= _phone_keys(phone)
    for email in card.emails:
        folded = fold(email)
        if not folded:
            continue
        keys |= _text_keys(folded)
        keys.add("E" + folded[:LONGEST])
    keys -= {"N", "F"}
    keys |= {"B" + key[1:3] for key in keys if key[0] in "NFK" and len(key) > 2}
    return frozenset(keys)


def fold(text: str) -> str:
    """Return a text as it is compared: width, case and script do not count."""
    folded = fold_marks(text).casefold()
    return folded if folded.isascii() else simplified(folded)


def squeezed(folded: str) -> str:
    """Return the text without blanks and marks."""
    return folded if folded.isalnum() else folded.translate(_LEFT_OUT)


def signs(folded: str) -> set[str]:
    """Return the signs of a text that count."""
    plain = squeezed(folded)
    if plain.isalnum():
        return set()
    return {c for c in plain if not (c.isalnum() or IS_HAN.match(c))}


def runs(folded: str) -> list[str]:
    """Return the words of a text; Chinese characters are one apart from letters."""
    return _RUN.findall(folded)


@lru_cache(maxsize=4096)
def _own_name_keys(name: str, *, person: bool) -> frozenset[str]:
    folded = fold(name)
    keys = _text_keys(folded) | _sound_keys(folded, person=person)
    keys.add("N" + squeezed(folded)[:LONGEST])
    return frozenset(keys)


def _text_keys(folded: str) -> set[str]:
    keys = {f"S{sign}" for sign in signs(folded)}
    text = folded[:_MOST_OF_NAME]
    words = runs(text)
    for word in words:
        if not IS_HAN.match(word):
            keys.add("W" + word[:LONGEST])
            keys.update("G" + gram for gram in grams(word))
    # characters on both sides of a bracket are neighbours to those who leave it out
    plain = squeezed(text)
    for run in words if plain == text else runs(plain):
        if IS_HAN.match(run):
            keys.update("C" + run[at : at + 2] for at in range(len(run)))
    return keys


def grams(word: str) -> list[str]:
    """Return each three neighbouring letters of a word."""
    return [word[at : at + 3] for at in range(len(word) - 2)]


def _code_keys(folded: str) -> set[str]:
    code = squeezed(folded)[:LONGEST]
    if not code:
        return set()
    return _text_keys(folded) | {"K" + code, "k" + code[::-1]}


def _phone_keys(raw: str) -> set[str]:
    number = phone_digits(raw)
    return {"D" + number, "R" + number[::-1]} if number else set()


def phone_digits(raw: str) -> str:
    """Return the digits of a number without extension, country and trunk prefix.

    As typed and as Odoo's E.164 have the same; a number that is no mainland one keeps
    the digits of its country.
    """
    folded = fold_marks(raw)
    main = re.split(r"(?i)ext|x|#|转|分机|,|;", folded, maxsplit=1)[0]
    head, _sign, tail = main.rpartition("-")
    if 1 <= len(_DIGITS.sub("", tail)) <= 5 and len(_national(head)) >= 10:
        main = head  # 021-58886666-801
    return _national(main)[:20].lstrip("0")


def typed_number(text: str) -> str:
    """Return the digits of a text that is meant as a number, else nothing."""
    is_number = all(char.isdigit() or char in "+-() " for char in text)
    digits = phone_digits(text) if is_number else ""
    return digits if len(digits) >= SHORTEST_NUMBER else ""


def _national(raw: str) -> str:
    digits = _DIGITS.sub("", raw)
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) >= 10 + len(prefix):
            return digits[len(prefix) :]
    return digits


def _sound_keys(folded: str, *, person: bool) -> set[str]:
    """Keys of how a name is read: nobody types how a legal form is read."""
    text = folded[:_MOST_OF_NAME]
    if not person:
        text = without_legal_form(text)
    words = runs(text)
    if not any(IS_HAN.match(word) for word in words):
        return set()
    keys: set[str] = set()
    starts = {0} if person else _starts(text)
    for way, units in enumerate(_readings(words, person=person)):
        initials = [_initial(unit) for unit in units]
        # other readings differ at the beginning only
        for at in range(VARIED if way else len(units)):
            sound = "".join(units[at : at + _SYLLABLES])[:LONGEST]
            first = "".join(initials[at : at + _INITIALS])[:_INITIALS]
            if at in starts:
                keys.update(("P" + sound, "I" + first))
            if at:
                keys.update(("p" + sound, "i" + first))
        keys.update("Y" + unit[:LONGEST] for unit in units)
    keys -= {"P", "I", "p", "i"}
    return keys


def _initial(unit: str) -> str:
    """Of a syllable the first letter; TCL科技 is typed tclkj."""
    return unit if len(unit) <= 4 and unit not in syllables() else unit[0]


def _starts(text: str) -> set[int]:
    """Where the name begins for those who type it: 上海华为 is called 华为 too.

    :return: positions in Chinese characters
    """
    region = _REGION.match(text)
    return {0, region.end()} if region and region.end() < len(text) else {0}


def _readings(words: list[str], *, person: bool) -> list[tuple[str, ...]]:
    """How the words are read one after another; of the first Chinese ones in all
    ways, of what follows in the likeliest."""
    ways: list[tuple[str, ...]] = [()]
    varied = False
    for word in words:
        if not IS_HAN.match(word):
            ways = [(*way, word) for way in ways]
            continue
        options = readings(word, person=person and not varied)
        options = options[:1] if varied else options
        ways = [(*way, *option) for way in ways for option in options]
        varied = True
    return ways
