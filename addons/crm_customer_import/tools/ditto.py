"""Cells that say "as above"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .fields import field_of
from .table import Row

_MARKS = frozenset(
    "同上 同前 上同 〃 \" ″ '' 〞 ditto do. 〻 ＂ “ ”".casefold().split()
)
# what identifies or reaches a customer is never taken from another one
_OWN_KINDS = ("phone", "email", "credit_code", "id_number", "ignore")


def columns(mapping: Mapping[int, str]) -> frozenset[int]:
    """Return the columns whose cells may be taken from the row above."""
    fields = {index: field_of(name) for index, name in mapping.items()}
    return frozenset(
        index
        for index, field in fields.items()
        if field and field.kind not in _OWN_KINDS and field.name != "customer_code"
    )


def filled(rows: Iterable[Row], wanted: frozenset[int]) -> Iterator[Row]:
    """Yield the rows, with 同上 and 〃 replaced by what stands above."""
    above: tuple[str, ...] = ()
    for row in rows:
        if any(cell.strip().casefold() in _MARKS for cell in row.cells if cell):
            row = row._replace(cells=_taken(row.cells, above, wanted))
        yield row
        if any(row.cells):
            above = row.cells


def _taken(
    cells: tuple[str, ...], above: tuple[str, ...], wanted: frozenset[int]
) -> tuple[str, ...]:
    return tuple(
        above[index]
        if index in wanted and index < len(above) and cell.strip().casefold() in _MARKS
        else cell
        for index, cell in enumerate(cells)
    )
