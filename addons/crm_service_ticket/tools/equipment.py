"""Devices at customers. No Odoo."""

from __future__ import annotations

import unicodedata
from datetime import date


def serial_number(typed: str) -> str:
    """Return a product or serial number in one writing: full-width signs become plain
    ones, what cannot be seen and outer blanks go, of several blanks one stays.

    >>> serial_number(" ＨＣ－２００  0417 ")
    'HC-200 0417'
    """
    plain = unicodedata.normalize("NFKC", typed)
    seen = "".join(
        " " if sign.isspace() else sign
        for sign in plain
        if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    return " ".join(seen.split())


def warranty_state(until: date | None, today: date) -> str:
    """``in`` up to and with the last day, ``over`` after it, ``unknown`` without."""
    if not until:
        return "unknown"
    return "in" if today <= until else "over"
