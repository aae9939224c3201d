"""Names of the counters that slow a sender down. No Odoo, no clock.

A counter belongs to one sender and one hour. Its name is a keyed digest of both, so
that the table shows neither addresses nor that two hours are of the same sender, and
is worth nothing after the hour.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)


def window_start(now: datetime) -> datetime:
    """The full hour that ``now`` lies in."""
    return now.replace(minute=0, second=0, microsecond=0)


def counter_key(secret: str, kind: str, sender: str, now: datetime) -> str:
    """The counter of a sender in the hour of ``now``.

    :param secret: of the database; without it nobody can try addresses out
    :param kind: what is counted (``address``, ``email``): the same text in two kinds
        are two senders
    :return: 40 hexadecimal digits
    """
    return digest(secret, kind, sender.casefold(), window_start(now).isoformat())


def digest(secret: str, *parts: str) -> str:
    """A keyed digest of texts, that shows none of them.

    :return: 40 hexadecimal digits
    """
    message = "\x1f".join(parts).encode("utf-8", "replace")
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:40]


def is_exceeded(count: int, limit: int) -> bool:
    """Whether the ``count``-th attempt is one too many; limit 0: never."""
    return bool(limit) and count > limit
