"""Numbers as their format shows them, as far as a list needs it.

A number format says how Excel shows a number: ``000-00000000`` shows the phone
1065529988 as 010-65529988, ``[Magenta]0`` is red and no date. What rounds, groups or
scales (``0.00``, ``#,##0``, ``0%``, ``0.00E+00``) is left out: the stored number is
what the list means, and more exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from .table import EXACT_DIGITS, date_text, number_text

# Built-in formats that show dates; those of China, Japan, Korea and Thailand too.
_BUILT_IN_DATES = frozenset(
    {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)}
)
_ELAPSED_TIME = 46
# A format longer than this is no format; Excel allows 255 characters.
_LONGEST = 400
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式|G/標準|通用格式|常规|Standard)"
    r"|(?P<exponent>E[+-])|(?P<half>AM/PM|A/P|上午/下午|오전/오후)"
    r"|(?P<date>[ymdhs]+|[egba]+)|(?P<digit>[0#?])|(?P<mark>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": le, ">=": ge, "<>": ne, "<": lt, ">": gt, "=": eq,
}  # fmt: skip
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)


class _Section(NamedTuple):
    """One of the parts between semicolons.

    kind: date, elapsed, layout (digits and literals), general, literal, text, plain
    zeros: how many a layout of nothing but zeros has, else 0
    pieces: literals as (text, ''), places as ('', '0' | '#' | '?' | 'General' | '@')
    """

    kind: str
    pieces: tuple[tuple[str, str], ...]
    compare: tuple[str, float] | None
    zeros: int

    def takes(self, value: float) -> bool:
        """Tell whether the condition of the section holds."""
        return self.compare is None or _COMPARE[self.compare[0]](value, self.compare[1])

    def filled(self, words: str) -> str:
        """Put text where the number or text goes."""
        return "".join(text or (words if place else "") for text, place in self.pieces)


class NumberFormat:
    """A format that shows more than the plain number."""

    def __init__(self, sections: Sequence[_Section]) -> None:
        self._sections = [one for one in sections if one.kind != "text"][:3]
        self._text = next((one for one in sections if one.kind == "text"), None)

    @property
    def changes_text(self) -> bool:
        """Whether text is shown with something around it."""
        return bool(self._text and any(text.strip() for text, _ in self._text.pieces))

    def text(self, words: str) -> str:
        """Return text as the format shows it."""
        return self._text.filled(words).strip() if self._text else words

    def number(self, value: float, epoch_1904: bool = False) -> str:
        """Return a number as the format shows it, exact where that would round."""
        section = self._section(value)
        if section is None or section.kind == "plain":
            return number_text(value)
        if section.kind == "date":
            return date_text(value, epoch_1904)
        if section.kind == "elapsed":
            return _elapsed(value)
        if section.kind == "layout":
            return _laid_out(section, value)
        if section.kind == "general":
            return section.filled(number_text(value)).strip()
        shown = section.filled("").strip()
        # ;;; hides: a hidden zero is nothing, a hidden number is kept
        return shown or (number_text(value) if value else "")

    def _section(self, value: float) -> _Section | None:
        sections = self._sections
        if any(one.compare for one in sections):
            return next((one for one in sections if one.takes(value)), None)
        if value < 0 and len(sections) > 1:
            return sections[1]
        if value == 0 and len(sections) > 2:
            return sections[2]
        return sections[0] if sections else None


@lru_cache(maxsize=2048)
def number_format(number: int, code: str = "") -> NumberFormat | None:
    """Return a format by its code, or by its built-in number; None: nothing special."""
    if not code:
        if number == _ELAPSED_TIME:
            code = "[h]:mm:ss"
        else:
            code = "y" if number in _BUILT_IN_DATES else ""
    if not code or len(code) > _LONGEST:
        return None
    found = NumberFormat([_section(part) for part in _split(code)])
    special = any(one.kind != "plain" for one in found._sections)
    return found if special or found.changes_text else None


def _split(code: str) -> list[list[re.Match[str]]]:
    """Split a code into its sections, each as tokens."""
    sections: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _section(tokens: Sequence[re.Match[str]]) -> _Section:
    pieces: list[tuple[str, str]] = []
    compare, elapsed = None, False
    for token in tokens:
        bracket = token["bracket"]
        if bracket is not None:
            condition = _CONDITION.match(bracket)
            if condition:
                compare = (condition[1], float(condition[2]))
            elapsed = elapsed or bool(_ELAPSED.fullmatch(bracket))
            literal, place = _currency(bracket), ""
        else:
            literal, place = _piece(token)
            if place in ("#", "?") and ("", "0") in pieces:
                place = "0"  # right of a zero every place is one
        pieces.append((literal, place))
    shown = [piece for piece in pieces if piece != ("", "")]
    zeros = len(shown) if all(piece == ("", "0") for piece in shown) else 0
    return _Section(_kind(tokens, elapsed), tuple(pieces), compare, zeros)


def _currency(bracket: str) -> str:
    """Return the sign of ``[$¥-804]``; other brackets show nothing."""
    return bracket[1:].partition("-")[0] if bracket.startswith("$") else ""


def _piece(token: re.Match[str]) -> tuple[str, str]:
    """Return (literal, place) of a token that is no bracket."""
    if token["digit"]:
        return "", token["digit"]
    if token["general"]:
        return "", "General"
    if token["mark"] == "@":
        return "", "@"
    for name in ("quoted", "escaped", "other", "mark", "date"):
        if token[name]:
            return token[name], ""
    return "", ""


def _kind(tokens: Sequence[re.Match[str]], elapsed: bool) -> str:
    places = [one["digit"] for one in tokens]
    marks = {one["mark"] for one in tokens}
    if "@" in marks:
        return "text"
    if any(one["general"] for one in tokens):
        return "general" if any(_piece(one)[0].strip() for one in tokens) else "plain"
    fraction = _without_seconds(tokens)
    if elapsed and not fraction:
        return "elapsed"
    if any(one["date"] for one in tokens) and not fraction:
        return "date"
    if not any(places):
        return "literal"
    exact = not marks & {".", ",", "%", "/"}
    exact = exact and not any(one["exponent"] for one in tokens)
    return "layout" if exact and _shows_more(tokens) else "plain"


def _without_seconds(tokens: Sequence[re.Match[str]]) -> bool:
    """Tell whether there are digits but those of ``ss.000``."""
    after_point = False
    for token in tokens:
        if token["digit"] and not after_point:
            return True
        after_point = token["mark"] == "." or (after_point and bool(token["digit"]))
    return False


def _shows_more(tokens: Sequence[re.Match[str]]) -> bool:
    """Tell whether a layout shows more than ``0`` does."""
    places = "".join(token["digit"] or "" for token in tokens)
    # right of a zero every place is one: 0# shows 5 as 05
    padded = len(places.partition("0")[2]) > 0
    brackets = (_currency(token["bracket"] or "") for token in tokens)
    literals = (_piece(token)[0] for token in tokens)
    return padded or any(brackets) or any(one.strip() for one in literals)


def _laid_out(section: _Section, value: float) -> str:
    """Put the digits of a whole number into their places, from the right."""
    if value < 0 or value != int(value) or value >= EXACT_DIGITS:
        return number_text(value)
    if section.zeros:
        return str(int(value)).zfill(section.zeros)
    left = str(int(value)) if value else ""
    shown: list[str] = []
    places = sum(1 for _text, place in section.pieces if place)
    for text, place in reversed(section.pieces):
        if not place:
            shown.append(text)
            continue
        places -= 1
        digit = left if places == 0 else left[-1:]
        left = left[: len(left) - len(digit)]
        shown.append(digit or {"0": "0", "?": " "}.get(place, ""))
    return "".join(reversed(shown)).strip()


def _elapsed(value: float) -> str:
    """Write a span of days as hours, minutes and seconds: 1.5 is 36:00:00."""
    if not 0 <= value < 1_000_000:
        return number_text(value)
    minutes, seconds = divmod(round(value * 86400), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
