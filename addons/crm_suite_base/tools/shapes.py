"""Whether a value from outside has the shape that a method asks for."""

import types
import typing
from datetime import date

# what PostgreSQL keeps as an id or a number of ours
LIMIT = 2**31


def fits(value: object, wanted: object) -> bool:
    """Return whether a value has the shape of an annotation.

    Texts must be such as can be stored: without zero bytes and halves of characters;
    whole numbers such as fit a column. ``False`` stands for nothing wherever it may,
    as Odoo's clients send it.
    """
    origin = typing.get_origin(wanted)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in typing.get_args(wanted))
    if origin in (list, tuple):
        inner = (typing.get_args(wanted) or (object,))[0]
        return isinstance(value, list | tuple) and all(fits(v, inner) for v in value)
    if origin is dict:
        return isinstance(value, dict) and all(
            fits(one, shape)
            for pair in value.items()
            for one, shape in zip(pair, typing.get_args(wanted), strict=True)
        )
    if isinstance(wanted, type) and issubclass(wanted, date):
        return is_day(value)
    if wanted is int:
        return isinstance(value, int) and -LIMIT < value < LIMIT
    if wanted in (None, types.NoneType):
        return value is None or value is False
    if isinstance(wanted, type) and wanted is not object:
        return isinstance(value, origin or wanted) and storable(value)
    return storable(value)


def is_day(value: object) -> bool:
    """Return whether a value is a day, or says one in ISO format."""
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(value[:10] if isinstance(value, str) else "")
    except ValueError:
        return False
    return True


def storable(value: object) -> bool:
    """Return whether all texts within a value can be stored."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, dict):
        return all(storable(one) for pair in value.items() for one in pair)
    if isinstance(value, list | tuple):
        return all(map(storable, value))
    return True
