"""Is an incoming mail written by a person? Read from its headers.

RFC 3834 has responders say ``Auto-Submitted``; many say it in other ways, and some only
in the subject. What a person wrote always passes; what a machine sends on its own
(an alarm of a device, an invoice) passes too, but is never answered automatically; only
automatic *answers* are stopped, because answering them makes a loop.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

PERSON = "person"
MACHINE = "machine"
AUTO_REPLY = "auto_reply"
OWN = "own"

_REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder")
_BULK = ("bulk", "junk", "list", "auto_reply")
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office"
    r"|自动回复|自动答复|不在办公室|automatische antwort|réponse automatique)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(
    r"^(?:no-?reply|do-?not-?reply|postmaster|mailer-daemon|bounces?)\b", re.IGNORECASE
)
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:[ \t]*\S", re.IGNORECASE | re.MULTILINE)


class Verdict(NamedTuple):
    """``kind``: one of the constants above; ``reason``: the header that says so, as
    it was found, empty for a person."""

    kind: str
    reason: str = ""


def classify(headers: Mapping[str, str], own_sources: frozenset[str]) -> Verdict:
    """Say who wrote a mail.

    :param headers: names in lower case to decoded values
    :param own_sources: databases of ours, as our mails carry them in
        ``X-Service-Source``: such a mail came back to us
    """
    source = headers.get("x-service-source", "").strip()
    if source and source in own_sources:
        return Verdict(OWN, f"X-Service-Source: {source}")
    for verdict in (_auto_submitted(headers), _other_signs(headers)):
        if verdict:
            return verdict
    return Verdict(PERSON)


def _auto_submitted(headers: Mapping[str, str]) -> Verdict | None:
    value = headers.get("auto-submitted", "").strip().lower()
    word = value.split(";")[0].strip()
    if not word or word == "no":
        return None
    kind = AUTO_REPLY if word == "auto-replied" else MACHINE
    return Verdict(kind, f"Auto-Submitted: {value}")


def _other_signs(headers: Mapping[str, str]) -> Verdict | None:
    for name in _REPLY_HEADERS:
        if headers.get(name, "").strip().lower() not in ("", "no"):
            return Verdict(AUTO_REPLY, f"{name}: {headers[name].strip()}")
    if headers.get("return-path", "").strip() == "<>":
        # a null sender never wants an answer; reports are bounces and not seen here
        return Verdict(AUTO_REPLY, "Return-Path: <>")
    subject = headers.get("subject", "")
    if _AUTO_SUBJECT.match(subject):
        return Verdict(AUTO_REPLY, f"Subject: {subject.strip()}")
    precedence = headers.get("precedence", "").strip().lower()
    if precedence == "auto_reply":
        return Verdict(AUTO_REPLY, f"Precedence: {precedence}")
    if precedence in _BULK or headers.get("list-id"):
        return Verdict(MACHINE, f"Precedence: {precedence or 'list'}")
    if _ROBOTS.match(headers.get("from-address", "")):
        return Verdict(MACHINE, f"From: {headers['from-address']}")
    return None


def with_message_id(raw: bytes) -> bytes:
    """Return the mail with a Message-ID; one without gets it from its content, so
    that the same mail delivered twice is the same again."""
    if _MESSAGE_ID.search(raw[: _end_of_headers(raw)]):
        return raw
    digest = hashlib.sha256(raw).hexdigest()[:40]
    return f"Message-Id: <{digest}@without-message-id.invalid>\r\n".encode() + raw


def _end_of_headers(raw: bytes) -> int:
    ends = [raw.find(blank) for blank in (b"\r\n\r\n", b"\n\n")]
    return min((end for end in ends if end >= 0), default=len(raw))
