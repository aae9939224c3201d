"""Find the cell that a problem of a row stands in, to be put right there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .cleaning import Problem
from .planning import NO_CUSTOMER
from .table import CellProblem, Row

# a row that names nobody is put right by a name in the first column for one
NAMES = ("company_name", "contact_name")


class WrongCell(NamedTuple):
    """column: index; code, value: of the problem; text: the whole cell as it stands."""

    column: int
    code: str
    value: str
    text: str


def wrong_cells(
    row: Row, mapping: Mapping[int, str], problems: Iterable[Problem]
) -> list[WrongCell]:
    """Return one wrong cell for each column with a problem, in the order of the row.

    A problem of the row as a whole has no cell and is left out.
    """
    found: dict[int, WrongCell] = {}
    for problem in problems:
        column = _column_of(problem, row.cells, mapping)
        if column is not None and problem.code not in NO_CUSTOMER:
            text = _at(row.cells, column)
            cell = WrongCell(column, problem.code, problem.value, text)
            found.setdefault(column, cell)
    return [found[column] for column in sorted(found)]


def corrected_row(row: Row, corrections: Mapping[int, str]) -> Row:
    """Return the row with what a person wrote into its cells instead; what the file
    had in them, and was wrong with it, counts no more."""
    width = max([len(row.cells), *(column + 1 for column in corrections)])
    cells = (corrections.get(at, _at(row.cells, at)) for at in range(width))
    problems: tuple[CellProblem, ...] = tuple(
        problem for problem in row.problems if problem.column not in corrections
    )
    return Row(row.number, tuple(cells), problems)


def _at(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _column_of(
    problem: Problem, cells: Sequence[str], mapping: Mapping[int, str]
) -> int | None:
    """The column whose cell holds the value; of several for a field the first."""
    if problem.code == "no_name":
        names = [at for name in NAMES for at, field in mapping.items() if field == name]
        return names[0] if names else None
    columns = [at for at, field in mapping.items() if field == problem.field]
    holding = [at for at in columns if problem.value in _at(cells, at)]
    filled = [at for at in columns if _at(cells, at).strip()]
    return next(iter([*holding, *filled, *columns]), None)
