"""Turn the text of a cell into the value of a custom field (Odoo property)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from dateutil import parser as date_parser

from .digits import plain_digits

PropertyValue = str | int | float | bool | list[str] | None

TRUE_WORDS = frozenset("1 true yes y x √ ✓ 是 有 对 真".split())
_SCALES = {"百": 1e2, "千": 1e3, "k": 1e3, "万": 1e4, "w": 1e4, "萬": 1e4, "十万": 1e5,
           "百万": 1e6, "m": 1e6, "千万": 1e7, "亿": 1e8, "億": 1e8}  # fmt: skip
_AMOUNT = re.compile(
    r"(?:约|大约|大概|近|共|计|合计|人民币|rmb|cny|[¥$])*(?P<minus>-)?"
    r"(?P<loss>\()?[¥$]?"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)"
    r"(?P<scale>[十百千]?万|[百千亿億萬kwm])?(?(loss)\))"
    r"(?:多|余|左右|以上)?(?:块|元整?|圆整?|人民币|rmb|年|台|套|人|名|家|个|次"
    r"|件|箱|吨|平米|平方米?|㎡)?(?:多|余|左右|以上|/年|每年)?",
    re.IGNORECASE,
)
FALSE_WORDS = frozenset("0 false no n - × 否 无 没有 假".split())


class Converted(NamedTuple):
    """The value as Odoo stores it (None when bad), and a problem code or ''."""

    value: PropertyValue
    problem: str


def property_value(definition: Mapping[str, object], text: str) -> Converted:
    """Convert ``text`` for a property of this definition.

    :param definition: of one property: type, selection, tags …; {} when unknown
    :return: problem property_unknown, property_type (a kind a list cannot fill),
        property_number, property_date, property_choice, property_boolean, exponent
    """
    kind = str(definition.get("type", ""))
    if not kind:
        return Converted(None, "property_unknown")
    convert = _CONVERTERS.get(kind)
    return convert(definition, text.strip()) if convert else _UNFILLABLE


_UNFILLABLE = Converted(None, "property_type")


def _text(_definition: Mapping[str, object], text: str) -> Converted:
    """A number of six characters or more that is text identifies something."""
    digits, problem = plain_digits(text) if len(text) > 5 else (text, "")
    if problem:
        return Converted(None, problem)
    return Converted(digits if "," not in text else text, "")


def _number(text: str) -> float | None:
    """Read a number as people write amounts: ¥1,200元, 约50万, 1.2亿, 50w, 12年.

    A span (50-80万), another currency or a share (80%) is no such number.
    """
    found = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if not found:
        return None
    sign = -1.0 if found["minus"] or found["loss"] else 1.0
    digits = found["digits"].replace(",", "")
    number = sign * float(digits) * _SCALES.get((found["scale"] or "").lower(), 1.0)
    return round(number, 6) if abs(number) < 1e15 else None


def _integer(_definition: Mapping[str, object], text: str) -> Converted:
    number = _number(text)
    if number is None or number != int(number):
        return Converted(None, "property_number")
    return Converted(int(number), "")


def _float(_definition: Mapping[str, object], text: str) -> Converted:
    number = _number(text)
    return Converted(number, "" if number is not None else "property_number")


def _boolean(_definition: Mapping[str, object], text: str) -> Converted:
    word = text.casefold()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return Converted(word in TRUE_WORDS, "")
    return Converted(None, "property_boolean")


# 2024.3.5, 2024/03/05 14:30, 2024年3月, 20240305, 2024
_CHINESE_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2}))?)?"
    r"[日号月年]?(?:[ T]*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?分?"
    r"(?::(?P<second>\d\d))?(?:\.\d+)?)?"
)
_COMPACT_DATE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NO_DATE = re.compile(r"^[\d.,]*$|^\D*$")


def _parsed_date(text: str) -> datetime | None:
    """Read a date as people write it. Bare numbers, and dates whose day may as well
    be the month (5/3/2024), give None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    compact = _COMPACT_DATE.fullmatch(plain)
    found = _CHINESE_DATE.fullmatch(plain)
    try:
        if compact:
            whole = [int(part) for part in compact.groups()]
            return datetime(whole[0], whole[1], whole[2])
        if found:
            # a month or a day that is not said is the first
            year, month, day, *clock = found.groups()
            hour, minute, second = (int(part or 0) for part in clock)
            return datetime(
                int(year), int(month or 1), int(day or 1), hour, minute, second
            )
        if _NO_DATE.match(plain) or _is_ambiguous(plain):
            return None
        return date_parser.parse(plain, default=datetime(date.min.year, 1, 1))
    except (ValueError, OverflowError):
        return None


def _is_ambiguous(text: str) -> bool:
    found = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}(?:\s.*)?", text)
    if not found:
        return False
    return max(int(found[1]), int(found[2])) <= 12 and found[1] != found[2]


def _date(_definition: Mapping[str, object], text: str) -> Converted:
    moment = _parsed_date(text)
    if moment is None or moment.year < 1000:
        return Converted(None, "property_date")
    return Converted(moment.date().isoformat(), "")


def _datetime(_definition: Mapping[str, object], text: str) -> Converted:
    moment = _parsed_date(text)
    if moment is None or moment.year < 1000:
        return Converted(None, "property_date")
    return Converted(moment.strftime("%Y-%m-%d %H:%M:%S"), "")


def _choices(options: object) -> dict[str, str]:
    """Label or key, folded -> key, from Odoo's [[key, label, …], …]."""
    found: dict[str, str] = {}
    if isinstance(options, Sequence):
        for option in options:
            key, label = str(option[0]), str(option[1])
            found[label.casefold()] = found[key.casefold()] = key
    return found


def _selection(definition: Mapping[str, object], text: str) -> Converted:
    key = _choices(definition.get("selection")).get(text.casefold())
    return Converted(key, "" if key else "property_choice")


def _tags(definition: Mapping[str, object], text: str) -> Converted:
    choices = _choices(definition.get("tags"))
    words = text.replace("，", ",").replace("、", ",").replace(";", ",").split(",")
    keys = [choices.get(word.strip().casefold()) for word in words if word.strip()]
    known = [key for key in keys if key]
    if len(known) < len(keys):
        return Converted(None, "property_choice")
    return Converted(known, "")


_CONVERTERS = {
    "char": _text,
    "text": _text,
    "integer": _integer,
    "float": _float,
    "monetary": _float,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "selection": _selection,
    "tags": _tags,
}
