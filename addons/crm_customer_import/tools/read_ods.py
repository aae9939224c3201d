"""Read .ods by streaming content.xml, cells as the file shows them.

Own reader rather than calamine's: the file holds the text that the cell shows beside
its number (050000 beside 50000), and repeated cells and rows, of which a small file
may claim billions, are counted instead of laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from .errors import ImportFileError
from .package import CHUNK, Package, PartReader, damage, local, parse
from .table import (
    EXACT_DIGITS,
    HIDDEN,
    CellProblem,
    Fills,
    Limits,
    Ranges,
    Row,
    date_value,
    make_row,
    number_text,
)

_MANIFEST = "META-INF/manifest.xml"
# what stands in a cell and is no text of it
_ASIDE = frozenset({"annotation", "frame", "ruby-text", "shapes", "custom-shape"})
_SPAN = re.compile(r"PT?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?$")
_ERROR = re.compile(r"#[A-Z][A-Z/0]+[!?]?$|Err:\d+$")
_GROUPED = re.compile(r"\D*\d{1,3}(?:[\s\u00a0\u202f]\d{3})+\D*$")


class Sheet(NamedTuple):
    """A table of the file. index: among its tables."""

    name: str
    index: int  # type: ignore[assignment]  # hides tuple.index
    hidden: bool


class _Found(NamedTuple):
    """A row as the file writes it.

    merged: (column, last column, rows it goes down); repeated: how often it stands
    there
    """

    cells: list[str]
    problems: list[CellProblem]
    merged: list[tuple[int, int, int]]
    repeated: int


class Workbook:
    """An .ods file."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        """:raises ImportFileError: encrypted, a bomb, or damaged"""
        with damage(), Package(content) as package:
            package.check(limits)
            if _MANIFEST in package and _is_encrypted(package):
                raise ImportFileError("encrypted")
        self._content = content
        self._limits = limits

    def sheets(self) -> list[Sheet]:
        """Return the tables in their order."""
        found: list[tuple[str, str]] = []
        hidden: set[str] = set()
        style = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal style
            tag = local(name)
            if tag == "table" and "table:name" in attributes:
                name = attributes["table:name"]
                found.append((name, attributes.get("table:style-name", "")))
            elif tag == "style":
                style = attributes.get("style:name", "")
            elif attributes.get("table:display") == "false":
                hidden.add(style)

        with damage(), Package(self._content) as package, _content(package) as part:
            parse(part, start)
        return [
            Sheet(name, index, its_style in hidden)
            for index, (name, its_style) in enumerate(found)
        ]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Yield the filled rows of a table."""
        ranges: Ranges = {}
        fills, number = Fills(ranges), 0
        with damage(), Package(self._content) as package, _content(package) as part:
            for found in _TableReader(sheet.index, self._limits).rows(part):
                if not found.cells and found.problems in ([], [HIDDEN]):
                    number += found.repeated
                    continue
                for _time in range(found.repeated):
                    number += 1
                    ranges[number] = [
                        (at, end, number + down - 1) for at, end, down in found.merged
                    ]
                    cells = list(found.cells)
                    fills.fill(number, cells)
                    spans = fills.spans(number)
                    del ranges[number]
                    row = make_row(number, cells, found.problems, self._limits, spans)
                    if row:
                        yield row


def _content(package: Package) -> IO[bytes]:
    return package.open("content.xml")


def _is_encrypted(package: Package) -> bool:
    with package.open(_MANIFEST) as stream:
        return b"encryption-data" in stream.read(CHUNK * 16)


class _TableReader(PartReader[_Found]):
    """Parses the table of one index, blank rows too; its handlers run once or more
    per cell."""

    def __init__(self, index: int, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._tables_left = index
        self._is_in = False
        self._aside = 0
        self._row = _Found([], [], [], 1)
        self._column = 0
        self._cell: dict[str, str] = {}
        self._lines: list[str] | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "table" and "table:name" in attributes and not self._is_in:
            self._is_in = not self._tables_left
            self._tables_left -= 1
        elif not self._is_in:
            return
        elif tag in _ASIDE or self._aside:
            self._aside += 1
        elif tag == "table-row":
            self._row = _Found([], [], [], _count(attributes, "number-rows-repeated"))
            if attributes.get("table:visibility", "visible") != "visible":
                self._row.problems.append(HIDDEN)
            self._column = 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._lines = attributes, []
        elif self._lines is not None:
            self._start_text(tag, attributes)

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        lines = self._lines or []
        if tag == "p":
            lines.append("")
            self._lines = lines
        elif lines and tag == "s":
            lines[-1] += " " * min(_count(attributes, "c", "text"), 1000)
        elif lines and tag in ("tab", "line-break"):
            lines[-1] += "\t" if tag == "tab" else "\n"

    def _data(self, text: str) -> None:
        if self._lines and not self._aside:
            self._lines[-1] += text

    def _end(self, name: str) -> None:
        tag = local(name)
        if not self._is_in:
            return
        if self._aside:
            self._aside -= 1
        elif tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "table-row":
            self._ready.append(self._row)
        elif tag == "table":
            self._is_in, self._is_over = False, True

    def _end_cell(self) -> None:
        text = self._text()
        column, row = self._column, self._row
        repeated = _count(self._cell, "number-columns-repeated")
        self._column += repeated
        self._lines = None
        if not text:
            return
        if self._column > self._limits.columns:
            raise ImportFileError("too_many_columns", limit=str(self._limits.columns))
        row.cells.extend([""] * (column - len(row.cells)) + [text] * repeated)
        down = _count(self._cell, "number-rows-spanned")
        across = _count(self._cell, "number-columns-spanned")
        if down > 1 or across > 1:
            row.merged.append((column, column + across - 1, down))

    def _text(self) -> str:
        """Return the cell as text, noting what is wrong with it."""
        shown = "\n".join(self._lines or ()).strip("\n")
        kind = self._value("value-type")
        typed = self._cell.get("calcext:value-type", "")
        if typed == "error" or (kind != "string" and _ERROR.match(shown)):
            self._note("error_cell", shown)
            return ""
        if kind in ("float", "percentage", "currency"):
            return self._number(shown)
        if kind == "date":
            return date_value(self._value("date-value")) or shown
        if kind == "time":
            return _span(self._value("time-value")) or shown
        if kind == "boolean":
            return "TRUE" if self._value("boolean-value") == "true" else "FALSE"
        formula = self._cell.get("table:formula", "")
        if formula and not kind:
            self._note("formula_without_value", formula.removeprefix("of:"))
        return shown or self._value("string-value")

    def _number(self, shown: str) -> str:
        number = float(self._value("value"))
        plain = number_text(number)
        if abs(number) >= EXACT_DIGITS:
            self._note("digits_lost", plain)
        return shown.strip() if _is_laid_out(shown, plain) else plain

    def _value(self, name: str) -> str:
        return self._cell.get(f"office:{name}", "")

    def _note(self, code: str, value: str) -> None:
        self._row.problems.append(CellProblem(self._column, code, value))


def _count(attributes: dict[str, str], name: str, prefix: str = "table") -> int:
    """Return how often something stands there; absurd numbers are as good as one's
    limits."""
    text = attributes.get(f"{prefix}:{name}", "1")
    if not (text.isdecimal() and text.isascii()):
        return 1
    return max(int(text), 1) if len(text) < 12 else 10**12


def _is_laid_out(shown: str, plain: str) -> bool:
    """Tell whether the text shows all digits of a whole number, with more around.

    Not what groups or rounds: the number is more exact (as in number_formats).
    """
    if not plain.isdecimal() or "," in shown or "." in shown or _GROUPED.match(shown):
        return False
    if plain == "0":
        return shown.isdecimal()
    digits = "".join(char for char in shown if char.isdecimal())
    return digits.lstrip("0") == plain.lstrip("0") and len(digits) >= len(plain)


def _span(text: str) -> str:
    """Write the duration ``PT08H30M00S`` as 08:30:00."""
    match = _SPAN.match(text)
    if not match:
        return ""
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return f"{hours:02}:{minutes:02}:{seconds:02}"
