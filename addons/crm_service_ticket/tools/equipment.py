"""Devices at customers. No Odoo."""

from __future__ import annotations

from datetime import date


def warranty_state(until: date | None, today: date) -> str:
    """``in`` up to and with the last day, ``over`` after it, ``unknown`` without."""
    if not until:
        return "unknown"
    return "in" if today <= until else "over"
