"""Propose the choice that a word of a list most likely means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from rapidfuzz import fuzz, process

from .addresses import PROVINCE_OF_CITY, province_key
from .synonyms import SYNONYMS
from .words import word_key

Why = Literal["", "same", "synonym", "chapter", "similar"]
# what is not proposed at all below
LEAST_CONFIDENCE = 60
_SAME, _SYNONYM, _CONTAINED = 98, 92, 80
# What surrounds the core of a word: 软件行业, A类客户, 王经理(已离职)
_DECORATION = re.compile(
    r"^(?:老|小|阿|原|前|新|所属)|(?:行业|产业|领域|业务|业|类|级|型|客户|企业|公司|渠道|来源"
    r"|推广|经理|主管|总监|总|先生|女士|小姐|老师|师傅|工|姐|哥|已?离职|离职人员|省|市|区域"
    r"|地区|customers?|industry|sector)$"
)
# what says that none of the choices fits
_NO_CHOICE = frozenset(
    "其他 其它 其余 待定 未定 未分类 综合 不限 other others misc".split()
)
# fewer people than this -> class
_SIZES = ((10, "micro"), (100, "small"), (500, "medium"))


class Proposal(NamedTuple):
    """value: of the choice, '' for none; confidence: 0 to 100; why: stable code."""

    value: str = ""
    confidence: int = 0
    why: Why = ""


NOTHING = Proposal()


class Proposer:
    """Proposes choices of one field.

    :param field: technical name, decides about synonyms
    :param labels: (label, value) of every choice: names in any language, codes, keys
    """

    def __init__(self, field: str, labels: Iterable[tuple[str, str]]) -> None:
        self._field = field
        # synonyms of whole sections of the industry table: any division says more
        self._broad: set[str] = set()
        self._values = {word_key(label): value for label, value in labels if label}
        self._synonyms = self._known_synonyms(SYNONYMS.get(field, {}))
        special: dict[str, Callable[[str], Proposal]] = {
            "owner": self._by_surname,
            "state": self._by_place,
            "size_class": self._by_people,
        }
        self._special = special.get(field)

    def _known_synonyms(self, table: Mapping[str, str]) -> dict[str, str]:
        """Folded synonym -> value, of the choices that there are.

        A division of GB/T 4754 that is none of the choices gives way to its section.
        """
        found: dict[str, str] = {}
        for name, words in table.items():
            value = self._values.get(word_key(name))
            if value is None and self._field == "industry":
                value = self._values.get(word_key(name[0]))
            if value is not None:
                for word in words.split("|"):
                    found.setdefault(word_key(word), value)
                    if self._field == "industry" and len(name) == 1:
                        self._broad.add(word_key(word))
        return found

    def propose(self, word: str) -> Proposal:
        """Return the best proposal, ``NOTHING`` when nothing is near."""
        cores = _cores(word_key(word))
        if cores[0] in _NO_CHOICE:
            return NOTHING
        special = self._special(word) if self._special else NOTHING
        found = special if special.value else self._best(cores)
        return found if found.confidence >= LEAST_CONFIDENCE else NOTHING

    def _best(self, cores: list[str]) -> Proposal:
        for core in cores:
            if core in self._values:
                return Proposal(self._values[core], _SAME, "same")
        for core in cores:
            if core in self._synonyms:
                return Proposal(self._synonyms[core], _SYNONYM, "synonym")
        contained = self._contained(cores[0])
        similar = self._similar(cores)
        return max(similar, contained, key=lambda one: one.confidence)

    def _contained(self, key: str) -> Proposal:
        """The last synonym in the word: 老客户介绍 is a 介绍, 食品批发 is 批发."""
        inside = [word for word in self._synonyms if _in(word, key)]
        inside = [word for word in inside if word not in self._broad] or inside
        if not inside:
            return NOTHING
        best = max(inside, key=lambda word: (key.rindex(word) + len(word), len(word)))
        inside = [word for word in inside if word not in best or word == best]
        values = {self._synonyms[word] for word in inside}
        why: Why = "chapter" if self._field == "industry" else "synonym"
        doubt = 0 if len(values) == 1 else 8
        return Proposal(self._synonyms[best], _CONTAINED - doubt, why)

    def _similar(self, cores: list[str]) -> Proposal:
        """The choice whose name is written most like the word."""
        best = NOTHING
        for core in cores:
            if len(core) < 2:
                continue
            found = process.extract(
                core, self._values.keys(), scorer=_likeness, limit=5
            )
            near = [(score, self._values[label]) for label, score, _i in found]
            if not near:
                continue
            score, value = near[0]
            rivals = {v for s, v in near if s > score - 5}
            confidence = int(score * 0.9) - (15 if len(rivals) > 1 else 0)
            if confidence > best.confidence:
                best = Proposal(value, confidence, "similar")
        return best

    def _by_surname(self, word: str) -> Proposal:
        """老王, 王总: the one colleague of that surname; several are no proposal."""
        cores = _cores(word_key(word))
        if any(core in self._values for core in cores):
            return NOTHING
        surnames = [core for core in cores if re.fullmatch(r"[\u4e00-\u9fff]", core)]
        found = {
            value
            for label, value in self._values.items()
            if surnames and label.startswith(tuple(surnames))
        }
        if len(found) != 1:
            return NOTHING
        return Proposal(found.pop(), LEAST_CONFIDENCE + 5, "similar")

    def _by_place(self, word: str) -> Proposal:
        """The province that a city lies in, or that the word begins with."""
        provinces = {province_key(label): v for label, v in self._values.items()}
        key = word_key(word)
        for length in range(len(key), 1, -1):
            part = key[:length]
            name = PROVINCE_OF_CITY.get(part.removesuffix("市"), part)
            value = provinces.get(province_key(name))
            if value:
                return Proposal(
                    value, _SYNONYM if length == len(key) else 85, "synonym"
                )
        return NOTHING

    def _by_people(self, word: str) -> Proposal:
        """The class of a number of people; of a span its middle."""
        numbers = [int(n) for n in re.findall(r"\d+", word.replace(",", ""))][:2]
        if not numbers:
            return NOTHING
        people = sum(numbers) / len(numbers)
        if re.search(r"以下|以内|不足|under|<|＜", word):
            people -= 1
        name = next((name for most, name in _SIZES if people < most), "large")
        value = self._values.get(name)
        return Proposal(value, 85, "synonym") if value else NOTHING


def _cores(key: str) -> list[str]:
    """The key, and what is left of it without decoration, longest first."""
    cores, queue = [], [key]
    while queue:
        core = queue.pop(0)
        if core and core not in cores:
            cores.append(core)
            queue += [
                core[: m.start()] + core[m.end() :] for m in _DECORATION.finditer(core)
            ]
    return cores or [key]


def _in(word: str, key: str) -> bool:
    """Tell whether a word stands in a key; short Latin ones stand alone only."""
    if word.isascii():
        return len(word) > 3 and word in key
    return len(word) > 1 and word in key


def _likeness(one: str, other: str, **_options: object) -> float:
    """0 to 100. A name that holds the other counts by how much of it that is."""
    whole = fuzz.ratio(one, other)
    shorter = min(len(one), len(other))
    if shorter < (5 if one.isascii() else 3):
        return whole
    return max(whole, fuzz.partial_ratio(one, other) * 0.7 + whole * 0.3)
