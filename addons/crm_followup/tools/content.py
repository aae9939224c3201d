"""Whether a follow-up says something.

A record that says nothing is worse than none: it resets the clock of the customer
and tells the next reader nothing.
"""

from __future__ import annotations

import re
import unicodedata

EMPTY = "empty"
NO_WORDS = "no_words"
REPEATED = "repeated"
SHORT = "short"

_REPEAT_FROM = 3
_SPACES = re.compile(r"\s+")


def meaningful(text: str) -> str:
    """Return the letters (Chinese characters included) and digits of ``text``."""
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN")


def content_problem(text: str | None, minimum: int) -> str | None:
    """Say what is wrong with the content of a follow-up.

    :param text: what was typed
    :param minimum: the least number of letters, Chinese characters and digits
    :return: ``EMPTY`` for nothing but spaces, ``NO_WORDS`` for punctuation and
        symbols only, ``REPEATED`` for one character over and over ("哈哈哈", "1111"),
        ``SHORT`` below the minimum, ``None`` when it is fine
    """
    if not text or not text.strip():
        return EMPTY
    words = meaningful(text)
    if not words:
        return NO_WORDS
    if len(words) >= _REPEAT_FROM and len(set(words.lower())) == 1:
        return REPEATED
    return SHORT if len(words) < minimum else None


def excerpt(text: str, length: int) -> str:
    """Return ``text`` on one line, cut to ``length`` characters with an ellipsis."""
    line = _SPACES.sub(" ", text).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
