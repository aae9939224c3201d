"""Read a table out of an uploaded file, whatever its name says.

``sniff`` looks at the bytes; ``open_table`` gives rows of plain strings. Reading
is lazy and may be repeated: every call of ``Table.rows()`` starts anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Literal, NamedTuple

FileKind = Literal["xlsx", "xls", "csv", "html"]
HEAD_ROWS = 30


class Limits(NamedTuple):
    """What is refused before it can cost anything."""

    file_bytes: int = 100 * 1024 * 1024
    unpacked_bytes: int = 800 * 1024 * 1024
    rows: int = 1_048_576


class CellProblem(NamedTuple):
    """Something the file itself has wrong.

    column: 0-based column, or -1 for the whole row
    code: error_cell, formula_without_value, digits_lost, bad_encoding,
        other_encoding, unclosed_quote
    value: what stands in the file
    """

    column: int
    code: str
    value: str


class Row(NamedTuple):
    """A filled row. number: 1-based, as a person sees it in the spreadsheet."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[CellProblem, ...] = ()


class Table(NamedTuple):
    """One sheet, opened. Rows without any filled cell are not yielded."""

    kind: FileKind
    sheet: str
    encoding: str
    rows: Callable[[], Iterator[Row]]

    def head(self) -> list[Row]:
        """Return the first rows, for find_header()."""
        return list(islice(self.rows(), HEAD_ROWS))


def sniff(content: bytes) -> FileKind:
    """Return what the bytes are. Raises ImportFileError when no table."""
    raise NotImplementedError


def sheet_names(content: bytes) -> list[str]:
    """Return the names of the visible sheets in their order; [] for csv, html."""
    raise NotImplementedError


def open_table(
    content: bytes, sheet: str | None = None, limits: Limits = Limits()
) -> Table:
    """Open a sheet (None: the first visible one with a filled cell).

    Raises ImportFileError, and nothing else, for whatever bytes; ``rows()`` may
    raise it later where the damage is further down.
    """
    raise NotImplementedError
