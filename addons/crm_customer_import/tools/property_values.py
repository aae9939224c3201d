"""Turn the text of a cell into the value of a custom field (Odoo property)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from dateutil import parser as date_parser

from .digits import plain_digits

PropertyValue = str | int | float | bool | list[str] | None

TRUE_WORDS = frozenset("1 true yes y x √ ✓ 是 有 对 真".split())
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
    plain = text.replace(",", "").replace("，", "").lstrip("¥￥$ ")
    for suffix, factor in (("万元", 1e4), ("万", 1e4), ("元", 1.0), ("年", 1.0)):
        if plain.endswith(suffix):
            plain, scale = plain.removesuffix(suffix), factor
            break
    else:
        scale = 1.0
    try:
        number = float(plain) * scale
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # also drops nan and inf


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


def _parsed_date(text: str) -> datetime | None:
    plain = text.replace("年", "-").replace("月", "-").replace("日", "")
    try:
        return date_parser.parse(plain, default=datetime(date.min.year, 1, 1))
    except (ValueError, OverflowError):
        return None


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
