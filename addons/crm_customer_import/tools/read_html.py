"""Read the tables of a web page that was saved under a spreadsheet's name.

Many Chinese systems export so: one table, a table of titles above one of rows, or a
table for every printed page. Tables of as many columns as the largest one has are
one list; rows of other tables are marked, so that none is lost unseen.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from .errors import ImportFileError
from .table import CellProblem, Limits, Row, make_row, number_text

_BREAKS = ("br", "p", "div", "li")
_HIDDEN = ("title", "head")
_RAW = ("style", "script")
MAX_SPAN = 1000
# as in Excel
MAX_COLUMNS = 16_384
_LONGEST_TAG = 2000
_MOST_TITLES = 2
# what Excel and LibreOffice write beside a number they show shortened
_NUMBERS = ("x:num", "sdval")
_EXPONENT = re.compile(r"[+-]?\d(?:[.,]\d+)?E[+-]?\d+$", re.IGNORECASE)
_NAME = re.compile(r"/?[a-zA-Z][^\s/>]*")
_REMARK = re.compile(r"<!--|<[!?]")
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_OPEN_QUOTE = re.compile(r"=\s*[\"']")

Lines = list[list[str]]


def rows(text: str, limits: Limits) -> Iterator[Row]:
    """Yield the filled rows of the list, numbered through all its tables."""
    number = 0
    for lines, is_list in _list_of(_tables(text)):
        for cells in lines:
            number += 1
            filled = next((cell for cell in cells if cell.strip()), "")
            other = [] if is_list or not filled else [_other_table(filled)]
            row = make_row(number, list(cells), other, limits)
            if row:
                yield row


def _other_table(value: str) -> CellProblem:
    return CellProblem(-1, "other_table", value)


def _list_of(tables: list[Lines]) -> Iterator[tuple[Lines, bool]]:
    """Yield the tables, and whether they belong to the list.

    A line or two before it may be titles apart; other tables before it come last.
    One column is a menu or words, no list.
    """
    width = _width(max(tables, key=lambda lines: sum(map(len, lines))))
    start = next(i for i, lines in enumerate(tables) if _width(lines) == width)
    before = [lines for lines in tables[:start] if any(map(any, lines))]
    yield from ((lines, True) for lines in before if len(lines) <= _MOST_TITLES)
    yield from ((lines, _width(lines) == width) for lines in tables[start:])
    for lines in before:
        if len(lines) > _MOST_TITLES and _width(lines) > 1:
            yield lines, False


def _width(lines: Lines) -> int:
    return max(map(len, lines), default=0)


def _tables(text: str) -> list[Lines]:
    collector = _Tables()
    for name, attributes, words in _tags(text):
        collector.tag(name, attributes)
        collector.words(words)
    collector.end_cell()
    if not any(map(len, collector.tables)):
        raise ImportFileError("unsupported_html_table")
    return collector.tables


def _tags(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name, attributes, words behind it) of every tag; ``/name`` of an end.

    Own, not html.parser: that takes two minutes for 60 kB of ``<a <a <a``.
    """
    raw = ""  # the tag whose content is no markup (script, style)
    for piece in _without_remarks(text).split("<")[1:]:
        head, words = _split_tag(piece)
        match = _NAME.match(head)
        name = match[0].casefold() if match else ""
        if raw and name != f"/{raw}":
            continue
        raw = name if name in _RAW else ""
        if not name:  # a < that begins no tag
            yield "", "", f"<{piece}"
        else:
            yield name, head[len(name) :], "" if raw else words


def _split_tag(piece: str) -> tuple[str, str]:
    """Split a tag from the words behind it; a > may stand in quotes."""
    head, _end, words = piece.partition(">")
    for _time in range(3):
        if ">" not in words or len(head) > _LONGEST_TAG:
            break
        if not _OPEN_QUOTE.search(_ATTRIBUTE.sub("", head)):
            break
        more, _end, words = words.partition(">")
        head = f"{head}>{more}"
    return head, words


def _without_remarks(text: str) -> str:
    """Drop comments and declarations."""
    pieces, at = [], 0
    for match in _REMARK.finditer(text):
        if match.start() >= at:
            pieces.append(text[at : match.start()])
            mark = "-->" if match[0] == "<!--" else ">"
            end = text.find(mark, match.end())
            if end < 0:  # never closed: only the mark is dropped
                at = match.end()
                if mark == "-->":
                    break
            else:
                at = end + len(mark)
    pieces.append(text[at:])
    return "".join(pieces)


class _Tables:
    """Collects the cells of every table; spans are laid out as a browser does."""

    def __init__(self) -> None:
        self.tables: list[Lines] = []
        self._depth = 0
        self._hidden = 0
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._number = ""
        # column -> (rows left, text) of cells above that span into this row, and
        # of those that span into the next one
        self._above: dict[int, tuple[int, str]] = {}
        self._below: dict[int, tuple[int, str]] = {}

    def tag(self, name: str, attributes: str) -> None:
        """Take a tag."""
        if name.startswith("/"):
            self._end_tag(name[1:])
        elif name == "table":
            self._start_table()
        elif name == "tr" and self._depth:
            self._start_row()
        elif name in ("td", "th") and self.tables and self.tables[-1]:
            self.end_cell()
            values = _attributes(attributes)
            self._spans = (_span(values, "colspan"), _span(values, "rowspan"))
            self._number = next(filter(None, map(values.get, _NUMBERS)), "")
            self._cell = []
        elif name in _HIDDEN:
            self._hidden += 1
        elif name in _BREAKS and self._cell:
            self._cell.append("\n")

    def _end_tag(self, name: str) -> None:
        if name in ("td", "th", "tr", "table"):
            self.end_cell()
        if name == "table":
            self._depth = max(self._depth - 1, 0)
        if name in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)

    def words(self, words: str) -> None:
        """Take the words behind a tag."""
        if words and self._cell is not None and not self._hidden:
            self._cell.append(_unescaped(words) if "&" in words else words)

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
        if self._number and _EXPONENT.match(text):
            text = _exact(self._number, text)
        row = self.tables[-1][-1]
        self._spanned(row)
        if down > 1:
            self._below[len(row)] = (down - 1, text)
        row += [text] + [""] * (across - 1)
        self._cell = None
        if len(row) > MAX_COLUMNS:
            raise ImportFileError("too_many_columns", limit=str(MAX_COLUMNS))

    def _spanned(self, row: list[str]) -> None:
        """Repeat cells above that span into this row (as merged ranges are)."""
        while len(row) in self._above:
            left, text = self._above[len(row)]
            if left > 1:
                self._below[len(row)] = (left - 1, text)
            row.append(text)


def _exact(number: str, shown: str) -> str:
    """Return the number that a cell shows shortened (1.38E+10)."""
    try:
        return number_text(float(number)) or shown
    except ValueError:
        return shown


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a cell's tag."""
    found = _ATTRIBUTE.findall(text[:_LONGEST_TAG])
    return {name.casefold(): value.strip("\"'") for name, value in found}


def _unescaped(words: str) -> str:
    try:
        return html.unescape(words)
    except ValueError:  # &# with thousands of digits
        return words


def _span(values: dict[str, str], name: str) -> int:
    raw = values.get(name) or "1"
    return min(max(int(raw[:6]), 1), MAX_SPAN) if raw.isdecimal() else 1
