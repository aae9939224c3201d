"""To which ticket does a mail belong that does not say so by its references?

Numbers first, in the address it was sent to and in the subject; then a reply of the
same sender with the same subject. A number alone proves nothing: anybody can guess one.
It counts only for those who are part of the ticket (its customer, the customer's
colleagues, who is in copy, and ours).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

ADDRESS = "address"
NUMBER = "number"
SUBJECT = "sender_subject"
FOREIGN = "foreign_number"

_REPLY = r"(?:re|aw|antw|sv|r|回复|回覆|答复|答覆|回)"
_FORWARD = r"(?:fwd?|fw|wg|转发|轉寄|转寄)"
_PREFIX = re.compile(
    rf"^\s*(?:(?P<reply>{_REPLY})|(?P<forward>{_FORWARD}))(?:\[\d+\])?\s*:\s*",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"[\[(#【]\s*[#A-Z0-9/_-]*\d{3,}[A-Z0-9/_-]*\s*[\])】]", re.IGNORECASE
)
_TOKEN = re.compile(r"[A-Z0-9][A-Z0-9/_-]*\d{3,}[A-Z0-9/_-]*", re.IGNORECASE)
_EMPTY_SUBJECTS = frozenset({"", "无主题", "no subject", "(no subject)", "(无主题)"})


class Mail(NamedTuple):
    """``sender``: address in lower case; ``recipients``: addresses; ``subject``:
    decoded; ``date``: when it arrived (UTC)."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime


class Ticket(NamedTuple):
    """A ticket the mail may belong to. ``involved``: the sender is part of it;
    ``sender``: address the ticket came from; ``last``: the last word in it (UTC);
    ``window``: days in which an equal subject means the same matter, 0 for never."""

    key: int
    number: str
    subject: str
    sender: str
    involved: bool
    last: datetime
    window: int = 14


class Match(NamedTuple):
    """``key``: of the ticket; ``how``: one of the constants above. ``FOREIGN``: the
    mail names the ticket, but its sender is no part of it."""

    key: int
    how: str


def subject_key(subject: str) -> str:
    """Return what two subjects of one matter have in common: no reply or forward
    marks in any language, no ticket tags, width, case and blanks folded. '' for a
    subject that says nothing."""
    text = unicodedata.normalize("NFKC", subject)
    while True:
        shorter = _TAG.sub(" ", _PREFIX.sub("", text)).strip()
        if shorter == text:
            break
        text = shorter
    text = " ".join(text.split()).casefold()
    return "" if text in _EMPTY_SUBJECTS else text


def is_reply(subject: str) -> bool:
    """Whether the outermost mark of the subject says that it is an answer."""
    match = _PREFIX.match(unicodedata.normalize("NFKC", subject))
    return bool(match and match["reply"])


def numbers_in_subject(subject: str) -> list[str]:
    """Return what may be ticket numbers in a subject, upper case, in order."""
    text = unicodedata.normalize("NFKC", subject).upper()
    return list(dict.fromkeys(_TOKEN.findall(text)))


def numbers_in_addresses(addresses: Iterable[str]) -> list[str]:
    """Return what stands behind a ``+`` in the local parts, upper case, in order."""
    tails = [
        address.partition("@")[0].partition("+")[2].upper() for address in addresses
    ]
    return [tail for tail in dict.fromkeys(tails) if tail]


def plain_addresses(addresses: Iterable[str]) -> list[str]:
    """Return the addresses that have a ``+`` without it and what follows."""
    parts = [address.lower().partition("@") for address in addresses]
    return [
        f"{local.partition('+')[0]}@{host}"
        for local, _at, host in parts
        if "+" in local
    ]


def match(mail: Mail, tickets: Sequence[Ticket]) -> Match | None:
    """Return the ticket a mail belongs to, ``None`` when it is a new one."""
    by_number = {ticket.number.upper(): ticket for ticket in tickets}
    foreign = None
    for how, numbers in (
        (ADDRESS, numbers_in_addresses(mail.recipients)),
        (NUMBER, numbers_in_subject(mail.subject)),
    ):
        for number in numbers:
            ticket = by_number.get(number)
            if ticket and ticket.involved:
                return Match(ticket.key, how)
            foreign = foreign or ticket
    same = _same_matter(mail, tickets)
    if same:
        return Match(same.key, SUBJECT)
    return Match(foreign.key, FOREIGN) if foreign else None


def _same_matter(mail: Mail, tickets: Sequence[Ticket]) -> Ticket | None:
    """The latest ticket of this sender whose subject the mail answers."""
    key = subject_key(mail.subject)
    if not key or not is_reply(mail.subject):
        return None
    same = [
        ticket
        for ticket in tickets
        if ticket.sender == mail.sender
        and subject_key(ticket.subject) == key
        and mail.date - ticket.last <= timedelta(days=ticket.window)
    ]
    return max(same, key=lambda ticket: (ticket.last, ticket.key), default=None)
