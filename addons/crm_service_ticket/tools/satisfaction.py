"""Whether, how and when a customer is asked how satisfied he was, and when an answer
still counts. No Odoo, no clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
BEST = 5
WORST = 1


class Policy(NamedTuple):
    """What a team wants.

    :param channel: ``email``, ``sms`` or ``email_sms`` (e-mail, else SMS)
    :param expiry_days: an answer counts and may be changed for so many days
    :param cooldown_days: nobody is asked twice within so many days; 0: no limit
    :param reminder_days: one reminder after so many days; 0: none
    """

    enabled: bool
    channel: str
    expiry_days: int
    cooldown_days: int
    reminder_days: int


class Case(NamedTuple):
    """The closed ticket as far as the question goes.

    :param email: address to write to, '' when there is none or it opted out
    :param phone: number to text to, '' when there is none or it opted out
    :param skipped: the customer is on the team's list of those never asked
    :param merged: the ticket lives on in another one
    :param own: who would be asked worked on it
    :param last_asked: when this customer was asked last, about any ticket
    """

    email: str
    phone: str
    skipped: bool = False
    merged: bool = False
    own: bool = False
    last_asked: datetime | None = None


class Plan(NamedTuple):
    """What to do: a channel, or the reason why not to ask ('' with a channel)."""

    channel: str
    reason: str


def plan_request(policy: Policy, case: Case, now: datetime) -> Plan:
    """Decide about one closed ticket.

    :return: channel ``email`` or ``sms``; or reason ``off``, ``merged``, ``own``,
        ``skipped``, ``cooldown``, ``no_address``
    """
    reason = _refusal(policy, case, now)
    if reason:
        return Plan("", reason)
    channel = _channel(policy.channel, case)
    return Plan(channel, "" if channel else "no_address")


def _refusal(policy: Policy, case: Case, now: datetime) -> str:
    if not policy.enabled:
        return "off"
    if case.merged:
        return "merged"
    if case.own:
        return "own"
    if case.skipped:
        return "skipped"
    if case.last_asked and now < case.last_asked + timedelta(policy.cooldown_days):
        return "cooldown"
    return ""


def _channel(wanted: str, case: Case) -> str:
    if case.email and wanted in ("email", "email_sms"):
        return "email"
    if case.phone and wanted in ("sms", "email_sms"):
        return "sms"
    return ""


def deadline(policy: Policy, sent: datetime) -> datetime:
    """The moment from which an answer counts no more; a day at least."""
    return sent + timedelta(max(policy.expiry_days, 1))


def reminder(policy: Policy, sent: datetime) -> datetime | None:
    """When to remind; None: not at all. Never after the answer would be too late."""
    if not policy.reminder_days:
        return None
    moment = sent + timedelta(policy.reminder_days)
    return moment if moment < deadline(policy, sent) else None


def parse_score(raw: object) -> int:
    """A score as a stranger sends it: 1 to 5, 0 for anything else."""
    text = str(raw if raw is not None else "").strip()
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def is_token(text: str) -> bool:
    """Whether a text can be the token of a question."""
    return bool(_TOKEN.fullmatch(text))


def is_low(score: int, threshold: int) -> bool:
    """Whether a score calls for the manager; 0 as threshold: none does."""
    return WORST <= score <= threshold
