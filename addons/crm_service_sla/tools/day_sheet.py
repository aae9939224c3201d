"""A year's list of holidays and make-up days from a sheet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

import openpyxl

from .public_days import PublicDay

#: A sheet of one year has a few hundred rows at most.
ROWS = 1000
SIZE, UNPACKED = 2 * 2**20, 40 * 2**20

#: Why a sheet or a row of it is refused.
NO_SHEET, TOO_LARGE, EMPTY = "no sheet", "too large", "empty"
NO_DATE, OTHER_YEAR, TWICE, NO_NAME, NO_KIND = (
    "no date",
    "other year",
    "twice",
    "no name",
    "no kind",
)
COLUMNS = {
    "date": {"date", "day", "日期"},
    "name": {"name", "holiday", "reason", "名称", "节日", "节假日", "假期"},
    "works": {
        *("working", "works", "work", "type", "working or not"),
        *("类型", "状态", "上班", "是否上班", "上班或休息", "上班/休息"),
    },
}
WORKED = {
    *("1", "yes", "y", "true", "work", "works", "working", "workday", "make-up"),
    *("是", "班", "上班", "工作", "工作日", "补班", "调休", "调休上班", "调休上班日"),
}
OFF = {
    *("0", "no", "n", "false", "off", "rest", "holiday", "free"),
    *("否", "休", "休息", "放假", "节假日", "假期", "休假", "公休"),
}
#: Names that say no more than the week does.
ORDINARY = {"weekend", "workday", "周末", "双休日", "休息日", "工作日", "普通工作日"}
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\D.*)?"
)


class Refusal(NamedTuple):
    """Why a row is not taken; ``row`` as the sheet counts, 0 for the whole sheet."""

    row: int
    why: str
    text: str = ""


class SheetRefused(Exception):
    """What was given is no sheet that can be read; ``why`` is one of the above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def rows_of(content: bytes) -> list[list[object]]:
    """Read the first sheet of an .xlsx, or a .csv in UTF-8 or GB 18030.

    :raise SheetRefused: when it is neither, or far too large
    """
    if len(content) > SIZE:
        raise SheetRefused(TOO_LARGE)
    rows = _xlsx_rows(content) if content[:2] == b"PK" else _csv_rows(content)
    if len(rows) > ROWS:
        raise SheetRefused(TOO_LARGE)
    return rows


def _xlsx_rows(content: bytes) -> list[list[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
        if unpacked > UNPACKED:
            raise SheetRefused(TOO_LARGE)
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        cells = book.worksheets[0].iter_rows(values_only=True, max_col=20)
        return [list(row) for row in islice(cells, ROWS + 1)]
    except SheetRefused:
        raise
    except Exception as error:  # whatever is broken in it, nobody can read it
        raise SheetRefused(NO_SHEET) from error


def _csv_rows(content: bytes) -> list[list[object]]:
    if b"\0" in content:
        raise SheetRefused(NO_SHEET)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetRefused(NO_SHEET)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        return [list[object](row) for row in islice(reader, ROWS + 1)]
    except csv.Error as error:
        raise SheetRefused(NO_SHEET) from error


def days_of(
    rows: Sequence[Sequence[object]], year: int
) -> tuple[list[PublicDay], list[Refusal]]:
    """Return the days that rows name, and which rows cannot be taken and why.

    A first row of titles says which column is which; without one they are date, name,
    worked or not. Weekends without a name, as lists of all days of a year have them,
    are passed over.
    """
    titles = _titles(rows[0]) if rows else {}
    start = 1 if titles else 0
    columns = titles or {"date": 0, "name": 1, "works": 2}
    days: dict[date, PublicDay] = {}
    refused: list[Refusal] = []
    for number, row in enumerate(islice(rows, start, None), start + 1):
        cells = {name: _cell(row, at) for name, at in columns.items()}
        if not any(cells.values()):
            continue
        day, refusal = _day(number, cells, year)
        if day and day.date in days:
            refusal = Refusal(number, TWICE, str(day.date))
        if refusal:
            refused.append(refusal)
        elif day:
            days[day.date] = day
    said = [day for day in sorted(days.values()) if _counts(day)]
    if not said and not refused:
        refused.append(Refusal(0, EMPTY))
    return said, refused


def _titles(row: Sequence[object]) -> dict[str, int]:
    """Return which column is which, if all of them are named."""
    texts = [_text(cell).casefold() for cell in row]
    found = {
        name: next((at for at, text in enumerate(texts) if text in names), -1)
        for name, names in COLUMNS.items()
    }
    return {} if -1 in found.values() else found


def _cell(row: Sequence[object], at: int) -> object:
    value = row[at] if at < len(row) else None
    return value if isinstance(value, date) else _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _day(
    number: int, cells: dict[str, object], year: int
) -> tuple[PublicDay | None, Refusal | None]:
    day = _date(cells["date"])
    if not day:
        return None, Refusal(number, NO_DATE, _text(cells["date"]))
    if day.year != year:
        return None, Refusal(number, OTHER_YEAR, str(day))
    kind = _text(cells["works"]).casefold()
    if kind not in WORKED | OFF:
        return None, Refusal(number, NO_KIND, _text(cells["works"]))
    name = _text(cells["name"])
    if name.casefold() in ORDINARY:
        name = ""
    found = PublicDay(day, name, kind in WORKED)
    if not found.name and _is_said(found):
        return None, Refusal(number, NO_NAME, str(day))
    return found, None


def _is_said(day: PublicDay) -> bool:
    """It says something else than the week does."""
    return day.works == (day.date.weekday() >= 5)


def _counts(day: PublicDay) -> bool:
    """Ordinary days of the week without a name say nothing."""
    return bool(day.name) or _is_said(day)


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    match = _DATE.fullmatch(text)
    parts: Iterable[str] = match.groups() if match else ()
    if re.fullmatch(r"\d{8}", text):
        parts = (text[:4], text[4:6], text[6:])
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None
