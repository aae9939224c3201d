"""Find the row of column titles and say what each column means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .workbook import Row, Table


class Header(NamedTuple):
    """The titles. row_number: of the (last) title row; data begins below it.

    labels: one per column, '' where the column has no title; a title used twice
        gets " (2)" and so on.
    """

    row_number: int
    labels: tuple[str, ...]


class ColumnMatch(NamedTuple):
    """What a column means.

    index: 0-based column; header: its label
    field: a key of fields.FIELDS, ``property:<label>``, ``ignore``, or None
    confidence: 0..1
    why: remembered, exact, part, similar, second, reason_column, no_title,
        unknown, taken (another column of the file has that field)
    """

    index: int
    header: str
    field: str | None
    confidence: float
    why: str


def find_header(rows: Sequence[Row]) -> Header:
    """Find the titles among the first rows (``Table.head()``).

    Raises ImportFileError('no_header').
    """
    raise NotImplementedError


def match_headers(
    labels: Sequence[str], remembered: Mapping[str, str] | None = None
) -> list[ColumnMatch]:
    """Say what each column means, one ColumnMatch per label in their order.

    :param remembered: header_key(label) -> field name, as a person decided before
    """
    raise NotImplementedError


def signature(labels: Sequence[str]) -> str:
    """Return a short stable key of a set of titles, to remember a mapping by."""
    raise NotImplementedError


def data_rows(table: Table, header: Header) -> Iterator[Row]:
    """Yield the rows below the titles, each padded to the number of titles."""
    raise NotImplementedError
