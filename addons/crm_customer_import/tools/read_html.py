"""Read the table of a web page that was saved under a spreadsheet's name.

Many Chinese systems export so. One table is read: the one with the most cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from .errors import ImportFileError
from .table import Limits, Row, make_row

_BREAKS = ("br", "p", "div", "li")
_HIDDEN = ("style", "script", "title", "head")
MAX_SPAN = 1000


def rows(text: str, limits: Limits) -> Iterator[Row]:
    """Yield the filled rows of the largest table."""
    table = max(_tables(text), key=lambda lines: sum(map(len, lines)))
    for number, cells in enumerate(table, 1):
        row = make_row(number, list(cells), [], limits)
        if row:
            yield row


def _tables(text: str) -> list[list[list[str]]]:
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    parser.end_cell()
    if not any(map(len, parser.tables)):
        raise ImportFileError("unsupported_html_table")
    return parser.tables


class _TableParser(HTMLParser):
    """Collects the cells of every table; spans are laid out as a browser does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._depth = 0
        self._hidden = 0
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        # column -> (rows left, text) of cells above that span into this row, and
        # of those that span into the next one
        self._above: dict[int, tuple[int, str]] = {}
        self._below: dict[int, tuple[int, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._start_table()
        elif tag == "tr" and self._depth:
            self._start_row()
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.end_cell()
            values = dict(attrs)
            self._spans = (_span(values, "colspan"), _span(values, "rowspan"))
            self._cell = []
        elif tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BREAKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.end_cell()
        if tag == "table":
            self._depth = max(self._depth - 1, 0)
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def _start_table(self) -> None:
        if self._cell is not None:  # a table within a cell lays out a page
            raise ImportFileError("unsupported_html_table")
        self._depth += 1
        self._above, self._below = {}, {}
        self.tables.append([])

    def _start_row(self) -> None:
        self.end_cell()
        if self.tables[-1]:
            self._spanned(self.tables[-1][-1])
        self._above, self._below = self._below, {}
        self.tables[-1].append([])

    def end_cell(self) -> None:
        """Put the open cell, if any, into its row, after cells that span down."""
        if self._cell is None:
            return
        text, (across, down) = "".join(self._cell).strip(), self._spans
        row = self.tables[-1][-1]
        self._spanned(row)
        if down > 1:
            self._below[len(row)] = (down - 1, text)
        row += [text] + [""] * (across - 1)
        self._cell = None

    def _spanned(self, row: list[str]) -> None:
        """Repeat cells above that span into this row (as merged ranges are)."""
        while len(row) in self._above:
            left, text = self._above[len(row)]
            if left > 1:
                self._below[len(row)] = (left - 1, text)
            row.append(text)


def _span(values: dict[str, str | None], name: str) -> int:
    raw = values.get(name) or "1"
    return min(max(int(raw), 1), MAX_SPAN) if raw.isdigit() else 1
