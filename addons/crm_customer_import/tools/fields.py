"""What a column of a customer list can mean."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "text", "phone", "email", "credit_code", "id_number", "choice", "tags", "date",
    "note", "property", "ignore",
]  # fmt: skip
Part = Literal["customer", "contact", "none"]

PROPERTY_PREFIX = "property:"
IGNORE = "ignore"
# Headers of the column that refused_workbook() adds; never imported again.
REASON_HEADERS = ("Reason", "原因")


class ImportField(NamedTuple):
    """One thing a column can mean.

    name: stable technical name, used in mappings and in CleanRow.values
    kind: how its text is cleaned (see cleaning.clean_row)
    label_en, label_zh: what a person reads; also the headers of the template
    synonyms: further headers people use for it, in any language
    limit: longest text kept, in characters (0: no limit)
    part: the record it belongs to (customer, or the contact below it)
    target: field of res.partner it ends in ('' where the caller has to decide)
    """

    name: str
    kind: Kind
    label_en: str
    label_zh: str
    synonyms: tuple[str, ...]
    limit: int
    part: Part
    target: str


FIELDS: dict[str, ImportField] = {}


def header_key(label: str) -> str:
    """Return what is compared of a header: width, case, blanks, marks dropped."""
    raise NotImplementedError


def field_of(name: str) -> ImportField | None:
    """Return the field of a technical name; ``property:<label>`` included."""
    raise NotImplementedError


def label_of(name: str, lang: str) -> str:
    """Return the label of a field for ``zh…`` languages or English."""
    raise NotImplementedError
