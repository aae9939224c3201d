"""Plausible customers and what people type to find them, made up, the same each time.

Surnames by their share of the population, given names and company names of common
characters. Nothing here is anybody's.
"""

from __future__ import annotations

import random
from typing import NamedTuple

SURNAMES = (
    "王李张刘陈" * 8
    + "杨赵黄周吴" * 4
    + "徐孙胡朱高林何郭马罗" * 2
    + "梁宋郑谢韩唐冯于董萧程"
    "曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白"
    "崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单仇解区查朴盖"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志海林梅鑫鹏宇浩然子轩梓涵"
    "雨欣怡佳琪思远博文嘉慧俊峰晓东晨曦阳雪婷颖斌波辉健康宁新民永福德成龙飞翔凯旋天佑小兵春"
    "生荣光振家栋梁柏松竹菊莲荷萍莉芬芸薇瑶琳珊珍珠玲珑倩蕾蓉燕凤鸣云霄瑞祥泰安乐"
)
CITIES = (
    "北京 上海 广州 深圳 杭州 苏州 成都 武汉 西安 青岛 重庆 天津 厦门 长沙 宁波 无锡"
).split()
BRAND = (
    "华信明远宏达瑞丰中科嘉禾东方恒通金鼎新锐海纳盛世博雅天成凯越鸿运长荣顺利德兴隆泰和安康"
    "联创启航星辰云图智慧绿源蓝天大地卓越领先立信诚义永久佳美百川万里"
)
TRADES = (
    "科技 机械 贸易 电子 医药 食品 物流 建材 化工 纺织 能源 环保 传媒 教育咨询 进出口"
).split()
FORMS = "有限公司 有限公司 有限公司 股份有限公司 有限责任公司".split()


class Person(NamedTuple):
    """A made up customer: a company, or a person."""

    name: str
    is_company: bool
    phone: str


def customers(count: int, seed: int = 1) -> list[Person]:
    """Return ``count`` made up customers."""
    chance = random.Random(seed)
    return [_company(chance) if chance.random() < 0.6 else _person(chance)
            for _ in range(count)]  # fmt: skip


def _phone(chance: random.Random) -> str:
    return f"1{chance.choice('3589')}{chance.randrange(10**9):09d}"


def _company(chance: random.Random) -> Person:
    brand = "".join(chance.sample(BRAND, chance.choice((2, 2, 2, 3, 4))))
    city = chance.choice(CITIES) if chance.random() < 0.8 else ""
    name = city + brand + chance.choice(TRADES) + chance.choice(FORMS)
    return Person(name, True, _phone(chance))


def _person(chance: random.Random) -> Person:
    given = "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
    return Person(chance.choice(SURNAMES) + given, False, _phone(chance))


# ------------------------------------------------------------
# What people type
# ------------------------------------------------------------


class Query(NamedTuple):
    """``kind`` of way or slip; ``text`` as typed; ``wanted``: place in the list."""

    kind: str
    text: str
    wanted: int


def queries(people: list[Person], count: int, seed: int = 2) -> list[Query]:
    """Return ``count`` typed texts, as many of each kind, for customers of the list."""
    from odoo.addons.crm_customer_center.tools import pinyin, search_query

    chance = random.Random(seed)
    same_sound: dict[str, str] = {}
    for char in SURNAMES + GIVEN + BRAND:
        same_sound.setdefault(pinyin.syllables_of(char)[0], "")
        same_sound[pinyin.syllables_of(char)[0]] += char
    found: list[Query] = []
    kinds = list(_KINDS)
    while len(found) < count:
        kind = kinds[len(found) % len(kinds)]
        wanted = chance.randrange(len(people))
        person = people[wanted]
        core = _core(person)
        way = pinyin.readings(core, person=not person.is_company)[0]
        if len(way) != len(core) or len(core) < 3:
            continue
        slip = _KINDS[kind](
            chance,
            _Word(person, core, way, same_sound, search_query.NEIGHBOURS, pinyin.alike),
        )
        if slip and slip != core:
            found.append(Query(kind, slip, wanted))
    return found


class _Word(NamedTuple):
    """``core``: the name without city and legal form; ``way``: how it is read."""

    person: Person
    core: str
    way: tuple[str, ...]
    same_sound: dict[str, str]
    neighbours: dict[str, str]
    alike: object


def _core(person: Person) -> str:
    name = person.name
    for form in ("股份有限公司", "有限责任公司", "有限公司"):
        name = name.removesuffix(form)
    for city in CITIES:
        name = name.removeprefix(city)
    return name


def _replaced(text: str, at: int, new: str) -> str:
    return text[:at] + new + text[at + 1 :]


def _homophone(chance: random.Random, word: _Word) -> str:
    at = chance.randrange(len(word.core))
    others = word.same_sound.get(word.way[at], "").replace(word.core[at], "")
    return _replaced(word.core, at, chance.choice(others)) if others else ""


def _near_sound(chance: random.Random, word: _Word) -> str:
    at = chance.randrange(len(word.way))
    others = word.alike(word.way[at])[1:]
    if not others:
        return ""
    return "".join((*word.way[:at], chance.choice(others), *word.way[at + 1 :]))


def _neighbour(chance: random.Random, word: _Word) -> str:
    letters = "".join(word.way)
    at = chance.randrange(len(letters))
    return _replaced(letters, at, chance.choice(word.neighbours[letters[at]]))


def _exchanged(chance: random.Random, word: _Word) -> str:
    letters = "".join(word.way)
    at = chance.randrange(len(letters) - 1)
    return letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]


def _letter_missing(chance: random.Random, word: _Word) -> str:
    letters = "".join(word.way)
    return _replaced(letters, chance.randrange(1, len(letters)), "")


def _syllable_missing(chance: random.Random, word: _Word) -> str:
    at = chance.randrange(1, len(word.way))
    return "".join((*word.way[:at], *word.way[at + 1 :]))


def _character_missing(chance: random.Random, word: _Word) -> str:
    return _replaced(word.core, chance.randrange(1, len(word.core)), "")


def _slip_of_the_input_method(chance: random.Random, word: _Word) -> str:
    """The last character was not chosen any more: 张小wei."""
    return word.core[:-1] + word.way[-1]


def _wrong_digit(chance: random.Random, word: _Word) -> str:
    at = chance.randrange(3, 11)
    digit = word.person.phone[at]
    return _replaced(word.person.phone, at, chance.choice(word.neighbours[digit]))


def _traditional(_chance: random.Random, word: _Word) -> str:
    from opencc import OpenCC

    return OpenCC("s2t").convert(word.core)


_KINDS = {
    "part of the name": lambda chance, word: word.core[:3],
    "whole pinyin": lambda chance, word: "".join(word.way),
    "initials": lambda chance, word: "".join(s[0] for s in word.way),
    "mixed": lambda chance, word: word.core[0] + "".join(s[0] for s in word.way[1:]),
    "traditional": _traditional,
    "full width": lambda chance, word: "".join(
        chr(ord(digit) + 0xFEE0) for digit in word.person.phone
    ),
    "phone, last 4": lambda chance, word: word.person.phone[-4:],
    "phone, last 8": lambda chance, word: word.person.phone[-8:],
    "former name": lambda chance, word: f"旧{word.core[:3]}",
    "homophone": _homophone,
    "near sound": _near_sound,
    "neighbour key": _neighbour,
    "letters exchanged": _exchanged,
    "letter missing": _letter_missing,
    "syllable missing": _syllable_missing,
    "character missing": _character_missing,
    "input method": _slip_of_the_input_method,
    "wrong digit": _wrong_digit,
}
