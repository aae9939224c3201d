"""Numbers as people read them: trends, units, large amounts."""

from __future__ import annotations

from typing import NamedTuple

WAN, YI = 10_000, 100_000_000
# how a figure reads of which nothing is known
UNKNOWN = "–"
# digits after the point of a change in percent or points
TREND_DIGITS = 1
PERCENT, MONEY, COUNT, DAYS, HOURS, SCORE = (
    "percent",
    "money",
    "count",
    "days",
    "hours",
    "score",
)


class Trend(NamedTuple):
    """How a figure changed: ``direction`` -1, 0 or 1; ``change`` relative, or in
    points for a percentage, None where there was nothing before; ``mood`` ``good``,
    ``bad`` or ``neutral``."""

    direction: int
    change: float | None
    mood: str


def value(amount: float | None, weight: float | None, unit: str) -> float | None:
    """Return a figure from its two parts: the amount itself, or amount per weight
    (times 100 for a percentage); None where the weight is 0.

    :param weight: None for sums and counts
    """
    if weight is None or weight is False:
        return float(amount or 0)
    if not weight:
        return None
    return float(amount or 0) / float(weight) * (100 if unit == PERCENT else 1)


def trend(
    current: float | None, before: float | None, better: int, unit: str = COUNT
) -> Trend | None:
    """Compare a figure with that of the period before; None when one is unknown.

    :param better: 1 when more is better, -1 when less is, 0 when neither
    """
    if current is None or before is None:
        return None
    difference = current - before
    if unit != PERCENT and not before:
        # of nothing, nothing is a part: no arrow says how much more it is
        return Trend(0, None, "neutral")
    change = difference if unit == PERCENT else difference / abs(before) * 100
    # what reads as no change is none: an arrow beside "0%" would be a lie
    shown = round(change, TREND_DIGITS)
    direction = (shown > 1e-9) - (shown < -1e-9)
    mood = {1: "good", -1: "bad", 0: "neutral"}[direction * better]
    return Trend(direction, change, mood)


def base(before: float | None, change: Trend | None) -> float | None:
    """Return what a figure is compared with; nothing where there was nothing."""
    return None if change and change.change is None else before


def rounded(number: float, digits: int) -> str:
    """Return a number with thousands separators and without trailing zeros.

    >>> rounded(1234.50, 2), rounded(-0.001, 1)
    ('1,234.5', '0')
    """
    text = f"{number:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def compact(number: float, chinese: bool) -> str:
    """Shorten a large number as its reader does: 万 and 亿, or K, M and B.

    >>> compact(125_600, True), compact(125_600, False)
    ('12.56万', '125.6K')
    """
    size = abs(number)
    if chinese:
        # the larger, the fewer digits after the point: a tile is narrow
        digits = 2 if size < 100 * WAN else 1 if size < 1000 * WAN else 0
        if round(size / WAN, digits) >= YI / WAN:
            return f"{rounded(number / YI, 2)}亿"
        if size >= WAN:
            return f"{rounded(number / WAN, digits)}万"
        return rounded(number, 2 if size < 100 else 0)
    for limit, letter in ((1e9, "B"), (1e6, "M"), (1e4, "K")):
        if size >= limit or limit > 1e4 and round(size / limit * 1000, 1) >= 1000:
            divisor = 1e3 if letter == "K" else limit
            return f"{rounded(number / divisor, 1)}{letter}"
    return rounded(number, 2 if size < 100 else 0)


def text(
    number: float | None, unit: str, chinese: bool = False, symbol: str = ""
) -> str:
    """Return a figure as it stands on a tile, in a PDF or in a mail.

    :param symbol: of the currency, put before amounts of money
    """
    if number is None:
        return UNKNOWN
    if unit == MONEY:
        shown = compact(abs(number), chinese)
        return f"{'-' if number < 0 and shown != '0' else ''}{symbol}{shown}"
    if unit == COUNT:
        return compact(number, chinese) if abs(number) >= 1e6 else rounded(number, 0)
    if unit == PERCENT:
        return f"{rounded(number, 1)}%"
    return rounded(number, 2 if unit == SCORE else 1)
