"""Read .xls (Excel 2 to 2003) with xlrd."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlrd

from .errors import ImportFileError
from .table import (
    EXACT_DIGITS,
    CellProblem,
    Fills,
    Limits,
    Row,
    date_text,
    make_row,
    number_text,
)


def sheet_names(book: xlrd.Book) -> list[tuple[str, bool]]:
    """Return (name, hidden) of the worksheets in their order."""
    names, states = book.sheet_names(), book._sheet_visibility
    return [(name, bool(state)) for name, state in zip(names, states, strict=False)]


def rows(book: xlrd.Book, name: str, limits: Limits) -> Iterator[Row]:
    """Yield the filled rows of a sheet; it is parsed once for all calls."""
    try:
        sheet = book.sheet_by_name(name)
    except Exception as error:
        raise ImportFileError("damaged", detail=repr(error)) from error
    fills = Fills(_merged(sheet))
    for index in range(sheet.nrows):
        cells, problems = _row(sheet, index, book.datemode == 1)
        fills.fill(index + 1, cells)
        row = make_row(index + 1, cells, problems, limits)
        if row:
            yield row


def open_book(content: bytes) -> xlrd.Book:
    """Open the workbook, with formats (they hold the merged ranges) if possible.

    xlrd raises anything at all for a broken file, hence the broad except.
    """
    attempts: list[dict[str, object]] = [
        {"formatting_info": True},
        {"formatting_info": False},
        # BIFF5 without a code page, written by an old Chinese program
        {"formatting_info": False, "encoding_override": "gb18030"},
    ]
    detail: Exception | None = None
    for options in attempts:
        try:
            return _opened(content, options)
        except Exception as error:
            if "encrypted" in str(error).lower():
                raise ImportFileError("encrypted") from error
            detail = error
    raise ImportFileError("damaged", detail=repr(detail)) from detail


def _opened(content: bytes, options: dict[str, object]) -> xlrd.Book:
    book = xlrd.open_workbook(
        file_contents=content,
        logfile=io.StringIO(),
        ragged_rows=True,
        **options,
    )
    if (
        book.biff_version < 80
        and not book.codepage
        and "encoding_override" not in options
    ):
        return _opened(content, {**options, "encoding_override": "gb18030"})
    return book


def _merged(sheet: xlrd.sheet.Sheet) -> dict[int, list[tuple[int, int]]]:
    """Return merged ranges of several rows: first row -> (column, last row)."""
    ranges: dict[int, list[tuple[int, int]]] = {}
    for first, end, column, _end_column in sheet.merged_cells:
        if end - first > 1:
            ranges.setdefault(first + 1, []).append((column, end))
    return ranges


def _row(
    sheet: xlrd.sheet.Sheet, index: int, epoch_1904: bool
) -> tuple[list[str], list[CellProblem]]:
    cells, problems = [], []
    pairs = zip(sheet.row_types(index), sheet.row_values(index), strict=True)
    for column, (kind, value) in enumerate(pairs):
        text, problem = _cell(kind, value, epoch_1904)
        cells.append(text)
        if problem:
            problems.append(CellProblem(column, problem, text or _error(value)))
    return cells, problems


def _cell(kind: int, value: str | float, epoch_1904: bool) -> tuple[str, str]:
    """Return (text, problem code) of a cell."""
    if isinstance(value, str):
        return value, ""
    if kind == xlrd.XL_CELL_DATE:
        return date_text(value, epoch_1904), ""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return ("TRUE" if value else "FALSE"), ""
    if kind == xlrd.XL_CELL_ERROR:
        return "", "error_cell"
    return number_text(value), "digits_lost" if abs(value) >= EXACT_DIGITS else ""


def _error(value: str | float) -> str:
    return xlrd.error_text_from_code.get(value, "#ERROR")
