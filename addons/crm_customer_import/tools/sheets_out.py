"""Write the workbooks people download."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

# Rows of the template that lists and text format reach to.
TEMPLATE_ROWS = 5000
# Excel's limit of a cell.
LONGEST_CELL = 32_767
# Characters XML cannot hold.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEADER = {"bold": True, "bg_color": "#DDE7F3", "border": 1, "text_wrap": True}
# what is wrong is seen on the cell; of a long list the first ones say it there as well
_WRONG = {"num_format": "@", "bg_color": "#FFC7CE", "font_color": "#9C0006"}
MOST_COMMENTS = 2000
_REASON = {"font_color": "#9C0006", "bg_color": "#FFE9E9", "text_wrap": True}


class RefusedRow(NamedTuple):
    """A row to correct. wrong: column -> what is wrong with its cell."""

    cells: Sequence[str]
    reason: str
    wrong: Mapping[int, str] = {}


class TemplateColumn(NamedTuple):
    """One column of the template.

    label: header; help: explanation on the second sheet; examples: one per row;
    choices: labels of the drop-down list, () for free text; required: marked
    """

    label: str
    help: str = ""
    examples: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = False


class TemplateTexts(NamedTuple):
    """Words of the template in the person's language."""

    sheet: str = "Customers"
    help_sheet: str = "How to fill in"
    lists_sheet: str = "Lists"
    column: str = "Column"
    explanation: str = "What to write"
    required: str = "required"
    bad_choice: str = "Choose a value from the list."


DEFAULT_TEXTS = TemplateTexts()


def refused_workbook(
    labels: Sequence[str],
    rows: Iterable[RefusedRow],
    reason_label: str = "Reason",
    sheet: str = "Refused rows",
) -> bytes:
    """Return an .xlsx of the refused rows, ready to correct and import again.

    The reason comes first, then the columns in their order, all as text; wrong cells
    are coloured and say why.
    :param rows: read once, any number
    :param reason_label: one of fields.REASON_HEADERS, so that it is not imported
    """
    output = io.BytesIO()
    # constant_memory writes each row at once; strings_to_* off: text stays text
    options = {"constant_memory": True}
    with xlsxwriter.Workbook(output, options) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        text = book.add_format({"num_format": "@"})
        reason_format = book.add_format(_REASON)
        page.freeze_panes(1, 1)
        page.set_column(0, 0, 50)
        page.set_column(1, max(len(labels), 1), 18, text)
        _write_texts(page, 0, [reason_label, *labels], book.add_format(_HEADER))
        wrong_format = book.add_format(_WRONG)
        left = MOST_COMMENTS
        for number, row in enumerate(rows, 1):
            page.write_string(number, 0, _cell(row.reason), reason_format)
            _write_texts(page, number, row.cells, text, 1)
            _mark_wrong(page, number, row, wrong_format, left > 0)
            left -= len(row.wrong)
    return output.getvalue()


def _mark_wrong(
    page: Worksheet, number: int, row: RefusedRow, style: Format, commented: bool
) -> None:
    """Colour the wrong cells of a row, one column right of where the list had them."""
    for column, sentence in row.wrong.items():
        cell = row.cells[column] if column < len(row.cells) else ""
        if cell:
            page.write_string(number, column + 1, _cell(cell), style)
        else:
            page.write_blank(number, column + 1, None, style)
        if commented:
            page.write_comment(number, column + 1, _cell(sentence), {"x_scale": 2})


def template_workbook(
    columns: Sequence[TemplateColumn], texts: TemplateTexts = DEFAULT_TEXTS
) -> bytes:
    """Return an .xlsx to fill in: titles, examples, lists, explanations."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        page = book.add_worksheet(_sheet_name(texts.sheet))
        help_page = book.add_worksheet(_sheet_name(texts.help_sheet))
        lists = book.add_worksheet(_sheet_name(texts.lists_sheet))
        lists.hide()
        text = book.add_format({"num_format": "@"})
        header = book.add_format(_HEADER)
        page.freeze_panes(1, 0)
        page.set_column(0, max(len(columns) - 1, 0), 20, text)
        _write_texts(page, 0, [column.label for column in columns], header)
        for index, column in enumerate(columns):
            _write_column(page, index, column.examples, text)
            _write_list(page, lists, index, column.choices, texts)
        _write_help(
            help_page, columns, texts, header, book.add_format({"text_wrap": 1})
        )
    return output.getvalue()


def _sheet_name(name: str) -> str:
    """Drop what Excel forbids in a sheet's name."""
    return re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or "Sheet"


def _cell(text: str) -> str:
    return _ILLEGAL.sub("", text)[:LONGEST_CELL]


def _write_texts(
    page: Worksheet, row: int, cells: Sequence[str], style: Format, first: int = 0
) -> None:
    for column, text in enumerate(cells, first):
        if text:
            page.write_string(row, column, _cell(text), style)


def _write_column(
    page: Worksheet, index: int, texts: Sequence[str], style: Format | None = None
) -> None:
    for row, text in enumerate(texts, 1):
        page.write_string(row, index, _cell(text), style)


def _write_list(
    page: Worksheet,
    lists: Worksheet,
    index: int,
    choices: Sequence[str],
    texts: TemplateTexts,
) -> None:
    """Put the choices on the hidden sheet and a drop-down list on the column."""
    if not choices:
        return
    _write_column(lists, index, choices)
    column = xl_col_to_name(index, col_abs=True)
    source = f"='{lists.get_name()}'!{column}$2:{column}${len(choices) + 1}"
    page.data_validation(
        1,
        index,
        TEMPLATE_ROWS,
        index,
        {
            "validate": "list",
            "source": source,
            "error_message": texts.bad_choice,
            "error_type": "warning",
        },
    )


def _write_help(
    page: Worksheet,
    columns: Sequence[TemplateColumn],
    texts: TemplateTexts,
    header: Format,
    wrapped: Format,
) -> None:
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90, wrapped)
    page.freeze_panes(1, 0)
    _write_texts(page, 0, [texts.column, texts.explanation], header)
    for row, column in enumerate(columns, 1):
        mark = f" ({texts.required})" if column.required else ""
        _write_texts(page, row, [column.label + mark, column.help], wrapped)
