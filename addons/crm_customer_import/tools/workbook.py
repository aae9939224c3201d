"""Read a table out of an uploaded file, whatever its name says.

``sniff`` looks at the bytes; ``open_table`` gives rows of plain strings. Reading
is lazy and may be repeated: every call of ``Table.rows()`` starts anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from . import read_csv, read_html, read_ods, read_xls, read_xlsb, read_xlsx
from .errors import ImportFileError
from .package import Package, damage
from .protection import OLE, decrypted, is_encrypted, stream_names
from .table import (
    DEFAULT_LIMITS,
    HEAD_ROWS,
    MEGABYTE,
    CellProblem,
    FileKind,
    Limits,
    Row,
    Table,
)

__all__ = [
    "HEAD_ROWS",
    "CellProblem",
    "FileKind",
    "Limits",
    "Row",
    "Table",
    "open_table",
    "sheet_names",
    "sniff",
]


class _Package(Protocol):
    """A workbook in parts; each reader has its own kind of sheet."""

    def sheets(self) -> Sequence[Any]:
        """Return the sheets, each with ``name`` and ``hidden``."""

    def rows(self, sheet: Any) -> Iterator[Row]:
        """Yield the filled rows of a sheet."""


# First bytes of files that are no tables -> errors.KINDS.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "media"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3", "program"),
)
_TEXT_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"MIME-Version:", "mhtml"),
)
_OLD_EXCEL = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08",
)
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "powerpoint"),
    ("__substg1.0", "mail"),
)
_PACKAGES: dict[str, Callable[[bytes, Limits], _Package]] = {
    "xlsx": read_xlsx.Workbook,
    "xlsb": read_xlsb.Workbook,
    "ods": read_ods.Workbook,
}


def sniff(content: bytes) -> FileKind:
    """Return what the bytes are. Raises ImportFileError when no table."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ImportFileError("empty_file")
    if content.startswith(b"PK"):
        return _sniff_zip(content)
    if content.startswith(OLE):
        return _sniff_ole(content)
    if content.startswith(_OLD_EXCEL):
        return "xls"
    for signature, what in _SIGNATURES:
        # two letters may begin a text as well: then a zero byte must follow
        if content.startswith(signature) and (len(signature) > 2 or 0 in content[:64]):
            raise ImportFileError("not_a_table", what=what)
    return _sniff_text(content)


def _sniff_zip(content: bytes) -> FileKind:
    with damage(), Package(content) as package:
        kind = package.kind()
    if kind == "xlsx" or kind == "xlsb" or kind == "ods":
        return kind
    raise ImportFileError("not_a_table", what=kind)


def _sniff_ole(content: bytes) -> FileKind:
    """A workbook may hold documents of other programs: the root decides."""
    names = stream_names(content)
    if {"Workbook", "Book"} & set(names):
        return "xls"
    for stream, what in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            if what == "encrypted":
                raise ImportFileError("encrypted")
            raise ImportFileError("not_a_table", what=what)
    return "xls"


def _sniff_text(content: bytes) -> FileKind:
    start = content[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    for signature, what in _TEXT_SIGNATURES:
        if start.startswith(signature):
            raise ImportFileError("old_format", what=what)
    if start.startswith(b"<"):
        return _sniff_markup(start.lower())
    _encoding(content)
    return "csv"


def _sniff_markup(start: bytes) -> FileKind:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise ImportFileError("old_format", what="xml_spreadsheet")
    if re.search(rb"<(html|table|head|meta|body|style|!doctype html|tr|div)\b", start):
        return "html"
    raise ImportFileError("not_a_table", what="unknown")


def _encoding(content: bytes) -> str:
    """Detect the encoding; bytes that are no text at all are no table."""
    try:
        return read_csv.detect_encoding(content)
    except ImportFileError as error:
        if re.search(rb"[\x00-\x08\x0e-\x1f]", content[:4096]):
            raise ImportFileError("not_a_table", what="unknown") from error
        raise


# --- opening ----------------------------------------------------------------------


class _Sheet(NamedTuple):
    name: str
    hidden: bool
    rows: Callable[[], Iterator[Row]]


def sheet_names(content: bytes) -> list[str]:
    """Return the names of the visible sheets in their order; [] for csv, html."""
    content = _unprotected(content)
    kind = sniff(content)
    if kind in ("csv", "html"):
        return []
    return [sheet.name for sheet in _shown(_sheets(content, kind, DEFAULT_LIMITS))]


def open_table(
    content: bytes, sheet: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Table:
    """Open a sheet (None: the first visible one with a filled cell).

    Raises ImportFileError, and nothing else, for whatever bytes; ``rows()`` may
    raise it later where the damage is further down.
    """
    if len(content) > limits.file_bytes:
        raise ImportFileError("too_large", limit=str(limits.file_bytes // MEGABYTE))
    content = _unprotected(content)
    kind = sniff(content)
    if kind in ("csv", "html"):
        return _open_text(content, kind, limits)
    sheets = _sheets(content, kind, limits)
    if sheet is None:
        return _first_filled(sheets, kind)
    found = next((one for one in sheets if one.name == sheet), None)
    if not found:
        names = ", ".join(one.name for one in sheets)
        raise ImportFileError("no_such_sheet", sheet=sheet, sheets=names)
    if next(found.rows(), None) is None:
        raise ImportFileError("empty_sheet", sheet=sheet)
    return Table(kind, sheet, "", found.rows)


def _unprotected(content: bytes) -> bytes:
    """Return what is within a package that Excel opens without asking."""
    plain = decrypted(content) if is_encrypted(content) else None
    return content if plain is None else plain


def _open_text(content: bytes, kind: FileKind, limits: Limits) -> Table:
    encoding = _encoding(content)
    if kind == "csv":
        rows = partial(read_csv.rows, content, encoding, limits)
    else:
        codec = "utf-8" if encoding == read_csv.MIXED else encoding
        rows = partial(read_html.rows, content.decode(codec, "replace"), limits)
    if next(rows(), None) is None:
        raise ImportFileError("empty_file")
    return Table(kind, "", encoding, rows)


def _sheets(content: bytes, kind: FileKind, limits: Limits) -> list[_Sheet]:
    if kind in _PACKAGES:
        workbook = _PACKAGES[kind](content, limits)
        return [
            _Sheet(sheet.name, sheet.hidden, partial(workbook.rows, sheet))
            for sheet in workbook.sheets()
        ]
    book = read_xls.open_book(content)
    return [
        _Sheet(name, hidden, partial(read_xls.rows, book, name, limits))
        for name, hidden in read_xls.sheet_names(book)
    ]


def _shown(sheets: list[_Sheet]) -> list[_Sheet]:
    """Return the visible sheets, all when none is."""
    return [sheet for sheet in sheets if not sheet.hidden] or sheets


def _first_filled(sheets: list[_Sheet], kind: FileKind) -> Table:
    for sheet in _shown(sheets):
        if next(sheet.rows(), None) is not None:
            return Table(kind, sheet.name, "", sheet.rows)
    raise ImportFileError("empty_file")
