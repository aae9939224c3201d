"""Read .xlsx by streaming its XML, in memory that does not grow with the rows.

Own reader rather than openpyxl's: that refuses workbooks with odd styles (exports
of many Chinese systems), hides merged ranges when streaming, pads gaps of a
million rows and keeps every shared string as an object.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from functools import cached_property
from typing import IO, NamedTuple

from .errors import ImportFileError
from .number_formats import NumberFormat, number_format
from .package import CHUNK, Package, damage, elements, local, parse, parsing
from .table import (
    EXACT_DIGITS,
    CellProblem,
    Fills,
    Limits,
    Row,
    date_value,
    make_row,
    number_text,
)

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^<>]*\bref\s*=\s*["\']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)'
)


class Sheet(NamedTuple):
    """A worksheet of the package. part: its name within the zip."""

    name: str
    part: str
    hidden: bool


class Styles(NamedTuple):
    """formats: by style number, None where the plain number is shown."""

    formats: list[NumberFormat | None]

    def of(self, style: int) -> NumberFormat | None:
        """Return the format of a style."""
        return self.formats[style] if 0 <= style < len(self.formats) else None


class Workbook:
    """An .xlsx whose common parts are parsed once, however often rows are read."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        with Package(content) as package:
            package.check(limits)
        self._content = content
        self._limits = limits
        self._merges: dict[str, dict[int, list[tuple[int, int]]]] = {}

    def sheets(self) -> list[Sheet]:
        """Return the worksheets in their order."""
        with damage(), Package(self._content) as package:
            return _sheets(package)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Yield the filled rows of a sheet."""
        with damage(), Package(self._content) as package:
            if sheet.part not in self._merges:
                self._merges[sheet.part] = _merged(package, sheet.part)
            fills = Fills(self._merges[sheet.part])
            reader = _SheetReader(self._common, self._limits)
            with package.open(sheet.part) as stream:
                for number, cells, problems in reader.rows(stream):
                    fills.fill(number, cells)
                    row = make_row(number, cells, problems, self._limits)
                    if row:
                        yield row

    @cached_property
    def _common(self) -> Common:
        with Package(self._content) as package:
            _parts, by_kind = related_parts(package)
            strings = _strings(package, by_kind.get("sharedStrings", ""))
            styles = _styles(package, by_kind.get("styles", ""))
            return Common(strings, styles, _epoch_1904(package))


def related_parts(package: Package) -> tuple[dict[str, str], dict[str, str]]:
    """Return the parts the workbook relates to: by id, and by kind of relation.

    Without relations (a minimal package) the parts go by their names.
    """
    related = package.related(package.workbook_part())
    by_kind: dict[str, str] = {}
    for one in related:
        by_kind.setdefault(one.kind, one.part)
    for part in package.names():
        stem = part.rpartition("/")[2].partition(".")[0]
        kind = {"sharedstrings": "sharedStrings", "styles": "styles"}.get(stem)
        if kind and by_kind.get(kind, "") not in package:
            by_kind[kind] = part
    return {one.id: one.part for one in related}, by_kind


def worksheet_part(package: Package, parts: dict[str, str], id: str, index: int) -> str:
    """Return the part of a sheet by its relation, else by its number."""
    part = parts.get(id, "")
    if part in package or parts:
        return part
    stem = f"sheet{index}"
    names = (name for name in package.names() if "chartsheets" not in name)
    found = (
        name for name in names if name.rpartition("/")[2].partition(".")[0] == stem
    )
    return next(found, "")


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


class Strings:
    """The shared strings, packed: some bytes each instead of an object."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        self._bytes += text.encode()
        self._ends.append(len(self._bytes))

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise IndexError("no such shared string")
        text = self._bytes[self._ends[index] : self._ends[index + 1]]
        return text.decode()


class Common(NamedTuple):
    """What all sheets of a workbook share."""

    strings: Strings
    styles: Styles
    epoch_1904: bool


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


def _merged(package: Package, part: str) -> dict[int, list[tuple[int, int]]]:
    """Find merged ranges of several rows: first row -> (column, last row).

    They stand behind the rows, so the part is unpacked once more, not parsed.
    """
    ranges: dict[int, list[tuple[int, int]]] = {}
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK * 4):
            text = tail + chunk
            done = 0
            for match in _MERGE.finditer(text):
                first, last, done = int(match[2]), int(match[4]), match.end()
                if last > first:
                    ranges.setdefault(first, []).append(
                        (_column(match[1].decode()), last)
                    )
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


RawRow = tuple[int, list[str], list[CellProblem]]


class _SheetReader:
    """Parses one worksheet; its handlers run once or more per cell."""

    def __init__(self, common: Common, limits: Limits) -> None:
        self._strings, self._styles, self._epoch_1904 = common
        self._limits = limits
        self._ready: list[RawRow] = []
        self._number = 0
        self._column = -1
        self._cells: list[str] = []
        self._problems: list[CellProblem] = []
        self._inline = _Text()
        self._cell_type = ""
        self._style = ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._collect: list[str] | None = None

    def rows(self, stream: IO[bytes]) -> Iterator[RawRow]:
        for _chunk in parsing(
            stream,
            self._start,
            EndElementHandler=self._end,
            CharacterDataHandler=self._data,
        ):
            yield from self._ready
            self._ready.clear()

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
