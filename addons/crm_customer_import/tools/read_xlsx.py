"""Read .xlsx by streaming its XML, in memory that does not grow with the rows.

Own reader rather than openpyxl's: that refuses workbooks with odd styles (exports
of many Chinese systems), hides merged ranges when streaming, pads gaps of a
million rows and keeps every shared string as an object.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import IO, NamedTuple
from xml.parsers import expat

from .errors import ImportFileError
from .table import (
    EXACT_DIGITS,
    MEGABYTE,
    CellProblem,
    Fills,
    Limits,
    Row,
    date_text,
    make_row,
    number_text,
)

CHUNK = 64 * 1024
# A workbook of repeated text packs 100 : 1; a bomb 1000 : 1.
BOMB_RATIO = 250
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, ValueError,
    NotImplementedError, RuntimeError, OverflowError, OSError,
)  # fmt: skip
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*["\']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)'
)
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LITERALS = re.compile(r'"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\.|_.|\*.', re.IGNORECASE)

Start = Callable[[str, dict[str, str]], None]


class Sheet(NamedTuple):
    """A worksheet of the package. part: its name within the zip."""

    name: str
    part: str
    hidden: bool


class Styles(NamedTuple):
    """By style number: is it a date, to how many digits is it zero-filled."""

    dates: list[bool]
    zeros: list[int]


def check_package(content: bytes, limits: Limits) -> None:
    """Refuse bombs, encryption and damage before anything is unpacked."""
    with _open(content) as package:
        infos = package.infolist()
    if any(info.flag_bits & 1 for info in infos):
        raise ImportFileError("encrypted")
    size = sum(info.file_size for info in infos)
    ratio = size / max(len(content), 1)
    if size > limits.unpacked_bytes or (size > 50 * MEGABYTE and ratio > BOMB_RATIO):
        raise ImportFileError("zip_bomb", size=str(size // MEGABYTE))


class Workbook:
    """An .xlsx whose common parts are parsed once, however often rows are read."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        check_package(content, limits)
        self._content = content
        self._limits = limits
        self._merges: dict[str, dict[int, list[tuple[int, int]]]] = {}

    def sheets(self) -> list[Sheet]:
        """Return the worksheets in their order."""
        with _damage(), _open(self._content) as package:
            return _sheets(package)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Yield the filled rows of a sheet."""
        with _damage(), _open(self._content) as package:
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
    def _common(self) -> _Common:
        with _open(self._content) as package:
            return _Common(_strings(package), _styles(package), _epoch_1904(package))


class _damage:
    """Turn whatever a broken package raises into ImportFileError."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, _DAMAGE):
            raise ImportFileError("damaged", detail=repr(error)) from error


def _open(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGE as error:
        raise ImportFileError("damaged", detail=repr(error)) from error


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _parse(stream: IO[bytes], start: Start, **handlers: Callable[..., None]) -> None:
    """Parse a whole part; for the small ones and the shared strings."""
    for _chunk in _parsing(stream, start, **handlers):
        pass


def _parsing(
    stream: IO[bytes], start: Start, **handlers: Callable[..., None]
) -> Iterator[None]:
    """Parse a part chunk by chunk, pausing after each."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _no_doctype  # no entities, no entity bombs
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def _no_doctype(*_args: object) -> None:
    raise ImportFileError("damaged", detail="document type declaration")


def _elements(package: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Return (local name, attributes by local name) of a small part's elements."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        values = {_local(key): value for key, value in attributes.items()}
        found.append((_local(name), values))

    with package.open(part) as stream:
        _parse(stream, start)
    return found


def _workbook_part(package: zipfile.ZipFile) -> str:
    if "_rels/.rels" in package.namelist():
        for name, values in _elements(package, "_rels/.rels"):
            if name == "Relationship" and values["Type"].endswith("/officeDocument"):
                return values["Target"].lstrip("/")
    return "xl/workbook.xml"


def _related(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the parts the workbook relates to: id and last word of type -> part."""
    workbook = _workbook_part(package)
    folder, name = posixpath.split(workbook)
    parts = {}
    for tag, values in _elements(package, f"{folder}/_rels/{name}.rels"):
        if tag == "Relationship" and values.get("TargetMode") != "External":
            target = values["Target"]
            path = target if target.startswith("/") else f"{folder}/{target}"
            part = posixpath.normpath(path).lstrip("/")
            parts[values["Id"]] = part
            parts.setdefault(values["Type"].rpartition("/")[2], part)
    return parts


def _sheets(package: zipfile.ZipFile) -> list[Sheet]:
    parts = _related(package)
    names = set(package.namelist())
    found = []
    for tag, values in _elements(package, _workbook_part(package)):
        part = parts.get(values.get("id", ""), "")
        if tag == "sheet" and part in names and "chartsheets" not in part:
            hidden = values.get("state", "visible") != "visible"
            found.append(Sheet(values["name"], part, hidden))
    return found


def _epoch_1904(package: zipfile.ZipFile) -> bool:
    return any(
        tag == "workbookPr" and values.get("date1904") in ("1", "true")
        for tag, values in _elements(package, _workbook_part(package))
    )


def _styles(package: zipfile.ZipFile) -> Styles:
    """Return what the cell styles say of numbers; nothing when there are none."""
    part = _related(package).get("styles", "")
    styles, formats, within = Styles([], []), dict[int, str](), False
    elements = _elements(package, part) if part in package.namelist() else []
    for tag, values in elements:
        if tag == "numFmt":
            formats[int(values["numFmtId"])] = values.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyles"):
            within = tag == "cellXfs"
        elif tag == "xf" and within:
            number = int(values.get("numFmtId", 0))
            code = formats.get(number, "")
            styles.dates.append(is_date_format(number, code))
            styles.zeros.append(len(code) if re.fullmatch("0{2,}", code) else 0)
    return styles


def is_date_format(number: int, code: str) -> bool:
    """Tell whether a number format shows a date or time."""
    if not code:
        return number in _DATE_FORMATS
    plain = _LITERALS.sub("", code.split(";")[0])
    return (
        bool(re.search("[ymdhs年月日]", plain, re.IGNORECASE)) and "General" not in code
    )


class _Strings:
    """The shared strings, packed: some bytes each instead of an object."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise IndexError("no such shared string")
        text = self._bytes[self._ends[index] : self._ends[index + 1]]
        return text.decode("utf-8", "replace")


class _Common(NamedTuple):
    """What all sheets of a workbook share."""

    strings: _Strings
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
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _strings(package: zipfile.ZipFile) -> _Strings:
    strings, text = _Strings(), _Text()

    def end(name: str) -> None:
        tag = _local(name)
        text.end(tag)
        if tag == "si":
            strings.append(text.take())

    part = _related(package).get("sharedStrings", "")
    if part in package.namelist():
        with package.open(part) as stream:
            _parse(
                stream,
                lambda name, _attributes: text.start(_local(name)),
                EndElementHandler=end,
                CharacterDataHandler=text.data,
            )
    return strings


def _merged(package: zipfile.ZipFile, part: str) -> dict[int, list[tuple[int, int]]]:
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

    def __init__(self, common: _Common, limits: Limits) -> None:
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
        parsing = _parsing(
            stream,
            self._start,
            EndElementHandler=self._end,
            CharacterDataHandler=self._data,
        )
        for _chunk in parsing:
            yield from self._ready
            self._ready.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _local(name)
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
        tag = _local(name)
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
            return self._strings[int(value)]
        if kind == "n":
            return self._number_text(value)
        if kind == "e":
            self._note("error_cell", value)
            return ""
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        return _unescaped(value) if kind == "str" else value.replace("T", " ")

    def _note(self, code: str, value: str) -> None:
        self._problems.append(CellProblem(self._column, code, value))

    def _number_text(self, raw: str) -> str:
        number = float(raw)
        style = int(self._style) if self._style else 0
        if style < len(self._styles.dates) and self._styles.dates[style]:
            return date_text(number, self._epoch_1904)
        text = number_text(number)
        if abs(number) >= EXACT_DIGITS:
            self._note("digits_lost", text)
        zeros = self._styles.zeros[style] if style < len(self._styles.zeros) else 0
        return text.zfill(zeros)
