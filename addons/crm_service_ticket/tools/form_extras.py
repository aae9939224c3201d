"""What a type of ticket asks for beyond subject and description. No Odoo.

The fields are Odoo's properties; those of a simple kind stand in the form too. Values
come and go as text, and become a property's value only when the ticket is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

LONGEST = {"char": 250, "text": 5000, "integer": 12, "float": 30}
SIMPLE = ("char", "text", "integer", "float", "boolean", "date", "selection")
# what a column of the database holds
LARGEST = 2**31 - 1


class Extra(NamedTuple):
    """A field of a type: name of the property, how it is called, its kind, and for a
    choice the pairs (value, name)."""

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()


class FormType(NamedTuple):
    """A type that the form offers."""

    label: str
    extras: tuple[Extra, ...] = ()


def extras_of(definition: Iterable[Mapping[str, Any]]) -> tuple[Extra, ...]:
    """Return the simple ones of a type's fields.

    :param definition: as Odoo keeps it
    """
    return tuple(
        Extra(
            field["name"],
            field.get("string") or field["name"],
            field["type"],
            tuple((one[0], one[1]) for one in field.get("selection") or ()),
        )
        for field in definition
        if field["type"] in SIMPLE
    )


def post_name(type_value: str, extra: Extra) -> str:
    """The name of a field in the form; two types may have a property in common."""
    return f"extra_{type_value}_{extra.name}"


def problem(extra: Extra, text: str) -> str:
    """``too_long``, ``no_number``, ``no_date``, ``no_choice`` or '' for cleaned text;
    nothing has to be filled in."""
    if not text:
        return ""
    if len(text) > LONGEST.get(extra.kind, 250):
        return "too_long"
    try:
        _READERS[extra.kind](extra, text)
    except ValueError as error:
        return str(error)
    return ""


def value(extra: Extra, text: str) -> Any:
    """What the property holds for a text without problem; ``False`` for none."""
    return _READERS[extra.kind](extra, text) if text else False


def _integer(_extra: Extra, text: str) -> int:
    number = _float(_extra, text)
    if number != int(number) or abs(number) > LARGEST:
        raise ValueError("no_number")
    return int(number)


def _float(_extra: Extra, text: str) -> float:
    try:
        number = float(text.replace("，", ".").replace(",", "."))
    except ValueError:
        raise ValueError("no_number") from None
    if not math.isfinite(number):
        raise ValueError("no_number")
    return number


def _date(_extra: Extra, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("no_date") from None


def _choice(extra: Extra, text: str) -> str:
    if text not in dict(extra.choices):
        raise ValueError("no_choice")
    return text


_READERS = {
    "char": lambda _extra, text: text,
    "text": lambda _extra, text: text,
    "boolean": lambda _extra, text: True,
    "integer": _integer,
    "float": _float,
    "date": _date,
    "selection": _choice,
}
