"""Read .csv in whatever encoding and with whatever separator it was written."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import Literal, NamedTuple

from .errors import ImportFileError
from .table import CellProblem, Limits, Row, make_row

CHUNK = 64 * 1024
SAMPLE_BYTES = 256 * 1024
DELIMITERS = ",;\t|"
# A quoted cell with more line breaks than this was never closed.
MAX_QUOTED_LINES = 100
MAX_QUOTED_CHARS = 40_000
MIXED = "mixed"
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# A record over several lines, each with its end.
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BYTE_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# WeChat and Alipay put a tab behind each value, before the separator.
_PADDING = re.compile(r"\t(?=[,;])")
# Text with more control characters than this share is none.
MAX_CONTROLS = 0.005
# Control characters no text has; \x1a ends files of DOS programs, \x1c to \x1f
# separate parts of a text.
_BINARY = re.compile(r"[\x01-\x08\x0e-\x19\x1b\ufffe\uffff]")


class Line(NamedTuple):
    """A line with its end; problem: '', bad_encoding or other_encoding."""

    text: str
    problem: str
    encoding: str


# --- encoding ---------------------------------------------------------------------


def detect_encoding(content: bytes) -> str:
    """Return the encoding of a text, ``mixed`` when lines differ.

    BOM, then strict trials: a text that decodes as UTF-8 is UTF-8; GB18030 and
    Big5 decode each other's bytes, so the more plausible Chinese wins.
    Raises ImportFileError('unknown_encoding') for bytes that are no text.
    """
    for bom, encoding in _BOMS.items():
        if content.startswith(bom) and _decodes(content, encoding):
            return encoding
    wide = _wide_encoding(content)
    if wide:
        return wide
    if _decodes(content, "utf-8"):
        return "utf-8"
    sample = content[:SAMPLE_BYTES]
    possible = [name for name in ("gb18030", "big5") if _decodes(content, name)]
    best = max(possible, key=lambda name: _plausible(sample, name), default="")
    if not best or _plausible(sample, best) < 0.3 or _has_utf8_line(content):
        best = MIXED if _is_mixed_text(sample) else ""
    if not best:
        raise ImportFileError("unknown_encoding")
    return best


def _decodes(content: bytes, encoding: str) -> bool:
    """Try the whole text without keeping it; binary data may decode as well.

    Old programs leave a control character here and there, hence the share.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    controls = 0
    try:
        for start in range(0, len(content), CHUNK):
            text = decoder.decode(content[start : start + CHUNK])
            controls += len(_BINARY.findall(text))
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return controls <= len(content) * MAX_CONTROLS


def _wide_encoding(content: bytes) -> str:
    """Recognise UTF-16 without BOM by the zero bytes of its ASCII characters."""
    sample = content[:4096]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        count = zeros.count(0)
        likely = len(zeros) > 3 and count > len(zeros) * 0.2
        if likely and sample.count(0) == count and _decodes(content, encoding):
            return encoding
    return ""


def _has_utf8_line(content: bytes) -> bool:
    """Find a line of UTF-8 Chinese among lines that are not."""
    for line in _byte_lines(content):
        if not line.isascii() and _decodes(line, "utf-8"):
            wide = [char for char in line.decode("utf-8") if ord(char) > 127]
            if len(wide) > 1 and min(wide) > "\u07ff":
                return _common_share("".join(wide), "gb2312") >= 0.7
    return False


def _is_mixed_text(sample: bytes) -> bool:
    """Tell text with some broken lines from bytes that are none."""
    lines = sample.split(b"\n")[:200]
    good = sum(_decoded(line, "").problem != "bad_encoding" for line in lines)
    controls = len(_BINARY.findall(sample.decode("latin-1")))
    return good >= len(lines) * 0.5 and controls <= len(sample) * MAX_CONTROLS


def _plausible(content: bytes, encoding: str) -> float:
    """Rate decoded text: the share of common characters among the non-ASCII ones."""
    text = content.decode(encoding, "ignore")
    return _common_share(text, "gb2312" if encoding != "big5" else "big5")


def _common_share(text: str, charset: str) -> float:
    odd = [char for char in text if ord(char) > 127]
    if not odd:
        return 1.0
    return sum(_is_common(char, charset) for char in odd) / len(odd)


def _is_common(char: str, charset: str) -> bool:
    """The first level of either charset holds the characters people use."""
    code = char.encode(charset, "ignore")
    if len(code) != 2:
        return False
    lead = code[0]
    if charset == "gb2312":
        return lead <= 0xA3 or 0xB0 <= lead <= 0xD7
    return lead <= 0xC6


# --- lines ------------------------------------------------------------------------


def text_lines(content: bytes, encoding: str) -> Iterator[Line]:
    """Yield the lines with their ends, however the file ends its lines."""
    if encoding == MIXED:
        main = _main_encoding(content)
        yield from (_decoded(line, main) for line in _byte_lines(content))
        return
    # newline="" keeps line breaks as they are: they belong to quoted cells
    for text in TextIOWrapper(BytesIO(content), encoding, "replace", newline=""):
        yield Line(text, "", encoding)


def _byte_lines(content: bytes) -> Iterator[bytes]:
    """Yield the lines with their ends; no other character ends a line of CSV."""
    return (match[0] for match in _BYTE_LINES.finditer(content))


def _main_encoding(content: bytes) -> str:
    """Return the encoding of most lines of a mixed file."""
    lines = (line for line in _byte_lines(content) if not line.isascii())
    counts = Counter(_decoded(line, "").encoding for line in lines)
    return "gb18030" if counts["gb18030"] > counts["utf-8"] else "utf-8"


def _decoded(line: bytes, main: str) -> Line:
    """Decode a line of a mixed file; what cannot be read is shown as �."""
    if line.isascii():
        return Line(line.decode(), "", main)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _common_share(text, "gb2312") >= 0.7:
            return Line(text, "" if encoding == main else "other_encoding", encoding)
    return Line(line.decode(main or "utf-8", "replace"), "bad_encoding", "")


# --- records ----------------------------------------------------------------------


class _Lines:
    """Lines that can be given back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._back: list[Line] = []

    def take(self) -> Line | None:
        return self._back.pop() if self._back else next(self._lines, None)

    def give_back(self, lines: list[Line]) -> None:
        self._back += reversed(lines)


def rows(content: bytes, encoding: str, limits: Limits) -> Iterator[Row]:
    """Yield the filled rows; blank lines count in their numbers."""
    delimiter, skip = _delimiter(content, encoding)
    lines = _Lines(text_lines(content, encoding))
    number = 0
    while record := _record(lines, delimiter):
        group, closed = record
        number += 1
        if number > skip:
            cells = _cells("".join(line.text for line in group), delimiter, closed)
            row = make_row(number, cells, _problems(group, closed), limits)
            if row:
                yield row


def _record(lines: _Lines, delimiter: str) -> tuple[list[Line], bool] | None:
    """Take the lines of one record; False when its quotes never close.

    Then the record is its first line alone, so that a stray quotation mark does
    not swallow the rows below it.
    """
    line = lines.take()
    if line is None:
        return None
    group, size = [line], len(line.text)
    inside = _quote_open(line.text, delimiter, False)
    while inside:
        line = lines.take()
        if line:
            group.append(line)
            size += len(line.text)
        if not line or len(group) > MAX_QUOTED_LINES or size > MAX_QUOTED_CHARS:
            lines.give_back(group[1:])
            return group[:1], False
        inside = _quote_open(line.text, delimiter, True)
    return group, True


def _quote_open(text: str, delimiter: str, inside: bool) -> bool:
    """Tell whether a quoted cell is open at the end of a line."""
    at = 0
    while True:
        if inside:
            at = text.find('"', at) + 1
            if not at:
                return True
            inside = text.startswith('"', at)  # doubled: a mark within the cell
            at += inside
        elif at == 0 and text.startswith('"'):
            inside, at = True, 1
        else:
            at = text.find(f'{delimiter}"', at) + 2
            if at < 2:
                return False
            inside = True


def _cells(text: str, delimiter: str, closed: bool) -> list[str]:
    """Split a record. Nothing but \\r\\n, \\n and \\r ends a line of it."""
    text = text.replace("\0", "").replace("\x1a", "")
    if closed and '="' in text:
        text = _protected(delimiter).sub(r'\1"\2"', text)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if closed else csv.QUOTE_NONE
    text = text.rstrip("\r\n")
    lines = [text] if "\n" not in text and "\r" not in text else _LINES.findall(text)
    try:
        records = csv.reader(lines, delimiter=delimiter, quoting=quoting)
        return [cell for record in records for cell in record]
    except csv.Error:  # a cell beyond the module's limit
        return text.split(delimiter)


@lru_cache(maxsize=8)
def _protected(delimiter: str) -> re.Pattern[str]:
    """``="…"`` as a cell; bounded, or a long line would cost its square."""
    mark = re.escape(delimiter)
    return re.compile(
        rf'(^|{mark})[ \t]*="((?:[^"\r\n]|""){{0,300}})"'
        rf"(?=[ \t]*(?:{mark}|[\r\n]|$))"
    )


def _problems(group: list[Line], closed: bool) -> list[CellProblem]:
    problems = [] if closed else [CellProblem(-1, "unclosed_quote", "")]
    for line in group:
        if line.problem == "bad_encoding":
            at = max(line.text.find("\ufffd") - 10, 0)
            snippet = line.text[at : at + 30].strip()
            problems.append(CellProblem(-1, line.problem, snippet))
        elif line.problem:
            problems.append(CellProblem(-1, line.problem, line.encoding))
    return problems


def _delimiter(content: bytes, encoding: str) -> tuple[str, int]:
    """Return the separator, and 1 when the first line only names it (sep=;)."""
    lines = [line.text for line in islice(text_lines(content, encoding), 50)]
    named = re.match(r"\ufeff?sep=(.)\s*$", lines[0]) if lines else None
    lines = [_unpadded(line) for line in lines]
    if named:
        return named[1], 1
    return max(DELIMITERS, key=lambda mark: _regularity(lines, mark)), 0


def _unpadded(line: str) -> str:
    return _PADDING.sub("", line).rstrip("\t\r\n") if _PADDING.search(line) else line


def _regularity(lines: list[str], mark: str) -> tuple[int, int]:
    """Rate a separator: lines with the commonest number of it, then that number."""
    counts = Counter(re.sub(r'"[^"]*"', "", line).count(mark) for line in lines)
    counts.pop(0, None)
    if not counts:
        return (0, 0)
    number, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    return (times, number)
