"""Read .xls (Excel 2 to 2003, WPS .et) with xlrd."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from functools import partial

import olefile
import xlrd
from xlrd.book import unpack_SST_table

from .errors import ImportFileError
from .number_formats import NumberFormat, number_format
from .protection import OLE, decrypted
from .table import (
    EXACT_DIGITS,
    HIDDEN,
    CellProblem,
    Fills,
    Limits,
    Ranges,
    Row,
    date_text,
    make_row,
    number_text,
)

_SST, _CONTINUE = 0xFC, 0x3C
# records that may be broken -> what is read instead: names of ranges are not needed,
# text with fonts (RSTRING) begins as plain text (LABEL) does
_REPLACED = {0x18: 0xEFFF, 0xD6: 0x204}
_BIFF8 = 80


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
    reader = _RowReader(book, sheet)
    for index in range(sheet.nrows):
        cells, problems = reader.row(index)
        fills.fill(index + 1, cells)
        row = make_row(index + 1, cells, problems, limits, fills.spans(index + 1))
        if row:
            yield row


# --- opening ----------------------------------------------------------------------


def open_book(content: bytes) -> xlrd.Book:
    """Open the workbook, with formats (they hold the merged ranges) if possible.

    xlrd raises anything at all for a broken file, hence the broad except.
    """
    attempts: list[Callable[[], xlrd.Book]] = [
        partial(_opened, content, formatting_info=True),
        lambda: _opened(_repaired(content), formatting_info=True),
        partial(_opened, content, formatting_info=False),
        # BIFF5 without a code page, written by an old Chinese program
        partial(_opened, content, formatting_info=False, encoding_override="gb18030"),
    ]
    detail: Exception | None = None
    for attempt in attempts:
        try:
            return attempt()
        except Exception as error:  # noqa: BLE001 xlrd raises what it likes
            if "encrypted" in str(error).lower():
                return _open_decrypted(content)
            detail = error
    raise ImportFileError("damaged", detail=repr(detail)) from detail


def _open_decrypted(content: bytes) -> xlrd.Book:
    plain = decrypted(content)
    if plain is None:
        raise ImportFileError("encrypted")
    try:
        return _opened(plain, formatting_info=True)
    except Exception as error:
        raise ImportFileError("encrypted") from error


def _opened(content: bytes, **options: object) -> xlrd.Book:
    book = xlrd.open_workbook(
        file_contents=content,
        logfile=io.StringIO(),
        ragged_rows=True,
        **options,
    )
    if (
        book.biff_version < _BIFF8
        and not book.codepage
        and "encoding_override" not in options
    ):
        return _opened(content, encoding_override="gb18030", **options)
    return book


def _repaired(content: bytes) -> bytes:
    """Return the stream of the workbook without what Excel overlooks and xlrd not.

    A container whose sectors are linked wrongly, defined names or fonts within text
    that do not parse, a count of strings that is too high.
    """
    if content.startswith(OLE):
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            name = next(name for name in ("Workbook", "Book") if file.exists(name))
            content = file.openstream(name).read()
    stream = bytearray(content)
    strings: list[bytes] = []
    first = at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind in _REPLACED:
            struct.pack_into("<H", stream, at, _REPLACED[kind])
        if kind == _SST or (kind == _CONTINUE and first):
            first = first or at
            strings.append(bytes(stream[at + 4 : at + 4 + size]))
        elif strings:
            struct.pack_into("<i", stream, first + 8, _string_count(strings))
            strings, first = [], 0
        at += 4 + size
    return bytes(stream)


def _string_count(parts: list[bytes]) -> int:
    """Return how many strings there are, at most as many as are claimed.

    xlrd reads any number of them but not more than there are: halving finds it.
    """
    (claimed,) = struct.unpack_from("<i", parts[0], 4)
    least, most = 0, min(claimed, sum(map(len, parts)) // 3)
    while least < most:
        middle = (least + most + 1) // 2
        try:
            unpack_SST_table(parts, middle)
            least = middle
        except (AssertionError, IndexError, struct.error, UnicodeDecodeError):
            most = middle - 1
    return least


# --- rows -------------------------------------------------------------------------


def _merged(sheet: xlrd.sheet.Sheet) -> Ranges:
    ranges: Ranges = {}
    for first, end, column, end_column in sheet.merged_cells:
        ranges.setdefault(first + 1, []).append((column, end_column - 1, end))
    return ranges


class _RowReader:
    """Turns the cells of a sheet into text, as their formats show them."""

    def __init__(self, book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> None:
        self._sheet = sheet
        self._epoch_1904 = book.datemode == 1
        self._formats = _formats(book) if book.formatting_info else []
        self._texts = any(one and one.changes_text for one in self._formats)

    def row(self, index: int) -> tuple[list[str], list[CellProblem]]:
        """Return the cells of a row and what is wrong with them."""
        cells, problems = [], []
        types, values = self._sheet.row_types(index), self._sheet.row_values(index)
        for column, (kind, value) in enumerate(zip(types, values, strict=True)):
            text, problem = self._cell(index, column, kind, value)
            cells.append(text)
            if problem:
                problems.append(CellProblem(column, problem, text or _error(value)))
        info = self._sheet.rowinfo_map.get(index)
        if info and info.hidden:
            problems.append(HIDDEN)
        return cells, problems

    def _cell(
        self, index: int, column: int, kind: int, value: str | float
    ) -> tuple[str, str]:
        """Return (text, problem code) of a cell."""
        if isinstance(value, str):
            shown = self._format(index, column) if value and self._texts else None
            return (shown.text(value) if shown else value), ""
        if kind == xlrd.XL_CELL_BOOLEAN:
            return ("TRUE" if value else "FALSE"), ""
        if kind == xlrd.XL_CELL_ERROR:
            return "", "error_cell"
        problem = "digits_lost" if abs(value) >= EXACT_DIGITS else ""
        return self._number(index, column, kind, value), problem

    def _number(self, index: int, column: int, kind: int, value: float) -> str:
        if not self._formats:  # a workbook whose formats could not be read
            if kind == xlrd.XL_CELL_DATE:
                return date_text(value, self._epoch_1904)
            return number_text(value)
        shown = self._format(index, column)
        return shown.number(value, self._epoch_1904) if shown else number_text(value)

    def _format(self, index: int, column: int) -> NumberFormat | None:
        if not self._formats:
            return None
        style = self._sheet.cell_xf_index(index, column)
        return self._formats[style] if style < len(self._formats) else None


def _formats(book: xlrd.Book) -> list[NumberFormat | None]:
    """Return the number format of every style."""
    codes = book.format_map
    return [
        number_format(
            style.format_key,
            codes[style.format_key].format_str if style.format_key in codes else "",
        )
        for style in book.xf_list
    ]


def _error(value: str | float) -> str:
    return xlrd.error_text_from_code.get(value, "#ERROR")
