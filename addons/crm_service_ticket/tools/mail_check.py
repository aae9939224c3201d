"""A mail that only asks whether mail works: how it is known again, and what a mail
server said to it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from hmac import compare_digest
from typing import Any

HEADER = "X-Service-Check"
DOMAIN = "service-check.invalid"

OFF, UNREADY, UNREACHABLE, ENCRYPTION, LOGIN, SENDER, ADDRESS, REFUSED = (
    "off",
    "unready",
    "unreachable",
    "encryption",
    "login",
    "sender",
    "address",
    "refused",
)
# the first that fits; the more particular ones stand before
_FAILURES: tuple[tuple[str, tuple[type[BaseException], ...]], ...] = (
    (LOGIN, (smtplib.SMTPAuthenticationError,)),
    (SENDER, (smtplib.SMTPSenderRefused,)),
    (ADDRESS, (smtplib.SMTPRecipientsRefused,)),
    (ENCRYPTION, (ssl.SSLError, smtplib.SMTPNotSupportedError)),
    (UNREACHABLE, (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)),
    (REFUSED, (smtplib.SMTPException,)),
    (UNREACHABLE, (OSError, UnicodeError)),
)

Sign = Callable[[str], str]
Reply = tuple[int, bytes]


# ------------------------------------------------------------
# KNOWN AGAIN
# ------------------------------------------------------------


def token(nonce: str, sign: Sign) -> str:
    """Return what the header of a check says: anybody may read it, only we write it."""
    return f"{nonce}.{sign(nonce)}"


def nonce_of(text: str, sign: Sign) -> str:
    """Return which check a header names, ``""`` for none of ours."""
    nonce, _dot, signature = text.strip().partition(".")
    if not nonce or not nonce.isascii() or not nonce.isalnum():
        return ""
    right = compare_digest(signature.encode(), sign(nonce).encode())
    return nonce if right else ""


def row_name(nonce: str) -> str:
    """Return the Message-ID a check goes by among what came in: on the way a mail may
    get another one of its own."""
    return f"<{nonce}@{DOMAIN}>"


# ------------------------------------------------------------
# WHAT THE SERVER SAYS
# ------------------------------------------------------------


class Listener:
    """Keeps what a mail server says in a session, until its goodbye."""

    def __init__(self, session: smtplib.SMTP) -> None:
        self.replies: list[Reply] = []
        self._ask = session.getreply
        session.getreply = self  # type: ignore[method-assign]

    def __call__(self) -> Reply:
        reply = self._ask()
        self.replies.append(reply)
        return reply

    @property
    def last(self) -> str:
        """The last of it, as a line."""
        return words(self.replies[-1]) if self.replies else ""


def words(reply: Any) -> str:
    """Return a reply of a server as a line: the number, then the text."""
    code, text = reply
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return " ".join(f"{code} {text}".split())


def failure_of(error: BaseException) -> str:
    """Return what kind of failure an error is."""
    return next(
        (kind for kind, types in _FAILURES if isinstance(error, types)), UNREADY
    )


def said(error: BaseException) -> str:
    """Return what the server answered, or how the connection failed, in its words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(words(reply) for reply in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return words((error.smtp_code, error.smtp_error))
    return " ".join(str(error).split()) or type(error).__name__
