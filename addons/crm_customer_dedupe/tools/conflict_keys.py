"""What a question “is this customer ours?” asks for: one whole key, or nothing.

Whoever asks may not see the customer that the answer is about. So nothing but a key
that one customer has is looked up, and by equality: no part of a name, no beginning of
a number, no pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

#: kinds of keys
NAME, PHONE, EMAIL, CODE = "name", "phone", "email", "code"
#: of a longer text no question is made
LONGEST = 200
# one letter is no name
SHORTEST_NAME = 2

_NUMBER = re.compile(r"[+\d\s().\-–—/#*]*(?:(?:ext\.?|转)\s*\d+)?")
_FOREIGN_CODE = re.compile(r"(?=(?:.*\d){5})[A-Z]{2}[A-Z0-9]{6,18}")


class Makers(NamedTuple):
    """The hub's keys; each gives '' where there is nothing to compare.

    fold: one writing of width and marks; code: of a credit code or an ID number
    """

    fold: Callable[[str], str]
    company: Callable[[str], str]
    phone: Callable[[str], str]
    email: Callable[[str], str]
    code: Callable[[str], str]


class Key(NamedTuple):
    """``kind`` and the value as it is stored: of two that are the same, equal."""

    kind: str
    value: str


class Asked(NamedTuple):
    """What was understood: a key, or which kind of thing is not whole (``problem``)."""

    key: Key | None
    problem: str = ""


def key_of(text: str, makers: Makers) -> Asked:
    """Return the key that a text is, whatever kind of key it is."""
    folded = makers.fold(text[:LONGEST]).strip()
    if "@" in folded:
        return _asked(EMAIL, makers.email(folded))
    code = _code(folded, makers)
    if code:
        return _asked(CODE, code)
    if _NUMBER.fullmatch(folded.casefold()):
        return _asked(PHONE, makers.phone(folded))
    return _asked(NAME, _name(folded, makers))


def entry_keys(values: Mapping[str, str], makers: Makers) -> list[Key]:
    """Return the keys of a customer that is being entered, each once.

    :param values: any of ``name`` (of a company), ``phone``, ``email``, ``vat``
    """
    given = {name: makers.fold(text[:LONGEST]) for name, text in values.items()}
    found = [
        Key(CODE, _code(given.get("vat", ""), makers)),
        Key(PHONE, makers.phone(given.get("phone", ""))),
        Key(EMAIL, makers.email(given.get("email", ""))),
        Key(NAME, _name(given.get("name", ""), makers)),
    ]
    return [key for key in found if key.value]


def _asked(kind: str, value: str) -> Asked:
    return Asked(Key(kind, value)) if value else Asked(None, kind)


def _name(folded: str, makers: Makers) -> str:
    name = makers.company(folded)
    is_word = any(map(str.isalnum, name))
    return name if is_word and len(name) >= SHORTEST_NAME else ""


def _code(folded: str, makers: Makers) -> str:
    """Return a credit code, an ID number, or a tax number from abroad."""
    plain = re.sub(r"[\s\-.]", "", folded).upper()
    return makers.code(folded) or (plain if _FOREIGN_CODE.fullmatch(plain) else "")
