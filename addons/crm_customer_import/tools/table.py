"""What every reader gives: rows of plain strings with the file's own problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Literal, NamedTuple

from .errors import ImportFileError

FileKind = Literal["xlsx", "xlsb", "ods", "xls", "csv", "html"]
HEAD_ROWS = 30
MEGABYTE = 1024 * 1024
# An Excel number has 15 exact digits; what stands behind them is made up.
EXACT_DIGITS = 10**15


# What stands around a value so that a program leaves its zeros alone.
_WRAPS = frozenset("='`\u2018\u2019\uff07 \t")
_FORMULA_TEXT = re.compile(r'\s*=\s*(?:T\()?"((?:[^"]|"")*)"\)?\s*$')
_FORMULA_NUMBER = re.compile(r"\s*=\s*([+-]?\d+)\s*$")
# not the Dutch 't Hooft and 's-Hertogenbosch
_APOSTROPHE = re.compile(r"\s*['`\u2018\u2019\uff07](?![a-z'`\u2018\u2019])([^'`]+)$")


class Limits(NamedTuple):
    """What is refused before it can cost anything."""

    file_bytes: int = 100 * MEGABYTE
    unpacked_bytes: int = 800 * MEGABYTE
    rows: int = 1_048_576
    columns: int = 1_000


DEFAULT_LIMITS = Limits()


class CellProblem(NamedTuple):
    """Something the file itself has wrong.

    column: 0-based column, or -1 for the whole row
    code: error_cell, formula_without_value, digits_lost, bad_encoding,
        other_encoding, unclosed_quote, other_table, hidden_row; from
        header.data_rows also repeated_header, total_row and extra_cell
    value: what stands in the file
    """

    column: int
    code: str
    value: str


class Row(NamedTuple):
    """A filled row.

    number: 1-based, as a person sees it in the spreadsheet
    spans: (first column, last column) of cells merged across
    """

    number: int
    cells: tuple[str, ...]
    problems: tuple[CellProblem, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


HIDDEN = CellProblem(-1, "hidden_row", "")
# first row of a merged range -> (column, last column, last row)
Ranges = dict[int, list[tuple[int, int, int]]]


class Table(NamedTuple):
    """One sheet, opened. Rows without any filled cell are not yielded.

    rows: every call reads from the start; may raise ImportFileError underway
    """

    kind: FileKind
    sheet: str
    encoding: str
    rows: Callable[[], Iterator[Row]]

    def head(self) -> list[Row]:
        """Return the first rows, for find_header()."""
        return list(islice(self.rows(), HEAD_ROWS))


def make_row(
    number: int,
    cells: list[str],
    problems: list[CellProblem],
    limits: Limits,
    spans: tuple[tuple[int, int], ...] = (),
) -> Row | None:
    """Build a row without empty tail; None when nothing is in it.

    Cells come out as text that can be stored, without what protects their digits.
    """
    odd = not "".join(cells).isprintable()  # of the whole row at once: most are plain
    for index, cell in enumerate(cells):
        if cell[:1] in _WRAPS or (odd and not cell.isprintable()):
            cells[index] = _bare(cell)
    while cells and not cells[-1].strip():
        cells.pop()
    if not cells and all(problem.code == "hidden_row" for problem in problems):
        return None
    if len(cells) > limits.columns:
        raise ImportFileError("too_many_columns", limit=str(limits.columns))
    if number > limits.rows:
        raise ImportFileError("too_many_rows", limit=str(limits.rows))
    return Row(number, tuple(cells), tuple(problems), spans)


def _bare(text: str) -> str:
    """Take a cell out of ``="…"``, ``'`` or a back-tick before it, or tabs.

    >>> _bare('="00451"'), _bare("'00453"), _bare("00455\\t"), _bare("'t Hooft")
    ('00451', '00453', '00455', "'t Hooft")
    """
    if not text.isprintable():
        text = text.replace("\0", "").strip("\t")  # zeros cannot be stored
    formula = _FORMULA_TEXT.match(text)
    if formula:
        return formula[1].replace('""', '"')
    match = _FORMULA_NUMBER.match(text) or _APOSTROPHE.match(text)
    return match[1] if match else text


def number_text(value: float) -> str:
    """Write a number as a person would: no exponent, no ``.0``.

    >>> number_text(1.3800138e10), number_text(0.1 + 0.2), number_text(-3.0)
    ('13800138000', '0.3', '-3')
    """
    if not isfinite(value):
        return ""
    if value == int(value):
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")


def date_text(serial: float, epoch_1904: bool = False) -> str:
    """Write an Excel date number as ISO date, date and time, or time alone.

    Day 60 is the 29 February 1900 that Excel believes in; numbers that are no date
    come back as numbers.

    >>> date_text(45322), date_text(45322.5), date_text(0.25)
    ('2024-01-31', '2024-01-31 12:00:00', '06:00:00')
    """
    if not 0 <= serial < 2_958_466:
        return number_text(serial)
    seconds = round(serial * 86400)
    days = 1462 if epoch_1904 else 0 if serial >= 60 else 1
    moment = datetime(1899, 12, 30) + timedelta(days=days, seconds=seconds)
    if serial < 1 and not epoch_1904:
        return f"{moment:%H:%M:%S}"
    return (
        f"{moment:%Y-%m-%d}" if not seconds % 86400 else f"{moment:%Y-%m-%d %H:%M:%S}"
    )


def date_value(text: str) -> str:
    """Write an ISO moment as date_text() does: ``2024-01-31T00:00:00Z`` is a day.

    >>> date_value("2024-01-31T00:00:00.000"), date_value("2024-01-31T08:30:00Z")
    ('2024-01-31', '2024-01-31 08:30:00')
    """
    day, _mark, time = text.rstrip("Z").replace(" ", "T").partition("T")
    time = time.partition(".")[0]
    return day if not time.strip("0:") else f"{day} {time}"


class Fills:
    """Carries the value of a merged range down its first column, not across.

    Chinese lists merge the company over the rows of its contacts. A row gets the
    value only when it has a filled cell of its own.
    """

    def __init__(self, ranges: Ranges) -> None:
        self._ranges = ranges
        self._active: dict[int, tuple[int, str]] = {}

    def fill(self, number: int, cells: list[str]) -> None:
        """Fill a row in place; rows come in rising order."""
        for column, (last, value) in list(self._active.items()):
            if number > last:
                del self._active[column]
            elif any(cells) and not (column < len(cells) and cells[column]):
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = value
        for column, _end, last in self._ranges.get(number, ()):
            if column < len(cells) and cells[column]:
                self._active[column] = (last, cells[column])

    def spans(self, number: int) -> tuple[tuple[int, int], ...]:
        """Return the columns that cells of a row are merged across."""
        ranges = self._ranges.get(number, ())
        return tuple((column, end) for column, end, _last in ranges if end > column)
