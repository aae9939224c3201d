"""Which rule a mail or form meets: by its words, its sender, the address it was sent
to. No Odoo.

Whoever calls folds all text before, so that width, case and script do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: More of a text says nothing more about what it is about.
LONGEST = 50_000
_SEPARATORS = re.compile(r"[,;、\n]+")
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_IS_HAN = re.compile(f"[{_HAN}]")
# people space and mail programs break Chinese as they like
_BLANK_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_PLAIN = r"[^\s@.<>\"(),:;\[\]\\]"
_ADDRESS = re.compile(rf"(?:{_PLAIN}|\.)*@(?:{_PLAIN}+\.)+{_PLAIN}{{2,}}")
# a letter or figure of a script that puts blanks between words
_NO_WORD_BEFORE = rf"(?<![^\W_{_HAN}])"
_NO_WORD_AFTER = rf"(?![^\W_{_HAN}])"


class Asked(NamedTuple):
    """What a rule asks for; what is empty is not asked.

    ``senders``, ``receivers``: whole addresses, or ``@domain`` for all of one.
    ``every``: all that is asked must be met, else one of it.
    """

    words: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    every: bool = True
    subject_only: bool = False


class Letter(NamedTuple):
    """A mail or a form."""

    subject: str = ""
    text: str = ""
    senders: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()


class Met(NamedTuple):
    """What of a letter is what a rule asks for."""

    words: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()


def parts(text: str) -> tuple[str, ...]:
    """Return what stands between commas, each once, in order.

    >>> parts("退货, refund 、退货")
    ('退货', 'refund')
    """
    found = (" ".join(part.split()) for part in _SEPARATORS.split(text))
    return (*dict.fromkeys(filter(None, found)),)


def no_address(part: str) -> bool:
    """Whether a part is neither an address nor an ``@domain``."""
    return not _ADDRESS.fullmatch(part)


def met(asked: Asked, letter: Letter) -> Met | None:
    """Return what a letter meets of a rule, ``None`` when that is not enough. A rule
    that asks for nothing is met by every letter."""
    text = "" if asked.subject_only else letter.text
    found = Met(
        tuple(words_in(asked.words, f"{letter.subject}\n{text}")),
        tuple(addresses_in(asked.senders, letter.senders)),
        tuple(addresses_in(asked.receivers, letter.receivers)),
    )
    wanted = (asked.words, asked.senders, asked.receivers)
    answers = [bool(got) for want, got in zip(wanted, found, strict=True) if want]
    is_met = all(answers) if asked.every else (any(answers) or not answers)
    return found if is_met else None


def words_in(words: Iterable[str], text: str) -> Iterator[str]:
    """Yield the words that stand in a text: whole ones, Chinese anywhere.

    >>> [*words_in(("pump", "退货", "art"), "bad pump：要求退 货, part 2")]
    ['pump', '退货']
    """
    text = _BLANK_IN_HAN.sub("", text[:LONGEST])
    return (word for word in words if _pattern(word).search(text))


def _pattern(word: str) -> re.Pattern[str]:
    word = _BLANK_IN_HAN.sub("", word)
    before = "" if _is_free(word[0]) else _NO_WORD_BEFORE
    after = "" if _is_free(word[-1]) else _NO_WORD_AFTER
    said = r"\s+".join(re.escape(piece) for piece in word.split())
    return re.compile(f"{before}{said}{after}")


def _is_free(sign: str) -> bool:
    """Whether a word may go on beside this sign: Chinese is written without blanks,
    and a mark is no part of a word."""
    return bool(_IS_HAN.match(sign)) or not sign.isalnum()


def addresses_in(wanted: Iterable[str], addresses: Iterable[str]) -> Iterator[str]:
    """Yield those of the wanted addresses and ``@domain`` that are among some.

    >>> [*addresses_in(("@acme.cn", "li@b.cn"), ("Wang@acme.cn", "li@mail.b.cn"))]
    ['@acme.cn']
    """
    folded = {address.casefold() for address in addresses}
    known = folded | {f"@{address.rpartition('@')[2]}" for address in folded}
    return (one for one in wanted if one in known)
