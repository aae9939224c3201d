"""Columns of digits whose values went through a program that made numbers of them."""

from __future__ import annotations

import re

# a fraction of nothing: 13800138113.0, and 13,800,138,113.00
_WHOLE = re.compile(r"(\+?\d+|\d{1,3}(?:,\d{3})+)(?:[.,]0{1,6})?")
# 1.38E+10 and 1.38E10; 12E5 may be a code
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+E\+?|E\+)\d{1,3}", re.IGNORECASE)


def plain_digits(text: str) -> tuple[str, str]:
    """Return the digits without what a program of numbers added, and a problem code.

    ``exponent``: the number was shortened, its last digits are lost.

    >>> plain_digits("13800138113.0"), plain_digits("1.38E+10"), plain_digits("A-1.0")
    (('13800138113', ''), ('1.38E+10', 'exponent'), ('A-1.0', ''))
    """
    if _EXPONENT.fullmatch(text):
        return text, "exponent"
    whole = _WHOLE.fullmatch(text)
    return (whole[1].replace(",", "") if whole else text), ""
