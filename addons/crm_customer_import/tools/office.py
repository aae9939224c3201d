"""What .xlsx and .xlsb share: the same parts, written as XML or as records."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import IO, NamedTuple, Protocol

from .number_formats import NumberFormat
from .package import Package, damage
from .table import CellProblem, Fills, Limits, Ranges, Row, make_row

RawRow = tuple[int, list[str], list[CellProblem]]


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


class Reader(Protocol):
    """Reads the rows of one sheet."""

    def rows(self, stream: IO[bytes]) -> Iterator[RawRow]:
        """Yield (row number, cells, problems), rows in rising order."""


class Ways(NamedTuple):
    """How a kind of workbook writes what all kinds have.

    strings, styles: of a part, which may be missing
    """

    sheets: Callable[[Package], list[Sheet]]
    strings: Callable[[Package, str], Strings]
    styles: Callable[[Package, str], Styles]
    epoch_1904: Callable[[Package], bool]
    merged: Callable[[IO[bytes]], Ranges]
    reader: Callable[[Common, Limits], Reader]
    damage: type[damage]


class OfficeWorkbook:
    """A workbook whose common parts are parsed once, however often rows are read."""

    ways: Ways

    def __init__(self, content: bytes, limits: Limits) -> None:
        with Package(content) as package:
            package.check(limits)
        self._content = content
        self._limits = limits
        self._merges: dict[str, Ranges] = {}

    def sheets(self) -> list[Sheet]:
        """Return the worksheets in their order."""
        with self.ways.damage(), Package(self._content) as package:
            return self.ways.sheets(package)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Yield the filled rows of a sheet."""
        with self.ways.damage(), Package(self._content) as package:
            if sheet.part not in self._merges:
                with package.open(sheet.part) as stream:
                    self._merges[sheet.part] = self.ways.merged(stream)
            fills = Fills(self._merges[sheet.part])
            reader = self.ways.reader(self._common, self._limits)
            with package.open(sheet.part) as stream:
                for number, cells, problems in reader.rows(stream):
                    fills.fill(number, cells)
                    spans = fills.spans(number)
                    row = make_row(number, cells, problems, self._limits, spans)
                    if row:
                        yield row

    @cached_property
    def _common(self) -> Common:
        with Package(self._content) as package:
            _parts, by_kind = related_parts(package)
            strings = self.ways.strings(package, by_kind.get("sharedStrings", ""))
            styles = self.ways.styles(package, by_kind.get("styles", ""))
            return Common(strings, styles, self.ways.epoch_1904(package))


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
