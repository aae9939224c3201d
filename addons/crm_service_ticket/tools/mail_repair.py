"""Mail that a program broke on its way, made fit to be read.

Python's parser hands on what it finds: characters no database takes, charsets nobody
knows. Odoo's gateway then fails, and the mail is lost. What is repaired here is lost
anyway; the rest of the mail is saved by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any

NUL = "\0"
FALLBACK = "utf-8"
# what Python's parser stumbles with, by header and by charset
_PARSER_ERRORS = (
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    TypeError,
    ValueError,
)


def without_nul(value: Any) -> Any:
    """Return text without NUL characters; anything else as it is.

    >>> without_nul("a\\0b"), without_nul(3)
    ('ab', 3)
    """
    return value.replace(NUL, "") if isinstance(value, str) else value


def is_moment(value: object) -> bool:
    """Return whether a text is a moment as it is stored; years before 1000 are not.

    >>> is_moment("2026-03-02 10:00:00"), is_moment("309-03-02 10:00:00")
    (True, False)
    """
    try:
        datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return False
    return True


def repair(message: EmailMessage) -> None:
    """Change a parsed mail so that its headers can be stored and its texts decoded."""
    for name in set(message.keys()):
        _repair_header(message, name)
    for part in message.walk():
        if part.get_content_maintype() == "text" and not _is_readable(part):
            subtype = part.get_content_subtype()
            del part["Content-Type"]
            part["Content-Type"] = f'text/{subtype}; charset="{FALLBACK}"'


def _repair_header(message: EmailMessage, name: str) -> None:
    try:
        values = [str(value) for value in message.get_all(name) or ()]
    except _PARSER_ERRORS:
        # nobody can read that one
        del message[name]
        return
    if any(NUL in value for value in values):
        _replace(message, name, (without_nul(value) for value in values))


def _replace(message: EmailMessage, name: str, values: Iterable[str]) -> None:
    cleaned = list(values)
    del message[name]
    for value in cleaned:
        # a header is one line
        message[name] = " ".join(value.split())


def _is_readable(part: EmailMessage) -> bool:
    """Return whether Python can decode a text in the charset a part names."""
    try:
        charset = part.get_param("charset", "ascii")
        b"\xff a".decode(charset, errors="replace")  # type: ignore[arg-type]
        part.get_content()
    except _PARSER_ERRORS:
        # unknown, not for text (base64, idna), or no name at all
        return False
    return True
