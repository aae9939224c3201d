"""Read .xlsx by streaming its XML, in memory that does not grow with the rows.

Own reader rather than openpyxl's: that refuses workbooks with odd styles (exports
of many Chinese systems), hides merged ranges when streaming, pads gaps of a
million rows and keeps every shared string as an object.
"""

from __future__ import annotations

import re
from typing import IO

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
from .package import CHUNK, Package, PartReader, damage, elements, local, parse
from .table import (
    EXACT_DIGITS,
    HIDDEN,
    CellProblem,
    Limits,
    Ranges,
    date_value,
    number_text,
)

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^<>]*\bref\s*=\s*["\']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)'
)


def _sheets(package: Package) -> list[Sheet]:
    parts, _by_kind = related_parts(package)
    found, index = [], 0
    for tag, values in elements(package, package.workbook_part()):
        if tag == "sheet":
            index += 1
            part = worksheet_part(package, parts, values.get("id", ""), index)
            if part in package and "chartsheets" not in part:
                hidden = values.get("state", "visible") != "visible"
                found.append(Sheet(values.get("name", f"Sheet{index}"), part, hidden))
    return found


def _epoch_1904(package: Package) -> bool:
    return any(
        tag == "workbookPr" and values.get("date1904") in ("1", "true")
        for tag, values in elements(package, package.workbook_part())
    )


def _styles(package: Package, part: str) -> Styles:
    """Return what the cell styles say of numbers; nothing when there are none."""
    codes, formats, within = dict[int, str](), list[NumberFormat | None](), False
    for tag, values in elements(package, part) if part in package else ():
        if tag == "numFmt":
            codes[_number(values.get("numFmtId"))] = values.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyles"):
            within = tag == "cellXfs"
        elif tag == "xf" and within:
            number = _number(values.get("numFmtId"))
            formats.append(number_format(number, codes.get(number, "")))
    return Styles(formats)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


class _Text:
    """Collects the text of ``t`` elements, but not of phonetic hints (``rPh``)."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._phonetic = False
        self._open = False

    def start(self, tag: str) -> None:
        if tag == "rPh":
            self._phonetic = True
        self._open = tag == "t" and not self._phonetic

    def data(self, text: str) -> None:
        if self._open:
            self.parts.append(text)

    def end(self, tag: str) -> None:
        self._open = False
        if tag == "rPh":
            self._phonetic = False

    def take(self) -> str:
        text = "".join(self.parts)
        self.parts.clear()
        return _unescaped(text)


def _unescaped(text: str) -> str:
    """Resolve ``_x000D_``, how a workbook writes control characters."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # characters beyond 16 bits come as two halves; a half alone is none
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _strings(package: Package, part: str) -> Strings:
    strings, text = Strings(), _Text()

    def end(name: str) -> None:
        tag = local(name)
        text.end(tag)
        if tag == "si":
            strings.append(text.take())

    if part in package:
        with package.open(part) as stream:
            parse(
                stream,
                lambda name, _attributes: text.start(local(name)),
                EndElementHandler=end,
                CharacterDataHandler=text.data,
            )
    return strings


def _merged(stream: IO[bytes]) -> Ranges:
    """Find merged ranges.

    They stand behind the rows, so the part is unpacked once more, not parsed.
    """
    ranges: Ranges = {}
    tail = b""
    while chunk := stream.read(CHUNK * 4):
        text = tail + chunk
        done = 0
        for match in _MERGE.finditer(text):
            column, end = _column(match[1].decode()), _column(match[3].decode())
            ranges.setdefault(int(match[2]), []).append((column, end, int(match[4])))
            done = match.end()
        tail = text[max(done, len(text) - 200) :]
    return ranges


_COLUMNS: dict[str, int] = {}


def _column(letters: str) -> int:
    """Return the 0-based column of its letters, at most five of them."""
    column = _COLUMNS.get(letters)
    if column is None:
        column = 0
        for letter in letters[:5]:
            column = column * 26 + ord(letter) - 64
        column -= 1
        if len(_COLUMNS) < 20_000:
            _COLUMNS[letters] = column
    return column


class _SheetReader(PartReader[RawRow]):
    """Parses one worksheet; its handlers run once or more per cell."""

    def __init__(self, common: Common, limits: Limits) -> None:
        super().__init__()
        self._strings, self._styles, self._epoch_1904 = common
        self._limits = limits
        self._number = 0
        self._column = -1
        self._hidden = False
        self._cells: list[str] = []
        self._problems: list[CellProblem] = []
        self._inline = _Text()
        self._cell_type = ""
        self._style = ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._collect: list[str] | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v":
            self._collect = self._value
        elif tag == "f":
            self._collect = self._formula = []
        elif tag == "row":
            number = attributes.get("r", "")
            following = self._number + 1
            self._number = max(int(number) if number else following, following)
            self._column = -1
            self._hidden = attributes.get("hidden", "") in ("1", "true")
        else:
            self._inline.start(tag)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self._column = _column(letters) if letters else self._column + 1
        self._cell_type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._value.clear()
        self._formula = None

    def _data(self, text: str) -> None:
        if self._collect is not None:
            self._collect.append(text)
        else:
            self._inline.data(text)

    def _end(self, name: str) -> None:
        tag = local(name)
        if tag == "c":
            self._end_cell()
        elif tag == "row":
            if self._cells or self._problems:
                if self._hidden:
                    self._problems.append(HIDDEN)
                self._ready.append((self._number, self._cells, self._problems))
                self._cells, self._problems = [], []
        elif tag in ("v", "f"):
            self._collect = None
        else:
            self._inline.end(tag)

    def _end_cell(self) -> None:
        text = self._cell_text("".join(self._value))
        if not text:
            return
        if self._column >= self._limits.columns:
            limit = str(self._limits.columns)
            raise ImportFileError("too_many_columns", limit=limit)
        gap = self._column - len(self._cells)
        if gap < 0:  # a cell out of order, or twice
            self._cells[self._column] = text
        else:
            self._cells += [""] * gap
            self._cells.append(text)

    def _cell_text(self, value: str) -> str:
        kind = self._cell_type
        if kind == "inlineStr" or (not value and self._inline.parts):
            return self._inline.take()
        if not value:
            if self._formula is not None and kind != "str":
                self._note("formula_without_value", "=" + "".join(self._formula))
            return ""
        if kind == "s":
            text = self._strings[int(value)]
            return self._shown_text(text) if self._style else text
        if kind == "n":
            return self._number_text(value)
        if kind == "e":
            self._note("error_cell", value)
            return ""
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        if kind == "d":
            return date_value(value)
        return self._shown_text(_unescaped(value))

    def _shown_text(self, text: str) -> str:
        """Text of a format like ``"KH"@`` is shown with what stands around it."""
        shown = self._styles.of(int(self._style)) if self._style else None
        return shown.text(text) if shown else text

    def _note(self, code: str, value: str) -> None:
        self._problems.append(CellProblem(self._column, code, value))

    def _number_text(self, raw: str) -> str:
        number = float(raw)
        shown = self._styles.of(int(self._style)) if self._style else None
        if shown:
            text = shown.number(number, self._epoch_1904)
        else:
            text = number_text(number)
        if abs(number) >= EXACT_DIGITS:
            self._note("digits_lost", text)
        return text


class Workbook(OfficeWorkbook):
    """An .xlsx file."""

    ways = Ways(_sheets, _strings, _styles, _epoch_1904, _merged, _SheetReader, damage)
