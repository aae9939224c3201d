"""Read .xlsb by streaming its records ([MS-XLSB], BIFF12).

Own reader rather than calamine's: that gives numbers without their formats (a phone
shown as 010-65529988 loses its zero) and lays a sheet out in memory from its first to
its last cell, so that two cells far apart end the server.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

import xlrd

from .errors import ImportFileError
from .number_formats import NumberFormat, number_format
from .office import (
    Common,
    OfficeWorkbook,
    RawRow,
    Sheet,
    Strings,
    Styles,
    Ways,
    related_parts,
    worksheet_part,
)
from .package import CHUNK, Package, damage
from .table import EXACT_DIGITS, HIDDEN, CellProblem, Limits, Ranges, number_text

_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(8)
_FORMULA = {8: _TEXT, 9: _REAL, 10: _BOOL, 11: _ERROR}
# cells without a column of their own: they stand right of the one before
_SHORT = {12: _BLANK, 13: _RK, 14: _ERROR, 15: _BOOL, 16: _REAL, 17: _TEXT, 18: _SHARED}
_RICH_TEXT = 62
_SHARED_ITEM, _FORMAT, _STYLE = 19, 44, 47
_STYLES_BEGIN, _STYLES_END = 617, 618
_BUNDLE_SHEET, _WORKBOOK_PROPERTIES, _MERGED = 156, 153, 176
_ZERO_HEIGHT = 0x10
# No record of a sheet is larger; a text cell has 32 767 characters.
_LONGEST_RECORD = 64 * 1024 * 1024

Record = tuple[int, bytes]


class _damage(damage):
    """As for other packages; records add what struct raises."""

    errors = (*damage.errors, struct.error)


def _records(stream: IO[bytes]) -> Iterator[Record]:
    """Yield (type, content) of the records of a part; a cut last one is left out."""
    data, at = b"", 0
    while True:
        found = _record(data, at)
        if found is None:
            more = stream.read(CHUNK)
            if not more:
                return
            data, at = data[at:] + more, 0
            continue
        kind, begin, end = found
        yield kind, data[begin:end]
        at = end


def _record(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Return type, begin and end of the record at a place; None: more is needed."""
    if at + 6 > len(data) and not _has_whole_head(data, at):
        return None
    kind = data[at]
    at += 1
    if kind & 0x80:
        kind = (kind & 0x7F) | (data[at] << 7)
        at += 1
    size = 0
    for place in range(4):
        byte = data[at]
        at += 1
        size |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    if size > _LONGEST_RECORD:
        raise ValueError("record too long")
    return (kind, at, at + size) if at + size <= len(data) else None


def _has_whole_head(data: bytes, at: int) -> bool:
    """Tell whether type and size are there, near the end of what was read."""
    end = at + (2 if data[at : at + 1] > b"\x7f" else 1)
    while end < len(data) and data[end] & 0x80:
        end += 1
    return end < len(data)


def _wide(content: bytes, at: int) -> tuple[str, int]:
    """Return a text with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", content, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(content):
        raise ValueError("text beyond its record")
    return content[at + 4 : end].decode("utf-16-le", "replace"), end


def _sheets(package: Package) -> list[Sheet]:
    parts, _by_kind = related_parts(package)
    found, index = [], 0
    with package.open(package.workbook_part()) as stream:
        for kind, content in _records(stream):
            if kind == _BUNDLE_SHEET:
                index += 1
                (state,) = struct.unpack_from("<I", content)
                relation, end = _wide(content, 8)
                part = worksheet_part(package, parts, relation, index)
                if part in package and "worksheets" in part:
                    found.append(Sheet(_wide(content, end)[0], part, bool(state)))
    return found


def _epoch_1904(package: Package) -> bool:
    with package.open(package.workbook_part()) as stream:
        for kind, content in _records(stream):
            if kind == _WORKBOOK_PROPERTIES:
                return bool(content[0] & 1)
    return False


def _strings(package: Package, part: str) -> Strings:
    strings = Strings()
    if part in package:
        with package.open(part) as stream:
            for kind, content in _records(stream):
                if kind == _SHARED_ITEM:
                    strings.append(_wide(content, 1)[0])
    return strings


def _styles(package: Package, part: str) -> Styles:
    codes, formats, within = dict[int, str](), list[NumberFormat | None](), False
    if part in package:
        with package.open(part) as stream:
            for kind, content in _records(stream):
                if kind == _FORMAT:
                    (number,) = struct.unpack_from("<H", content)
                    codes[number] = _wide(content, 2)[0]
                elif kind in (_STYLES_BEGIN, _STYLES_END):
                    within = kind == _STYLES_BEGIN
                elif kind == _STYLE and within:
                    (number,) = struct.unpack_from("<H", content, 2)
                    formats.append(number_format(number, codes.get(number, "")))
    return Styles(formats)


def _merged(stream: IO[bytes]) -> Ranges:
    """Find merged ranges."""
    ranges: Ranges = {}
    for kind, content in _records(stream):
        if kind == _MERGED:
            first, last, column, end = struct.unpack_from("<IIII", content)
            ranges.setdefault(first + 1, []).append((column, end, last + 1))
    return ranges


class _Cell(NamedTuple):
    kind: int
    column: int
    style: int
    value: bytes


class _SheetReader:
    """Reads one worksheet."""

    def __init__(self, common: Common, limits: Limits) -> None:
        self._strings, self._styles, self._epoch_1904 = common
        self._limits = limits
        self._problems: list[CellProblem] = []

    def rows(self, stream: IO[bytes]) -> Iterator[RawRow]:
        """Yield (row number, cells, problems), rows in rising order."""
        number, column, cells, hidden = 0, -1, list[str](), False
        for kind, content in _records(stream):
            if kind == _ROW:
                if cells or self._problems:
                    yield number, cells, self._problems + [HIDDEN] * hidden
                cells, self._problems, column = [], [], -1
                (index,) = struct.unpack_from("<I", content)
                number = max(index + 1, number + 1)
                hidden = len(content) > 11 and bool(content[11] & _ZERO_HEIGHT)
            elif (cell := _cell(kind, content, column + 1)) is not None:
                column = cell.column
                self._put(cells, column, self._text(cell))
        if cells or self._problems:
            yield number, cells, self._problems + [HIDDEN] * hidden

    def _put(self, cells: list[str], column: int, text: str) -> None:
        if not text:
            return
        if column >= self._limits.columns:
            raise ImportFileError("too_many_columns", limit=str(self._limits.columns))
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text

    def _text(self, cell: _Cell) -> str:
        kind, value = cell.kind, cell.value
        shown = self._styles.of(cell.style)
        if kind in (_TEXT, _RICH_TEXT, _SHARED):
            if kind == _SHARED:
                text = self._strings[struct.unpack_from("<I", value)[0]]
            else:
                text = _wide(value, kind == _RICH_TEXT)[0]
            return shown.text(text) if shown else text
        if kind == _BOOL:
            return "TRUE" if value[0] else "FALSE"
        if kind == _ERROR:
            note = CellProblem(
                cell.column,
                "error_cell",
                xlrd.error_text_from_code.get(value[0], "#ERROR"),
            )
            self._problems.append(note)
            return ""
        return self._number(cell, shown) if kind in (_RK, _REAL) else ""

    def _number(self, cell: _Cell, shown: NumberFormat | None) -> str:
        if cell.kind == _RK:
            number = _rk(struct.unpack_from("<I", cell.value)[0])
        else:
            (number,) = struct.unpack_from("<d", cell.value)
        plain = number_text(number)
        text = shown.number(number, self._epoch_1904) if shown else plain
        if abs(number) >= EXACT_DIGITS:
            self._problems.append(CellProblem(cell.column, "digits_lost", text))
        return text


def _cell(kind: int, content: bytes, following: int) -> _Cell | None:
    """Return the cell of a record, None for records of other things."""
    if kind in _SHORT:
        (style,) = struct.unpack_from("<I", content)
        return _Cell(_SHORT[kind], following, style & 0xFFFFFF, content[4:])
    if _BLANK <= kind <= _SHARED or kind in _FORMULA or kind == _RICH_TEXT:
        column, style = struct.unpack_from("<II", content)
        plain = _FORMULA.get(kind, kind)
        return _Cell(plain, column, style & 0xFFFFFF, content[8:])
    return None


def _rk(value: int) -> float:
    """Return the number of 30 bits: whole or the front of a double, maybe in cents."""
    if value & 2:
        whole = value >> 2
        number = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        (number,) = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", value & ~3))
    return number / 100 if value & 1 else number


class Workbook(OfficeWorkbook):
    """An .xlsb file."""

    ways = Ways(_sheets, _strings, _styles, _epoch_1904, _merged, _SheetReader, _damage)
