"""The words of a text by which tickets are alike, in any script.

Chinese is written without spaces: there each pair of neighbouring signs is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

# words of one text; more say nothing more about what it is about
MOST = 200
_LONGEST = 40
_TOKEN = re.compile(r"[^\W_]+(?:[-./+][^\W_]+)*")
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
# signs and words that hold sentences together and name nothing
_IDLE_SIGNS = frozenset(
    "的了是我你您他她它们有在和与也都就不没吗呢吧啊请能可以要会怎么什哪这那个为因所被把让给到从"
    "对还又很太更最再已经着过得地之其并或但如果时候问谢好想说看"
)
_IDLE_WORDS = frozenset(
    "a after an and are as at be been but by can could do does for from had has have "
    "hello help how i if in is it its me my no not of on or our please re so that the "
    "their them then there they this to us was we were what when where which who why "
    "will with would you your fw fwd dear hi thanks thank".split()
)
# pairs that stand in every second letter
_IDLE_PAIRS = frozenset(
    "回复 尽快 麻烦 一次 一下 公司 现在 目前 今天 昨天 明天 一直 谢谢 您好 老师 联系 "
    "处理 解决 客户 问题 情况 出现 发现 进行 需要".split()
)


def words(text: str) -> list[str]:
    """Return the words of a text that may name something, each once, in order.

    :param text: folded, so that width, case and script do not count

    >>> words("hc-200 压力传感器的漂移 (2)")
    ['hc-200', '压力', '力传', '传感', '感器', '漂移']
    """
    found = dict.fromkeys(word for token in _TOKEN.findall(text) for word in _of(token))
    return [*found][:MOST]


def _of(token: str) -> Iterator[str]:
    for run in _RUN.findall(token):
        if _IS_HAN.match(run):
            yield from _pairs(run)
        else:
            word = run.strip("-./+")
            if _names_something(word):
                yield word[:_LONGEST]


def _pairs(run: str) -> Iterator[str]:
    for one, other in pairwise(run):
        pair = one + other
        if not _IDLE_SIGNS & {one, other} and pair not in _IDLE_PAIRS:
            yield pair


def _names_something(word: str) -> bool:
    """A number alone is an amount, a day or a phone."""
    return (
        len(word) > 1
        and any(sign.isalpha() for sign in word)
        and word not in _IDLE_WORDS
    )


def is_code(word: str) -> bool:
    """Whether a word is a model or part number: letters and figures in one."""
    return any(sign.isdigit() for sign in word) and any(sign.isalpha() for sign in word)


def joined(parts: Iterable[Iterable[str]]) -> str:
    """Return the words of several texts as they are stored: each once, by spaces."""
    return " ".join([*dict.fromkeys(word for part in parts for word in part)][:MOST])
