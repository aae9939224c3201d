"""Keys by which two records are recognised as one customer.

Equal keys mean a duplicate; '' means there is nothing to compare.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from opencc import OpenCC
from phonenumbers import PhoneNumberFormat

from .checks import check_email, check_phone
from .text import fold_marks


class _Simplified(dict[int, str]):
    """Maps a character to its simplified form, asked of OpenCC once each.

    Character by character, unlike OpenCC's phrases: keys need the same answer for
    both writings, not the right one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._converter = OpenCC("t2s")

    def __missing__(self, code: int) -> str:
        self[code] = self._converter.convert(chr(code))
        return self[code]


_SIMPLIFIED = _Simplified()
_CHINESE_SUFFIX = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|股份公司|总公司|有限会社|株式会社|(?<!分)公司"
    r"|股份|集团|控股|有限责任|有限)$"
)  # fmt: skip
_LATIN_SUFFIX = re.compile(
    r"co|ltd|limited|inc|incorporated|corp|corporation|company|llc|llp|lp|plc|gmbh|ag"
    r"|kg|sa|sas|sarl|srl|spa|bv|nv|ab|oy|as|pty|pte|kk|group"
)
# L.L.C. and S.A. are one word
_INITIALS = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
# what check_phone gives for a mobile or landline of the mainland
_CHECKED = re.compile(r"\+86 [1-9]\d{1,3} \d{3,4} \d{4}")


@lru_cache(maxsize=8192)
def company_name_key(name: str) -> str:
    """Return the key of a company's name.

    Width, case, brackets, punctuation and blanks do not count, traditional and
    simplified characters are the same, legal suffixes are dropped (a branch, 分公司,
    stays: it is another customer). '' only for a name without visible character.
    """
    folded = fold_marks(name).casefold()
    if not folded.isascii():
        folded = simplified(folded)
    words = re.findall(r"[^\W_]+", _INITIALS.sub(r"\1", folded))
    return _without_suffixes(words) or "".join(words) or folded


def simplified(folded: str) -> str:
    """Return a folded text in simplified characters."""
    return folded.translate(_SIMPLIFIED)


def without_legal_form(folded: str) -> str:
    """Return the folded name of a company without 有限公司 and the like at its end;
    '' of a name that is nothing else."""
    return _cut(folded.rstrip())


def _without_suffixes(words: list[str]) -> str:
    """Drop legal suffixes from the end, in either script, as long as there are."""
    rest = list(words)
    while rest:
        kept = "" if _LATIN_SUFFIX.fullmatch(rest[-1]) else _cut(rest[-1])
        if kept == rest[-1]:
            return _cut("".join(rest))
        rest[-1:] = [kept] if kept else []
    return ""


def _cut(text: str) -> str:
    cut = _CHINESE_SUFFIX.sub("", text)
    return cut if cut == text or not cut else _cut(cut)


def phone_key(raw: str, country: str = "CN") -> str:
    """Return the number in E.164 without extension, '' when it is not valid.

    A mainland number in the form that check_phone gives is not checked again.
    """
    if _CHECKED.fullmatch(raw):
        return raw.replace(" ", "")
    value = check_phone(raw, country).value
    if not value:
        return ""
    number = phonenumbers.parse(value, country)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def email_key(raw: str) -> str:
    """Return the address in lower case, '' when it is not valid."""
    return check_email(raw).value.lower()
