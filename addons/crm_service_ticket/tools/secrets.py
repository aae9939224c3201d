"""Secrets of links: where they are put in, and how they are kept out of what is stored.

A link in a template or a notification carries ``AT_SENDING`` where the secret belongs.
What is stored of a mail, shown in a preview or kept in a conversation has that word
only; the secret takes its place in the copy that goes to its owner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

AT_SENDING = "set-when-sent"
#: parts of an address that are rights by themselves
PARAMETERS = ("access_token", "hash", "auth_signup_token")
_PARAMETER = re.compile(rf"\b({'|'.join(PARAMETERS)})=[^&\s\"'#]+")


def without_secrets(url: str) -> str:
    """Return the address with the word in the place of each secret."""
    return _PARAMETER.sub(rf"\1={AT_SENDING}", url)


def asks_for_secrets(text: str) -> bool:
    """Whether secrets belong into a text."""
    return AT_SENDING in text


def with_secrets(text: str, secrets: Mapping[str, str]) -> str:
    """Return the text as its reader gets it.

    :param secrets: what stands in front of the word, with the secret; places of others
        keep the word
    """
    for before, secret in secrets.items():
        text = text.replace(f"{before}{AT_SENDING}", f"{before}{secret}")
    return text
