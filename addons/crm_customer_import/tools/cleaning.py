"""Clean the cells of one row into values, problems and warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from .workbook import Row

Value = str | list[str]
Check = Callable[[str], tuple[str, str]]


class Cleaners(NamedTuple):
    """The hub's functions, handed in because this package may not import it.

    A Check takes the raw text and returns (normalised value, problem code or '').
    """

    text: Callable[[str], str]
    phone: Check
    email: Check
    credit_code: Check
    id_number: Check
    split_phones: Callable[[str], list[str]]


class Lookups(NamedTuple):
    """Choices by field name, each built by choice_lookup() or province_lookup().

    choices: field -> {folded label: value to store (a selection key or an id)}
    strict: fields whose unknown labels refuse the row; elsewhere an unknown label
        goes into the comment with a warning
    open: fields whose unknown labels are kept as they are (the caller creates
        them: tags, source)
    """

    choices: Mapping[str, Mapping[str, str]] = {}
    strict: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset({"tags"})


class Problem(NamedTuple):
    """field: technical name ('' for the row), code: stable, value: as it stands."""

    field: str
    code: str
    value: str


class CleanRow(NamedTuple):
    """values: by field name, no empty ones; tags are a list, all else text.

    problems refuse the row; warnings are shown and the row goes on.
    """

    values: dict[str, Value]
    problems: list[Problem]
    warnings: list[Problem]


class Parts(NamedTuple):
    """The records a row stands for.

    customer: values of the customer, ``is_company`` '1' or '' among them
    contact: values of the contact below it; {} when there is none
    """

    customer: dict[str, Value]
    contact: dict[str, Value]


# code -> English sentence template with {value}, for codes made here and in
# workbook.CellProblem; the checkers' own codes are the hub's.
PROBLEMS: dict[str, str] = {}


def clean_row(
    row: Row, mapping: Mapping[int, str], cleaners: Cleaners, lookups: Lookups
) -> CleanRow:
    """Clean one row.

    :param mapping: column index -> field name; several columns may share one
    """
    raise NotImplementedError


def split_parts(values: Mapping[str, Value]) -> Parts:
    """Decide between company, company with contact and person."""
    raise NotImplementedError


def looks_like_company(name: str) -> bool:
    """Tell a company's name from a person's by the words companies carry."""
    raise NotImplementedError


def choice_lookup(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Build a lookup from (label, value) pairs; several labels may share a value."""
    raise NotImplementedError


def province_lookup(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Build a lookup of provinces from (name or code in any language, value)."""
    raise NotImplementedError


def province_key(raw: str) -> str:
    """Fold a province's name: 广西 and 广西壮族自治区 give the same."""
    raise NotImplementedError
