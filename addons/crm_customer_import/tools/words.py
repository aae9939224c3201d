"""Words of a list that are none of the choices, and what is decided on them.

A row keeps its words beside its values. They are settled when the row is written, so
that a decision on one word counts for any number of rows without touching them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from opencc import OpenCC

from .fields import header_key, label_of

Value = str | list[str]
# fields whose decision changes what a row is compared with: rows are planned anew
SHAPING = frozenset({"customer_type"})
# longer text is a remark that stands in a column of choices
LONGEST_WORD = 80


class Word(NamedTuple):
    """A label nobody knows. field: technical name; text: as written; key: folded."""

    field: str
    text: str
    key: str


class Settled(NamedTuple):
    """Values with the decided words in, and the words nothing was decided on."""

    values: dict[str, Value]
    noted: list[Word]


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    """The dictionaries take a moment to load, so only where they are needed."""
    return OpenCC("t2s")


@lru_cache(maxsize=8192)
def word_key(text: str) -> str:
    """Return what is compared of a label: 軟件, 软 件 and 软件 give the same."""
    key = header_key(text)
    return key if key.isascii() else _simplifier().convert(key)


def word_of(field: str, text: str) -> Word:
    """Return the word of a field."""
    return Word(field, text, word_key(text))


def settle(
    values: Mapping[str, Value],
    words: Iterable[Word],
    decided: Mapping[tuple[str, str], str],
    lists: frozenset[str] = frozenset({"tags"}),
) -> Settled:
    """Put decided words into the values of a row.

    :param decided: (field, key) -> value to store, '' to leave the word out; a word
        that is not in it is undecided
    :param lists: fields that hold several values
    """
    result, noted = dict(values), []
    for word in words:
        value = decided.get((word.field, word.key))
        if value is None or (value and not _put(result, word.field, value, lists)):
            noted.append(word)
    return Settled(result, noted)


def _put(
    values: dict[str, Value], field: str, value: str, lists: frozenset[str]
) -> bool:
    """Set a value; False when another column filled the field already."""
    if field not in lists:
        return values.setdefault(field, value) == value
    before = values.get(field, [])
    if isinstance(before, list) and value not in before:
        values[field] = [*before, value]
    return True


def with_notes(
    values: Mapping[str, Value], notes: Iterable[Word], lang: str
) -> dict[str, Value]:
    """Return the values with one labelled line of the comment for each word."""
    lines = str(values.get("comment", "")).split("\n")
    for word in notes:
        line = f"{label_of(word.field, lang)}: {word.text}"
        if line not in lines:
            lines.append(line)
    comment = "\n".join(filter(None, lines))
    return {**values, "comment": comment} if comment else dict(values)
