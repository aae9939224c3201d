"""Write the workbooks people download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class TemplateColumn(NamedTuple):
    """One column of the template.

    label: header; help: explanation on the second sheet; example: one per row;
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


def refused_workbook(
    labels: Sequence[str],
    rows: Iterable[tuple[Sequence[str], str]],
    reason_label: str = "Reason",
    sheet: str = "Refused rows",
) -> bytes:
    """Return an .xlsx of the refused rows, ready to correct and import again.

    The reason comes first, then the columns in their order, all as text.
    :param rows: (cells, reason as a person reads it); read once, any number
    :param reason_label: one of fields.REASON_HEADERS, so that it is not imported
    """
    raise NotImplementedError


def template_workbook(
    columns: Sequence[TemplateColumn], texts: TemplateTexts = TemplateTexts()
) -> bytes:
    """Return an .xlsx to fill in: titles, examples, lists, explanations."""
    raise NotImplementedError
